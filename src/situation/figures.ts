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
