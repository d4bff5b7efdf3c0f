import assert from "node:assert/strict";
import test from "node:test";
import {readList, splitCsv} from "./list-table.ts";
import {brandList, governmentList, sectorList} from "./lists.ts";

const file = (name: string, ...lines: readonly string[]) => ({name, text: lines.join("\n")});

test("a sector list takes domains, prefixes and AS numbers", () => {
  const list = sectorList(
    file(
      "sectors.csv",
      "# ours",
      "sector,match",
      "energy,Grid.Example.cn",
      "telecom,AS64500",
      "education,192.0.2.0/24",
      "water,2001:db8::/32",
    ),
  );
  assert.deepEqual(list, {
    domains: new Map([["grid.example.cn", "energy"]]),
    prefixes: new Map([
      ["192.0.2.0/24", "education"],
      ["2001:db8::/32", "water"],
    ]),
    asns: new Map([[64500, "telecom"]]),
  });
});

test("a wrong line of a list is named with its file, its line and what is wrong", () => {
  const cases: readonly [() => unknown, RegExp][] = [
    [
      () => sectorList(file("sectors.csv", "match,sector", "example.cn,bank")),
      /sectors\.csv:2 names no sector of the taxonomy: bank/,
    ],
    [() => sectorList(file("sectors.csv", "match,sector", "192.0.2.1/24,energy")), /sectors\.csv:2 is no prefix/],
    [() => sectorList(file("sectors.csv", "match,sector", "a b,energy")), /sectors\.csv:2 is no domain: a b/],
    [
      () => sectorList(file("sectors.csv", "match,sector", "example.cn,energy", "", "EXAMPLE.cn,water")),
      /sectors\.csv:4 repeats example\.cn/,
    ],
    [
      () => sectorList(file("sectors.csv", "match,kind", "example.cn,energy")),
      /sectors\.csv:1 must name the columns match,sector/,
    ],
    [() => sectorList(file("sectors.csv", "match,sector", "example.cn")), /sectors\.csv:2 has 1 values, not 2/],
    [() => sectorList(file("sectors.csv", "match,sector", 'example.cn,"energy')), /sectors\.csv:2 has a broken quote/],
    [
      () => brandList(file("brands.csv", "brand,aliases,country,sector,domains", "A,,china,,")),
      /brands\.csv:2 has no country code: china/,
    ],
    [
      () => brandList(file("brands.csv", "brand,aliases,country,sector,domains", ",,CN,,")),
      /brands\.csv:2 has no brand/,
    ],
    [
      () => brandList(file("brands.csv", "brand,aliases,country,sector,domains", "A,,CN,shops,")),
      /brands\.csv:2 names no sector/,
    ],
    [
      () => brandList(file("brands.csv", "brand,aliases,country,sector,domains", "A,B,CN,,", "C,b,CN,,")),
      /brands\.csv:3 repeats b/,
    ],
    [
      () => brandList(file("brands.csv", "brand,aliases,country,sector,domains", "A,,CN,,x y")),
      /brands\.csv:2 is no domain/,
    ],
    [
      () => governmentList(file("government.txt", "# ours", "gov.example", "192.0.2.1")),
      /government\.txt:3 is no domain: 192\.0\.2\.1/,
    ],
  ];
  for (const [read, message] of cases) assert.throws(read, {code: "table_invalid", message});
});

test("Namibia is a home country like any other", () => {
  const {names} = brandList(
    file("brands.csv", "brand,aliases,country,sector,domains", "Bank Windhoek,,NA,finance-bank,"),
  );
  assert.equal(names.get("bank windhoek")?.country, "NA");
});

test("a list line is split as RFC 4180 says", () => {
  assert.deepEqual(splitCsv('a, "b ""c"", d" ,,e '), ["a", 'b "c", d', "", "e"]);
  assert.deepEqual(splitCsv(""), [""]);
  for (const line of ['"a', 'a"b', '"a"b', '"a"",b']) assert.equal(splitCsv(line), null, line);
});

test("a list without any line, or with a byte order mark and Windows line ends, reads as well", () => {
  assert.deepEqual(readList(file("x.csv"), ["a"]), []);
  assert.deepEqual(
    readList({name: "x.csv", text: "\uFEFFa,b\r\n1,2\r\n"}, ["a", "b"]).map(({values}) => values),
    [{a: "1", b: "2"}],
  );
});
