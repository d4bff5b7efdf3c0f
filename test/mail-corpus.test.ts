import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import type {MailReading} from "../src/model/complaint.ts";
import {compareBounces, DIFFERENCES, type PeerBounce} from "./mail-bounces.ts";
import {complaintRow, kindFolder, mailRow, mailsOf, type Row, readFolder, replySizes, xarfRow} from "./mail-corpus.ts";
import {ROOT} from "./site.ts";

/**
 * The numbers of the whole corpus stand in one file, from which docs/mail.md is made. They are compared exactly: a change
 * that understands fewer mails, or others, is seen. UPDATE=1 rewrites the file; the difference is reviewed like code.
 */
const RECORD = path.join(ROOT, "test/golden/mail-corpus.json");
const skip = existsSync(kindFolder("5-mail")) ? false : "skipped: no shared data";

const recorded: Record<string, Record<string, Row>> = existsSync(RECORD)
  ? JSON.parse(readFileSync(RECORD, "utf8"))
  : {};

/** Compares with what is recorded, or records. */
function holds(part: string, rows: Readonly<Record<string, Row>>): void {
  if (process.env["UPDATE"] === "1") {
    recorded[part] = rows;
    writeFileSync(RECORD, `${JSON.stringify(recorded, null, 1)}\n`);
  }
  assert.deepEqual(rows, recorded[part]);
}

async function rowsOf(
  kinds: readonly string[],
  row: (readings: Iterable<MailReading>) => Row,
): Promise<Record<string, Row>> {
  const rows: Record<string, Row> = {};
  for (const kind of kinds) rows[path.basename(kind)] = row((await readFolder(kindFolder(kind))).values());
  return rows;
}

test("complaint mails of thirteen desks: all name what they are about", {skip}, async () => {
  const kinds = readdirSync(kindFolder("1-reports/abuse-mail")).map((name) => `1-reports/abuse-mail/${name}`);
  const rows = await rowsOf(kinds, complaintRow);
  holds("complaints", rows);
  assert.deepEqual(
    Object.entries(rows).filter(([, {mails, understood}]) => mails !== understood),
    [],
  );
});

test("X-ARF 1, 3 and 4: all valid reports are taken, all invalid ones refused with a reason", {skip}, () => {
  const folders = [
    "abusix/positive/1",
    "abusix/positive/3",
    "abusix/negative/1",
    "abusix/negative/3",
    "spec/samples/v3",
    "spec/samples/v4",
  ];
  const rows = Object.fromEntries(folders.map((name) => [name, xarfRow(kindFolder(`1-reports/xarf/${name}`))]));
  holds("xarf", rows);
  for (const [name, {reports, taken, refused}] of Object.entries(rows))
    assert.deepEqual(
      name.includes("negative") ? [taken, refused] : [taken, refused],
      name.includes("negative") ? [0, reports] : [reports, 0],
      name,
    );
});

test("returned mails: recipient, kind, status, code and reason beside those of a peer", {skip}, async (t) => {
  const folder = kindFolder("5-mail/bounce");
  const peer: Record<string, readonly PeerBounce[]> = JSON.parse(
    readFileSync(path.join(folder, "expected.json"), "utf8"),
  );
  const readings = await readFolder(folder);
  const {agree, of, differ} = compareBounces(readings, peer);
  const explained = new Map(
    DIFFERENCES.flatMap(({fields, mails, because}) =>
      mails.flatMap((mail) => fields.map((field) => [`${mail} ${field}`, because] as const)),
    ),
  );
  assert.deepEqual(
    differ.filter(({mail, field}) => !explained.has(`${mail} ${field}`)),
    [],
  );
  const found = new Set(differ.map(({mail, field}) => `${mail} ${field}`));
  assert.deepEqual(
    [...explained.keys()].filter((each) => !found.has(each)),
    [],
    "a difference that is put down to a reason is really there",
  );
  const rows = Object.fromEntries(
    Object.entries(of).map(([field, all]) => [field, {agree: agree[field] ?? 0, of: all}]),
  );
  t.diagnostic(
    Object.entries(rows)
      .map(([field, row]) => `${field} ${row.agree} of ${row.of}`)
      .join(", "),
  );
  holds("bounces beside a peer", rows);
  const bounces = [...readings].flatMap(([name, each]) => (/^(lhost|rhost|rfc3464)/.test(name) ? [each] : []));
  const read = bounces.flatMap((each) =>
    each.state === "read" && each.understood.as === "bounce" ? [each.understood] : [],
  );
  holds("bounces", {
    returned: {
      mails: bounces.length,
      recognised: read.length,
      recipient: read.filter((each) => each.bounces.every(({recipient}) => recipient !== null)).length,
      reason: read.filter((each) => each.bounces.every(({reason}) => reason !== null)).length,
      messageId: read.filter(({originalMessageId}) => originalMessageId !== null).length,
    },
    feedback: mailRow([...readings].flatMap(([name, each]) => (name.startsWith("arf-") ? [each] : []))),
    absence: mailRow([...readings].flatMap(([name, each]) => (name.startsWith("rfc3834-") ? [each] : []))),
  });
});

test("mails of every kind are read", {skip}, async () => {
  const kinds = [
    "flanker",
    "mailparser",
    "pgp",
    "reply-clients",
    "rspamd",
    "rt",
    "rubymail",
    "smime",
    "spamassassin-ham",
    "spamassassin-spam",
  ];
  const rows = await rowsOf(
    kinds.map((kind) => `5-mail/${kind}`),
    mailRow,
  );
  holds("mails", rows);
  assert.deepEqual(
    Object.entries(rows).filter(([, {mails, read}]) => mails !== read),
    [],
  );
});

test("character sets of Chinese, Japanese and Korean mails come out as written", {skip}, async () => {
  const subjects = new Map<string, string>();
  for (const kind of ["rt", "rubymail", "spamassassin-ham"])
    for (const [name, reading] of await readFolder(kindFolder(`5-mail/${kind}`)))
      if (reading.state === "read") subjects.set(`${kind}/${name}`, reading.mail.head.subject);
  const wide = [...subjects].filter(([, subject]) => /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Hangul}]/u.test(subject));
  const broken = wide.filter(([, subject]) => subject.includes("\ufffd"));
  assert.ok(wide.length >= 8, String(wide.length));
  assert.deepEqual(broken, []);
});

test("S/MIME is recognised and never called checked", {skip}, async () => {
  for (const reading of (await readFolder(kindFolder("5-mail/smime"))).values()) {
    assert.ok(reading.state === "read");
    assert.ok(reading.mail.flags.includes("smime"));
    assert.deepEqual(reading.mail.pgp, []);
  }
});

test("replies: the new text is found without what was quoted", {skip}, async () => {
  const folder = kindFolder("5-mail/reply");
  const texts = new Map(mailsOf(folder).map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
  const clients = new Map<string, string>();
  for (const [name, reading] of await readFolder(kindFolder("5-mail/reply-clients")))
    if (reading.state === "read") clients.set(name, reading.mail.text);
  const sizes = {reply: replySizes(texts), "reply-clients": replySizes(clients)};
  holds("replies", sizes);
  assert.ok(Object.values(sizes["reply-clients"]).every((size) => size === "Hello".length));
});
