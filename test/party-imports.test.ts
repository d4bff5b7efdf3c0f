/** Lists of parties through the API layer and a real database: what goes in, what stays, what is refused. */
import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {gunzipSync} from "node:zlib";
import {sql} from "kysely";
import {dossierOf, importParties, partiesIn} from "../src/app/parties.ts";
import type {AssetFacts} from "../src/model/party.ts";
import {backUpDatabase, restoreDatabase} from "../src/store/backup.ts";
import {openDatabase} from "../src/store/postgres.ts";
import {createDatabase} from "./database.ts";
import {coded, db, EXAMPLE, house, later, list, NOW, named, ours, who} from "./party-desk.ts";
import {SHARED, temporaryFolder} from "./site.ts";

const DATA = path.join(SHARED, "data/4-attribution");
const skip = existsSync(DATA) ? false : "skipped: no shared data";

/** Everything that is kept of parties, but the log of runs. */
async function everything(of = db): Promise<string> {
  const tables = ["parties", "party_imports", "party_edits", "party_conflicts", "party_responsibilities", "contacts"];
  const rows = tables.map(async (table) => {
    const found = await sql`SELECT t::text FROM ${sql.table(table)} AS t ORDER BY 1`.execute(of);
    return JSON.stringify(found.rows);
  });
  return (await Promise.all(rows)).join("\n");
}

test("the example list is imported; the same list again changes nothing at all", async () => {
  const first = await importParties(house, ours(EXAMPLE), NOW);
  assert.deepEqual([first.added, first.changed, first.gone, first.unchanged, first.rejects.length], [7, 0, 0, 0, 0]);
  const before = await everything();
  const again = await importParties(house, ours(EXAMPLE), later(1));
  assert.deepEqual([again.added, again.changed, again.gone, again.unchanged], [0, 0, 0, 7]);
  assert.equal(await everything(), before);
  const telecom = await dossierOf(house, {party: await named("Sample Telecom"), limit: 100}, NOW);
  assert.deepEqual(telecom.names, {zh: "样例电信", en: "Sample Telecom"});
  assert.deepEqual(
    telecom.responsibilities.map(({kind, value, source}) => [kind, value, source]),
    [
      ["asn", "64500", "ours"],
      ["network", "192.0.2.0/24", "ours"],
      ["network", "2001:db8:100::/40", "ours"],
    ],
  );
  assert.deepEqual(
    telecom.contacts.map(({purpose, hours}) => [purpose, hours?.calendar ?? null]),
    [
      ["abuse", "cn"],
      ["escalation", null],
    ],
  );
});

test("a list that has lost most of its records is not taken, unless somebody says that it is right", async () => {
  const rows = (count: number): string =>
    `key,kind,name_zh,name_en,responsible_for\n${Array.from({length: count}, (_, at) => `k${at},network-operator,,Many ${at},asn:${70_000 + at}`).join("\n")}\n`;
  const many = (count: number, acceptsLosses = false) =>
    importParties(house, list({source: "many", format: "csv", text: rows(count), acceptsLosses}), NOW);
  await many(12);
  assert.match(await coded(many(5), "party_import_unfit"), /would lose 7 of 12/);
  assert.equal((await who({asns: [70_011]}))?.by?.claim.names.en, "Many 11");
  assert.equal((await many(5, true)).gone, 7);
  assert.equal((await who({asns: [70_011]}))?.why?.code, "no-claim");
  const [gone] = await partiesIn(house, {text: "Many 11", limit: 1});
  assert.deepEqual([gone?.isStated, gone?.names.en, gone?.responsibilities], [false, "Many 11", 0]);
  await many(12);
  assert.equal((await who({asns: [70_011]}))?.party, gone?.party, "it comes back as the party that it was");
});

test("a list with a wrong line loses nothing: the party of that line stays as it was, and so do those not in it", async () => {
  const row = (at: number, asn = `${80_000 + at}`): string => `r${at},network-operator,,Row ${at},asn:${asn}`;
  const take = (rows: string[], acceptsLosses = false) =>
    importParties(
      house,
      list({
        source: "rows",
        format: "csv",
        text: `key,kind,name_zh,name_en,responsible_for\n${rows.join("\n")}\n`,
        acceptsLosses,
      }),
      NOW,
    );
  await take([row(1), row(2), row(3)]);
  const half = await take([row(1), row(2, "x")]);
  assert.deepEqual([half.unchanged, half.gone, half.missing, half.rejects.length], [1, 0, 2, 1]);
  for (const asn of [80_002, 80_003]) assert.ok((await who({asns: [asn]}))?.party);
  assert.equal((await take([row(1), row(2, "x")], true)).gone, 2);
  assert.equal((await who({asns: [80_003]}))?.party, null);
  assert.match(await coded(take([]), "party_import_unfit"), /would lose 1 of 1/);
});

