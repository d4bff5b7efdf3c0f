/** A feed of 50,000 pages opens its cases in bounded time and memory, once; a red one tells nobody. */
import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {openFromReports} from "../../src/app/coordination/opening/reports.ts";
import {caseOfId} from "../../src/store/cases/changing.ts";
import {listCases} from "../../src/store/cases/lists.ts";
import {noticeDecisions} from "../../src/store/notices/pending.ts";
import {hoursLater, MONDAY} from "../case-fixture.ts";
import {openScene, type Scene} from "../coordination-scene.ts";
import {takeIn} from "../site.ts";
import {sentTo} from "./mails.ts";
import {growthDuring} from "./memory.ts";

const ROWS = 50_000;
const MIB = 1024 * 1024;
/** Generous: the machines that run tests are small and busy. */
const MOST_SECONDS = 240;
const REGISTRAR = "abuse@registrar.example";

let scene: Scene;
test.before(async () => {
  const marked = (feed: string) => new RegExp(`format: ${feed}\n    enabled: false`);
  scene = await openScene((text) =>
    text
      .replace(marked("openphish-observations"), "$&\n    tlp: GREEN")
      .replace(marked("phishtank"), "$&\n    tlp: RED"),
  );
  const responsibilities = [{kind: "tld" as const, value: "com"}];
  await scene.party({kind: "registrar", name: "Registrar", country: "US", address: REGISTRAR, responsibilities});
});
test.after(() => scene.close());

const countOf = async (table: "cases" | "case_rounds" | "case_urls"): Promise<number> => {
  const {db} = scene.desk;
  const row = await db
    .selectFrom(table)
    .select((each) => each.fn.countAll<number>().as("n"))
    .executeTakeFirstOrThrow();
  return row.n;
};

test("what a red feed says is told to nobody: a person decides", async () => {
  const file = path.join(scene.house.home, "red.csv");
  const head = "phish_id,url,phish_detail_url,submission_time,verified,verification_time,online,target";
  const rows = [1, 2, 3].map(
    (n) =>
      `${n},http://secret${n}.example-red.com/login,http://phish.example/${n},2023-02-20T00:00:00+00:00,yes,2023-02-20T00:10:00+00:00,yes,Other`,
  );
  writeFileSync(file, `${head}\n${rows.join("\n")}\n`);
  await takeIn(scene.house, {feed: "phishtank", file, fetchedAt: MONDAY.toISOString()});
  const {db} = scene.desk;
  for (const n of [1, 2, 3]) scene.world.place(`secret${n}.example-red.com`, {body: "<h1>login</h1>"});
  const [opened] = await openFromReports(scene.desk, hoursLater(1));
  assert.equal(opened?.opened, 3);
  for (const hours of [1.5, 2, 30, 60]) {
    await runRules(scene.desk, hoursLater(hours));
    await scene.round(hoursLater(hours));
  }
  assert.deepEqual(scene.smtp.mails, []);
  assert.deepEqual(sentTo(scene, REGISTRAR), []);
  const found = await listCases(db, {search: "example-red.com", limit: 10}, hoursLater(3));
  assert.equal(found.length, 3);
  for (const {id} of found) {
    const {case: one, waitsFor} = await caseOfId(db, id);
    assert.deepEqual([one.tlp, one.state, one.party !== null], ["RED", "open", true]);
    assert.ok(["tlp-forbids", "not_sent", "person_late"].includes(waitsFor ?? ""), `${waitsFor}`);
    const decisions = await noticeDecisions(db, id);
    assert.ok(decisions.length > 0 && decisions.every(({isTold}) => !isTold));
    assert.match(decisions[0]?.reason ?? "", /^tlp-forbids/);
  }
});

test(`${ROWS} pages of a feed are as many cases, opened once, in bounded memory`, {timeout: 400_000}, async (t) => {
  const file = path.join(scene.house.home, "large.csv");
  const rows = Array.from(
    {length: ROWS},
    (_, n) =>
      `https://login${n % 977}.example-large${n}.com/${"p".repeat(n % 60)}/${n},2023-02-20T00:00:05Z,2023-02-20T00:30:05Z,2`,
  );
  writeFileSync(file, `url,first_seen,last_seen,snapshots\n${rows.join("\n")}\n`);
  const [report] = await takeIn(scene.house, {feed: "openphish-observations", file, fetchedAt: MONDAY.toISOString()});
  assert.equal(report?.events, ROWS);
  const before = {
    cases: await countOf("cases"),
    case_rounds: await countOf("case_rounds"),
    case_urls: await countOf("case_urls"),
  };
  const startedAt = performance.now();
  const {result, bytes} = await growthDuring(() => openFromReports(scene.desk, hoursLater(0.1)));
  const seconds = (performance.now() - startedAt) / 1000;
  t.diagnostic(`${seconds.toFixed(1)} s, ${Math.round(bytes / MIB)} MiB more`);
  assert.deepEqual([result[0]?.opened, result[0]?.joined], [ROWS, 0]);
  for (const table of ["cases", "case_rounds", "case_urls"] as const)
    assert.equal((await countOf(table)) - before[table], ROWS, table);
  assert.ok(seconds < MOST_SECONDS, `${seconds} s`);
  assert.ok(bytes < 900 * MIB, `${bytes} bytes`);
  assert.deepEqual(await openFromReports(scene.desk, hoursLater(0.2)), [], "once");
});
