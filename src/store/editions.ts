/**
 * The life of an edition: draft → in review → published → corrected. One person submits, a second approves exactly what
 * was submitted. Every statement names the state it came from, and every step is kept in the review log.
 */
import type {Kysely} from "kysely";
import type {Draft, DraftState, Publication} from "../model/edition.ts";
import {WatchfloorError} from "../model/errors.ts";
import type {Situation} from "../model/indicator.ts";
import type {Day} from "../model/week.ts";
import {canonicalJson, sha256} from "./canonical.ts";
import type {EditionStep} from "./editions/drafts.ts";
import {isSamePerson, named, written} from "./editions/people.ts";
import {editable, inReview, lockDraft, logStep, updateDraft, versionsOf, type Work} from "./editions/rows.ts";
import type {Schema} from "./postgres/schema.ts";

export {draftOf, reviewsOf, versionsOf} from "./editions/rows.ts";

const NOT_SUBMITTED = {
  situation: null,
  situation_hash: null,
  content_hash: null,
  submitted_by: null,
  submitted_at: null,
  approved_by: null,
  approved_at: null,
};

/** What of an edition comes from elsewhere than its draft. */
export interface Content {
  readonly situation: Situation;
  /** All else that its pages print, as text: trends, definitions, profile. */
  readonly printed?: string;
}

/** Returns the JSON of a situation that is frozen, hashed and archived: canonical, without the time of computing. */
export function freezeSituation({computedAt: _, ...situation}: Situation): string {
  return canonicalJson(situation);
}

/**
 * Submits the draft for review with the situation as it is now; submitting again takes the place of the one before.
 * Throws edition_unknown, edition_published, edition_not_rated, usage (no name).
 */
export function submitDraft(
  db: Kysely<Schema>,
  {week, by, ...content}: EditionStep & Content,
  now: Date,
): Promise<Draft> {
  const {situation} = content;
  return db.transaction().execute(async (work) => {
    const draft = editable(await lockDraft(work, week));
    if (situation.rating.grade === null) throw new WatchfloorError("edition_not_rated", week);
    const {version, state: from} = draft;
    const json = freezeSituation(situation);
    const hashes = {situation_hash: sha256(json), content_hash: contentHash(draft, json, content.printed)};
    const submitted = {submitted_by: named(by), submitted_at: now};
    await updateDraft(work, {week, version, from}, {state: "in_review", situation: json, ...hashes, ...submitted});
    await logStep(work, {week, version, step: "submit", from, to: "in_review", by: named(by), note: null}, now);
    return lockDraft(work, week);
  });
}

/**
 * Takes the edition back from review. One that is approved goes back only while the archive has no entry of it: the
 * caller has looked. Throws edition_not_in_review, edition_published, usage (no name, no reason).
 */
export function withdrawDraft(
  db: Kysely<Schema>,
  {week, by, reason, isArchived}: EditionStep & {readonly reason: string; readonly isArchived: boolean},
  now: Date,
): Promise<Draft> {
  return db.transaction().execute(async (work) => {
    const {version} = inReview(await lockDraft(work, week));
    if (isArchived) throw new WatchfloorError("edition_published", `${week} version ${version} is in the archive`);
    const act = {by: named(by), note: written(reason, "a reason")};
    await updateDraft(work, {week, version, from: "in_review"}, {state: "draft", ...NOT_SUBMITTED});
    await logStep(work, {week, version, ...act, step: "withdraw", from: "in_review", to: "draft"}, now);
    return lockDraft(work, week);
  });
}

/**
 * Approves the edition in review: a second person, and exactly what was submitted. From here on it is not edited, and
 * what is returned is what has to be published; the same person may ask again after a crash and gets the same, as long as
 * nothing has changed or the archive has it already (`isArchived`).
 * Throws edition_not_in_review, edition_second_person, edition_changed, edition_report_later, edition_published (somebody
 * else was first).
 */
export function approveDraft(
  db: Kysely<Schema>,
  {week, by, isArchived = false, ...content}: EditionStep & Content & {readonly isArchived?: boolean},
  now: Date,
): Promise<Draft> {
  const {situation} = content;
  return db.transaction().execute(async (work) => {
    const draft = inReview(await lockDraft(work, week));
    const {version, submitted, approved} = draft;
    if (submitted !== null && isSamePerson(submitted.by, named(by)))
      throw new WatchfloorError("edition_second_person", `${submitted.by} has submitted ${week}`);
    const isAgain = approved !== null && isSamePerson(approved.by, by);
    if (isAgain && isArchived) return draft;
    await checkUnchanged(work, isAgain ? draft : editable(draft), content);
    if (isAgain) return draft;
    checkFetched(situation, now);
    await updateDraft(work, {week, version, from: "in_review"}, {approved_by: named(by), approved_at: now});
    const stays = {from: "in_review", to: "in_review"} as const;
    await logStep(work, {week, version, step: "approve", ...stays, by: named(by), note: null}, now);
    return lockDraft(work, week);
  });
}

