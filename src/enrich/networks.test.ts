import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import {canonicalPrefix} from "./address.ts";
import {networkTable, packPlaces} from "./networks.ts";
import type {TableFile} from "./table-file.ts";

interface Range {
  readonly from: bigint;
  readonly to: bigint;
  readonly value: string;
}

const MAPPED = 0xffffn << 32n;
const file = (text: string, name = "ranges.csv"): TableFile => ({name, text});
const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
const numberOf = (text: string): bigint => {
  const bytes = ipaddr.parse(text).toByteArray();
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`) + (bytes.length === 4 ? MAPPED : 0n);
};

/** The stated rule, by looking at every range: the last to begin, then the first to end, then the first line. */
function searched(ranges: readonly Range[], address: bigint): string {
  let best: Range | null = null;
  for (const range of ranges) {
    if (address < range.from || address > range.to) continue;
    if (best === null || range.from > best.from || (range.from === best.from && range.to < best.to)) best = range;
  }
  return best?.value ?? "";
}

interface Row {
  readonly first: bigint;
  readonly last: bigint;
  readonly asn: string;
  readonly country: string;
}

function rowsOf(chunks: readonly string[]): Row[] {
  return chunks
    .join("")
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [prefix = "", asn = "", country = ""] = line.split("\t");
      const [address = "", length = ""] = prefix.split("/");
      const bits = BigInt((address.includes(":") ? 128 : 32) - Number(length));
      const first = numberOf(address);
      return {first, last: first + (1n << bits) - 1n, asn: asn === "0" ? "" : asn, country};
    });
}

const smallRange = fc
  .tuple(fc.nat(400), fc.nat(120), fc.constantFrom("1", "2", "3"))
  .map(([from, length, value]) => ({from, to: from + length, value}));
/** Ranges near the end of a word of the address, so that carries are tried as well. */
const placed = fc.record({
  base: fc.constantFrom(0x0a00_0000, 0xffff_fe00 - 400),
  ranges: fc.array(smallRange, {maxLength: 14}),
});

test("for every address the prefixes tell what a search through all ranges tells, overlaps included", () => {
  const country = {1: "CN", 2: "NA", 3: "HK"} as Record<string, string>;
  fc.assert(
    fc.property(placed, fc.array(smallRange, {maxLength: 14}), ({base, ranges}, others) => {
      const table = networkTable({
        asn: [
          file(
            ranges
              .map(({from, to, value}) => `${dotted(base + from)},${dotted(base + to)},${value},"Net ${value}"`)
              .join("\n"),
          ),
        ],
        country: [
          file(
            others
              .map(({from, to, value}) => `${dotted(base + from)},${dotted(base + to)},${country[value]}`)
              .join("\r\n"),
          ),
        ],
      });
      const rows = rowsOf(table.chunks);
      assert.equal(rows.length, table.prefixes);
      const asBig = (range: {from: number; to: number; value: string}, value = range.value): Range => ({
        from: MAPPED + BigInt(base + range.from),
        to: MAPPED + BigInt(base + range.to),
        value,
      });
      for (let offset = 0; offset < 530; offset += 1) {
        const address = MAPPED + BigInt(base + offset);
        const found = rows.filter(({first, last}) => first <= address && address <= last);
        assert.ok(found.length <= 1, "prefixes do not overlap");
        assert.equal(
          found[0]?.asn ?? "",
          searched(
            ranges.map((each) => asBig(each)),
            address,
          ),
        );
        assert.equal(
          found[0]?.country ?? "",
          searched(
            others.map((each) => asBig(each, country[each.value])),
            address,
          ),
        );
      }
    }),
    {numRuns: 60},
  );
});

test("IPv6 ranges become the fewest prefixes, and neighbours that say the same become one", () => {
  const table = networkTable({
    asn: [
      file(
        "2001:db8::,2001:db8:7fff:ffff:ffff:ffff:ffff:ffff,64500,One\n2001:db8:8000::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,64500,One",
      ),
    ],
    country: [file("2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,JP")],
  });
  const expected = Array.from({length: 16}, (_, bit) => `2001:db8:${(1 << bit).toString(16)}::/${48 - bit}\t64500\t\n`);
  assert.equal(table.chunks.join(""), `2001:db8::/48\t64500\tJP\n${expected.join("")}`);
});

test("the whole address space is one prefix", () => {
  const whole = networkTable({
    asn: [],
    country: [file("0.0.0.0,255.255.255.255,CN\n::,ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,JP")],
  });
  const rows = rowsOf(whole.chunks);
  assert.deepEqual(rows[0]?.first, 0n);
  assert.deepEqual(rows.at(-1)?.last, (1n << 128n) - 1n);
  assert.equal(rows.filter(({country}) => country === "CN").length, 1);
});

test("an operator keeps the name that the file spells first, quotes taken off", () => {
  const lines = [
    '192.0.2.0,192.0.2.7,64500,"Quoted ""Net"", Inc."',
    "192.0.2.8,192.0.2.9,64500,Other",
    "192.0.2.10,192.0.2.10,64501,电信",
  ];
  const {operators} = networkTable({asn: [file(lines.join("\n"))], country: []});
  assert.deepEqual(
    [...operators],
    [
      [64500, 'Quoted "Net", Inc.'],
      [64501, "电信"],
    ],
  );
});

test("a line that is no range is named with file and line", () => {
  const wrong = [
    "192.0.2.9,192.0.2.0,CN",
    "192.0.2.0,CN",
    "192.0.2.0,2001:db8::,CN",
    "192.0.2.0,192.0.2.9,cn",
    "192.0.2.0,192.0.2.9,",
    "x",
  ];
  for (const line of wrong) {
    const country = [file(`192.0.2.0,192.0.2.1,CN\n\n${line}\n`, "country.csv")];
    assert.throws(
      () => networkTable({asn: [], country}),
      {code: "table_invalid", message: /country\.csv:3 is no range/},
      line,
    );
  }
  assert.throws(() => networkTable({asn: [file("192.0.2.0,192.0.2.9,0,None")], country: []}), {code: "table_invalid"});
  assert.throws(() => networkTable({asn: [file("192.0.2.0,192.0.2.9,4294967296,None")], country: []}), {
    code: "table_invalid",
  });
});

const packageFolder = (name: string): string =>
  path.dirname(createRequire(import.meta.url).resolve(`@ip-location-db/${name}/package.json`));
const read = (folder: string, name: string): TableFile => file(readFileSync(path.join(folder, name), "utf8"), name);

/** For each address, sorted, what the numeric files of the package tell; these files our reader never sees. */
function told(text: string, base: bigint, addresses: readonly bigint[]): string[] {
  const best = addresses.map((): Range | null => null);
  for (const line of text.split("\n")) {
    const [from = "", to = "", value = ""] = line.split(",", 3);
    if (from === "") continue;
    const range = {from: base + BigInt(from), to: base + BigInt(to), value};
    let [low, high] = [0, addresses.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((addresses[middle] ?? 0n) < range.from) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < addresses.length && (addresses[at] ?? 0n) <= range.to; at += 1) {
      const other = best[at] ?? null;
      if (other === null || range.from > other.from || (range.from === other.from && range.to < other.to))
        best[at] = range;
    }
  }
  return best.map((range) => range?.value ?? "");
}

test("in the packaged tables random addresses get the network and the country of their line", () => {
  const [asn, country] = [packageFolder("asn"), packageFolder("geo-whois-asn-country")];
  const table = networkTable({
    asn: [read(asn, "asn-ipv4.csv"), read(asn, "asn-ipv6.csv")],
    country: [read(country, "geo-whois-asn-country-ipv4.csv"), read(country, "geo-whois-asn-country-ipv6.csv")],
  });
  const four = fc.sample(fc.ipV4(), {numRuns: 400, seed: 1}).map((text) => ({text, number: numberOf(text)}));
  const six = fc.sample(
    fc.tuple(fc.constantFrom("2001", "2400", "2408", "2600", "2a00", "2a02", "2c0f"), fc.nat(0xffff), fc.nat(0xffff)),
    {numRuns: 300, seed: 2},
  );
  const sixTexts = six
    .map(([a, b, c]) => `${a}:${b.toString(16)}:${c.toString(16)}:0:0:0:0:1`)
    .map((text) => ({text, number: numberOf(text)}));
  const byNumber = (a: {number: bigint}, b: {number: bigint}): number => (a.number < b.number ? -1 : 1);
  let found = 0;
  const lookUp = prefixLookUp(
    table.chunks,
    [...four, ...sixTexts].map(({text}) => text),
  );
  for (const [version, sample, base] of [
    ["4", four.sort(byNumber), MAPPED],
    ["6", sixTexts.sort(byNumber), 0n],
  ] as const) {
    const numbers = sample.map(({number}) => number);
    const asns = told(read(asn, `asn-ipv${version}-num.csv`).text, base, numbers);
    const countries = told(read(country, `geo-whois-asn-country-ipv${version}-num.csv`).text, base, numbers);
    for (const [at, {text}] of sample.entries()) {
      const want = `${asns[at] === "" ? "0" : asns[at]}\t${countries[at]}`;
      assert.equal(lookUp.get(text) ?? "0\t", want, text);
      if (want !== "0\t") found += 1;
    }
  }
  assert.ok(found > 300, `${found} of the sampled addresses lie in a known network`);
  assert.ok(table.operators.size > 80_000);
  assert.ok(table.operators.has(4134));
});

/** The longest of the prefixes that covers each address, found by its text. */
function prefixLookUp(chunks: readonly string[], addresses: readonly string[]): Map<string, string> {
  const wanted = new Map<string, string[]>();
  for (const address of addresses) {
    const kind = address.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
    for (let length = 0; length <= (address.includes(":") ? 128 : 32); length += 1) {
      const prefix =
        canonicalPrefix(`${kind.networkAddressFromCIDR(`${address}/${length}`).toString()}/${length}`) ?? "";
      wanted.set(prefix, [...(wanted.get(prefix) ?? []), address]);
    }
  }
  const found = new Map<string, string>();
  for (const line of chunks.join("").split("\n")) {
    const tab = line.indexOf("\t");
    for (const address of wanted.get(line.slice(0, tab)) ?? []) {
      assert.ok(!found.has(address), "prefixes do not overlap");
      found.set(address, line.slice(tab + 1));
    }
  }
  return found;
}

test("network and country fit into one number and come out of it again", () => {
  const unpack = (place: number): string =>
    `${Math.floor(place / 65_536)} ${String.fromCharCode(place & 255, (place >> 8) & 255).replaceAll("\0", "")}`;
  const lines = ["192.0.2.0/24\t64500\tJP\n", "198.51.100.0/24\t0\tCN\n", "2001:db8::/32\t4294967295\t\n"];
  const packed = packPlaces(lines.join(""))
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  assert.deepEqual(
    packed.map(([prefix, place]) => `${prefix} ${unpack(Number(place))}`),
    ["192.0.2.0/24 64500 JP", "198.51.100.0/24 0 CN", "2001:db8::/32 4294967295 "],
  );
});
