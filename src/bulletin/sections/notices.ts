/** What stands at the head of an edition: corrections, and in a draft the gaps that its editor has to know of. */
import type {Gap} from "../../model/indicator.ts";
import type {Note} from "../document.ts";
import {type EditionIndicator, UNDISCLOSED} from "../edition-input.ts";
import {changeOf, countText} from "../numbers.ts";
import {dayText} from "../titles.ts";
import {type Context, editorsWords, indicatorTitle, spansWith} from "./context.ts";

/** Returns the corrections, newest first. */
export function correctionNotes({input, text, language}: Context): Note[] {
  return input.corrections
    .toSorted((a, b) => b.version - a.version)
    .map(({version, day, reason}) => {
      const sentence = text.notes.correction(dayText(text, day), version, editorsWords(reason, language));
      return {
        kind: "note",
        tone: "correction",
        id: `correction-${version}`,
        spans: spansWith(sentence, reason, language),
      };
    });
}

/** Returns a note for each gap. A published edition says them in its method note instead. */
export function gapNotes(context: Context): Note[] {
  return gapTexts(context).map((text, index) => ({kind: "note", tone: "gap", id: `gap-${index + 1}`, spans: [{text}]}));
}

/** Returns a note for each text of the editor in this language that has to be looked at again; drafts only. */
export function staleNotes({input, text, language}: Context): Note[] {
  return input.staleTexts
    .filter((each) => each.language === language)
    .map(({paragraph, composed}) => ({
      kind: "note",
      tone: "gap",
      id: `text-${paragraph}`,
      spans: [{text: text.notes.staleText(paragraph, composed)}],
    }));
}

/**
 * Returns what each gap means for the reader: which feed failed, and which figures rest on it. One of the week before is
 * told where figures are compared with it.
 */
export function gapTexts(context: Context): string[] {
  const {text, input} = context;
  const affected = (is: (each: EditionIndicator) => boolean): string[] =>
    Object.entries(input.indicators)
      .filter(([, each]) => is(each))
      .map(([id]) => indicatorTitle(context, id));
  const isOf = (gap: Gap, gaps: readonly Gap[]): boolean => gaps.some(({feed}) => feed === gap.feed);
  const now = input.gaps.map((gap) => {
    const names = affected(({value, gaps}) => value !== null && isOf(gap, gaps));
    return `${gapText(context, gap, "now")}${text.notes.gapAffects(names)}`;
  });
  const before = input.gapsBefore.flatMap((gap) => {
    const names = affected((each) => changeOf(each) !== null && isOf(gap, each.gapsBefore));
    return names.length === 0 ? [] : [`${gapText(context, gap, "before")}${text.notes.gapBeforeAffects(names)}`];
  });
  return [...now, ...before];
}

function gapText({text, language}: Context, {feed, delivered, usual}: Gap, week: "now" | "before"): string {
  const count = (value: number): string => countText(value, language);
  return text.notes.gap(feed === UNDISCLOSED ? null : feed, {
    delivered: count(delivered),
    usual: usual === null ? null : count(usual),
    week,
  });
}
