import assert from "node:assert/strict";
import test, {after, before} from "node:test";
import fc from "fast-check";
import {openTestDatabase} from "../../test/database.ts";
import type {Draft} from "../model/edition.ts";
import {type ErrorCode, WatchfloorError} from "../model/errors.ts";
import type {Indicator, Situation} from "../model/indicator.ts";
import {addDays} from "../model/week.ts";
import {sha256} from "./canonical.ts";
import {addNews, openCorrection, openDraft, removeNews, setNumber, setText, setVariant} from "./editions/drafts.ts";
import {isSamePerson} from "./editions/people.ts";
import {
  approveDraft,
  draftOf,
  freezeSituation,
  listDrafts,
  publications,
  recordPublication,
  reviewsOf,
  submitDraft,
  withdrawDraft,
} from "./editions.ts";

const NOW = new Date("2023-02-27T04:00:00Z");
const REASON = {zh: "应为1182", en: "1182 not 1128"};
const LATER = new Date("2023-02-27T05:00:00Z");
const ENTRY = sha256("entry one");
const NUMBER = {year: 2023, issue: 9};
const isCoded = (code: ErrorCode) => (error: unknown) => error instanceof WatchfloorError && error.code === code;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
before(async () => {
  database = await openTestDatabase();
});
after(() => database.close());

let lastWeek = "2023-02-20";
/** A week that no other test uses. */
function anotherWeek(): string {
  lastWeek = addDays(lastWeek, 7);
  return lastWeek;
}

function situationOf(week: string, total: number | null): Situation {
  const indicator: Indicator = {
    value: total,
    previous: 1000.5,
    change: 0.1 + 0.2,
    by: {province: [{key: "11", value: 3}]},
    previousBy: {},
    reports: [],
    gaps: [],
    gapsBefore: [],
    entered: {by: "陈", at: "2023-02-27T01:00:00.000Z"},
    version: 1,
  };
  return {
    week: {from: week, to: addDays(week, 6), zone: "Asia/Shanghai"},
    indicators: {"incident.total": indicator},
    rating: {
      grade: total === null ? null : "良",
      byRule: null,
      index: null,
      fixedBaseIndex: null,
      weightPresent: 0.5,
      base: null,
      contributions: [],
      because: [],
      override: null,
    },
    infraEvents: [],
    gaps: [],
    gapsBefore: [],
    reports: [],
    computedAt: NOW.toISOString(),
  };
}

/** Brings a fresh week's edition to the state where B may approve what A submitted. */
async function submitted(): Promise<{week: string; situation: Situation; draft: Draft}> {
  const week = anotherWeek();
  const situation = situationOf(week, 1777);
  await openDraft(database.db, {week, by: "A"}, NOW);
  return {week, situation, draft: await submitDraft(database.db, {week, by: "A", situation}, NOW)};
}

async function published(): Promise<{week: string; situation: Situation}> {
  const {week, situation} = await submitted();
  await approveDraft(database.db, {week, by: "B", situation}, LATER);
  await recordPublication(database.db, {week, version: 1, number: NUMBER, entry: sha256(week)}, LATER);
  return {week, situation};
}

test("an edition goes from draft through review to the archive, and every step is in the log", async () => {
  const {db} = database;
  const week = anotherWeek();
  const situation = situationOf(week, 1777);
  await assert.rejects(draftOf(db, week), isCoded("edition_unknown"));
  const draft = await openDraft(db, {week, by: "A", variant: "short"}, NOW);
  assert.deepEqual([draft.state, draft.version, draft.variant, draft.situation], ["draft", 1, "short", null]);
  await setText(db, {week, by: "A", language: "zh", paragraph: "overall", text: "本周总体平稳。"}, NOW);
  await setNumber(db, {week, by: "A", number: NUMBER}, NOW);
  await setVariant(db, {week, by: "A", variant: "long"}, NOW);
  const inReview = await submitDraft(db, {week, by: "A", situation}, NOW);
  assert.equal(inReview.state, "in_review");
  assert.equal(inReview.situationHash, sha256(freezeSituation(situation)));
  const approved = await approveDraft(db, {week, by: "B", situation}, LATER);
  assert.deepEqual(approved.approved, {by: "B", at: LATER.toISOString()});
  assert.deepEqual(approved.texts, {zh: {overall: "本周总体平稳。"}, en: {}});
  assert.deepEqual(approved.situation, situation);
  const done = await recordPublication(db, {week, version: 1, number: NUMBER, entry: ENTRY}, LATER);
  assert.equal(done.state, "published");
  assert.deepEqual(
    (await publications(db)).find((each) => each.week === week),
    {week, version: 1, number: NUMBER, entry: ENTRY, at: LATER.toISOString()},
  );
  assert.deepEqual(
    (await reviewsOf(db, week)).map(({step, from, to, by, note}) => [step, from, to, by, note]),
    [
      ["open", null, "draft", "A", null],
      ["text", "draft", "draft", "A", "zh overall"],
      ["number", "draft", "draft", "A", "2023/9"],
      ["variant", "draft", "draft", "A", "long"],
      ["submit", "draft", "in_review", "A", null],
      ["approve", "in_review", "in_review", "B", null],
      ["publish", "in_review", "published", "B", ENTRY],
    ],
  );
});

