/** Drafts as they lie in their tables: rows to drafts, what may be done in which state, the review log. */
import type {Kysely, Selectable, Transaction} from "kysely";
import type {
  Act,
  Draft,
  DraftNews,
  DraftState,
  EditionNumber,
  NewsItem,
  ReviewStep,
  TextOverrides,
} from "../../model/edition.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {Day} from "../../model/week.ts";
import type {Schema} from "../postgres/schema.ts";
import {reasonOf} from "./reasons.ts";

/** A transaction in which a step is done. */
export type Work = Transaction<Schema>;

/** One version of a week's edition: the key of its rows. */
export interface VersionKey {
  readonly week: Day;
  readonly version: number;
}

/** Returns the newest version of the week's edition. Throws edition_unknown. */
export async function draftOf(db: Kysely<Schema>, week: Day): Promise<Draft> {
  return newest(await versionsOf(db, week), week);
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockDraft(work: Work, week: Day): Promise<Draft> {
  return newest(await versionsOf(work, week, true), week);
}

/** Returns all versions of the week's edition, version 1 first; with `lock` nobody else changes them meanwhile. */
export async function versionsOf(db: Kysely<Schema>, week: Day, lock = false): Promise<Draft[]> {
  const query = db.selectFrom("drafts").selectAll().where("week", "=", week).orderBy("version");
  const rows = await (lock ? query.forUpdate() : query).execute();
  const texts = await db
    .selectFrom("draft_texts")
    .distinctOn(["version", "language", "paragraph"])
    .select(["version", "language", "paragraph", "text", "composed"])
    .where("week", "=", week)
    .orderBy("version")
    .orderBy("language")
    .orderBy("paragraph")
    .orderBy("id", "desc")
    .execute();
  const news = await newsOf(db, week);
  return rows.map((row) => {
    const isOwn = ({version}: {version: number}): boolean => version === row.version;
    return draftOfRow(row, {texts: texts.filter(isOwn), news: news.filter(isOwn)});
  });
}

/** Returns the draft when it may be changed. Throws edition_published when it is published or approved already. */
export function editable(draft: Draft): Draft {
  if (draft.state === "published" || draft.state === "corrected")
    throw new WatchfloorError("edition_published", `${draft.week} version ${draft.version} is ${draft.state}`);
  if (draft.approved !== null)
    throw new WatchfloorError("edition_published", `${draft.week} was approved by ${draft.approved.by} already`);
  return draft;
}

/** Returns the draft when it is in review. Throws edition_published, edition_not_in_review. */
export function inReview(draft: Draft): Draft {
  if (draft.state === "draft") throw new WatchfloorError("edition_not_in_review", draft.week);
  return draft.state === "in_review" ? draft : editable(draft);
}

/**
 * Changes a version. The state that it comes from is part of the statement: what somebody else moved on stays as it is.
 * Throws edition_changed.
 */
export async function updateDraft(
  work: Work,
  {week, version, from}: VersionKey & {readonly from: DraftState},
  values: Partial<Schema["drafts"]>,
): Promise<void> {
  const done = await work
    .updateTable("drafts")
    .set(values)
    .where("week", "=", week)
    .where("version", "=", version)
    .where("state", "=", from)
    .returning("version")
    .execute();
  if (done.length !== 1) throw new WatchfloorError("edition_changed", `${week} is no longer in state ${from}`);
}

/** Returns a number as columns. */
export function numberColumns(number: EditionNumber | null) {
  return {number_year: number?.year ?? null, number_issue: number?.issue ?? null};
}

/** Keeps one step in the review log. */
export async function logStep(work: Work, step: Omit<ReviewStep, "at">, now: Date): Promise<void> {
  const {week, version, from, to, by, note} = step;
  await work
    .insertInto("reviews")
    .values({week, version, step: step.step, from_state: from, to_state: to, note, done_by: by, done_at: now})
    .execute();
}

/** Returns the review log of a week, oldest first. */
export async function reviewsOf(db: Kysely<Schema>, week: Day): Promise<ReviewStep[]> {
  const rows = await db.selectFrom("reviews").selectAll().where("week", "=", week).orderBy("id").execute();
  return rows.map((row) => ({
    week,
    version: row.version,
    step: row.step,
    from: row.from_state,
    to: row.to_state,
    note: row.note,
    by: row.done_by,
    at: row.done_at.toISOString(),
  }));
}

type TextRow = Pick<Selectable<Schema["draft_texts"]>, "language" | "paragraph" | "text" | "composed">;
type NewsRow = Selectable<Schema["draft_news"]>;

function newsOf(db: Kysely<Schema>, week: Day): Promise<NewsRow[]> {
  return db
    .selectFrom("draft_news")
    .leftJoin("draft_news_removals", "draft_news_removals.news", "draft_news.id")
    .selectAll("draft_news")
    .where("week", "=", week)
    .where("draft_news_removals.news", "is", null)
    .orderBy("draft_news.id")
    .execute();
}

function newest(versions: readonly Draft[], week: Day): Draft {
  const last = versions.at(-1);
  if (last === undefined) throw new WatchfloorError("edition_unknown", week);
  return last;
}

function draftOfRow(
  row: Selectable<Schema["drafts"]>,
  {texts, news}: {texts: readonly TextRow[]; news: readonly NewsRow[]},
): Draft {
  const {week, version, state, variant} = row;
  const submitted = actOf(row.submitted_by, row.submitted_at);
  return {
    week,
    version,
    state,
    number: numberOf(row),
    variant,
    texts: overridesOf(texts, "text"),
    composed: overridesOf(texts, "composed"),
    news: news.map(newsItem),
    reason: reasonOf(row),
    // The time of computing is no part of what was frozen; the time of submitting stands in for it.
    situation: row.situation === null ? null : {...JSON.parse(row.situation), computedAt: submitted?.at},
    situationHash: row.situation_hash,
    submitted,
    approved: actOf(row.approved_by, row.approved_at),
  };
}

function numberOf({number_year: year, number_issue: issue}: Selectable<Schema["drafts"]>): EditionNumber | null {
  return year === null || issue === null ? null : {year, issue};
}

function overridesOf(rows: readonly TextRow[], column: "text" | "composed"): TextOverrides {
  const texts: Record<"zh" | "en", Record<string, string>> = {zh: {}, en: {}};
  for (const row of rows) {
    const text = row[column];
    if (row.text !== null && text !== null) texts[row.language][row.paragraph] = text;
  }
  return texts;
}

/** Returns a piece of news as columns. */
export function newsColumns({title, text, source, link}: NewsItem) {
  return {title_zh: title.zh, title_en: title.en, words_zh: text.zh, words_en: text.en, source, link};
}

function newsItem({id, title_zh, title_en, words_zh, words_en, source, link}: NewsRow): DraftNews {
  return {id, title: {zh: title_zh, en: title_en}, text: {zh: words_zh, en: words_en}, source, link};
}

function actOf(by: string | null, at: Date | null): Act | null {
  return by === null || at === null ? null : {by, at: at.toISOString()};
}
