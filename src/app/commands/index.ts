import type {Command} from "../command.ts";
import {BACKUP_COMMANDS} from "./backup.ts";
import {EDITION_COMMANDS} from "./editions.ts";
import {INFRA_COMMANDS} from "./infra.ts";
import {LAKE_COMMANDS} from "./lake.ts";
import {REPORT_COMMANDS} from "./reports.ts";
import {SERVER_COMMANDS} from "./server.ts";
import {SITE_COMMANDS} from "./site.ts";
import {WEEK_COMMANDS} from "./weeks.ts";

/** Every command, in the order of the manual. */
export const COMMANDS: readonly Command[] = [
  ...SITE_COMMANDS,
  ...REPORT_COMMANDS,
  ...WEEK_COMMANDS,
  ...INFRA_COMMANDS,
  ...EDITION_COMMANDS,
  ...LAKE_COMMANDS,
  ...BACKUP_COMMANDS,
  ...SERVER_COMMANDS,
];

/** Returns the command with the longest name that the words begin with; null when there is none. */
export function commandOf(words: readonly string[]): Command | null {
  return (
    COMMANDS.find((each) => each.name === words.slice(0, 2).join(" ")) ??
    COMMANDS.find((each) => each.name === words[0]) ??
    null
  );
}
