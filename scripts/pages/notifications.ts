import {readFileSync} from "node:fs";
import path from "node:path";
import {CSV_COLUMNS} from "../../src/cases/notices/csv.ts";
import {SLOTS, slotRule} from "../../src/cases/notices/slots.ts";
import {requestsSchema, templateSchema} from "../../src/cases/notices/template.ts";
import {NOTICE_DECISIONS, NOTICE_EVENTS, type NoticeEvent} from "../../src/model/notification.ts";
import {code, page, table} from "./markdown.ts";

const EXAMPLE = path.resolve(import.meta.dirname, "../../examples/notices/en/opened-phishing.yaml");

/** When each goes out, to whom, and with which files. */
const WHEN: Readonly<Record<NoticeEvent, readonly [string, string, string]>> = {
  opened: ["a case has a responsible party", "the party", "CSV, X-ARF"],
  reminder: ["it is due and nothing was heard", "the party", "CSV, X-ARF"],
  escalated: ["reminders did not help", "the next party", "CSV, X-ARF"],
  reopened: ["it is back after its takedown", "the party", "CSV, X-ARF"],
  recall: ["we were wrong (更正)", "who was told", "CSV"],
  thanks: ["the takedown was verified", "the party", "CSV"],
  "reporter-received": ["a complaint came in", "who complained, if he wants", "none"],
  "reporter-closed": ["its cases are closed", "who complained, if he wants", "none"],
  "contact-confirm": ["once a year", "the contact", "none"],
};

/** Returns docs/notifications.md: what goes out when, templates and their slots, files, keys. */
export function notificationsPage(): string {
  return page("Notifications", "src/cases/notices/, src/model/notification.ts and scripts/pages/notifications.ts", [
    "A **notification** (通报) is one message to one contact about one or more cases. Its id is such as `WN-2023-000045`; the subject of the mail begins with `[WN-2023-000045 k7q2w3]`, whose second part only we can make, so a reply that keeps it finds its cases and nobody can make one up. A reply that names some of them by their ids (`WF-2023-000123`) above the quoted mail is about these only.",
    `## What goes out when\n\n${table(
      ["event", "when", "to", "files"],
      NOTICE_EVENTS.map((event) => [code(event), ...WHEN[event]]),
    )}`,
    grouping(),
    templates(),
    `### Slots\n\nA slot is replaced by its value, once. There are no conditions and no expressions. A slot that is not in this table, or says nothing for the event, is an error when the template is read. What tells of the asset cannot stand in a subject, for a subject is never encrypted. A paragraph with a line that is one slot without a value is left out, with its heading.\n\n${slots()}`,
    files(),
    "## Other people's words\n\nNames, addresses, brands and evidence come from others, some of whom mean harm. In the text they stand on one line; what a reader cannot see (controls, bidi, zero-width) is written out, such as ⟨U+202E⟩; web addresses, domains, addresses of machines and people are written so that no program makes a link of them (`hxxps://bank[.]example`). A value with braces in it stays as it is. Long lists and values are cut, and the text says how many are left out. The exact values stand in the attachments only.",
    sending(),
    keys(),
  ]);
}

function grouping(): string {
  return `## Who is told now\n\nThe key \`notices\` of \`watchfloor.yaml\` ([config.md](config.md)) sets the measures. All cases of one contact and event go into one mail; the first of them waits \`gatherMinutes\` for others, and the next mail of the kind \`intervalMinutes\`. Urgent cases go out at once, one mail each. No address gets more than \`mailsPerDay\` in 24 hours. Whether somebody is told or not is kept as a row with its reason:\n\n${table(
    ["decision", "what it means"],
    Object.entries(NOTICE_DECISIONS).map(([name, text]) => [code(name), text]),
  )}\n\nA contact is told once of one round of a case for one event and number (second reminder). Mending a template tells nobody again.`;
}

