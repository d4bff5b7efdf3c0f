import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import fc from "fast-check";
import {PARTY_FORMATS} from "./index.ts";
import {rdap, rdapFacts} from "./rdap.ts";
import type {PartyReading} from "./reading.ts";

const SHARED = path.resolve(import.meta.dirname, "../../../..", process.env["WATCHFLOOR_SHARED"] ?? "../shared");
const DATA = path.join(SHARED, "data/4-attribution/rdap");
const skip = existsSync(DATA) ? false : "skipped: no shared data";
const read = (json: unknown): PartyReading =>
  rdap.read(JSON.stringify(json), {of: null, countries: null, language: "en"});

const card = (name: string, mail?: string) => [
  "vcard",
  [
    ["version", {}, "text", "4.0"],
    ["fn", {}, "text", name],
    ...(mail === undefined ? [] : [["email", {}, "text", mail]]),
  ],
];
const NETWORK = {
  objectClassName: "ip network",
  handle: "192.0.2.0 - 192.0.2.255",
  startAddress: "192.0.2.0",
  endAddress: "192.0.2.255",
  cidr0_cidrs: [{v4prefix: "192.0.2.0", length: 24}],
  name: "SAMPLE-NET",
  country: "AT",
  port43: "whois.registry.example",
  entities: [
    {
      objectClassName: "entity",
      handle: "ORG-S1",
      roles: ["registrant"],
      vcardArray: card("Sample Networks GmbH"),
      entities: [{handle: "AB-1", roles: ["abuse"], vcardArray: card("Abuse desk", "abuse@networks.example")}],
    },
    {handle: "P-1", roles: ["administrative"], vcardArray: card("A Person", "person@networks.example")},
  ],
};

test("a domain's answer gives the registrar with its abuse desk, and nothing of the registrant", {skip}, () => {
  for (const [name, address] of [
    ["example.com.json", "service@example.com"],
    ["nic.versicherung.json", "service@tld-box.at"],
  ] as const) {
    const text = readFileSync(path.join(DATA, name), "utf8");
    const {records, rejects} = rdap.read(text, {of: null, countries: null, language: "en"});
    assert.deepEqual(rejects, []);
    const record = records[0]?.record;
    assert.deepEqual([record?.kind, record?.identity], ["registrar", "iana-registrar:9999"]);
    assert.deepEqual(
      record?.contacts.map((each) => [each.purpose, each.address]),
      [["abuse", address]],
    );
    assert.doesNotMatch(JSON.stringify(record), /Any-Address|Salzburg/);
    assert.equal(rdapFacts(text).registrar, 9999);
    assert.ok(rdapFacts(text).status.includes("auto renew period"));
  }
});

test("a network's answer gives its holder, with the abuse desk that stands below it and no person's address", () => {
  const {records} = read(NETWORK);
  const record = records[0]?.record;
  assert.deepEqual(
    [record?.names.en, record?.country, record?.kind],
    ["Sample Networks GmbH", "AT", "network-operator"],
  );
  assert.equal(record?.identity, "holder:whois.registry.example:ORG-S1");
  assert.deepEqual(
    record?.responsibilities.map(({value}) => value),
    ["192.0.2.0/24"],
  );
  assert.deepEqual(
    record?.contacts.map(({address}) => address),
    ["abuse@networks.example"],
  );
});

test("two answers about one holder are one party, whose networks add up", () => {
  const autnum = {...NETWORK, objectClassName: "autnum", handle: "AS64500", startAutnum: 64500, endAutnum: 64501};
  const {records} = read([NETWORK, autnum]);
  assert.deepEqual(
    records.map(({record}) => record.identity),
    ["holder:whois.registry.example:ORG-S1", "holder:whois.registry.example:ORG-S1"],
  );
  assert.notEqual(records[0]?.record.key, records[1]?.record.key);
  assert.deepEqual(
    records[1]?.record.responsibilities.map(({value}) => value),
    ["64500", "64501"],
  );
});

test("a network without prefixes of its own is told by its first and last address", () => {
  const {cidr0_cidrs: _, ...rest} = {...NETWORK, endAddress: "192.0.2.191"};
  assert.deepEqual(
    read(rest).records[0]?.record.responsibilities.map(({value}) => value),
    ["192.0.2.0/25", "192.0.2.128/26"],
  );
});

test("a registrar under a country's domain has no IANA id: it is known by its handle, and answers for the domain", () => {
  const domain = {
    objectClassName: "domain",
    ldhName: "Shop.Example",
    entities: [{handle: "R-7", roles: ["registrar"], vcardArray: card("Names Ltd", "abuse@names.example")}],
  };
  const record = read(domain).records[0]?.record;
  assert.deepEqual([record?.key, record?.identity], ["domain:shop.example", "registrar-of:example:R-7"]);
  assert.deepEqual(record?.responsibilities[0], {kind: "domain", value: "shop.example", from: null, until: null});
});

test("an abuse desk that is only named is told with the address at which to ask for it", () => {
  const self = "https://rdap.registry.example/entity/AB-1";
  const named = {...NETWORK, entities: [{handle: "AB-1", roles: ["abuse"], links: [{rel: "self", href: self}]}]};
  assert.deepEqual(rdapFacts(JSON.stringify(named)).follow, [self]);
  assert.deepEqual(rdapFacts(JSON.stringify(NETWORK)).follow, []);
});

test("an answer that cannot be used says why", () => {
  const reasons = read([
    null,
    {errorCode: 404, title: "Not Found"},
    {objectClassName: "nameserver"},
    {objectClassName: "domain", ldhName: "a.example"},
    {objectClassName: "domain", ldhName: ""},
    {objectClassName: "ip network", handle: "X", startAddress: "192.0.2.9", endAddress: "192.0.2.1"},
    {...NETWORK, name: "", entities: []},
  ]).rejects.map(({reason}) => reason.replace(/^answer \d /, ""));
  assert.deepEqual(reasons, [
    "is no RDAP answer",
    "is a refusal: Not Found",
    "is an answer about something else: nameserver",
    "names no registrar of a.example",
    "names no domain",
    "has no addresses or AS numbers",
    "does not name the holder of 192.0.2.0 - 192.0.2.255",
  ]);
});

test("no list of others, however broken, stops its reader", () => {
  const choice = {
    of: {key: "k", party: null, kind: "cloud-provider", names: {zh: null, en: "K"}, country: null},
    countries: null,
    language: "en",
  } as const;
  const json = fc.jsonValue().map((value) => JSON.stringify(value));
  const deep = `${'{"entities":['.repeat(2000)}${"]}".repeat(2000)}`;
  for (const format of PARTY_FORMATS) {
    fc.assert(
      fc.property(fc.oneof(fc.string(), json), (text) => void format.read(text, choice)),
      {numRuns: 300},
    );
    format.read(deep, choice);
    format.read(`{"objectClassName":"domain","ldhName":"a.example",${deep.slice(1)}`, choice);
  }
  fc.assert(
    fc.property(fc.json(), (text) => void rdap.read(`{"objectClassName":"ip network","entities":[${text}]}`, choice)),
  );
});
