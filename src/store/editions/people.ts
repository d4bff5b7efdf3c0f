/** Names of people until there are accounts: what counts as a name, and when two names mean one person. */
import {WatchfloorError} from "../../model/errors.ts";

const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

/** Returns the name as it is kept. Throws usage when there is none. */
export function named(by: string): string {
  return written(by, "a name");
}

/** Returns a text that somebody wrote, without what cannot be seen around and in it. Throws usage when nothing is left. */
export function written(text: string, what: string): string {
  const kept = text.toWellFormed().replace(INVISIBLE, " ").trim().replace(/ +/g, " ");
  if (kept === "") throw new WatchfloorError("usage", `${what} is missing`);
  return kept;
}

/** Returns whether two names are the same but for case, width, spaces and what cannot be seen. */
export function isSamePerson(one: string, other: string): boolean {
  return foldName(one) === foldName(other);
}

function foldName(name: string): string {
  return name.normalize("NFKC").replace(INVISIBLE, "").replace(/\s/gu, "").toUpperCase().toLowerCase();
}
