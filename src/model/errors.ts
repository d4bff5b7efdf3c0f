/**
 * The one table of errors that a person can cause or has to act on. The command line, the HTTP layer and docs/errors.md
 * read it. `status` is the HTTP status that goes with it, `text` what is wrong in general, `remedy` what to do.
 */
export const ERRORS = {
  usage: {status: 400, text: "The command was called wrongly.", remedy: "See watchfloor --help."},
  config_invalid: {status: 500, text: "The configuration is not right.", remedy: "Mend the named line."},
  home_missing: {status: 500, text: "There is no data folder there.", remedy: "Run watchfloor init."},
  home_not_writable: {status: 500, text: "The data folder cannot be written.", remedy: "Check owner and rights."},
  home_exists: {status: 409, text: "There is a data folder already.", remedy: "Use it, or name another with --home."},
  folder_not_empty: {status: 409, text: "The folder is not empty.", remedy: "Name a new or an empty one."},
  home_busy: {
    status: 503,
    text: "Another process is working on the same files.",
    remedy: "Wait until it has ended, and try again.",
  },
  folder_not_writable: {
    status: 500,
    text: "The folder cannot be written.",
    remedy: "Name another, or check its rights.",
  },
  disk_full: {status: 507, text: "The disk is full.", remedy: "Free some space and run the command again."},
  too_many_files: {
    status: 503,
    text: "Too many files are open.",
    remedy: "Raise the limit of open files (ulimit -n, LimitNOFILE) to 1024 or more.",
  },
  feed_unknown: {status: 404, text: "There is no feed of that name.", remedy: "See watchfloor feeds."},
  feed_disabled: {status: 409, text: "The feed is switched off.", remedy: "Set enabled: true in watchfloor.yaml."},
  format_unknown: {status: 404, text: "There is no format of that name.", remedy: "See watchfloor formats."},
  format_invalid: {status: 500, text: "A format file of the site is not right.", remedy: "Mend the named place."},
  report_unreadable: {status: 400, text: "The report cannot be read.", remedy: "Check the file and fetch it again."},
  report_empty: {
    status: 400,
    text: "The report is empty.",
    remedy: "Check the feed: even a quiet feed sends its header.",
  },
  report_too_large: {
    status: 413,
    text: "The report is larger than the limit.",
    remedy: "Split it, or raise limits in watchfloor.yaml.",
  },
  report_bomb: {
    status: 413,
    text: "The archive unpacks to far more than it should.",
    remedy: "Ask the provider; nothing was stored.",
  },
  report_nested: {
    status: 400,
    text: "An archive inside an archive is not opened.",
    remedy: "Unpack the outer one first.",
  },
  report_header: {
    status: 400,
    text: "The header does not fit the format.",
    remedy: "Check that the report belongs to this feed.",
  },
  report_unknown: {status: 404, text: "There is no report of that id.", remedy: "See the id that ingest printed."},
  week_invalid: {status: 400, text: "That is not a week.", remedy: "Name a week by its Monday, such as 2023-02-20."},
  week_empty: {status: 404, text: "There is no data for that week.", remedy: "Ingest reports of that week first."},
  indicator_unknown: {status: 404, text: "There is no indicator of that id.", remedy: "See watchfloor indicators."},
  indicator_not_entered: {
    status: 400,
    text: "That indicator is counted, not entered by hand.",
    remedy: "Only handled counts and what no feed carries can be set.",
  },
  infra_unknown: {
    status: 404,
    text: "There is no infrastructure event of that id.",
    remedy: "See watchfloor infra list.",
  },
  figure_invalid: {status: 400, text: "The figure is not right.", remedy: "Figures are whole numbers, 0 or more."},
  engine_failed: {
    status: 500,
    text: "The events engine could not do it.",
    remedy: "Try again; if it stays, report it with the message.",
  },
  engine_missing: {
    status: 500,
    text: "The events engine is not available for this platform.",
    remedy: "Use Linux (glibc) or macOS on x64 or arm64.",
  },
  lake_damaged: {
    status: 500,
    text: "A file of the events is gone or damaged.",
    remedy: "Restore it from a backup, or read the named report again: ingest --again --report ID.",
  },
  database_unavailable: {
    status: 503,
    text: "The database cannot be reached.",
    remedy: "Check the disk, or set database.url in watchfloor.yaml.",
  },
  database_not_empty: {
    status: 409,
    text: "The database holds data already.",
    remedy: "Restore into a new data folder or an empty database.",
  },
  backup_invalid: {
    status: 400,
    text: "The backup cannot be restored.",
    remedy: "Take another copy of it, or restore it with the version that made it.",
  },
  table_invalid: {status: 500, text: "A lookup table is not right.", remedy: "Mend the named line."},
  edition_unknown: {
    status: 404,
    text: "There is no edition for that week.",
    remedy: "Run watchfloor edition draft --week W.",
  },
  edition_published: {
    status: 409,
    text: "A published edition does not change.",
    remedy: "Issue a correction instead: edition correct --week W --reason TEXT.",
  },
  edition_not_in_review: {
    status: 409,
    text: "The edition is not in review.",
    remedy: "Submit it first: edition publish --week W --by NAME.",
  },
  edition_second_person: {
    status: 403,
    text: "A second person has to approve.",
    remedy: "Let somebody else run it with --approve NAME.",
  },
  edition_changed: {
    status: 409,
    text: "The draft has changed since it was submitted.",
    remedy: "Submit it for review again.",
  },
  wechat_unfit: {
    status: 422,
    text: "The edition does not fit the limits of a WeChat article, so none was written.",
    remedy: "Mend what is named, such as an empty title or a picture that is too large.",
  },
  edition_number_taken: {
    status: 409,
    text: "Another edition has that number.",
    remedy: "Enter another one: edition edit --week W --number YEAR/ISSUE.",
  },
  edition_text_stale: {
    status: 409,
    text: "Numbers have changed under an edited text.",
    remedy:
      "See edition show; then edit it again, or let it stand: edition edit --week W --lang L --paragraph ID --keep.",
  },
  edition_report_later: {
    status: 409,
    text: "A report of the week was fetched after the moment at which the edition would be frozen.",
    remedy: "Check the clock of the machine; if --fetched-at named a time to come, wait until it has passed.",
  },
  edition_altered: {
    status: 409,
    text: "The archive is not as it was published.",
    remedy: "Restore the named files from a backup.",
  },
  edition_not_rated: {
    status: 409,
    text: "The week could not be rated.",
    remedy: "Enter a rating with a reason: edition rating --week W --set 良 --reason TEXT.",
  },
  case_unknown: {status: 404, text: "There is no case of that id.", remedy: "See watchfloor case list."},
  case_step_not_allowed: {
    status: 409,
    text: "The case cannot go from its present state to that one.",
    remedy: "See case show for its state and what was done last.",
  },
  case_changed: {
    status: 409,
    text: "Somebody else has changed the case meanwhile.",
    remedy: "Look at it again, then decide.",
  },
  case_protected: {
    status: 403,
    text: "The case concerns a protected asset or party; a second person has to release it.",
    remedy: "Let somebody else run case release.",
  },
  complaint_unknown: {
    status: 404,
    text: "There is no complaint of that id.",
    remedy: "See watchfloor complaint list.",
  },
  complaints_unreadable: {
    status: 400,
    text: "The list of complaints cannot be read.",
    remedy: "Check its first line: docs/cases.md names the columns.",
  },
  notification_unknown: {
    status: 404,
    text: "There is no notification of that id.",
    remedy: "See watchfloor notification list.",
  },
  notification_step_not_allowed: {
    status: 409,
    text: "That cannot be done with the notification as it stands.",
    remedy: "See notification show for its state.",
  },
  mail_unknown: {
    status: 404,
    text: "There is no mail of that number, or it waits no more.",
    remedy: "See watchfloor mail list.",
  },
  file_too_large: {
    status: 413,
    text: "The file is larger than what is kept.",
    remedy: "Raise limits.messageBytes in watchfloor.yaml, or attach a part of it.",
  },
  artefact_missing: {
    status: 404,
    text: "A kept file is gone or damaged.",
    remedy: "Restore artefacts/ and keys/ from a backup.",
  },
  key_missing: {
    status: 500,
    text: "There is no signing key.",
    remedy: "Run watchfloor init, or restore keys/ from a backup; watchfloor pgp create makes the key of mails.",
  },
  key_locked: {
    status: 403,
    text: "The signing key needs its passphrase.",
    remedy: "Set WATCHFLOOR_KEY_PASSPHRASE; for the key of mails WATCHFLOOR_PGP_PASSPHRASE.",
  },
  notice_template_invalid: {
    status: 500,
    text: "A template of notifications is not right.",
    remedy: "Mend the named line.",
  },
  notice_template_missing: {
    status: 500,
    text: "There is no template for a notification.",
    remedy: "Put one into notices/ of the data folder; docs/notifications.md says how.",
  },
  browser_missing: {status: 501, text: "No browser was found.", remedy: "Install chromium."},
  key_exists: {
    status: 409,
    text: "There is a key already.",
    remedy: "Use it: mails were signed by it. To have another one, put it away first and keep it for old mails.",
  },
  rules_invalid: {
    status: 500,
    text: "A file of the rules for cases is not right.",
    remedy: "Mend the named place; the files that come with the product are in profiles/.",
  },
  history_unreadable: {
    status: 400,
    text: "The file with old cases cannot be read.",
    remedy: "Check that it is what docs/case-rules.md describes.",
  },
  secret_missing: {
    status: 500,
    text: "A secret is not set in the environment.",
    remedy: "Set the named variable for the process that needs it, and start it again.",
  },
  feed_not_fetched: {
    status: 409,
    text: "The feed says not where it is fetched.",
    remedy: "Give it fetch in watchfloor.yaml; see docs/fetching.md. Or hand its reports in by ingest.",
  },
  fetch_running: {
    status: 409,
    text: "The feed is being fetched at this moment.",
    remedy: "Wait until that has ended; see watchfloor feeds.",
  },
  fetch_overtaken: {
    status: 409,
    text: "Another process has taken the fetch over.",
    remedy: "Nothing is to be done: what it fetches is not lost and does not count twice.",
  },
  mailbox_unavailable: {
    status: 503,
    text: "The mailbox cannot be reached, or the connection broke.",
    remedy: "Check host, port and tls; what was not read yet is read the next time.",
  },
  mailbox_refused: {
    status: 502,
    text: "The mail server does not let us in.",
    remedy: "Check user, password and the name of the mailbox.",
  },
  party_unknown: {status: 404, text: "There is no party of that number.", remedy: "See watchfloor party list."},
  contact_unknown: {
    status: 404,
    text: "There is no contact of that number.",
    remedy: "See watchfloor party show --id WP-000001.",
  },
  party_import_unfit: {
    status: 422,
    text: "The list was not imported.",
    remedy: "Check that it is whole and in the format that was named; nothing was changed.",
  },
  pgp_key_unfit: {
    status: 422,
    text: "The OpenPGP key cannot be used.",
    remedy: "Ask the party for a valid public key, and compare its fingerprint with them.",
  },
  rdap_failed: {
    status: 502,
    text: "The registry could not be asked.",
    remedy: "Try again later; look whether tables/rdap/ has the bootstrap files of IANA.",
  },
  port_in_use: {status: 409, text: "The port is in use.", remedy: "Choose another with --port."},
} as const satisfies Record<string, {status: number; text: string; remedy: string}>;

/** The code of one error; every key of `ERRORS`. */
export type ErrorCode = keyof typeof ERRORS;

/** Wrong use or a state that a person has to change. Its message is one line: what, where, remedy. */
export class WatchfloorError extends Error {
  readonly code: ErrorCode;
  /** What is meant and wrong there, without the words that all errors of the code have. */
  readonly where: string;

  /** `where` names the file, line, week or value that is meant; `cause` is kept for the log. */
  constructor(code: ErrorCode, where: string, cause?: unknown) {
    super(`${ERRORS[code].text} ${where.trim()}${/[.!?]$/.test(where.trim()) ? "" : "."} ${ERRORS[code].remedy}`, {
      cause,
    });
    this.name = "WatchfloorError";
    this.code = code;
    this.where = where.trim();
  }
}

/** Several things are wrong in one file: the message tells the first, `faults` all, each with its place. */
export class FaultyFile extends WatchfloorError {
  readonly faults: readonly string[];

  constructor(code: ErrorCode, faults: readonly string[], cause?: unknown) {
    super(code, faults[0] ?? "", cause);
    this.faults = faults;
  }
}