/**
 * Records that the archive holds the approved version; the version before becomes `corrected`. Again with the same entry
 * changes nothing. Throws edition_not_in_review (also when not approved), edition_published (as another entry).
 */
export function recordPublication(
  db: Kysely<Schema>,
  {week, version, number, entry}: Omit<Publication, "at">,
  now: Date,
): Promise<Draft> {
  return db.transaction().execute(async (work) => {
    const all = await versionsOf(work, week, true);
    const draft = all.find((each) => each.version === version);
    if (draft === undefined) throw new WatchfloorError("edition_unknown", `${week} version ${version}`);
    if (await isRecorded(work, {week, version, entry})) return draft;
    const {approved} = inReview(draft);
    if (approved === null) throw new WatchfloorError("edition_not_in_review", `${week} is not approved`);
    for (const old of all.filter((each) => each.state === "published"))
      await updateDraft(work, {...old, from: "published"}, {state: "corrected"});
    await updateDraft(work, {week, version, from: "in_review"}, {state: "published"});
    const {year, issue} = number;
    await work.insertInto("publications").values({week, version, year, issue, entry, published_at: now}).execute();
    const step = {step: "publish", from: "in_review", to: "published", by: approved.by, note: entry} as const;
    await logStep(work, {week, version, ...step}, now);
    return lockDraft(work, week);
  });
}

/** Returns what is published, newest week first, corrections after their edition. */
export async function publications(db: Kysely<Schema>): Promise<Publication[]> {
  const rows = await db.selectFrom("publications").selectAll().orderBy("week", "desc").orderBy("version").execute();
  return rows.map(({week, version, year, issue, entry, published_at}) => {
    return {week, version, number: {year, issue}, entry, at: published_at.toISOString()};
  });
}

/** Returns the newest version of every week that has one, newest week first. */
export function listDrafts(db: Kysely<Schema>): Promise<{week: Day; version: number; state: DraftState}[]> {
  return db
    .selectFrom("drafts")
    .distinctOn("week")
    .select(["week", "version", "state"])
    .orderBy("week", "desc")
    .orderBy("version", "desc")
    .execute();
}

/** Everything that the second person approves, in one hash. */
function contentHash(draft: Draft, situation: string, printed = ""): string {
  const {week, version, number, variant, texts, news, reason} = draft;
  return sha256(canonicalJson({week, version, number, variant, texts, news, reason, situation, printed}));
}

async function checkUnchanged(work: Work, draft: Draft, {situation, printed}: Content): Promise<void> {
  const {week, version} = draft;
  const row = await work
    .selectFrom("drafts")
    .select(["content_hash", "situation_hash"])
    .where("week", "=", week)
    .where("version", "=", version)
    .executeTakeFirstOrThrow();
  const json = freezeSituation(situation);
  if (row.content_hash === contentHash(draft, json, printed)) return;
  const what =
    row.situation_hash === sha256(json)
      ? "words, news, number, form, trends or profile"
      : changedFigures(draft.situation, situation);
  throw new WatchfloorError("edition_changed", `${week}: ${what}`);
}

/** An edition is frozen at the moment of approval: what is counted in it was there by then, or its list of reports is untrue. */
function checkFetched({week, reports}: Situation, now: Date): void {
  const later = reports.find(({fetchedAt}) => new Date(fetchedAt) > now);
  if (later !== undefined)
    throw new WatchfloorError(
      "edition_report_later",
      `${week.from}: ${later.id} was fetched at ${later.fetchedAt}, and now is ${now.toISOString()}`,
    );
}

/** Names what an editor has to look at. */
function changedFigures(before: Situation | null, now: Situation): string {
  const ids = Object.keys({...before?.indicators, ...now.indicators});
  const changed = ids.filter(
    (id) => canonicalJson(before?.indicators[id] ?? 0) !== canonicalJson(now.indicators[id] ?? 0),
  );
  return changed.length > 0 ? `figures ${changed.slice(0, 5).join(", ")}` : "rating, reports or infrastructure events";
}

async function isRecorded(work: Work, {week, version, entry}: Omit<Publication, "at" | "number">): Promise<boolean> {
  const row = await work
    .selectFrom("publications")
    .select("entry")
    .where("week", "=", week)
    .where("version", "=", version)
    .executeTakeFirst();
  if (row !== undefined && row.entry !== entry)
    throw new WatchfloorError("edition_published", `${week} version ${version} is in the archive as ${row.entry}`);
  return row !== undefined;
}