test("opening a draft twice gives the same draft, also when two do it at once", async () => {
  const week = anotherWeek();
  const opened = await Promise.all(["A", "B", "C"].map((by) => openDraft(database.db, {week, by}, NOW)));
  assert.deepEqual(new Set(opened.map((draft) => draft.version)), new Set([1]));
  assert.equal((await reviewsOf(database.db, week)).length, 1);
});

test("an edition is not frozen before the last report that it counts was fetched", async () => {
  const {db} = database;
  const week = anotherWeek();
  const fetchedAt = new Date(LATER.getTime() + 1000).toISOString();
  const report = {id: "sinkhole-0123456789abcdef", feed: "sinkhole", sha256: "0".repeat(64), fetchedAt, events: 5};
  const situation = {...situationOf(week, 1777), reports: [report]};
  await openDraft(db, {week, by: "A"}, NOW);
  await submitDraft(db, {week, by: "A", situation}, NOW);
  await assert.rejects(approveDraft(db, {week, by: "B", situation}, LATER), (error) => {
    assert.ok(isCoded("edition_report_later")(error) && error instanceof Error);
    assert.match(error.message, /sinkhole-0123456789abcdef was fetched at 2023-02-27T05:00:01\.000Z/);
    return true;
  });
  assert.equal((await draftOf(db, week)).approved, null);
  const approved = await approveDraft(db, {week, by: "B", situation}, new Date(fetchedAt));
  assert.equal(approved.approved?.at, fetchedAt);
});

test("the first person cannot be the second, however the name is written", async () => {
  const {week, situation} = await submitted();
  for (const by of ["A", "a", " a ", "Ａ", "a\u200b"])
    await assert.rejects(
      approveDraft(database.db, {week, by, situation}, LATER),
      isCoded("edition_second_person"),
      JSON.stringify(by),
    );
  await assert.rejects(approveDraft(database.db, {week, by: "\u2060", situation}, LATER), isCoded("usage"));
});

test("two names are one person exactly when they differ by case, width, spaces and the invisible only", () => {
  assert.ok(isSamePerson("Li Na", "LI  NA"));
  assert.ok(isSamePerson("ＬｉＮａ", "li na"));
  assert.ok(isSamePerson("Straße", "STRASSE"));
  assert.ok(!isSamePerson("Li Na", "Li Ne"));
  fc.assert(
    fc.property(fc.string({unit: "grapheme"}), (name) => {
      assert.ok(isSamePerson(name, ` ${name.toLowerCase()}\u00a0`));
      assert.ok(isSamePerson(name, name));
    }),
  );
});

test("what is approved is what was submitted: another figure, word, number or form needs a new submission", async () => {
  const {db} = database;
  const {week, situation} = await submitted();
  const other = situationOf(week, 1778);
  await assert.rejects(
    approveDraft(db, {week, by: "B", situation: other}, LATER),
    (error: unknown) => isCoded("edition_changed")(error) && /incident\.total/.test(String(error)),
  );
  const again = {...situation, computedAt: LATER.toISOString()};
  const edits = [
    () => setText(db, {week, by: "A", language: "en", paragraph: "overall", text: "Calm."}, NOW),
    () => setNumber(db, {week, by: "A", number: {year: 2023, issue: 99}}, NOW),
    () => setVariant(db, {week, by: "A", variant: "short"}, NOW),
  ];
  for (const edit of edits) {
    await edit();
    await assert.rejects(approveDraft(db, {week, by: "B", situation: again}, LATER), isCoded("edition_changed"));
    await submitDraft(db, {week, by: "A", situation}, LATER);
  }
  await setText(db, {week, by: "A", language: "en", paragraph: "overall", text: null}, NOW);
  await setText(db, {week, by: "A", language: "en", paragraph: "overall", text: "Calm."}, NOW);
  await approveDraft(db, {week, by: "B", situation: again}, LATER); // the same words as submitted
});