function templates(): string {
  const keysOf = (shape: Readonly<Record<string, {description?: string | undefined}>>): string =>
    table(
      ["key", "what it says"],
      Object.entries(shape).map(([name, {description = ""}]) => [code(name), description]),
    );
  return [
    "## Templates",
    "Ours are in `profiles/notices/`, one file for each event and language. A site puts its own into `notices/` of the data folder, under any name that ends in `.yaml`. Of all templates of the event and language, the one whose classes fit most closely is used: the code itself, then its group (`web.*`), then `*`; of two as close, that of the site. A template that is not right is named with file and line and nothing is sent; one that is missing says what was wanted.",
    keysOf(templateSchema.shape),
    "A file with the key `requests` says for classes what was seen and what is asked; `{seen}` and `{asked}` of every template take it from there.",
    keysOf(requestsSchema.shape.requests.element.shape),
    "This one is `examples/notices/en/opened-phishing.yaml`, and a test writes a mail with it:",
    `\`\`\`yaml\n${readFileSync(EXAMPLE, "utf8").trimEnd()}\n\`\`\``,
    "The version of a template is the hash of its text and of what is said of the classes. It is kept with each notification. A preview and a dry run are made by the function that makes what is sent.",
  ].join("\n\n");
}

function slots(): string {
  return table(
    ["slot", "what it says", "events", "in subject"],
    Object.keys(SLOTS).map((name) => {
      const rule = slotRule(name);
      const events = rule?.events ?? null;
      return [
        code(`{${name}}`),
        rule?.says ?? "",
        events === null ? "all" : events.map(code).join(" "),
        rule?.inSubject === true ? "yes" : "",
      ];
    }),
  );
}

function files(): string {
  return `## Files\n\n\`cases.csv\` has one row for each case, in UTF-8 with a byte order mark. A cell that a spreadsheet would take for a formula begins with an apostrophe.\n\n${table(
    ["column", "what it says"],
    Object.entries(CSV_COLUMNS).map(([name, text]) => [code(name), text]),
  )}\n\n\`xarf.json\`, or one \`xarf-CASE-ROUND.json\` for each case, is an X-ARF v4 report for automatic handling; a test holds them against the published schemas. The reporter in it is us; who complained is never told. Contacts by API or portal get the words, cases and reports as one JSON document. What is taken back or closed carries no X-ARF, for machines would act on it.`;
}

function sending(): string {
  return [
    "## Sending",
    "The key `mail` of `watchfloor.yaml` says how mails leave. Without it nothing is sent, and notifications wait. The Message-ID is made from the case rounds, the contact, the event and the version of the template, so a mail that is made again after a crash has the same one.",
    table(
      ["outcome", "what it means", "what follows"],
      [
        [code("accepted"), "the server took it", "told"],
        [code("refused"), "it refused this mail for good (5xx)", "the contact is looked at"],
        [
          code("temporary"),
          "it could not now (4xx), broke off before the end of the mail, or was not reached",
          "it is tried again: within ten minutes when the server is away, else later and later, up to four hours; after a day the case waits for a person",
        ],
        [
          code("unknown"),
          "the mail had gone out whole, and the connection broke before the answer",
          "the same mail is sent once more, and marked as perhaps sent twice; the second time a person decides",
        ],
      ],
    ),
    "Automatic mails say so (`Auto-Submitted`), and ask machines not to answer. Those to reporters also say `Precedence: bulk`, for some vacation programs know nothing else.",
  ].join("\n\n");
}

function keys(): string {
  return "## Keys\n\nMails are signed (PGP/MIME) with the OpenPGP secret key `keys/notices.asc` of the data folder; `WATCHFLOOR_PGP_PASSPHRASE` opens it. Any key that `gpg --export-secret-keys --armor` writes can be put there. Without it mails go out unsigned. Publish the public key where contacts find it.\n\nWhere the contact has a key that can be used, the mail is encrypted as well, and its subject says nothing of the cases. A key that has ended, was revoked or cannot be read is not used; the mail is then only signed and the reason is kept. For sharing marks that `notices.tlp` sets to `encrypt` such a mail is not sent at all.";
}
