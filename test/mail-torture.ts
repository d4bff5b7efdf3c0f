/** Mails made to hurt who reads them. Each is named by what it tries. */

const KIB = 1024;
const MIB = 1024 * KIB;
const HEAD =
  "From: a@example.org\r\nTo: us@example.net\r\nSubject: torture\r\nDate: Mon, 20 Feb 2023 10:00:00 +0800\r\n";

const plain = (body: string): string => `${HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\n${body}`;
const multipart = (body: string, boundary = "b"): string =>
  `${HEAD}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n${body}`;

function nested(depth: number): string {
  let body = "Content-Type: text/plain\r\n\r\nthe end\r\n";
  for (let level = depth; level > 0; level--)
    body = `Content-Type: multipart/mixed; boundary="n${level}"\r\n\r\n--n${level}\r\n${body}\r\n--n${level}--\r\n`;
  return `${HEAD}${body}`;
}

function mailInMail(depth: number): string {
  let mail = plain("the innermost");
  for (let level = 0; level < depth; level++) mail = `${HEAD}Content-Type: message/rfc822\r\n\r\n${mail}`;
  return mail;
}

function parts(count: number, part = "Content-Type: text/plain\r\n\r\nx"): string {
  return multipart(`${`--b\r\n${part}\r\n`.repeat(count)}--b--\r\n`);
}

function armor(what: string, body: string): string {
  return `-----BEGIN PGP ${what}-----\r\n\r\n${body}\r\n-----END PGP ${what}-----\r\n`;
}

