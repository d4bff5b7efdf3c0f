import {commandsPage} from "./commands.ts";
import {configPage} from "./config.ts";
import {errorsPage} from "./errors.ts";
import {feedsPage} from "./feeds.ts";
import {indicatorsPage} from "./indicators.ts";
import {mailPage} from "./mail.ts";
import {notificationsPage} from "./notifications.ts";
import {taxonomyPage} from "./taxonomy.ts";

/** The pages that are made from tables in code, by their file in docs/. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "commands.md": commandsPage,
  "config.md": configPage,
  "errors.md": errorsPage,
  "feeds.md": feedsPage,
  "indicators.md": indicatorsPage,
  "notifications.md": notificationsPage,
  "mail.md": mailPage,
  "taxonomy.md": taxonomyPage,
};
