import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {gunzipSync} from "node:zlib";
import {delegations} from "./delegations.ts";
import {ianaRegistrars, registrarServers} from "./iana-registrars.ts";
import {networkList} from "./network-list.ts";
import {rdapBootstrap, rdapEntries} from "./rdap-bootstrap.ts";
import type {ListOwner, PartyFormat, PartyReading, ReadChoice} from "./reading.ts";
import {teamList} from "./team-list.ts";

const SHARED = path.resolve(import.meta.dirname, "../../../..", process.env["WATCHFLOOR_SHARED"] ?? "../shared");
const DATA = path.join(SHARED, "data/4-attribution");
const skip = existsSync(DATA) ? false : "skipped: no shared data";
const CLOUD: ListOwner = {
  ...{key: "cloud", party: null, kind: "cloud-provider", country: "US"},
  names: {zh: null, en: "Cloud"},
};

function read(format: PartyFormat, text: string, choice: Partial<ReadChoice> = {}): PartyReading {
  return format.read(text, {of: null, countries: null, language: "en", ...choice});
}
const fileOf = (name: string): string => readFileSync(path.join(DATA, name), "utf8");
const answersFor = (reading: PartyReading, at = 0): string[] =>
  reading.records[at]?.record.responsibilities.map(({kind, value}) => `${kind} ${value}`) ?? [];

