import type {
  HistoryReject,
  HistoryRejectReason,
  ImportedCase,
  ImportedHistory,
} from "../../model/cases/case-history.ts";
import {importKey} from "./identity.ts";

/** Why something could not be taken, and the text that is meant. */
export interface Fault {
  readonly reason: HistoryRejectReason;
  readonly text: string;
}

/** What was made of one row or ticket; `passed` when it became a part of another one. */
export interface Entry {
  readonly line: number;
  readonly externalId: string | null;
  readonly made: ImportedCase | Fault | "passed";
}

const MOST_TEXT = 300;

/** Returns whether it is a fault. */
export function isFault(made: object): made is Fault {
  return "reason" in made;
}

/** Returns the value of a key that a person wrote into a map; null when it is not in it, words such as "constructor" among them. */
export function mapped<Value>(map: Readonly<Record<string, Value>>, key: string): Value | null {
  return Object.hasOwn(map, key) ? (map[key] ?? null) : null;
}

/** Sorts the entries of a file: the first of those with one key is taken, a repeat is counted, a contradiction rejected. */
export function collected(entries: readonly Entry[]): ImportedHistory {
  const cases = new Map<string, ImportedCase>();
  const rejects: HistoryReject[] = [];
  let repeats = 0;
  let passed = 0;
  for (const {line, externalId, made} of entries) {
    const reject = ({reason, text}: Fault): void => {
      rejects.push({line, externalId, reason, text: text.slice(0, MOST_TEXT)});
    };
    if (made === "passed") passed += 1;
    else if (isFault(made)) reject(made);
    else {
      const before = cases.get(importKey(made));
      if (before === undefined) cases.set(importKey(made), made);
      else if (before.contentHash === made.contentHash) repeats += 1;
      else reject({reason: "same_id", text: made.externalId});
    }
  }
  return {received: entries.length, cases: [...cases.values()], rejects, repeats, passed};
}
