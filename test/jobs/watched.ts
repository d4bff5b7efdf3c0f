import type {Pace} from "../../src/app/jobs/boss.ts";
import type {UpkeepLog} from "../../src/app/upkeep.ts";

/** A queue that looks often, so that a test need not wait. */
export const FAST: Pace = {pollSeconds: 1, heartbeatSeconds: 10, superviseSeconds: 1, retrySeconds: 1};

/** Returns a log whose lines a test can read. */
export function watched(): UpkeepLog & {text(): string} {
  const lines: string[] = [];
  return {
    info: (text) => void lines.push(text),
    error: (error, text) => void lines.push(`${text}: ${error}`),
    text: () => lines.join("\n"),
  };
}