test("an approved edition is not edited, and the approver who asks again after a crash gets the same", async () => {
  const {db} = database;
  const {week, situation} = await submitted();
  const first = await approveDraft(db, {week, by: "B", situation}, LATER);
  assert.deepEqual(await approveDraft(db, {week, by: "b", situation}, new Date()), first);
  const newer = {week, by: "b", situation: situationOf(week, 9)};
  await assert.rejects(approveDraft(db, newer, new Date()), isCoded("edition_changed"));
  assert.deepEqual(await approveDraft(db, {...newer, isArchived: true}, new Date()), first);
  await assert.rejects(approveDraft(db, {week, by: "C", situation}, LATER), isCoded("edition_published"));
  await assert.rejects(submitDraft(db, {week, by: "C", situation}, LATER), isCoded("edition_published"));
  await assert.rejects(
    setText(db, {week, by: "A", language: "zh", paragraph: "x", text: "y"}, LATER),
    isCoded("edition_published"),
  );
});

test("of eight who approve at once one wins, and the others are told", async () => {
  const {week, situation} = await submitted();
  const tries = await Promise.allSettled(
    Array.from({length: 8}, (_, i) => approveDraft(database.db, {week, by: `B${i}`, situation}, LATER)),
  );
  assert.equal(tries.filter((each) => each.status === "fulfilled").length, 1);
  for (const each of tries) if (each.status === "rejected") assert.ok(isCoded("edition_published")(each.reason));
  assert.equal((await reviewsOf(database.db, week)).filter(({step}) => step === "approve").length, 1);
});

test("only what is in review is approved or withdrawn, and an unrated week is not submitted", async () => {
  const {db} = database;
  const week = anotherWeek();
  const situation = situationOf(week, null);
  await assert.rejects(submitDraft(db, {week, by: "A", situation}, NOW), isCoded("edition_unknown"));
  await openDraft(db, {week, by: "A"}, NOW);
  await assert.rejects(submitDraft(db, {week, by: "A", situation}, NOW), isCoded("edition_not_rated"));
  await assert.rejects(approveDraft(db, {week, by: "B", situation}, NOW), isCoded("edition_not_in_review"));
  const back = {week, by: "A", reason: "x", isArchived: false};
  await assert.rejects(withdrawDraft(db, back, NOW), isCoded("edition_not_in_review"));
  const record = {week, version: 1, number: NUMBER, entry: sha256("x")};
  await assert.rejects(recordPublication(db, record, NOW), isCoded("edition_not_in_review"));
});

test("an edition comes back from review, also approved, but not once the archive has it", async () => {
  const {db} = database;
  const {week, situation} = await submitted();
  await approveDraft(db, {week, by: "B", situation}, LATER);
  const back = {week, by: "A", reason: "typo"};
  await assert.rejects(withdrawDraft(db, {...back, isArchived: true}, LATER), isCoded("edition_published"));
  const draft = await withdrawDraft(db, {...back, isArchived: false}, LATER);
  assert.deepEqual([draft.state, draft.submitted, draft.approved, draft.situation], ["draft", null, null, null]);
});

test("a published edition does not change; recording it twice is harmless, as another entry it is refused", async () => {
  const {db} = database;
  const {week, situation} = await published();
  const record = {week, version: 1, number: NUMBER, entry: sha256(week)};
  await recordPublication(db, record, LATER);
  await assert.rejects(recordPublication(db, {...record, entry: sha256("y")}, NOW), isCoded("edition_published"));
  await assert.rejects(openDraft(db, {week, by: "A"}, NOW), isCoded("edition_published"));
  await assert.rejects(submitDraft(db, {week, by: "A", situation}, NOW), isCoded("edition_published"));
  await assert.rejects(approveDraft(db, {week, by: "B", situation}, NOW), isCoded("edition_published"));
  const back = {week, by: "A", reason: "x", isArchived: false};
  await assert.rejects(withdrawDraft(db, back, NOW), isCoded("edition_published"));
});

