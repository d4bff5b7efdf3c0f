/** Texts of the editor, and what would be said in their place. */
import type {EditionDocument, Language, Variant} from "../bulletin/document.ts";
import type {EditionInput, StaleText} from "../bulletin/edition-input.ts";
import {spansText} from "../bulletin/tree-text.ts";
import type {Draft} from "../model/edition.ts";
import type {Profile} from "../model/profile.ts";
import {documentsOf} from "./publish/rendering.ts";

/** Returns the generated text of each paragraph by its id: those of the form, then those that only the other one has. */
export function composedTexts(
  input: EditionInput,
  profile: Profile,
  {language, variant}: {language: Language; variant: Variant},
): ReadonlyMap<string, string> {
  const plain = {...input, texts: {}};
  const other = variant === "long" ? "short" : "long";
  const textsOf = (form: Variant): [string, string][] =>
    documentsOf(plain, profile, {languages: [language], variant: form}).flatMap(paragraphsOf);
  return new Map([...textsOf(other), ...textsOf(variant)]);
}

/** Returns the texts of a draft under which the generated ones have changed since the editor wrote them. */
export function staleTexts(input: EditionInput, profile: Profile, draft: Draft): StaleText[] {
  return (["zh", "en"] as const).flatMap((language) => {
    const before = Object.entries(draft.composed[language]);
    if (before.length === 0) return [];
    const now = composedTexts(input, profile, {language, variant: draft.variant});
    return before
      .filter(([paragraph, composed]) => (now.get(paragraph) ?? "") !== composed)
      .map(([paragraph]) => ({language, paragraph, composed: now.get(paragraph) ?? null}));
  });
}

function paragraphsOf({sections}: EditionDocument): [string, string][] {
  return sections.flatMap(({blocks}) =>
    blocks.flatMap((block): [string, string][] =>
      block.kind === "paragraph" ? [[block.id, spansText(block.spans)]] : [],
    ),
  );
}
