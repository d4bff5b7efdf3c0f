import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {openMailReader} from "../../src/app/mail/reader.ts";
import {UNREADABLE} from "../../src/model/mail.ts";

/** Mails changed in places, thousands of them: each ends in a clear state. A thousand with each change, 20,000 in full. */
const RUNS = process.env["WATCHFLOOR_FAULTS"] === "full" ? 20_000 : 1000;
const NOW = new Date("2023-02-20T04:00:00Z");

const HEAD =
  "From: =?utf-8?B?5byg5LiJ?= <a@example.org>\r\nTo: us@example.net\r\nSubject: =?gb2312?Q?=B2=E2=CA=D4?= phishing\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n";
/** One of each kind that is read in its own way. */
const MAILS: readonly string[] = [
  `${HEAD}Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nabuse report =B2=E2: hxxps://evil[.]example[.]com/login from 192.0.2.1\r\n`,
  `${HEAD}Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nplease remove\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>please <a href="http://evil.example.com/">remove</a></p>\r\n--b--\r\n`,
  `${HEAD}Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; gone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <2@example.net>\r\n\r\nx\r\n--b--\r\n`,
  `${HEAD}Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n--b\r\n\r\nabuse\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nSource-IP: 192.0.2.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@example.com\r\nSubject: buy\r\n\r\nx\r\n--b--\r\n`,
  `${HEAD}Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nsee attached\r\n--b\r\nContent-Type: application/json; name="xarf.json"\r\nContent-Disposition: attachment; filename*=utf-8''xarf.json\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from('{"xarf_version":"4.0.0","category":"content","type":"phishing"}').toString("base64")}\r\n--b--\r\n`,
  `${HEAD}Content-Type: text/plain\r\n\r\n---\r\nReported-From: a@example.org\r\nCategory: fraud\r\nReport-Type: phishing\r\nDate: Mon, 20 Feb 2023 10:00:00 +0800\r\nSource-Type: uri\r\nSource: http://evil.example.com/\r\n`,
  `${HEAD}In-Reply-To: <wn-1@cert.example.net>\r\nContent-Type: text/plain\r\n\r\n已处置 [WN-2023-000045 k7q2w3]\r\n\r\nOn 20/02/2023, cert wrote:\r\n> please\r\n`,
  `${HEAD}Content-Type: text/plain\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\ndone\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niHUEARYKAB0WIQQ=\r\n-----END PGP SIGNATURE-----\r\n`,
];

/** A change: bytes put over, a piece said again, or a piece cut out. */
const change = fc.oneof(
  fc.record({
    do: fc.constant("put" as const),
    at: fc.double({min: 0, max: 1, noNaN: true}),
    bytes: fc.uint8Array({minLength: 1, maxLength: 6}),
  }),
  fc.record({
    do: fc.constantFrom("repeat" as const, "cut" as const),
    at: fc.double({min: 0, max: 1, noNaN: true}),
    length: fc.integer({min: 1, max: 200}),
    times: fc.integer({min: 1, max: 50}),
  }),
);

function changed(mail: Buffer, by: typeof change extends fc.Arbitrary<infer T> ? T : never): Buffer {
  const at = Math.floor(by.at * mail.length);
  if (by.do === "put") return Buffer.concat([mail.subarray(0, at), by.bytes, mail.subarray(at + by.bytes.length)]);
  const piece = mail.subarray(at, at + by.length);
  const middle = by.do === "cut" ? [] : Array.from({length: by.times}, () => piece);
  return Buffer.concat([mail.subarray(0, at), ...middle, mail.subarray(at + piece.length)]);
}

test(`${RUNS} changed mails of ${MAILS.length} kinds each end in a clear state, and none ends the process`, async (t) => {
  const states = new Map<string, number>();
  const faults: string[] = [];
  const watched = openMailReader({onFault: (fault) => faults.push(fault)});
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...MAILS),
      fc.array(change, {minLength: 1, maxLength: 8}),
      async (text, changes) => {
        const reading = await watched.read({bytes: changes.reduce(changed, Buffer.from(text, "latin1"))}, NOW);
        const state = reading.state === "read" ? reading.understood.as : reading.reason;
        states.set(state, (states.get(state) ?? 0) + 1);
        assert.ok(reading.state === "read" || Object.hasOwn(UNREADABLE, reading.reason));
      },
    ),
    {numRuns: RUNS},
  );
  await watched.close();
  t.diagnostic([...states].map(([state, count]) => `${state} ${count}`).join(", "));
  assert.deepEqual(faults, []);
});
