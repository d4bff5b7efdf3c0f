import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {messageIds, strictAddress} from "./envelope.ts";

test("plain addresses are taken, with the domain as it is looked up, and said whether they need SMTPUTF8", () => {
  assert.deepEqual(strictAddress("Abuse+x@Registrar.Example"), {
    address: "Abuse+x@registrar.example",
    needsUtf8: false,
  });
  assert.deepEqual(strictAddress("abuse@例子.example"), {address: "abuse@xn--fsqu00a.example", needsUtf8: false});
  assert.deepEqual(strictAddress("滥用@registrar.example"), {address: "滥用@registrar.example", needsUtf8: true});
});

const NONE = [
  "",
  "a",
  "@",
  "a@",
  "@b.example",
  "a@b",
  "a@b@c.example",
  "a b@c.example",
  "a@b.example\r\nBcc: x@y.example",
  "a@b.example\n",
  " a@b.example",
  "a@b.example,c@d.example",
  "a@b.example;c@d.example",
  "<a@b.example>",
  "A <a@b.example>",
  '"a"@b.example',
  '"a@x.example"@b.example',
  "a@[192.0.2.1]",
  "a@192.0.2.1",
  "a@b.example>",
  "a@b..example",
  ".a@b.example",
  "a..b@c.example",
  "a@-b.example",
  "a@b.example ",
  "a\u0000@b.example",
  "a\u200b@b.example",
  "a\u202e@b.example",
  "a@b.example\u0000",
  "a(c)@b.example",
  "a@b.example(c)",
  "group:a@b.example;",
  "a@b_c.example",
  "a@b%c.example",
  `${"a".repeat(65)}@b.example`,
  `a@${"b".repeat(64)}.example`,
  `a@${"b.".repeat(130)}example`,
  "a@b.example/../x",
  "a@b。example\r",
  "a\\@b.example",
  "a@b.example?x",
];

for (const text of NONE) test(`${JSON.stringify(text)} is no address`, () => assert.equal(strictAddress(text), null));

test("what is taken is one address of one line, whatever was written", () => {
  const piece = fc.constantFrom(
    "a",
    "b.example",
    "@",
    "\r\n",
    "<",
    ">",
    ",",
    ";",
    '"',
    " ",
    ":",
    "\\",
    "(",
    "[",
    "é",
    "例",
    "。",
    ".",
    "\0",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, {maxLength: 8}).map((all) => all.join("")),
        fc.emailAddress(),
      ),
      (text) => {
        const found = strictAddress(text);
        if (found !== null) assert.match(found.address, /^[^\s@<>,;:"()[\]\\]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/u);
      },
    ),
    {numRuns: 5000},
  );
});

test("only Message-IDs get into References, each once, the last ones", () => {
  const given = [
    "<a@b.example>",
    "<a@b.example>",
    "<c@d.example>\r\nBcc: x",
    "<d@e.example> <f@g.example>",
    "no",
    "<z@y.example>",
  ];
  assert.deepEqual(messageIds(given, 5), ["<a@b.example>", "<z@y.example>"]);
  assert.deepEqual(messageIds(given, 1), ["<z@y.example>"]);
});
