/** Faults in the middle of work on many things: one that cannot be done stops none of the others, and is told of at the end. */
import {type ErrorCode, WatchfloorError} from "../../model/errors.ts";

/** What went wrong so far. */
export interface Faults {
  /** Notes a fault of one thing; throws it when everything else would meet it too: a disk, database or server that is away. */
  take(error: unknown): void;
  /** Throws the first fault that was noted. */
  tell(): void;
}

/** Begins with none. `isForAll` tells the faults that everything else would meet, too. */
export function noFaults(isForAll: (error: unknown) => boolean = isEverywhere): Faults {
  const known: unknown[] = [];
  return {
    take: (error) => {
      if (isForAll(error)) throw error;
      known.push(error);
    },
    tell: () => {
      if (known.length > 0) throw known[0];
    },
  };
}

/** Returns whether an error is about what all work needs, and may pass: nothing of what it met is to be blamed. */
export function isEverywhere(error: unknown): boolean {
  return error instanceof WatchfloorError && EVERYWHERE.has(error.code);
}

/** Returns whether an error stops a mailbox only: all work that reads none goes on. */
export function isOfMailbox(error: unknown): boolean {
  return error instanceof WatchfloorError && OF_MAILBOX.has(error.code);
}

const OF_MAILBOX: ReadonlySet<ErrorCode> = new Set(["mailbox_unavailable", "mailbox_refused"]);

const EVERYWHERE: ReadonlySet<ErrorCode> = new Set([
  "database_unavailable",
  "disk_full",
  "home_not_writable",
  "home_busy",
  "too_many_files",
  ...OF_MAILBOX,
]);
