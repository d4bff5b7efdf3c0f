/** Sixty mails made to hurt, each by its kind and a seed: honest mails broken in a way that the kind names. */
import {gzipSync} from "node:zlib";
import {type Dice, diceOf} from "../party-world/dice.ts";
import {zipOf} from "../zip.ts";

/** One mail. */
export interface TortureMail {
  readonly kind: string;
  readonly bytes: Buffer;
}

const MIB = 1024 * 1024;
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** How one mail is made: which one it is, and chance. */
interface Making {
  readonly n: number;
  readonly dice: Dice;
}

function word({n, dice}: Making, length: number, about = "word"): string {
  return Array.from({length}, (_, at) => dice.pick([...LETTERS], n, about, at)).join("");
}

function noise({n, dice}: Making, length: number): Buffer {
  return Buffer.from(Array.from({length}, (_, at) => Math.floor(dice.between(0, 256, n, "noise", at))));
}

/** A mail with the usual headers; those that are given go before, and null takes one away. */
function mail(making: Making, body: string, headers: Readonly<Record<string, string | null>> = {}): string {
  const all: Record<string, string | null> = {
    From: `somebody-${making.n}@torture.example`,
    To: "desk@csirt.example",
    Subject: `torture ${making.n}`,
    Date: "Mon, 20 Feb 2023 10:00:00 +0800",
    "Message-ID": `<${making.n}.${word(making, 8)}@torture.example>`,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    ...headers,
  };
  const head = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return [...head, "", body].join("\r\n");
}

function parts(making: Making, inside: readonly string[], type = "multipart/mixed"): string {
  const body = inside.map((part) => `--b\r\n${part}\r\n`).join("");
  return mail(making, `${body}--b--\r\n`, {"Content-Type": `${type}; boundary=b`});
}

function attached(name: string, bytes: Buffer, type = "application/octet-stream"): string {
  const text = bytes.toString("base64").replaceAll(/.{76}/g, "$&\r\n");
  return `Content-Type: ${type}\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${text}`;
}

const COMPLAINT = "Phishing site: hxxp://torture[.]example-torture[.]com/login\r\nPlease take it down.";

/** Machine-readable parts of the three kinds of reports, of which each is broken in turn. */
const ARF = [
  "Content-Type: text/plain\r\n\r\nThis is an email abuse report.",
  "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: a/1\r\nVersion: 1\r\nSource-IP: 192.0.2.1\r\n",
  "Content-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\nSubject: spam\r\n\r\nspam\r\n",
];
const DSN = [
  "Content-Type: text/plain\r\n\r\nYour message could not be delivered.",
  "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; abuse@nobody.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
  "Content-Type: text/rfc822-headers\r\n\r\nFrom: desk@csirt.example\r\nSubject: hello\r\n",
];
const XARF = [
  "Content-Type: text/plain\r\n\r\nX-ARF report",
  'Content-Type: application/json; name="xarf.json"\r\n\r\n{"xarf_version":"4.0.0","report_id":"1","category":"content","type":"phishing","source_identifier":"192.0.2.1"}',
  "Content-Type: text/plain; name=report.txt\r\n\r\nReported-From: a@b.example\r\nCategory: abuse\r\nSchema-URL: http://x.example/\r\n",
];

/** One part is filled with noise, doubled, emptied or filled a thousandfold. */
function broken(making: Making, good: readonly string[]): string[] {
  const {n, dice} = making;
  const at = n % good.length;
  const part = good[at] ?? "";
  const ways = [
    `${part.slice(0, part.indexOf("\r\n\r\n") + 4)}${noise(making, 500).toString("latin1")}`,
    part.replaceAll(": ", ":\r\n\r\n: "),
    part.split("\r\n\r\n")[0] ?? "",
    part + part.slice(part.indexOf("\r\n\r\n")).repeat(1000),
  ];
  return good.with(at, dice.pick(ways, n, "way"));
}

