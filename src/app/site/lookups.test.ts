import assert from "node:assert/strict";
import {mkdtemp, readFile, rm, utimes} from "node:fs/promises";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {packPlaces} from "../../enrich/networks.ts";
import {writeDurably} from "../../store/durable.ts";
import {readConfig} from "../config.ts";
import {initHome} from "./init.ts";
import {openLookups, tableAges} from "./lookups.ts";

const folder = await mkdtemp(path.join(tmpdir(), "watchfloor-lookups-"));
after(() => rm(folder, {recursive: true}));

const OWN = {
  "asn-ipv4.csv": "192.0.2.0,192.0.2.255,64500,Example Network\n",
  "asn-ipv6.csv": "2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,64501,Example Six\n",
  "geo-whois-asn-country-ipv4.csv": "192.0.2.0,192.0.2.127,CN\n192.0.2.128,192.0.2.255,JP\n",
  "geo-whois-asn-country-ipv6.csv": "2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,NA\n",
};

async function homeWith(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const home = path.join(folder, name);
  await initHome({home, profile: "cn", passphrase: null});
  for (const [file, text] of Object.entries(files)) {
    await writeDurably(path.join(home, "tables/networks", file), text);
    await utimes(path.join(home, "tables/networks", file), 0, new Date("2026-08-03T12:00:00Z"));
  }
  return home;
}

function textOf(file: string | null): Promise<string> {
  assert.ok(file !== null);
  return readFile(file, "utf8");
}

test("a site's newer tables of networks stand in place of those of the packages", async () => {
  const home = await homeWith("own", OWN);
  const {files, hash} = await openLookups(await readConfig(home));
  assert.equal(await textOf(files.networksV4), packPlaces("192.0.2.0/25\t64500\tCN\n192.0.2.128/25\t64500\tJP\n"));
  assert.equal(await textOf(files.networksV6), packPlaces("2001:db8::/32\t64501\tNA\n"));
  assert.equal(await textOf(files.operators), "64500\tExample Network\n64501\tExample Six\n");

  await writeDurably(path.join(home, "tables/networks/asn-ipv4.csv"), "192.0.2.0,192.0.2.255,64502,Moved\n");
  const later = await openLookups(await readConfig(home));
  assert.ok((await textOf(later.files.networksV4)).startsWith(packPlaces("192.0.2.0/25\t64502\tCN\n")));
  assert.notEqual(later.hash, hash);
});

test("config check names the source of each table and is as old as the oldest file of it", async () => {
  const home = await homeWith("some", {"asn-ipv4.csv": OWN["asn-ipv4.csv"]});
  const ages = await tableAges(await readConfig(home));
  const [networks, countries] = ages;
  assert.match(networks?.source ?? "", /^tables\/networks\/asn-ipv4\.csv, @ip-location-db\/asn 2\./);
  assert.equal(networks?.asOf, "2026-06-17");
  assert.match(countries?.source ?? "", /^@ip-location-db\/geo-whois-asn-country 2\./);
  assert.ok((countries?.entries ?? 0) > 100_000);
});
