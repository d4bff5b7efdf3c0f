import type {FigureEntry} from "../model/edition.ts";
import {WatchfloorError} from "../model/errors.ts";
import type {CodeName, IndicatorDefinition} from "../model/indicator.ts";
import {mayBeEntered} from "./indicators.ts";

/** The codes that may be entered in place of a number, and how many of them. */
export interface CodeChoice {
  readonly of: readonly CodeName[];
  readonly most: number;
}

/**
 * Reads what a person enters for an indicator and returns the whole number to keep. Codes are kept by their place in the
 * list, one digit each, the first is 1: `应用程序,数据库` is 24. They may be written as code or name, in either language,
 * with commas between.
 * Throws indicator_not_entered when the indicator is counted only, figure_invalid when the text is not right.
 */
export function readFigure(definition: IndicatorDefinition, text: string): number {
  const {id, counting} = definition;
  if (!mayBeEntered(definition)) throw new WatchfloorError("indicator_not_entered", id);
  if (counting.how === "entered" && counting.codes !== undefined) return readCodes(id, counting.codes, text);
  const value = Number(text.trim());
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value))
    throw new WatchfloorError("figure_invalid", `${id}=${text}`);
  return value;
}

function readCodes(id: string, {of, most}: CodeChoice, text: string): number {
  const words = text
    .split(/[,，、]/)
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== "");
  const places = words.map(
    (word) => 1 + of.findIndex(({code, zh, en}) => [code, zh, en].some((name) => name.toLowerCase() === word)),
  );
  if (places.length === 0 || places.length > most || places.includes(0) || new Set(places).size < places.length) {
    const choices = of.map(({code, zh}) => `${code} (${zh})`).join(", ");
    throw new WatchfloorError("figure_invalid", `${id}=${text}; it takes up to ${most} of ${choices}`);
  }
  return Number(places.join(""));
}

/** Returns the codes that a kept number stands for; none for digits that stand for nothing. */
export function codesOf({of}: CodeChoice, value: number): string[] {
  return Array.from(String(value), (digit) => of[Number(digit) - 1]?.code).filter((code) => code !== undefined);
}

/** Returns the codes with their names, in the order given; null when the indicator is a number. */
export function namedCodes({counting}: IndicatorDefinition, codes: readonly string[]): CodeName[] | null {
  if (counting.how !== "entered" || counting.codes === undefined) return null;
  const {of} = counting.codes;
  return codes.flatMap((code) => of.find((each) => each.code === code) ?? []);
}

/** Returns the names of the codes that a kept number stands for; null when the indicator is a number. */
export function namesEntered(definition: IndicatorDefinition, value: number): CodeName[] | null {
  const {counting} = definition;
  if (counting.how !== "entered" || counting.codes === undefined) return null;
  return namedCodes(definition, codesOf(counting.codes, value));
}

/** What became of an entry: it holds; a later one took its place; it was taken back; or it is what takes another back. */
export type EntryState = "holds" | "superseded" | "taken-back" | "takes-back";

/** Returns the state of each entry of a week's history, which is in the order of entering. */
export function entryStates(history: readonly FigureEntry[]): EntryState[] {
  return history.map(({indicator, value}, index) => {
    if (value === null) return "takes-back";
    const next = history.slice(index + 1).find((each) => each.indicator === indicator);
    if (next === undefined) return "holds";
    return next.value === null ? "taken-back" : "superseded";
  });
}

/** Parts that cannot be more than their whole. Source: RULINGS 5; BULLETIN.md a4. */
const PARTS = [
  ["incident.cross_border", "incident.total"],
  ["incident.phishing", "incident.total"],
] as const;

/** Checks figures against each other, as they would stand together. Throws figure_invalid when a part exceeds its whole. */
export function checkFigures(values: ReadonlyMap<string, number | null>): void {
  for (const [part, whole] of PARTS) {
    const [one, all] = [values.get(part) ?? null, values.get(whole) ?? null];
    if (one !== null && all !== null && one > all)
      throw new WatchfloorError("figure_invalid", `${part}=${one} is more than ${whole}=${all}`);
  }
}
