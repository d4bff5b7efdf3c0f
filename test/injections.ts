/** What somebody writes into a field to get a header or a recipient of his own, and what a mail of ours has at its top. */
import assert from "node:assert/strict";

/** What a mail of ours has at its top, and no more. */
export const HEADERS = [
  "auto-submitted",
  "content-language",
  "content-type",
  "date",
  "from",
  "message-id",
  "mime-version",
  "subject",
  "to",
  "x-auto-response-suppress",
];

/** Names of the headers at the top, read by the plainest of rules: lines up to the first empty one. */
export function headerNames(bytes: Buffer): string[] {
  const top = bytes.toString("latin1").split("\r\n\r\n")[0] ?? "";
  assert.doesNotMatch(top.replaceAll("\r\n", ""), /[\r\n]/);
  return top
    .replace(/\r\n[ \t]/g, " ")
    .split("\r\n")
    .map((line) => /^([!-9;-~]+):/.exec(line)?.[1]?.toLowerCase() ?? `?${line}`);
}

/** What somebody would write to get a header or a recipient of his own. */
export const PAYLOADS = [
  "\r\nBcc: evil@evil.example",
  "\nBcc: evil@evil.example",
  "\rBcc: evil@evil.example",
  "\r\n\r\nBcc: evil@evil.example",
  "x\r\n Bcc: evil@evil.example",
  "\u2028Bcc: evil@evil.example",
  "\u0085Bcc: evil@evil.example",
  "\u000bBcc: evil@evil.example",
  "%0d%0aBcc: evil@evil.example",
  "=?utf-8?q?x=0D=0ABcc:_evil@evil.example?=",
  "=?utf-8?b?DQpCY2M6IGV2aWxAZXZpbC5leGFtcGxl?=",
  "\0Bcc: evil@evil.example",
  "evil@evil.example, a",
  "<evil@evil.example>",
  '"evil" <evil@evil.example>',
  "a: evil@evil.example;",
  'a" <evil@evil.example>, "b',
  "\r\n.\r\nRCPT TO:<evil@evil.example>\r\n",
  "x\r\nContent-Type: text/html\r\n\r\n<b>",
  "\ud800\r\nBcc: evil@evil.example",
] as const;
