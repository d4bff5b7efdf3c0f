import {userInfo} from "node:os";
import type {ParseArgsOptionDescriptor} from "node:util";
import {WatchfloorError} from "../model/errors.ts";
import type {Written} from "../model/format.ts";
import {dayOf, type Week, weekNamed} from "../model/week.ts";
import {environment} from "./environment.ts";
import type {House} from "./house.ts";

/** What a command gives back: the document of --json, and what a person reads. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
  /** Set when the command found something that is not right; the exit code is then 1. */
  readonly isFailed?: boolean;
  /** What of the work failed while the rest was done: a line on standard error for each. */
  readonly complaints?: readonly string[];
}

/** The options and positionals that a command was called with. */
export interface Call {
  readonly options: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
  readonly home: string;
  readonly now: Date;
  /** Tells progress to a person at a terminal; says nothing otherwise. */
  readonly say: (line: string) => void;
}

/** Options that every command takes. */
export const COMMON_OPTIONS = {
  home: {type: "string"},
  json: {type: "boolean"},
  help: {type: "boolean", short: "h"},
} as const satisfies Command["options"];

/** The option that names a week by its Monday. */
export const WEEK = {week: {type: "string"}} as const satisfies Command["options"];

/** The option that says who does it. */
export const BY = {by: {type: "string"}} as const satisfies Command["options"];

/** The forms that editions come in, as options name them. */
export const VARIANTS = ["short", "long"] as const;

/** The languages that editions come in, as options name them. */
export const LANGUAGES = ["zh", "en"] as const;

/** One command of the command line. docs/commands.md is made from the table of all. */
export interface Command {
  /** One or two words: `ingest`, `edition draft`. */
  readonly name: string;
  readonly summary: string;
  /** What follows the name, as in the manual. */
  readonly usage: string;
  readonly options: Readonly<Record<string, ParseArgsOptionDescriptor>>;
  /** Whether it takes names after the options. */
  readonly takesPositionals?: boolean;
  /** Opens the data folder for the command; without it the command cares for it. */
  readonly run: (call: Call, open: () => Promise<House>) => Promise<Answer>;
}

/** Returns the text of an option. Throws usage when it is missing. */
export function needed(call: Call, name: string): string {
  const value = optional(call, name);
  if (value === undefined || value.trim() === "") throw new WatchfloorError("usage", `--${name} is missing`);
  return value;
}

/** Returns the text of an option, or undefined. */
export function optional(call: Call, name: string): string | undefined {
  const value = call.options[name];
  return typeof value === "string" ? value : undefined;
}

/** Returns the texts of an option that may be given several times. */
export function several(call: Call, name: string): string[] {
  const value = call.options[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** Returns a whole number option, or undefined. Throws usage when it is none. */
export function wholeNumber(call: Call, name: string): number | undefined {
  const value = optional(call, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new WatchfloorError("usage", `--${name} ${value} is no whole number`);
  return Number(value);
}

/** Returns the week of --week. Throws usage, week_invalid. */
export function weekOption(call: Call, house: House): Week {
  return weekNamed(needed(call, "week"), house.config.profile.zone);
}

/** Returns an instant given as ISO 8601 text, or now. Throws usage when it is none. */
export function instantOption(call: Call, name: string): Date {
  const value = optional(call, name);
  if (value === undefined) return call.now;
  const at = new Date(value);
  if (Number.isNaN(at.getTime()) || !/^\d{4}-\d{2}-\d{2}/.test(value))
    throw new WatchfloorError("usage", `--${name} ${value} is no time such as 2023-02-21T08:00:00Z`);
  return at;
}

/** Returns the choices of an option with commas between them. Throws usage for one that is not offered. */
export function choices<Choice extends string>(call: Call, name: string, offered: readonly Choice[]): Choice[] {
  const value = optional(call, name);
  if (value === undefined) return [...offered];
  return value.split(",").map((each) => {
    const found = offered.find((choice) => choice === each.trim());
    if (found === undefined)
      throw new WatchfloorError("usage", `--${name} knows ${offered.join(", ")}, not ${each.trim()}`);
    return found;
  });
}

/** Returns a local day option, today when it is not given. Throws usage. */
export function dayOption(call: Call, name: string, zone: string): string {
  const value = optional(call, name) ?? dayOf(call.now, zone);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || Number.isNaN(Date.parse(value)))
    throw new WatchfloorError("usage", `--${name} ${value} is no day such as 2023-02-20`);
  return value;
}

/** Options of a reason that is printed in editions of both languages. */
export const REASON_OPTIONS = {
  reason: {type: "string"},
  "reason-zh": {type: "string"},
  "reason-en": {type: "string"},
} as const satisfies Command["options"];

/** How they are given, for the manual. */
export const REASON_USAGE = "(--reason-zh TEXT --reason-en TEXT | --reason TEXT)";

/** Returns a reason by language; --reason alone is taken for Chinese when it has Chinese characters. Throws usage. */
export function reasonOption(call: Call): Written {
  const said = {zh: optional(call, "reason-zh") ?? null, en: optional(call, "reason-en") ?? null};
  if (optional(call, "reason") === undefined && (said.zh !== null || said.en !== null)) return said;
  const plain = needed(call, "reason");
  const language = /\p{Script=Han}/u.test(plain) ? "zh" : "en";
  if (said[language] !== null)
    throw new WatchfloorError("usage", `--reason and --reason-${language} say it twice in one language`);
  return {...said, [language]: plain};
}

/** Returns rows as an aligned table for a terminal. Chinese characters are two cells wide. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, widthOf(cell))),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          index === row.length - 1 ? cell : cell + " ".repeat((widths[index] ?? 0) - widthOf(cell)),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function widthOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (/[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]/u.test(char) ? 2 : 1), 0);
}

/** Returns who does it: --by, or the name that the system knows. */
export function person(call: Call): string {
  return optional(call, "by") ?? environment("WATCHFLOOR_USER") ?? userInfo().username;
}
