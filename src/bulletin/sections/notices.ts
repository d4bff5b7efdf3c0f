/** What stands at the head of an edition: corrections, and in a draft the gaps that its editor has to know of. */
import type {Gap} from "../../model/indicator.ts";
import type {Note} from "../document.ts";
import {UNDISCLOSED} from "../edition-input.ts";
import {countText} from "../numbers.ts";
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
  return context.input.gaps.map((gap) => ({
    kind: "note",
    tone: "gap",
    id: `gap-${gap.feed}`,
    spans: [{text: gapText(context, gap)}],
  }));
}

/** Returns what a gap means for the reader: which feed failed, and which figures rest on it. */
export function gapText(context: Context, {feed, delivered, usual}: Gap): string {
  const {text, language, input} = context;
  const count = (value: number): string => countText(value, language);
  const affected = Object.entries(input.indicators)
    .filter(([, {gaps, value}]) => value !== null && gaps.some((each) => each.feed === feed))
    .map(([id]) => indicatorTitle(context, id));
  return `${text.notes.gap(feed === UNDISCLOSED ? null : feed, count(delivered), usual === null ? null : count(usual))}${text.notes.gapAffects(affected)}`;
}