function nested(making: Making, depth: number): string {
  let body = "Content-Type: text/plain\r\n\r\nthe end";
  for (let level = depth; level > 0; level -= 1)
    body = `Content-Type: multipart/mixed; boundary=n${level}\r\n\r\n--n${level}\r\n${body}\r\n--n${level}--`;
  return mail(making, body.slice(body.indexOf("\r\n\r\n") + 4), {"Content-Type": "multipart/mixed; boundary=n1"});
}

function rfc822(making: Making, depth: number): string {
  let inner = mail(making, "the innermost");
  for (let level = 0; level < depth; level += 1) inner = mail(making, inner, {"Content-Type": "message/rfc822"});
  return inner;
}

/** A file of zeros that unpacks to a thousand times its size; every second one lies in another one. */
function bomb({n}: Making): Buffer {
  const packed = gzipSync(Buffer.alloc(24 * MIB));
  return n % 2 === 0 ? packed : zipOf(["a.gz", packed], ["b.zip", zipOf(["zeros", Buffer.alloc(8 * MIB)])]);
}

/** A mail by kind. Text is Latin-1. */
const KINDS: Readonly<Record<string, (making: Making) => string | Buffer>> = {
  "broken MIME boundaries": (m) =>
    parts(m, [`Content-Type: text/plain\r\n\r\n${COMPLAINT}`, attached("a", noise(m, 300))]).replaceAll(
      /\r\n--b/g,
      m.n % 2 === 0 ? "\r\n-- b" : "\r\n--b\0",
    ),
  "multiparts 100 deep": (m) => nested(m, 100 + (m.n % 2) * 900),
  "missing headers": (m) =>
    mail(m, `${COMPLAINT}\r\n${m.n}`, {From: null, Date: null, "Message-ID": null, Subject: null}),
  "headers of 1 MB": (m) =>
    mail(
      m,
      COMPLAINT,
      m.n % 2 === 0 ? {Subject: word(m, 1000).repeat(1000)} : {From: `"${"x".repeat(MIB)}" <a@b.example>`},
    ),
  "NUL bytes": (m) => mail(m, `\0${COMPLAINT}\0\0`, {Subject: "a\0b", From: "a\0@b.example", "X\0Y": "z"}),
  "wrong charsets": (m) =>
    mail(m, noise(m, 2000).toString("latin1"), {
      "Content-Type": `text/plain; charset=${["utf-16", "gb18030"][m.n % 2]}`,
    }),
  "a lying Content-Transfer-Encoding": (m) =>
    mail(m, `${COMPLAINT}\r\n${noise(m, 2000).toString("latin1")}`, {
      "Content-Transfer-Encoding": m.n % 2 === 0 ? "base64" : "quoted-printable",
    }),
  "two Content-Types": (m) =>
    `Content-Type: multipart/mixed; boundary=b\r\n${mail(m, `--b\r\n\r\n${COMPLAINT}\r\n--b--`, {"Content-Type": `image/png; boundary=${word(m, 70)}`})}`,
  "RFC 2047 bombs": (m) =>
    mail(m, COMPLAINT, {Subject: "=?utf-8?Q?=41?= ".repeat(20_000), From: `${"=?x?B?".repeat(5000)} <a@b.example>`}),
  "unclosed quotes": (m) =>
    mail(m, COMPLAINT, {
      From: `"${word(m, 20)} <a@b.example>`,
      To: '"'.repeat(9999),
      "Content-Type": 'text/plain; charset="utf-8',
    }),
  "8-bit headers": (m) =>
    mail(m, COMPLAINT, {
      Subject: noise(m, 400)
        .toString("latin1")
        .replaceAll(/[\r\n\0]/g, ""),
      From: "\xff\xfe@\xe4.example",
    }),
  "bare CR": (m) => mail(m, COMPLAINT.repeat(50)).replaceAll("\r\n", m.n % 2 === 0 ? "\r" : "\r\r\n"),
  "an empty mail": (m) => (m.n % 2 === 0 ? "" : "\r\n\r\n\r\n"),
  "mails in mails": (m) => rfc822(m, 10 + 60 * (m.n % 2)),
  "a zip bomb": (m) => parts(m, ["\r\nsee attached", attached("logs.zip", bomb(m), "application/zip")]),
  TNEF: (m) =>
    parts(m, [
      attached("winmail.dat", Buffer.concat([Buffer.from("789f3e22", "hex"), noise(m, 5000)]), "application/ms-tnef"),
    ]),
  "format=flowed nonsense": (m) =>
    mail(m, `${">".repeat(5000)} \r\n-- \r\n${" \r\n".repeat(5000)}${COMPLAINT}`, {
      "Content-Type": "text/plain; format=flowed; delsp=perhaps; delsp=yes",
    }),
  "homoglyph addresses": (m) =>
    mail(m, COMPLAINT, {
      From: Buffer.from(`desk@csіrt.exаmple`).toString("latin1"),
      "Reply-To": "desk@xn--csrt-c2d.example",
    }),
  "very many recipients": (m) =>
    mail(m, COMPLAINT, {To: `${word(m, 6)}@b.example, `.repeat(20_000), Cc: "g: ".repeat(3000)}),
  "very many attachments": (m) =>
    parts(
      m,
      Array.from({length: 300 + 500 * (m.n % 2)}, (_, at) => attached(`f${at}`, Buffer.from(`${m.n} ${at}`))),
    ),
  "dates that are none": (m) =>
    mail(m, COMPLAINT, {Date: m.n % 2 === 0 ? "Fri, 31 Dec 9999 23:59:59 +0000" : "Thu, 99 Foo -1 25:61:61 +9999"}),
  "huge Message-IDs": (m) =>
    mail(m, COMPLAINT, {"Message-ID": `<${word(m, 500).repeat(40)}@b.example>`, References: "<a@b> ".repeat(20_000)}),
  "one Message-ID for all": (m) => mail(m, `${COMPLAINT}\r\n${m.n}`, {"Message-ID": "<the-same@torture.example>"}),
  "empty Message-IDs": (m) =>
    mail(m, `${COMPLAINT}\r\n${m.n}`, {"Message-ID": m.n % 2 === 0 ? "<>" : "", "In-Reply-To": "<>"}),
  "broken feedback reports": (m) => parts(m, broken(m, ARF), "multipart/report; report-type=feedback-report"),
  "broken delivery reports": (m) => parts(m, broken(m, DSN), "multipart/report; report-type=delivery-status"),
  "broken X-ARF": (m) => parts(m, broken(m, XARF)),
  "broken OpenPGP": (m) =>
    mail(
      m,
      `-----BEGIN PGP ${["MESSAGE", "SIGNED MESSAGE"][m.n % 2]}-----\r\n\r\n${word(m, 2000)}\r\n=${word(m, 4)}\r\n-----END PGP MESSAGE-----`,
    ),
  "a complaint cut short": (m) => {
    const whole = parts(m, [
      `Content-Type: text/plain\r\n\r\n${COMPLAINT}`,
      attached("a.png", noise(m, 900), "image/png"),
    ]);
    return whole.slice(0, Math.floor(m.dice.between(40, whole.length, m.n, "cut")));
  },
  "a complaint with flipped bytes": (m) => {
    const whole = Buffer.from(
      parts(m, [`Content-Type: text/plain\r\n\r\n${COMPLAINT}`, attached("a", noise(m, 900))]),
      "latin1",
    );
    for (let at = 0; at < whole.length; at += 9)
      if (m.dice.roll(m.n, "flip", at) < 0.2) whole[at] = (whole[at] ?? 0) ^ 0x55;
    return whole;
  },
};

/** Returns two mails of each kind. */
export function tortureMails(seed: number): TortureMail[] {
  const dice = diceOf(seed);
  return Object.entries(KINDS).flatMap(([kind, make], at) =>
    [0, 1].map((turn) => {
      const made = make({n: at * 2 + turn, dice});
      return {kind, bytes: typeof made === "string" ? Buffer.from(made, "latin1") : made};
    }),
  );
}