/** A mail by name; bytes as text are Latin-1. */
export const TORTURES: Readonly<Record<string, () => string | Buffer>> = {
  "nothing at all": () => "",
  "only line ends": () => "\r\n".repeat(1000),
  "only NUL": () => Buffer.alloc(MIB),
  noise: () => Buffer.from(Array.from({length: 200_000}, (_, index) => (index * 7919 + (index >> 3)) % 256)),
  "a JPEG as a mail": () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100_000, 0x41)]),
  "headers without end": () => HEAD.repeat(50),
  "100,000 headers": () => `${"X-A: 1\r\n".repeat(100_000)}\r\nbody`,
  "one header of 8 MiB": () => `Subject: ${"a".repeat(8 * MIB)}\r\n\r\nbody`,
  "one header folded 100,000 times": () => `Subject: a\r\n${" b\r\n".repeat(100_000)}\r\nbody`,
  "a header name of 1 MiB": () => `${"X".repeat(MIB)}: 1\r\n\r\nbody`,
  "headers without colon": () => `${"no colon here\r\n".repeat(500)}\r\nbody`,
  "100,000 recipients": () => `To: ${"a@example.org, ".repeat(100_000)}\r\n\r\nbody`,
  "an address in 5,000 brackets": () => `From: ${"<".repeat(5000)}a@example.org${">".repeat(5000)}\r\n\r\nbody`,
  "an address in 5,000 comments": () => `From: ${"(".repeat(5000)}a@example.org${")".repeat(5000)}\r\n\r\nbody`,
  "groups in groups": () => `To: ${"g: ".repeat(5000)}a@example.org${";".repeat(5000)}\r\n\r\nbody`,
  "quotes that never close": () => `From: ${'"a'.repeat(20_000)}\r\n\r\nbody`,
  "20,000 references": () => `${HEAD}References: ${"<a@b.c> ".repeat(20_000)}\r\n\r\nbody`,
  "encoded words without end": () => `Subject: ${"=?utf-8?B?".repeat(20_000)}\r\n\r\nbody`,
  "20,000 encoded words of a charset that is none": () => `Subject: ${"=?utf-32?Q?=41?= ".repeat(20_000)}\r\n\r\nbody`,
  "encoded words that hide line ends and a header": () =>
    `${HEAD}X-A: =?utf-8?Q?a=0D=0ABcc:_evil@example.org?=\r\n\r\nbody`,
  "a subject that hides a header": () =>
    `From: a@example.org\r\nSubject: =?utf-8?Q?a=0D=0AX-Watchfloor-Case:_1?=\r\n\r\nbody`,
  "RFC 2231 pieces out of order, 2,000 of them": () =>
    multipart(
      `--b\r\nContent-Type: application/x-a;\r\n${Array.from({length: 2000}, (_, index) => ` name*${(index * 7) % 2000}*=utf-8''%41`).join(";\r\n")}\r\n\r\nx\r\n--b--`,
    ),
  "RFC 2231 with a number beyond all numbers": () =>
    multipart(`--b\r\nContent-Type: application/x-a; name*99999999999999999999*=utf-8''%41\r\n\r\nx\r\n--b--`),
  "RFC 2231 with a charset that is none and broken per cents": () =>
    multipart(`--b\r\nContent-Type: application/x-a; name*=bogus'zz'%ZZ%E4%\r\n\r\nx\r\n--b--`),
  "a file name with paths and NUL": () =>
    multipart(`--b\r\nContent-Disposition: attachment; filename="../../etc/\u0000passwd\r\n x"\r\n\r\nx\r\n--b--`),
  "multiparts 10 deep": () => nested(10),
  "multiparts 2,000 deep": () => nested(2000),
  "the same boundary at every level": () =>
    `${HEAD}${'Content-Type: multipart/mixed; boundary="s"\r\n\r\n--s\r\n'.repeat(200)}\r\n\r\nx`,
  "mails in mails, 50 deep": () => mailInMail(50),
  "mails in mails, 12 deep": () => mailInMail(12),
  "a digest of 400 mails": () =>
    `${HEAD}Content-Type: multipart/digest; boundary="b"\r\n\r\n${`--b\r\n\r\n${HEAD}\r\nx\r\n`.repeat(400)}--b--`,
  "10,000 parts": () => parts(10_000),
  "400 parts": () => parts(400),
  "400 attachments of base64 that is none": () =>
    parts(400, "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%****"),
  "a boundary that never comes": () => multipart("nothing is a part here\r\n".repeat(20_000), "never"),
  "a boundary that never closes": () => multipart(`--b\r\nContent-Type: text/plain\r\n\r\n${"x\r\n".repeat(100_000)}`),
  "an empty boundary": () => multipart("--\r\n\r\nx\r\n----\r\n", ""),
  "a boundary of 100,000 characters": () => multipart(`--${"b".repeat(100_000)}\r\n\r\nx`, "b".repeat(100_000)),
  "200,000 lines that almost are the boundary": () => multipart("--boundar\r\n".repeat(200_000), "boundary"),
  "two content types": () =>
    `${HEAD}Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nx\r\n--b--`,
  "every header twice": () => `${HEAD}${HEAD.replace("a@example.org", "b@example.org")}\r\nbody`,
  "bad base64 of 4 MiB": () => `${HEAD}Content-Transfer-Encoding: base64\r\n\r\n${"====A".repeat((4 * MIB) / 5)}`,
  "bad quoted-printable": () =>
    `${HEAD}Content-Transfer-Encoding: quoted-printable\r\n\r\n${"=ZZ=\r\n=".repeat(50_000)}`,
  "uuencode that never ends": () => plain(`begin 644 a.exe\r\n${"M".repeat(60)}\r\n`.repeat(5000)),
  "a line of 10 MiB": () => plain("a".repeat(10 * MIB)),
  "5,000,000 empty lines": () => plain("\n".repeat(5_000_000)),
  "bare carriage returns": () => plain("a\rb".repeat(500_000)),
  "a charset that is none": () => `${HEAD}Content-Type: text/plain; charset=x-unknown-9999\r\n\r\n\xe4\xf6\xfc`,
  "utf-32 and utf-7": () =>
    `${HEAD}Content-Type: text/plain; charset=utf-32\r\n\r\n${"\u0000\u0000\u0000a".repeat(50_000)}+ADw-script+AD4-`,
  "utf-16 cut in the middle of a character": () =>
    `${HEAD}Content-Type: text/plain; charset=utf-16le\r\n\r\na\u0000\xd8\x3d`,
  "ISO-2022 escapes without end": () =>
    `${HEAD}Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n${"\x1b$B\x1b(B".repeat(200_000)}`,
  "gb18030 of four bytes, broken": () =>
    `${HEAD}Content-Type: text/plain; charset=gb18030\r\n\r\n${"\x81\x30\x81".repeat(200_000)}`,
  "HTML of 200,000 open tags": () => `${HEAD}Content-Type: text/html\r\n\r\n${"<div><a href='".repeat(200_000)}`,
  "HTML of 300,000 comments that never close": () => `${HEAD}Content-Type: text/html\r\n\r\n${"<!--".repeat(300_000)}`,
  "HTML of 200,000 entities": () => `${HEAD}Content-Type: text/html\r\n\r\n${"&amp;&#x10FFFF;&bogus;".repeat(200_000)}`,
  "a complaint of 200,000 defanged addresses": () =>
    plain(`abuse report: phishing\r\n${"hxxp://e[.]example[.]com/a ".repeat(200_000)}`),
  "200,000 copyright notices that never close": () => plain("<Infringement xmlns='a'> ".repeat(200_000)),
  "100,000 beginnings of OpenPGP": () => plain("-----BEGIN PGP MESSAGE-----\r\n\r\nAAAA\r\n".repeat(100_000)),
  "2,000 broken OpenPGP blocks": () => plain(armor("MESSAGE", "wcBMA0000000000AQf=").repeat(2000)),
  "a signed multipart without signature": () =>
    `${HEAD}Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary="b"\r\n\r\n--b\r\n\r\nx\r\n--b--`,
  "a delivery report of 100,000 recipients": () =>
    `${HEAD}Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\n${"Final-Recipient: rfc822; a@b.c\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n".repeat(100_000)}--b--`,
  "an X-ARF report a million brackets deep": () =>
    multipart(`--b\r\nContent-Type: application/json; name="xarf.json"\r\n\r\n${"[".repeat(250_000)}\r\n--b--`),
  "XML entities that grow": () =>
    plain(
      `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Infringement><Source><IP_Address>&b;</IP_Address></Source></Infringement>`,
    ),
};
