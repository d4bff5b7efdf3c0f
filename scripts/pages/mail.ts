import {readFileSync} from "node:fs";
import path from "node:path";
import {MAIL_LIMITS} from "../../src/app/mail/limits.ts";
import {NO_ANSWER} from "../../src/feeds/mail/answer.ts";
import {MAIL_FLAGS, UNREADABLE} from "../../src/model/mail.ts";
import {DIFFERENCES} from "../../test/mail-bounces.ts";
import {code, page, table} from "./markdown.ts";

type Rows = Readonly<Record<string, Readonly<Record<string, number>>>>;

const RECORD = path.resolve(import.meta.dirname, "../../test/golden/mail-corpus.json");
const MIB = 1024 * 1024;

/** Returns docs/mail.md: how mails are read, and how many of each kind are understood. */
export function mailPage(): string {
  const numbers: Readonly<Record<string, Rows>> = JSON.parse(readFileSync(RECORD, "utf8"));
  const numbered = (part: string, first: string): string => rowsTable(numbers[part] ?? {}, first);
  const said = (entries: Readonly<Record<string, string>>): string =>
    table(
      ["code", "meaning"],
      Object.entries(entries).map(([name, text]) => [code(name), text]),
    );
  return page("Mail that comes in", "the tables in code and test/golden/mail-corpus.json", [
    `Mails are read in a process of its own, which may read the code and nothing else and is killed when a mail takes more than ${MAIL_LIMITS.milliseconds / 1000} s or ${MAIL_LIMITS.memoryBytes / MIB} MiB. Of a mail larger than ${MAIL_LIMITS.mailBytes / MIB} MiB only the headers are read. Whatever happens the bytes stay as they came, and the mail has a clear state. Attachments are named by their SHA-256 and never shown inline. Header names of ours are taken off at the door. What a mail does not say stays empty for a person: nothing is guessed.`,
    `## Why a mail cannot be read\n\n${said(UNREADABLE)}`,
    `## What is noted of a mail\n\n${said(MAIL_FLAGS)}`,
    `## Why a mail gets no answer\n\n${said(NO_ANSWER)}`,
    "## How much is understood\n\nCounted over public samples; the test compares the numbers exactly.",
    `### Complaints, by desk\n\n\`understood\` mails name what they are about; of the \`complaints\` in them so many have a class and a time. A \`report\` goes on to its feed.\n\n${numbered("complaints", "desk")}`,
    `### X-ARF\n\n${numbered("xarf", "samples")}`,
    `### Returned mails, feedback reports, absence notes\n\n${numbered("bounces", "kind")}`,
    `### Returned mails beside a peer's reading\n\n\`kind\` is whether the address is gone.\n\n${numbered("bounces beside a peer", "field")}\n\nEvery difference has a reason:\n\n${DIFFERENCES.map(({because, mails, fields}) => `- ${because} (${mails.length} × ${fields.join(", ")})`).join("\n")}`,
    `### Other mails\n\nAll are read. Most neither complain nor answer: they are \`unknown\`.\n\n${numbered("mails", "kind")}`,
  ]);
}

function rowsTable(rows: Rows, first: string): string {
  const columns = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
  return table(
    [first, ...columns],
    Object.entries(rows).map(([name, row]) => [name, ...columns.map((column) => String(row[column] ?? ""))]),
  );
}
