/** A desk for tests of parties: a data folder on a fresh database, and how it is asked. */
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import {after} from "node:test";
import type {PartyImport} from "../src/app/parties/importing.ts";
import {partiesIn, whoIsResponsible} from "../src/app/parties.ts";
import type {ResponsibilityDecision} from "../src/cases/parties/responsibility.ts";
import {WatchfloorError} from "../src/model/errors.ts";
import type {AssetFacts, Contact} from "../src/model/party.ts";
import {createDatabase} from "./database.ts";
import {openSite, ROOT} from "./site.ts";

const {url, drop} = await createDatabase();
after(drop);
/** The data folder of the test file. */
export const house = await openSite({
  config: {database: {url}},
  files: {"tables/protected.txt": ".partner.example # ours\n"},
});
/** Its database. */
export const {db} = await house.database();

/** When everything happens. */
export const NOW = new Date("2023-02-22T02:00:00Z");
export const later = (days: number): Date => new Date(NOW.getTime() + days * 24 * 60 * 60 * 1000);
export const act = (by = "Chen", now = NOW) => ({by, reason: "by phone", now});
/** Our own list that the documentation shows. */
export const EXAMPLE = readFileSync(path.join(ROOT, "examples/parties/parties.csv"), "utf8");

export const list = (given: Partial<PartyImport> & Pick<PartyImport, "source" | "format" | "text">): PartyImport => ({
  ...{choice: {of: null, countries: null, language: "en"}, by: "Chen"},
  ...given,
});
export const ours = (text: string): PartyImport => list({source: "ours", format: "csv", text});
/** Number of the party whose name has the text. */
export const named = async (text: string): Promise<number> => (await partiesIn(house, {text, limit: 2}))[0]?.party ?? 0;

/** The work is refused with that code; gives the message. */
export async function coded(work: Promise<unknown>, code: string): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof WatchfloorError, `${error}`);
  assert.equal(error.code, code);
  return error.message;
}

const FACTS: AssetFacts = {
  ...{kind: "url", value: "http://x.example/", ips: [], asns: [], host: null, domain: null, tld: null},
  ...{registrar: null, store: null, country: null, province: null, sector: null, brand: null},
};
const ORDER = ["cloud-provider", "network-operator", "registrar", "app-store", "provincial-branch", "foreign-cert"];
/** Who is responsible for an asset of these facts. */
export const who = async (facts: Partial<AssetFacts>, order = ORDER): Promise<ResponsibilityDecision | undefined> =>
  (await whoIsResponsible(house, [{facts: {...FACTS, ...facts}, order}], NOW))[0];

export const contact = (given: Partial<Contact> = {}): Contact => ({
  ...{purpose: "abuse", language: "en", channel: "mail", address: "new@telecom.example", pgpKey: null},
  ...{pgpFingerprints: [], hours: null, from: null, until: null},
  ...given,
});