test("a correction is a new version with a reason; when it is out, the version before is corrected", async () => {
  const {db} = database;
  const fresh = anotherWeek();
  await assert.rejects(openCorrection(db, {week: fresh, by: "A", reason: REASON}, NOW), isCoded("edition_unknown"));
  const {week} = await published();
  await assert.rejects(openCorrection(db, {week, by: "A", reason: {zh: null, en: ""}}, NOW), isCoded("usage"));
  const draft = await openCorrection(db, {week, by: "A", reason: REASON}, NOW);
  assert.deepEqual([draft.version, draft.state, draft.reason], [2, "draft", REASON]);
  assert.deepEqual(await openCorrection(db, {week, by: "C", reason: {zh: "其他", en: null}}, NOW), draft);
  const situation = situationOf(week, 1778);
  await submitDraft(db, {week, by: "A", situation}, NOW);
  await approveDraft(db, {week, by: "B", situation}, LATER);
  await recordPublication(db, {week, version: 2, number: NUMBER, entry: sha256(`${week}/2`)}, LATER);
  const newest = (await listDrafts(db)).find((each) => each.week === week);
  assert.deepEqual(newest, {week, version: 2, state: "published"});
  const versions = (await publications(db)).filter((each) => each.week === week).map(({version}) => version);
  assert.deepEqual(versions, [1, 2]);
  const first = await db
    .selectFrom("drafts")
    .select("state")
    .where("week", "=", week)
    .where("version", "=", 1)
    .execute();
  assert.deepEqual(first, [{state: "corrected"}]);
});

test("a correction begins with the words of the edition", async () => {
  const {db} = database;
  const week = anotherWeek();
  const situation = situationOf(week, 5);
  await openDraft(db, {week, by: "A"}, NOW);
  await setText(db, {week, by: "A", language: "zh", paragraph: "overall", text: "一"}, NOW);
  await setText(db, {week, by: "A", language: "zh", paragraph: "overall", text: "二", composed: "〇"}, NOW);
  const item = {title: {zh: "题", en: null}, text: {zh: "文", en: "text"}, source: "s", link: "https://example.org/"};
  await addNews(db, {week, by: "A", item}, NOW);
  await submitDraft(db, {week, by: "A", situation}, NOW);
  await approveDraft(db, {week, by: "B", situation}, NOW);
  await recordPublication(db, {week, version: 1, number: NUMBER, entry: sha256(week)}, NOW);
  const draft = await openCorrection(db, {week, by: "A", reason: REASON}, NOW);
  assert.deepEqual(draft.texts, {zh: {overall: "二"}, en: {}});
  assert.deepEqual(draft.composed, {zh: {overall: "〇"}, en: {}});
  assert.deepEqual(
    draft.news.map(({id: _, ...news}) => news),
    [item],
  );
  const {news} = await removeNews(db, {week, by: "A", id: draft.news[0]?.id ?? 0}, NOW);
  assert.deepEqual(news, []);
});

test("whatever two desks do at the same time, a published version has two people and what was submitted", async () => {
  const {db} = database;
  const step = fc.constantFrom("text", "submit", "approve", "withdraw", "publish");
  const desk = fc.array(fc.tuple(step, fc.constantFrom("A", "B")), {minLength: 4, maxLength: 10});
  await fc.assert(
    fc.asyncProperty(desk, desk, async (one, other) => {
      const week = anotherWeek();
      const situation = situationOf(week, 1);
      await openDraft(db, {week, by: "A"}, NOW);
      const act = async (name: string, by: string): Promise<unknown> => {
        if (name === "text")
          return setText(db, {week, by, language: "zh", paragraph: "p", text: `${Math.random()}`}, NOW);
        if (name === "submit") return submitDraft(db, {week, by, situation}, NOW);
        if (name === "approve") return approveDraft(db, {week, by, situation}, NOW);
        if (name === "withdraw") return withdrawDraft(db, {week, by, reason: "x", isArchived: false}, NOW);
        return recordPublication(db, {week, version: 1, number: NUMBER, entry: sha256(week)}, NOW);
      };
      const work = async (steps: readonly (readonly [string, string])[]): Promise<void> => {
        for (const [name, by] of steps)
          await act(name, by).catch((error: unknown) => assert.ok(error instanceof WatchfloorError, String(error)));
      };
      await Promise.all([work(one), work(other)]);
      const draft = await draftOf(db, week);
      if (draft.state === "published") assert.notEqual(draft.submitted?.by, draft.approved?.by);
      const log = await reviewsOf(db, week);
      for (const [index, each] of log.entries()) assert.equal(each.from, log[index - 1]?.to ?? null);
      assert.equal(log.at(-1)?.to, draft.state);
      const words = log.map((each) => each.step);
      const approvedAt = words.lastIndexOf("approve");
      if (draft.approved) assert.ok(!words.slice(approvedAt).includes("text"));
      if (draft.approved)
        assert.ok(!words.slice(words.slice(0, approvedAt).lastIndexOf("submit"), approvedAt).includes("text"));
    }),
    {numRuns: 60},
  );
});
