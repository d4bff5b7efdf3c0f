import type {PageFacts} from "../../model/verification.ts";
import {compareSketches} from "./sketch.ts";

/** What each part of the likeness weighs. A part that neither page has is left out. */
const WEIGHTS = {text: 0.6, structure: 0.25, title: 0.15};
/** With fewer words than this a text says little: the words of a login form are on every login form. */
const FEW_WORDS = 8;
const FEW_WORDS_WEIGHT = 0.1;

/**
 * Returns how like two pages are, 0 nothing alike to 1 the same: by the words and their order, by the order of the tags,
 * and by the title. What changes at each visit (numbers, tokens, times) moves it little.
 */
export function similarityOf(one: PageFacts, other: PageFacts): number {
  if (one.sha256 === other.sha256) return 1;
  const isWordless = Math.max(one.words, other.words) < FEW_WORDS;
  const parts = [
    {weight: isWordless ? FEW_WORDS_WEIGHT : WEIGHTS.text, likeness: compareSketches(one.sketch, other.sketch)},
    {weight: WEIGHTS.structure, likeness: compareSketches(one.structure, other.structure)},
    {weight: WEIGHTS.title, likeness: compareTitles(one.title, other.title)},
  ].flatMap(({weight, likeness}) => (likeness === null ? [] : [{weight, likeness}]));
  const total = parts.reduce((sum, {weight}) => sum + weight, 0);
  if (total === 0) return 0; // two empty pages of different bytes: nothing says that they are the same
  return parts.reduce((sum, {weight, likeness}) => sum + weight * likeness, 0) / total;
}

/** Returns the share of words that two titles have in common; null when neither page has one. */
function compareTitles(one: string | null, other: string | null): number | null {
  if (one === null && other === null) return null;
  const mine = wordsOf(one);
  const theirs = wordsOf(other);
  const all = new Set([...mine, ...theirs]);
  return all.size === 0 ? null : [...mine].filter((word) => theirs.has(word)).length / all.size;
}

function wordsOf(title: string | null): Set<string> {
  return new Set((title ?? "").toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? []);
}