test("a record that names the number of another party than before is told, and not moved", async () => {
  const text = (party: string): string =>
    `key,kind,name_zh,name_en,party,responsible_for\nm,registrar,,Moved,${party},asn:81000\n`;
  const take = (party: string) => importParties(house, list({source: "moved", format: "csv", text: text(party)}), NOW);
  await take("WP-000001");
  assert.deepEqual((await take("WP-000002")).rejects, [{line: 2, reason: "m is WP-000001 already"}]);
  assert.deepEqual((await take("WP-999999")).rejects, [{line: 2, reason: "there is no party WP-999999"}]);
  assert.equal((await who({asns: [81_000]}))?.party, 1);
});

test("what others write too long, or with characters that nothing can keep, is a reject and harms nobody", async () => {
  const net = {objectClassName: "autnum", name: "N", startAutnum: 82_000, port43: "whois.registry.example"};
  const answers = [
    {...net, handle: "a\u0000b"},
    {...net, handle: "x".repeat(1000)},
    {...net, handle: "\ud800"},
    {...net, handle: "AS82000"},
  ];
  const answer = await importParties(house, list({source: "evil", format: "rdap", text: JSON.stringify(answers)}), NOW);
  assert.deepEqual([answer.added, answer.rejects.length], [1, 3]);
  assert.match(answer.rejects.map(({reason}) => reason).join("; "), /cannot be kept; key: .*; has characters/);
});

test("a backup has the parties, and they come back as they were", async () => {
  const folder = temporaryFolder();
  await backUpDatabase(db, folder, NOW);
  const {url, drop} = await createDatabase();
  await restoreDatabase({home: "unused", url}, folder);
  const restored = await openDatabase({home: "unused", url});
  assert.equal(await everything(restored.db), await everything());
  await restored.close();
  await drop();
});

test("a list that cannot be read changes nothing, and says why", async () => {
  const before = await everything();
  assert.match(
    await coded(importParties(house, ours("a,b\n"), NOW), "party_import_unfit"),
    /line 1 the header must name/,
  );
  await coded(importParties(house, list({source: "X y", format: "csv", text: EXAMPLE}), NOW), "usage");
  assert.match(
    await coded(importParties(house, list({source: "x", format: "cvs", text: EXAMPLE}), NOW), "usage"),
    /csv/,
  );
  assert.equal(await everything(), before);
});

test("real lists go in and their parties are found: IANA's registrars, response teams, a cloud, the bootstrap", {
  skip,
}, async (t) => {
  const file = (name: string): string => readFileSync(path.join(DATA, name), "utf8");
  const registrars = await importParties(
    house,
    list({source: "iana", format: "iana-registrars", text: file("iana/registrar-ids-1.csv")}),
    NOW,
  );
  const teams = await importParties(
    house,
    list({source: "ti", format: "team-list", text: file("trusted-introducer-teams.json")}),
    NOW,
  );
  const rdap = await importParties(
    house,
    list({source: "rdap", format: "rdap", text: file("rdap/nic.versicherung.json")}),
    NOW,
  );
  const tlds = await importParties(
    house,
    list({source: "iana-rdap", format: "rdap-bootstrap", text: file("iana/iana-rdap.json")}),
    NOW,
  );
  const of = {
    key: "aws",
    party: null,
    kind: "cloud-provider",
    names: {zh: null, en: "Amazon Web Services"},
    country: "US",
  };
  const aws = await importParties(
    house,
    list({
      source: "aws",
      format: "network-list",
      text: gunzipSync(readFileSync(path.join(DATA, "cloud/aws-ip-ranges.json.gz"))).toString("utf8"),
      choice: {of, countries: null, language: "en"},
    }),
    NOW,
  );
  assert.deepEqual([registrars.added, teams.added, tlds.added, aws.added], [3020, 4, 597, 1]);
  assert.deepEqual([registrars.rejects, teams.rejects, tlds.rejects, aws.rejects], [[], [], [], []]);
  assert.equal(rdap.added, 1);
  const names = async (facts: Partial<AssetFacts>, order?: string[]) => (await who(facts, order))?.by?.claim.names.en;
  assert.equal(await names({registrar: 2}), "Network Solutions, LLC");
  assert.equal(await names({ips: ["52.94.5.1"]}), "Amazon Web Services");
  assert.equal(await names({ips: ["103.1.1.1"]}, ["sector-csirt"]), "ACOnet-CERT");
  assert.equal(
    await names({host: "www.example.wien", tld: ".wien"}, ["foreign-cert"]),
    "Computer Emergency Response Team Austria",
  );
  assert.match((await names({host: "x.zip"}, ["registry"])) ?? "", /^Registry of \.ads/);
  t.diagnostic(`${(await partiesIn(house, {limit: 100_000})).length} parties`);
  const before = await everything();
  await importParties(
    house,
    list({source: "iana", format: "iana-registrars", text: file("iana/registrar-ids-1.csv")}),
    later(1),
  );
  assert.equal(await everything(), before);
});
