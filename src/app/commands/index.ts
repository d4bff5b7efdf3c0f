import type {Command} from "../command.ts";

/** Commands that stand in one file, by name. */
interface Place {
  readonly names: readonly string[];
  readonly load: () => Promise<readonly Command[]>;
}

/** Where each command is, in the order of the manual. A file is loaded when its command is called: libraries cost time. */
const PLACES: readonly Place[] = [
  {
    names: ["init", "formats", "indicators", "config check"],
    load: async () => (await import("./site.ts")).SITE_COMMANDS,
  },
  {names: ["feeds", "feeds fetch"], load: async () => (await import("./feeds.ts")).FEED_COMMANDS},
  {names: ["ingest", "rejects", "reports"], load: async () => (await import("./reports.ts")).REPORT_COMMANDS},
  {
    names: ["situation", "explain", "edition figures", "edition rating"],
    load: async () => (await import("./weeks.ts")).WEEK_COMMANDS,
  },
  {names: ["infra add", "infra list", "infra withdraw"], load: async () => (await import("./infra.ts")).INFRA_COMMANDS},
  {names: ["case list", "case queues", "case show"], load: async () => (await import("./cases/listing.ts")).CASE_LISTS},
  {
    names: ["case open", "case party", "case merge", "case split", "case link", "case attach", "case file"],
    load: async () => (await import("./cases/entering.ts")).CASE_ENTRIES,
  },
  {
    names: [
      ...["case note", "case assign", "case take", "case acknowledge", "case resolve", "case dispute"],
      ...["case dismiss", "case verify", "case reopen", "case hand-back", "case release"],
    ],
    load: async () => (await import("./cases/acts.ts")).CASE_ACTS,
  },
  {
    names: ["case level", "case timers", "case reported"],
    load: async () => (await import("./cases/levels.ts")).CASE_LEVELS,
  },
  {names: ["case work", "case rules"], load: async () => (await import("./cases/working.ts")).CASE_WORK},
  {names: ["case import"], load: async () => (await import("./cases/history.ts")).HISTORY_COMMANDS},
  {
    names: [
      ...["complaint list", "complaint show", "complaint add", "complaint import"],
      ...["complaint refuse", "complaint join", "complaint open"],
    ],
    load: async () => (await import("./cases/complaints.ts")).COMPLAINT_COMMANDS,
  },
  {
    names: [
      ...["notification list", "notification show", "notification preview"],
      ...["notification recall", "notification thank", "notification resend"],
    ],
    load: async () => (await import("./cases/notices.ts")).NOTICE_COMMANDS,
  },
  {
    names: ["mail list", "mail show", "mail handled", "mail join", "mail take", "mail file"],
    load: async () => (await import("./cases/mails.ts")).MAIL_COMMANDS,
  },
  {
    names: ["party list", "party show", "party add", "party edit"],
    load: async () => (await import("./parties.ts")).PARTY_COMMANDS,
  },
  {names: ["party statistics"], load: async () => (await import("./party-figures.ts")).FIGURE_COMMANDS},
  {
    names: ["party import", "party sources", "party conflicts", "party resolve"],
    load: async () => (await import("./party-imports.ts")).PARTY_IMPORT_COMMANDS,
  },
  {names: ["party who", "party rdap"], load: async () => (await import("./responsible.ts")).RESPONSIBLE_COMMANDS},
  {
    names: ["contact add", "contact edit", "contact confirm", "contact bounce", "contact due"],
    load: async () => (await import("./contacts.ts")).CONTACT_COMMANDS,
  },
  {names: ["pgp create", "pgp show"], load: async () => (await import("./pgp.ts")).PGP_COMMANDS},
  {
    names: [
      ...["edition draft", "edition edit", "edition news", "edition render", "edition publish"],
      ...["edition withdraw", "edition correct", "edition show", "edition list", "edition verify"],
    ],
    load: async () => (await import("./editions.ts")).EDITION_COMMANDS,
  },
  {names: ["lake compact"], load: async () => (await import("./lake.ts")).LAKE_COMMANDS},
  {names: ["backup", "restore"], load: async () => (await import("./backup.ts")).BACKUP_COMMANDS},
  {names: ["serve"], load: async () => (await import("./server.ts")).SERVER_COMMANDS},
];

/** The names of all commands, in the order of the manual. */
export const COMMAND_NAMES: readonly string[] = PLACES.flatMap(({names}) => names);

/** Returns every command, in the order of the manual. */
export async function allCommands(): Promise<readonly Command[]> {
  return (await Promise.all(PLACES.map(({load}) => load()))).flat();
}

/** Returns the command with the longest name that the words begin with; null when there is none. */
export async function commandOf(words: readonly string[]): Promise<Command | null> {
  const name = [words.slice(0, 2).join(" "), words[0]].find((each) => COMMAND_NAMES.includes(each ?? ""));
  const place = PLACES.find(({names}) => names.includes(name ?? ""));
  return (await place?.load())?.find((each) => each.name === name) ?? null;
}
