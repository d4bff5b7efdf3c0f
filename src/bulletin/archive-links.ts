/**
 * Links from one edition to others. In an edition they are as seen from its page in the archive (`../2023-02-13/`); a file
 * that lies elsewhere sees the archive from there.
 */
import type {Profile} from "../model/profile.ts";
import type {EditionDocument, Language, Span} from "./document.ts";
import type {EditionInput} from "./edition-input.ts";

const BETWEEN_PAGES = /^\.\.\/(\d{4}-\d{2}-\d{2}\/)$/;

/** Returns the link to a week's edition from the page of another one. */
export function editionLink(monday: string): string {
  return `../${monday}/`;
}

/** Returns the folder of a language in the archive: empty for the first of the profile. */
export function languageFolder({languages}: Profile, language: Language): string {
  return language === languages[0] ? "" : `${language}/`;
}

/** Returns the address of the archive's root, with a slash at its end. */
export function siteRoot({publisher}: Profile): string {
  return publisher.siteUrl.endsWith("/") ? publisher.siteUrl : `${publisher.siteUrl}/`;
}

/**
 * Returns document and input with their links as seen from a file; `root` leads from there to the root of the archive: a
 * relative path or an address, with a slash at its end.
 */
export function seenFrom(
  {document, input}: {readonly document: EditionDocument; readonly input: EditionInput},
  root: string,
  profile: Profile,
): {document: EditionDocument; input: EditionInput} {
  const folder = `${root}${languageFolder(profile, document.language)}`;
  const moved = (link: string): string => link.replace(BETWEEN_PAGES, `${folder}$1`);
  const review = input.review.map((each) => ({...each, link: each.link && moved(each.link)}));
  return {document: withReview(document, (span) => moveSpan(span, moved)), input: {...input, review}};
}

/** Returns the document with a link to every reviewed issue that the archive has by now; `published` holds Mondays. */
export function withLinksTo(
  document: EditionDocument,
  review: EditionInput["review"],
  published: ReadonlySet<string>,
): EditionDocument {
  return withReview(document, (span, index) => {
    const monday = review[index]?.week.from ?? "";
    return published.has(monday) ? {...span, link: editionLink(monday)} : span;
  });
}

function withReview(document: EditionDocument, change: (span: Span, index: number) => Span): EditionDocument {
  const sections = document.sections.map((section) => ({
    ...section,
    blocks: section.blocks.map((block) =>
      block.kind === "list" && block.id === "review"
        ? {...block, items: block.items.map((item, index) => item.map((span) => change(span, index)))}
        : block,
    ),
  }));
  return {...document, sections};
}

function moveSpan(span: Span, moved: (link: string) => string): Span {
  return span.link === undefined ? span : {...span, link: moved(span.link)};
}
