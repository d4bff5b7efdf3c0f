import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {readXarf3} from "./xarf-3.ts";
import {isXarf4, readXarf4} from "./xarf-4.ts";

const CONTACT = {org: "Desk", contact: "desk@example.org", domain: "example.org"};
const PHISHING = {
  xarf_version: "4.2.0",
  report_id: "1a5ec293-0849-40a4-9eba-d5926262ff05",
  timestamp: "2023-02-20T10:00:00+08:00",
  reporter: CONTACT,
  sender: CONTACT,
  source_identifier: "192.0.2.1",
  category: "content",
  type: "phishing",
  url: "https://bank.example.com/login",
  target_brand: "Bank",
};
const ATTACK = {
  ...PHISHING,
  category: "connection",
  type: "login_attack",
  protocol: "tcp",
  first_seen: "2023-02-20T10:00:00Z",
  source_port: 40_000,
};

test("a phishing report of X-ARF 4 names the page, its machine, the brand and when", () => {
  assert.deepEqual(readXarf4(PHISHING).complaints, [
    {
      asset: {kind: "url", value: "https://bank.example.com/login"},
      class: "web.phish",
      seenAt: "2023-02-20T02:00:00.000Z",
      brand: "Bank",
      ip: "192.0.2.1",
      port: null,
      evidence: "content/phishing",
    },
  ]);
});

for (const field of [
  "xarf_version",
  "report_id",
  "timestamp",
  "reporter",
  "sender",
  "source_identifier",
  "category",
  "type",
  "url",
]) {
  test(`an X-ARF 4 report without ${field} is refused, and the refusal names it`, () => {
    const {[field]: _, ...rest}: Record<string, unknown> = PHISHING;
    const read = readXarf4(rest);
    assert.deepEqual(read.complaints, []);
    assert.match(
      read.rejects.join(),
      field === "category" || field === "type" ? new RegExp(`${field}|unknown`) : new RegExp(field),
    );
  });
}

const WRONG: readonly (readonly [string, object])[] = [
  ["a version that is not 4", {xarf_version: "5.0.0"}],
  ["a time without offset", {timestamp: "2023-02-20T10:00:00"}],
  ["a mail address that is none", {reporter: {...CONTACT, contact: "nobody"}}],
  ["a contact with more fields", {sender: {...CONTACT, role: "admin"}}],
  ["a type that nobody knows", {type: "unheard"}],
  ["a pair of category and type that does not exist", {category: "messaging"}],
  ["a URL that is none", {url: "bank"}],
  ["a script as URL", {url: "javascript:alert(1)"}],
  ["a confidence of 2", {confidence: 2}],
  ["51 pieces of evidence", {evidence: Array.from({length: 51}, () => ({content_type: "text/plain", payload: ""}))}],
  ["a tag without namespace", {tags: ["phishing"]}],
];
for (const [what, change] of WRONG) {
  test(`an X-ARF 4 report with ${what} is refused`, () => {
    const read = readXarf4({...PHISHING, ...change});
    assert.deepEqual(read.complaints, []);
    assert.equal(read.rejects.length, 1);
  });
}

test("behind one address there are many: an attack from a machine needs its port", () => {
  assert.equal(readXarf4(ATTACK).complaints[0]?.class, "att.brute");
  const {source_port: _, ...rest} = ATTACK;
  assert.match(readXarf4(rest).rejects.join(), /source_port/);
});

test("whatever JSON it is, it is read or refused with a reason", () => {
  const values = fc
    .record({xarf_version: fc.constantFrom("4.0.0", "x")}, {requiredKeys: []})
    .chain((base) => fc.jsonValue().map((value) => ({...base, Report: value, ...Object(value)})));
  fc.assert(
    fc.property(values, (value) => {
      const read = isXarf4(value) ? readXarf4(value) : readXarf3(value);
      return read.complaints.length + read.rejects.length > 0;
    }),
  );
});