test("of IANA's registrars those that are accredited are parties; reserved and terminated ids are not", {skip}, (t) => {
  const text = fileOf("iana/registrar-ids-1.csv");
  const {records, rejects, skipped} = read(ianaRegistrars, text);
  const states = text.split("\n").slice(1);
  const count = (state: string): number => states.filter((line) => line.includes(`,${state},`)).length;
  t.diagnostic(`${records.length} registrars, ${skipped} that are none, ${rejects.length} rejects`);
  assert.deepEqual(rejects, []);
  assert.deepEqual([records.length, skipped], [count("Accredited"), count("Terminated") + count("Reserved")]);
  const networkSolutions = records.find(({record}) => record.key === "2")?.record;
  assert.equal(networkSolutions?.names.en, "Network Solutions, LLC");
  assert.deepEqual([networkSolutions?.identity, networkSolutions?.kind], ["iana-registrar:2", "registrar"]);
  assert.equal(new Set(records.map(({record}) => record.key)).size, records.length);
  assert.match(registrarServers(text).get("2") ?? "", /^https:\/\//);
});

test("a registrar list whose lines are wrong gives rejects with their lines", () => {
  const text =
    '"ID",Registrar Name,Status,RDAP Base URL\nx,A,Accredited,\n7,,Accredited,\n8,B,Suspended,\n9,C,Accredited,\n';
  const {records, rejects} = read(ianaRegistrars, text);
  assert.deepEqual(
    rejects.map(({line, reason}) => `${line} ${reason}`),
    ["2 has no registrar id: x", "3 has no name", "4 has an unknown status: Suspended"],
  );
  assert.equal(records.length, 1);
  assert.equal(read(ianaRegistrars, "id;name").rejects[0]?.line, 1);
});

test("a national team answers for its country and its top-level domains; a team of a sector does not", {skip}, () => {
  const {records, rejects} = read(teamList, fileOf("trusted-introducer-teams.json"));
  assert.deepEqual(rejects, []);
  assert.equal(records.length, 4);
  const of = (key: string) => records.find(({record}) => record.key === key)?.record;
  const national = of("CERT.at");
  assert.equal(national?.kind, "foreign-cert");
  assert.deepEqual(
    national?.responsibilities.map(({kind, value}) => `${kind} ${value}`),
    ["tld at", "tld wien", "tld tirol", "tld versicherung", "country AT"],
  );
  assert.deepEqual([of("AEC")?.kind, of("AEC")?.responsibilities], ["sector-csirt", []]);
  assert.deepEqual(
    of("ACOnet-CERT")?.responsibilities.map(({kind, value}) => `${kind} ${value}`),
    ["asn 679", "asn 760", "network 103.0.0.0/16", "network 103.1.0.0/22", "network 103.1.4.0/24", "domain ac.at"],
  );
  const [contact] = national?.contacts ?? [];
  assert.deepEqual([contact?.address, contact?.purpose], ["team@cert.at", "general"]);
  assert.deepEqual(contact?.pgpFingerprints, ["0381BEF56694B5325BF04DDCA1DAC3EDFF4DFFB7"]);
  assert.deepEqual(contact?.hours, {calendar: "none", zone: "Europe/Berlin", from: "08:00", to: "18:00"});
});

test("a list as FIRST's API gives it is read as well; a team without address is told", () => {
  const data = [
    {
      id: "a",
      team: "A",
      "team-full": "A CERT",
      country: "JP",
      email: "cert@a.example",
      "pgp-fingerprint": `0x${"A".repeat(40)}`,
    },
    {id: "b", team: "B", country: "??"},
    {id: "c"},
  ];
  const {records, rejects} = read(teamList, JSON.stringify({status: "OK", data}));
  assert.deepEqual(
    records.map(({record: {key, country, names}}) => [key, country, names.en]),
    [
      ["a", "JP", "A CERT"],
      ["b", null, "B"],
    ],
  );
  assert.deepEqual(records[0]?.record.contacts[0]?.pgpFingerprints, ["A".repeat(40)]);
  assert.deepEqual(
    rejects.map(({reason}) => reason),
    ["team 2 has no mail address", "team 3 has no name"],
  );
  assert.match(read(teamList, "no json").rejects[0]?.reason ?? "", /no list of teams/);
});

test("every top-level domain of IANA's RDAP bootstrap has a registry", {skip}, (t) => {
  const text = fileOf("iana/iana-rdap.json");
  const {records, rejects} = read(rdapBootstrap, text);
  assert.deepEqual(rejects, []);
  const tlds = records.flatMap(({record}) => record.responsibilities.map(({value}) => value));
  t.diagnostic(`${records.length} registries, ${tlds.length} top-level domains`);
  assert.equal(new Set(tlds).size, tlds.length);
  assert.equal(tlds.length, rdapEntries(text)?.flatMap(({of}) => of).length);
  assert.ok(tlds.includes("com") && tlds.includes("xn--p1acf"));
  assert.match(read(rdapBootstrap, "{}").rejects[0]?.reason ?? "", /no RDAP bootstrap/);
});

for (const [name, least] of [
  ["misp-warninglists/amazon-aws.json", 1500],
  ["misp-warninglists/microsoft-azure-china.json", 150],
  ["misp-warninglists/cloudflare.json", 22],
  ["misp-warninglists/ovh-cluster.json", 600],
  ["cloud/google-cloud-ip-ranges.json", 700],
  ["cloud/oracle-cloud-ip-ranges.json", 500],
  ["cloud/cloudflare-v4-ip-ranges.txt", 15],
  ["cloud/aws-ip-ranges.json.gz", 2000],
] as const)
  test(`the networks of ${name} are read without a reject`, {skip}, (t) => {
    const bytes = readFileSync(skip === false ? path.join(DATA, name) : "");
    const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    const reading = read(networkList, text, {of: CLOUD});
    t.diagnostic(`${answersFor(reading).length} networks, ${reading.skipped} inside others or twice`);
    assert.deepEqual(reading.rejects, []);
    assert.ok(answersFor(reading).length >= least, `${answersFor(reading).length}`);
  });

test("a list of networks with a line that is none tells the line; nobody guesses whose it is", () => {
  const text = "# ours\n192.0.2.0/24 # here\n192.0.2.0/25\n192.0.2.300/32\n2001:db8::/32\n";
  const reading = read(networkList, text, {of: CLOUD});
  assert.deepEqual(reading.rejects, [{line: 4, reason: "is no prefix: 192.0.2.300/32"}]);
  assert.deepEqual(answersFor(reading), ["network 192.0.2.0/24", "network 2001:db8::/32"]);
  assert.match(read(networkList, text).rejects[0]?.reason ?? "", /name the party/);
  const azure = {values: [{properties: {addressPrefixes: ["198.51.100.0/24"]}}]};
  assert.deepEqual(answersFor(read(networkList, JSON.stringify(azure), {of: CLOUD})), ["network 198.51.100.0/24"]);
  assert.match(read(networkList, '{"a": 1}', {of: CLOUD}).rejects[0]?.reason ?? "", /none of the lists/);
});

/** Made for this test in the format that the registries publish. */
const DELEGATED = [
  "2|apnic|20230220|7|19830613|20230219|+1000",
  "apnic|*|asn|*|2|summary",
  "# a remark",
  "apnic|CN|asn|64500|2|20020801|allocated|A91A",
  "apnic|CN|ipv4|192.0.2.0|192|20110414|allocated|A91A",
  "apnic|JP|ipv6|2001:db8::|32|20070101|assigned|A91B",
  "apnic|AU|ipv4|203.0.113.0|256|20110412|assigned",
  "apnic||ipv4|198.51.100.0|256||available|",
  "apnic|CN|ipv4|198.51.100.1|x|20110414|allocated|A91C",
  "apnic|CN|ipv6|2001:db8::1|32|20110414|allocated|A91C",
  "apnic|CN|isdn|1|1|20110414|allocated|A91C",
  "nonsense",
].join("\n");

test("delegations of a registry: the lines of one holder are one party, a count that is no prefix becomes several", () => {
  const reading = read(delegations, DELEGATED);
  assert.deepEqual(
    reading.records.map(({line, record}) => [line, record.key, record.country]),
    [
      [4, "apnic:A91A", "CN"],
      [6, "apnic:A91B", "JP"],
      [7, "apnic:203.0.113.0", "AU"],
    ],
  );
  assert.deepEqual(answersFor(reading), ["asn 64500", "asn 64501", "network 192.0.2.0/25", "network 192.0.2.128/26"]);
  assert.deepEqual(
    reading.rejects.map(({line}) => line),
    [9, 10, 11, 12],
  );
  const chosen = read(delegations, DELEGATED, {countries: ["JP"]});
  assert.deepEqual(
    chosen.records.map(({record}) => record.key),
    ["apnic:A91B"],
  );
});
