import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {closeSync, mkdtempSync, openSync, rmSync, writeSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {MAIL_LIMITS} from "../src/app/mail/limits.ts";
import {openMailReader, type ReadingCost} from "../src/app/mail/reader.ts";
import {fenceOf} from "../src/app/mail/reading-child.ts";
import type {MailReading} from "../src/model/complaint.ts";
import {UNREADABLE} from "../src/model/mail.ts";
import {TORTURES} from "./mail-torture.ts";

const NOW = new Date("2023-02-20T04:00:00Z");
const costs: ReadingCost[] = [];
const faults: string[] = [];
const reader = openMailReader({onCost: (cost) => costs.push(cost), onFault: (fault) => faults.push(fault)});
after(() => reader.close());

const bytesOf = (mail: string | Buffer): Uint8Array => (typeof mail === "string" ? Buffer.from(mail, "latin1") : mail);
const read = (mail: string | Buffer): Promise<MailReading> => reader.read({bytes: bytesOf(mail)}, NOW);

/** What no text of a mail may hold: no database and no terminal takes it. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(textsOf) : [];
}

assert.ok(Object.keys(TORTURES).length >= 60);

for (const [name, make] of Object.entries(TORTURES)) {
  test(`a mail of ${name} ends in a clear state, within ten seconds and 256 MiB`, async () => {
    const before = costs.length;
    const reading = await read(make());
    for (const {milliseconds, peakBytes} of costs.slice(before)) {
      assert.ok(milliseconds < MAIL_LIMITS.milliseconds + 2000, `${milliseconds} ms`);
      assert.ok((peakBytes ?? 0) < MAIL_LIMITS.memoryBytes, `${peakBytes} bytes`);
    }
    if (reading.state === "unreadable") return assert.ok(Object.hasOwn(UNREADABLE, reading.reason));
    assert.ok(
      !textsOf([reading.mail, reading.understood]).some((text) => FORBIDDEN.test(text) || !text.isWellFormed()),
    );
    assert.ok(reading.mail.head.headers.every(({value}) => !/[\r\n]/.test(value)));
  });
}

test("what these mails cost at most, and how they ended", (t) => {
  const [slowest, largest] = [
    Math.max(...costs.map(({milliseconds}) => milliseconds)),
    Math.max(...costs.map(({peakBytes}) => peakBytes ?? 0)),
  ];
  t.diagnostic(
    `slowest ${Math.round(slowest)} ms, largest ${Math.round(largest / 1024 / 1024)} MiB, ${faults.length} processes ended`,
  );
  assert.ok(slowest < MAIL_LIMITS.milliseconds + 2000);
});

test("a mail that kills the process does not hurt the next one", async () => {
  const hurt = openMailReader({limits: {milliseconds: 1}});
  const slow = await hurt.read({bytes: Buffer.from(`Subject: big\r\n\r\n${"a b ".repeat(2_000_000)}`)}, NOW);
  assert.equal(slow.state === "unreadable" ? slow.reason : "read", "too_slow");
  await hurt.close();
  const next = await read("From: a@example.org\r\nSubject: next\r\n\r\nhello");
  assert.equal(next.state === "read" ? next.mail.text.trim() : "", "hello");
});

test("a mail with an attachment of 100 MB is not read, but who sent it is known, and nothing is taken into memory", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "watchfloor-mail-"));
  const file = path.join(folder, "large.eml");
  const descriptor = openSync(file, "w");
  writeSync(
    descriptor,
    'From: party@example.org\r\nSubject: [WN-2023-000045 k7q2w3] logs\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n',
  );
  const line = `${"QUJD".repeat(19)}\r\n`.repeat(10_000);
  for (let written = 0; written < 137_000_000; written += line.length) writeSync(descriptor, line);
  closeSync(descriptor);
  const before = process.memoryUsage.rss();
  const reading = await reader.read({path: file}, NOW);
  rmSync(folder, {recursive: true});
  assert.ok(process.memoryUsage.rss() - before < 50 * 1024 * 1024);
  assert.ok(reading.state === "unreadable");
  assert.equal(reading.reason, "too_large");
  assert.equal(reading.head?.from?.address, "party@example.org");
  assert.match(reading.head?.subject ?? "", /WN-2023-000045/);
});

test("an honest attachment of 10 MB is read within the same limits", async () => {
  const content = Buffer.alloc(10_000_000, 7).toString("base64").replace(/.{76}/g, "$&\r\n");
  const reading = await read(
    `From: a@example.org\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nsee attached\r\n--b\r\nContent-Type: application/zip; name="a.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n${content}\r\n--b--\r\n`,
  );
  assert.ok(reading.state === "read", reading.state === "unreadable" ? reading.reason : "");
  assert.deepEqual(
    reading.mail.parts.map(({name, bytes}) => ({name, bytes})),
    [{name: "a.zip", bytes: 10_000_000}],
  );
  const [part] = reading.mail.parts;
  assert.equal(reading.contents.get(part?.sha256 ?? "")?.byteLength, 10_000_000);
});

test("what reads a mail may not write, start programs or read what is not code", () => {
  const tries = [
    'fs.writeFileSync("/tmp/x", "x")',
    'fs.readFileSync("/etc/hostname")',
    'child_process.execSync("true")',
    'new worker_threads.Worker("1", {eval: true})',
  ];
  const imports =
    'import fs from "node:fs"; import child_process from "node:child_process"; import worker_threads from "node:worker_threads";';
  for (const each of tries) {
    const script = `${imports} try { ${each}; console.log("done"); } catch (error) { console.log(error.code); }`;
    const said = execFileSync(process.execPath, [...fenceOf(MAIL_LIMITS), "--input-type=module", "-e", script], {
      encoding: "utf8",
      cwd: "/",
    });
    assert.equal(said.trim(), "ERR_ACCESS_DENIED", each);
  }
});

/** Names by which other systems carried their own state in mails, in our namespace and in ways to write around a filter. */
const SPOOFED = [
  "X-Watchfloor-Sign: yes",
  "X-Watchfloor-Encrypt: yes",
  "X-Watchfloor-Incoming-Signature: 0xDEADBEEF Good",
  "X-Watchfloor-Incoming-Encryption: Success",
  "X-Watchfloor-Privacy: PGP",
  "X-Watchfloor-Case: WF-2023-000001",
  "X-WATCHFLOOR-LOOP-PREVENTION: cert",
  "x-watchfloor-squelch: all",
  "X_Watchfloor_Principal: admin",
  "X-Watchfloor : admin",
  "X-Ｗatchfloor-Role: admin",
  "X-Watch-Floor-Verified: true",
  "X-Watchfloor-Original-Encoding: utf-7\r\n folded: yes",
];

test("13 headers that claim to be our own state change nothing and are gone", async () => {
  const mail = (headers: string): Buffer =>
    Buffer.from(
      `From: a@example.org\r\nSubject: hello\r\n${headers}Date: Mon, 20 Feb 2023 10:00:00 +0800\r\n\r\nhello`,
    );
  const clean = await reader.read({bytes: mail("")}, NOW);
  assert.equal(SPOOFED.length, 13);
  for (const header of [...SPOOFED, SPOOFED.join("\r\n")]) {
    const spoofed = await reader.read({bytes: mail(`${header}\r\n`)}, NOW);
    assert.ok(spoofed.state === "read" && clean.state === "read");
    assert.deepEqual(spoofed.mail.flags, ["own_headers"], header);
    assert.deepEqual({...spoofed.mail, flags: []}, {...clean.mail, flags: []}, header);
    assert.deepEqual(spoofed.understood, clean.understood);
  }
});
