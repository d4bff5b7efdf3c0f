import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {provinceTable} from "./provinces.ts";

const file = (name: string, ...lines: readonly string[]) => ({name, text: lines.join("\n")});
const asMap = (text: string): Map<string, string> =>
  new Map(
    text
      .split("\n")
      .slice(0, -1)
      .map((line): [string, string] => [line.split("\t")[0] ?? "", line.split("\t")[1] ?? ""]),
  );

test("a prefix has the province of its file, in any length, IPv6 included", () => {
  const {text, prefixes} = provinceTable([
    file("provinces/110000.txt", "# Beijing", "192.0.2.0/24", "", "2001:db8::/32 # test"),
    file("provinces/440100.txt", "198.51.100.7"),
  ]);
  assert.equal(text, "192.0.2.0/24\t11\n2001:db8::/32\t11\n198.51.100.7/32\t44\n");
  assert.equal(prefixes, 3);
});

test("where two files hold the same prefix, the city goes before the province and the lower code before the higher", () => {
  const holders = (...codes: readonly string[]): string | undefined =>
    asMap(provinceTable(codes.map((code) => file(`${code}.txt`, "192.0.2.0/24"))).text).get("192.0.2.0/24");
  assert.equal(holders("110000", "440100"), "44");
  assert.equal(holders("440100", "110000"), "44");
  assert.equal(holders("440100", "110101"), "11");
  assert.equal(holders("310000", "110000"), "11");
  assert.equal(holders("440100", "330100"), "33");
  assert.equal(holders("100000", "650000"), "65");
});

test("a prefix known to lie in the country only has no province, though a wider prefix around it has", () => {
  const {text} = provinceTable([file("100000.txt", "192.0.2.0/25"), file("110000.txt", "192.0.2.0/24")]);
  assert.deepEqual(
    asMap(text),
    new Map([
      ["192.0.2.0/25", ""],
      ["192.0.2.0/24", "11"],
    ]),
  );
});

test("Hong Kong, Macao and Taiwan files keep their codes, so that the profile can count them as regions overseas", () => {
  const {text} = provinceTable([
    file("710000.txt", "192.0.2.0/26"),
    file("810000.txt", "192.0.2.64/26"),
    file("820000.txt", "192.0.2.128/26"),
  ]);
  assert.deepEqual([...asMap(text).values()], ["71", "81", "82"]);
});

test("a bad line or a file that is named after no code is refused by name", () => {
  const wrong = ["192.0.2.1/24", "192.0.2.0/33", "Beijing", "192.0.2.0-192.0.2.9"];
  for (const line of wrong) {
    assert.throws(() => provinceTable([file("110000.txt", "192.0.2.0/24", line)]), {
      code: "table_invalid",
      message: /110000\.txt:2 is no prefix/,
    });
  }
  for (const name of ["CN-BJ.txt", "990000.txt", "11.txt", "100100.txt", "110000.csv"])
    assert.throws(() => provinceTable([file(name, "192.0.2.0/24")]), {code: "table_invalid"}, name);
});

const SHARED = path.resolve(import.meta.dirname, "../..", process.env.WATCHFLOOR_SHARED ?? "../shared");
const FOLDER = path.join(SHARED, "data/4-attribution/cn-ip/cncity");
const skip = existsSync(FOLDER) ? false : "skipped: no shared data";

test("the real table of 375 files has each prefix once, with the province of a file that holds it", {skip}, () => {
  const files = readdirSync(FOLDER).map((name) => ({name, text: readFileSync(path.join(FOLDER, name), "utf8")}));
  const holders = new Map<string, Set<string>>();
  for (const {name, text} of files) {
    for (const line of text.split("\n").filter((each) => each !== "")) {
      holders.set(line, (holders.get(line) ?? new Set()).add(name.startsWith("10") ? "" : name.slice(0, 2)));
    }
  }
  const table = provinceTable(files);
  const found = asMap(table.text);
  assert.equal(files.length, 375);
  assert.equal(table.prefixes, holders.size);
  assert.equal(found.size, holders.size);
  for (const [prefix, codes] of holders) assert.ok(codes.has(found.get(prefix) ?? "?"), prefix);
  assert.equal(new Set(found.values()).size, 31 + 3 + 1); // provinces, regions, and "somewhere in the country"
});
