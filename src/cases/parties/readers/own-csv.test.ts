import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import {csvRows} from "./csv-rows.ts";
import {ownCsv, workingHours} from "./own-csv.ts";
import type {PartyReading} from "./reading.ts";

const EXAMPLE = path.resolve(import.meta.dirname, "../../../../examples/parties/parties.csv");
const HEADER =
  "key,kind,name_zh,name_en,country,province,valid_from,responsible_for,purpose,channel,address,hours,pgp_fingerprints,pgp_key\n";
const read = (text: string): PartyReading => ownCsv.read(text, {of: null, countries: null, language: "en"});

test("the example of our own list is read whole: rows of one key are one party", () => {
  const {records, rejects} = read(readFileSync(EXAMPLE, "utf8"));
  assert.deepEqual(rejects, []);
  assert.equal(records.length, 7);
  const [telecom] = records;
  assert.equal(telecom?.line, 3);
  assert.deepEqual(telecom?.record.names, {zh: "样例电信", en: "Sample Telecom"});
  assert.deepEqual(
    telecom?.record.responsibilities.map(({kind, value}) => `${kind} ${value}`),
    ["asn 64500", "network 192.0.2.0/24", "network 2001:db8:100::/40"],
  );
  assert.deepEqual(
    telecom?.record.contacts.map(({purpose, address, hours}) => [purpose, address, hours?.from ?? null]),
    [
      ["abuse", "abuse@telecom.example", "09:00"],
      ["escalation", "duty@telecom.example", null],
    ],
  );
});

test("a row that is wrong is a reject with its line and its reason, and the others are read", () => {
  const rows = [
    ["op-1,carrier,甲,,,,,,,,,,,", /names no kind of party: carrier/],
    ["op-2,registrar,,,,,,,,,,,,", /names: a name in one language/],
    ["op-3,registrar,,A,china,,,,,,,,,", /country/],
    ["op-4,registrar,,A,,99,,,,,,,,", /province: is no province/],
    ["op-5,registrar,,A,,,2023-02-30,,,,,,,", /from/],
    ["op-6,registrar,,A,,,,asn:AS0,,,,,,", /nothing to be responsible for: asn:AS0/],
    ["op-7,registrar,,A,,,,network:10.0.0.1/8,,,,,,", /10\.0\.0\.1\/8/],
    ["op-8,registrar,,A,,,,,spam,,a@b.example,,,", /no purpose of a contact: spam/],
    ["op-9,registrar,,A,,,,,abuse,fax,a@b.example,,,", /no channel/],
    ["op-10,registrar,,A,,,,,abuse,,a@b,,,", /is no address for mail: a@b/],
    ["op-11,registrar,,A,,,,,abuse,,a@b.example,late,,", /working hours/],
    ["op-12,registrar,,A,,,,,abuse,,a@b.example,,60F3B29B,", /no fingerprint/],
    [",registrar,,A,,,,,,,,,,", /has no key/],
    ['op-13,registrar,,"A"x,,,,,,,,,,', /broken quote/],
    ["ok,registrar,,B,,,,,,,,,,", null],
    ["two,registrar,,B,,,,,,,,,,", null],
    ["two,registrar,,C,,,,,,,,,,", /says otherwise than line 17 what two is/],
  ] as const;
  const {records, rejects} = read(`${HEADER}${rows.map(([row]) => row).join("\n")}\n`);
  assert.deepEqual(
    records.map(({record}) => record.key),
    ["ok"],
  );
  const expected = rows.flatMap(([, reason], index) => (reason === null ? [] : [{line: index + 2, reason}]));
  assert.deepEqual(
    rejects.map(({line}) => line),
    expected.map(({line}) => line),
  );
  for (const [index, {reason}] of expected.entries()) assert.match(rejects[index]?.reason ?? "", reason);
});

test("a party with a wrong row is left out as a whole: half of it would lose a contact unseen", () => {
  const rows = [
    "a,registrar,,A,,,,,abuse,,a@b,,,",
    "a,,,,,,,,general,,c@b.example,,,",
    "b,registrar,,B,,,,,,,,,,",
    "b,,,,,,,asn:x,,,,,,",
  ];
  const {records, rejects} = read(`${HEADER}${rows.join("\n")}\n`);
  assert.deepEqual(records, []);
  assert.deepEqual(
    rejects.map(({line}) => line),
    [2, 5],
  );
});

test("a list with an unknown or a missing column is not read at all: a misspelt name would lose a column unseen", () => {
  assert.deepEqual(read("key,kind,name_zh,adress\n").rejects, [{line: 1, reason: "there is no column adress"}]);
  assert.match(read("key,name_zh\n").rejects[0]?.reason ?? "", /must name key, kind, name_zh/);
  assert.match(read("").rejects[0]?.reason ?? "", /must name/);
});

test("a key in a quoted cell goes over several lines, and the lines after it keep their numbers", () => {
  const key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc\n-----END PGP PUBLIC KEY BLOCK-----";
  const row = (cell: string): string => `a,registrar,,A,,,,,abuse,,a@b.example,,,${cell}\n`;
  const {records, rejects} = read(`\uFEFF${HEADER}${row(`"${key}"`)}bad,bad,,A,,,,,,,,,,\n`);
  assert.equal(records[0]?.record.contacts[0]?.pgpKey, key);
  assert.deepEqual(
    rejects.map(({line}) => line),
    [6],
  );
});

test("any cells that are quoted come back as they were", () => {
  const cell = fc.string({unit: fc.constantFrom("a", '"', ",", "\n", "é", "#", "中")});
  fc.assert(
    fc.property(fc.array(fc.array(cell, {minLength: 2, maxLength: 4}), {minLength: 1, maxLength: 5}), (rows) => {
      const text = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(",")).join("\n");
      const found = [...csvRows(text)].map(({cells}) => cells);
      assert.deepEqual(
        found,
        rows.map((row) => row.map((each) => each.trim())),
      );
    }),
  );
});

test("working hours name their calendar", () => {
  assert.deepEqual(workingHours("cn 09:00-18:00 Asia/Shanghai"), {
    ...{calendar: "cn", zone: "Asia/Shanghai", from: "09:00", to: "18:00"},
  });
  assert.equal(workingHours("none 18:00-09:00"), "bad");
  assert.equal(workingHours(""), null);
});
