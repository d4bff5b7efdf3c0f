import {WatchfloorError} from "../model/errors.ts";
import type {Observation, Reject, RejectReason} from "../model/format.ts";

/** A part of a document that is read on its own, so that a broken one does not stop the rest. */
export interface RecordText {
  /** Line where it begins, 1 for the first of the document. */
  readonly line: number;
  readonly text: string;
}

const LONGEST_REJECT_CHARACTERS = 1000;

/** What a reader makes of one record: an observation, or the reason why there is none. */
export type Made = Omit<Observation, "line"> | RejectReason;

/** Reads all records; gives observations and rejects, which together are as many as the records. */
export function readRecords(
  records: readonly RecordText[],
  make: (text: string) => Made,
): {observations: Observation[]; rejects: Reject[]; warnings: string[]} {
  const observations: Observation[] = [];
  const rejects: Reject[] = [];
  for (const {line, text} of records) {
    const made = make(text);
    if (typeof made === "string") rejects.push({line, reason: made, text: text.slice(0, LONGEST_REJECT_CHARACTERS)});
    else observations.push({...made, line});
  }
  return {observations, rejects, warnings: []};
}

/** Returns the value that a JSON text says, undefined when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Cuts a JSON document into its objects: of a list, one after the other, one a line, or a single one. With `listKey`
 * they are the elements of the list of that name. Throws report_unreadable when the text is no such JSON.
 */
export function jsonRecords(text: string, fileName: string, listKey?: string): RecordText[] {
  if (listKey === undefined && hasRecordPerLine(text)) return linesOf(text);
  const start = listKey === undefined ? 0 : startOfList(text, listKey);
  const first = /\S/.exec(text.slice(start))?.[0];
  if (start < 0 || (first !== undefined && first !== "[" && first !== "{"))
    throw new WatchfloorError("report_unreadable", `${fileName} is not the JSON that the format expects`);
  return objectsOf(text, start, listKey !== undefined);
}

/** Most lines are whole objects: then a broken one is broken alone. */
function hasRecordPerLine(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const whole = lines.filter((line) => /^\s*\{.*\}\s*$/.test(line)).length;
  return lines.length > 1 && whole * 2 > lines.length;
}

function linesOf(text: string): RecordText[] {
  return text.split("\n").flatMap((line, index) => (line.trim() === "" ? [] : [{line: index + 1, text: line.trim()}]));
}

function startOfList(text: string, key: string): number {
  const found = new RegExp(`"${key}"\\s*:\\s*\\[`).exec(text);
  return found === null ? -1 : found.index + found[0].length - 1;
}

/** The outermost objects from `start` on; the last may be cut off. */
function objectsOf(text: string, start: number, isList: boolean): RecordText[] {
  const records: RecordText[] = [];
  const lineAt = lineCounter(text);
  let depth = 0;
  let from = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === "{" && depth++ === 0) from = at;
    else if (char === "}" && --depth === 0) records.push({line: lineAt(from), text: text.slice(from, at + 1)});
    else if (char === "]" && depth === 0 && isList) return records;
    if (depth < 0) depth = 0;
  }
  return depth === 0 ? records : [...records, {line: lineAt(from), text: text.slice(from)}];
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** Returns a function that gives the line of a position; positions must not go back. */
export function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let seen = 0;
  return (at) => {
    for (let next = text.indexOf("\n", seen); next !== -1 && next < at; next = text.indexOf("\n", seen)) {
      line++;
      seen = next + 1;
    }
    return line;
  };
}

/** Returns the texts of a record that say something, numbers as texts too; what is empty or nested is left out. */
export function statedTexts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const stated: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "string" && value.trim() !== "") stated[name] = value.trim();
    else if (typeof value === "number" || typeof value === "boolean") stated[name] = String(value);
  }
  return stated;
}
