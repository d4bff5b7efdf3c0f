import assert from "node:assert/strict";
import {copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {SHADOWSERVER_TYPES} from "../src/feeds/shadowserver-types.ts";
import {
  type Comparison,
  compareEvents,
  type Difference,
  PEER_ODDITIES,
  type PeerEvent,
  reasonFor,
} from "./shadowserver-conformance.ts";
import {eventsOf, openSite, ROOT, SHARED, takeIn, temporaryFolder} from "./site.ts";

const SAMPLES = path.join(SHARED, "data/1-reports/shadowserver");
const SCHEMA = path.join(SHARED, "data/1-reports/shadowserver-schema");
const skip = existsSync(SAMPLES) ? false : "skipped: no shared data";
/** Fields that agreed when it was last looked at, by sample: [agree, of]. Fewer is a step back. */
const RECORD = path.join(ROOT, "test/golden/shadowserver-agreement.json");
const FETCHED_AT = "2026-06-01T00:00:00Z";

const house = skip === false ? await openSite() : null;

/** The samples whose events the peer states. */
function sampleNames(): string[] {
  return readdirSync(SAMPLES)
    .flatMap((name) => /^(.+)\.expected\.json$/.exec(name)?.[1] ?? [])
    .sort();
}

async function compared(name: string): Promise<Comparison> {
  assert.ok(house !== null);
  const [report] = await takeIn(house, {
    feed: "shadowserver",
    file: path.join(SAMPLES, `${name}.csv`),
    fetchedAt: FETCHED_AT,
  });
  assert.equal((report?.events ?? 0) + (report?.rejects ?? 0), report?.received, name);
  const peer: {output_of_intelmq: PeerEvent[]} = JSON.parse(
    readFileSync(path.join(SAMPLES, `${name}.expected.json`), "utf8"),
  );
  return compareEvents(peer.output_of_intelmq, await eventsOf(house, report?.id ?? ""), name);
}

test("Shadowserver: what a peer makes of each sample comes out the same, or the difference is the peer's", {
  skip,
}, async (t) => {
  const found = new Map<string, Comparison>();
  for (const name of sampleNames()) found.set(name, await compared(name));
  const all = [...found];
  for (let at = 0; at < all.length; at += 4)
    t.diagnostic(
      all
        .slice(at, at + 4)
        .map(([name, {agree, of}]) => `${name} ${agree} of ${of}`)
        .join(", "),
    );
  const [agree, of] = [sumOf(all, "agree"), sumOf(all, "of")];
  t.diagnostic(`${agree} of ${of} fields agree in ${all.length} samples`);
  const ours = all.flatMap(([name, {differ}]) =>
    differ.filter(({field}) => reasonFor(name, field) === null).map((each) => ({name, ...each})),
  );
  assert.deepEqual(ours, []);
  const now = Object.fromEntries(all.map(([name, each]) => [name, `${each.agree} of ${each.of}`]));
  if (process.env["UPDATE"] === "1") writeFileSync(RECORD, `${JSON.stringify(now, null, 1)}\n`);
  const recorded: Record<string, string> = JSON.parse(readFileSync(RECORD, "utf8"));
  assert.deepEqual(Object.keys(now), Object.keys(recorded));
  for (const [name, text] of Object.entries(recorded))
    assert.ok((found.get(name)?.agree ?? 0) >= Number.parseInt(text, 10), `${name}: ${now[name]}, it was ${text}`);
});

test("Shadowserver: each difference that is put down to the peer is really there", {skip}, async () => {
  for (const {types, fields, reason} of PEER_ODDITIES) {
    const differ: Difference[] = [];
    for (const name of types) differ.push(...(await compared(name)).differ);
    const gone = fields.filter((field) => !differ.some((each) => each.field === field));
    assert.deepEqual(gone, [], reason);
  }
});

for (const shape of ["reports.json", "intelmq.json"]) {
  test(`Shadowserver: a type that only the publisher's schema file knows (${shape}) is read by it`, {
    skip,
  }, async () => {
    const schema: Record<string, object> = JSON.parse(readFileSync(path.join(SCHEMA, shape), "utf8"));
    const text = JSON.stringify({...schema, scan_novel: {...schema["scan_adb"], file_name: "scan_novel"}});
    const [plain, informed] = [await openSite(), await openSite({files: {"formats/shadowserver-schema.json": text}})];
    const file = path.join(temporaryFolder(), "2024-07-04-scan_novel-asn.csv");
    copyFileSync(path.join(SAMPLES, "scan_adb.csv"), file);
    const delivery = {feed: "shadowserver", file, fetchedAt: FETCHED_AT};
    const [unknown] = await takeIn(plain, delivery);
    assert.match(unknown?.warnings.join() ?? "", /Unknown report type scan_novel/);
    const [known] = await takeIn(informed, delivery);
    assert.doesNotMatch(known?.warnings.join() ?? "", /Unknown report type/);
    const classes = (await eventsOf(informed, known?.id ?? "")).map((row) => row["class"]);
    assert.deepEqual([...new Set(classes)], [SHADOWSERVER_TYPES.get("scan_adb")?.class]);
  });
}

function sumOf(all: readonly (readonly [string, Comparison])[], what: "agree" | "of"): number {
  return all.reduce((sum, [, each]) => sum + each[what], 0);
}
