/**
 * What people state: figures that no feed carries, infrastructure events, a rating in place of the rule's. Each with
 * name and time; a later entry takes the place of an earlier one, and both are kept.
 */
import type {Kysely, Selectable} from "kysely";
import type {FigureEntry, NewInfraEvent, RatingOverride} from "../model/edition.ts";
import {WatchfloorError} from "../model/errors.ts";
import {GRADES, type InfraEvent} from "../model/indicator.ts";
import type {Day} from "../model/week.ts";
import {named, written} from "./editions/people.ts";
import {reasonColumns, reasonOf, writtenIn} from "./editions/reasons.ts";
import type {Schema} from "./postgres/schema.ts";

const MOST = Number.MAX_SAFE_INTEGER;

/** A figure as it is entered; the time is handed in. */
export type NewFigure = Omit<FigureEntry, "at">;

/**
 * Enters figures, all or none. Whether an indicator may be entered at all is the caller's to check.
 * Throws figure_invalid, usage (no name).
 */
export async function enterFigures(db: Kysely<Schema>, figures: readonly NewFigure[], now: Date): Promise<void> {
  if (figures.length === 0) return;
  const rows = figures.map(({week, indicator, value, by}) => {
    if (value !== null && !(Number.isSafeInteger(value) && value >= 0 && value <= MOST))
      throw new WatchfloorError("figure_invalid", `${indicator}=${value}`);
    return {week, indicator, value, entered_by: named(by), entered_at: now};
  });
  await db.insertInto("figures").values(rows).execute();
}

/** Returns the figures that hold for the week, by indicator. What was taken back is not among them. */
export async function figuresOf(db: Kysely<Schema>, week: Day): Promise<Map<string, FigureEntry>> {
  const rows = await db
    .selectFrom("figures")
    .distinctOn("indicator")
    .selectAll()
    .where("week", "=", week)
    .orderBy("indicator")
    .orderBy("id", "desc")
    .execute();
  return new Map(rows.filter((row) => row.value !== null).map((row) => [row.indicator, figureOf(row)]));
}

/** Returns every entry of figures for the week, in the order of entering. */
export async function figureHistory(db: Kysely<Schema>, week: Day): Promise<FigureEntry[]> {
  const rows = await db.selectFrom("figures").selectAll().where("week", "=", week).orderBy("id").execute();
  return rows.map(figureOf);
}

/** Enters an infrastructure event and returns it with its id, such as IE-000012. Throws usage (no name, no title). */
export async function addInfraEvent(db: Kysely<Schema>, event: NewInfraEvent, now: Date): Promise<InfraEvent> {
  const row = await db
    .insertInto("infra_events")
    .values({
      day: event.day,
      level: event.level,
      reach: event.reach,
      title_zh: written(event.title.zh, "a Chinese title"),
      title_en: written(event.title.en, "an English title"),
      entered_by: named(event.by),
      entered_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return infraEventOf(row);
}

/**
 * Takes an infrastructure event out of the counts; the entry stays, with the reason. Once is enough: again changes
 * nothing. Throws infra_unknown, usage (no name, no reason).
 */
export async function withdrawInfraEvent(
  db: Kysely<Schema>,
  event: {id: string; reason: string; by: string},
  now: Date,
): Promise<void> {
  const id = Number(/^IE-(\d{1,15})$/.exec(event.id)?.[1] ?? 0);
  const found = await db.selectFrom("infra_events").select("id").where("id", "=", id).executeTakeFirst();
  if (found === undefined) throw new WatchfloorError("infra_unknown", event.id);
  const reason = written(event.reason, "a reason");
  await db
    .insertInto("infra_withdrawals")
    .values({infra_event: id, reason, entered_by: named(event.by), entered_at: now})
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Returns the infrastructure events from the first to the last day, both included, without those withdrawn. */
export async function infraEventsOf(db: Kysely<Schema>, days: {from: Day; to: Day}): Promise<InfraEvent[]> {
  const rows = await db
    .selectFrom("infra_events")
    .leftJoin("infra_withdrawals", "infra_withdrawals.infra_event", "infra_events.id")
    .selectAll("infra_events")
    .where("day", ">=", days.from)
    .where("day", "<=", days.to)
    .where("infra_withdrawals.infra_event", "is", null)
    .orderBy("day")
    .orderBy("id")
    .execute();
  return rows.map(infraEventOf);
}

/** Enters a rating in place of the rule's, or takes it back (grade null). Throws usage (no name, no reason, no grade). */
export async function overrideRating(
  db: Kysely<Schema>,
  {week, grade, reason, by}: Omit<RatingOverride, "at">,
  now: Date,
): Promise<void> {
  if (grade !== null && !GRADES.includes(grade)) throw new WatchfloorError("usage", `${grade} is none of ${GRADES}`);
  await db
    .insertInto("rating_overrides")
    .values({week, grade, ...reasonColumns(writtenIn(reason, "a reason")), entered_by: named(by), entered_at: now})
    .execute();
}

/** Returns the override that holds for the week; null when there is none, or it was taken back. */
export async function ratingOverrideOf(db: Kysely<Schema>, week: Day): Promise<RatingOverride | null> {
  const row = await db
    .selectFrom("rating_overrides")
    .selectAll()
    .where("week", "=", week)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined || row.grade === null) return null;
  const reason = reasonOf(row) ?? {zh: null, en: null};
  return {week, grade: row.grade, reason, by: row.entered_by, at: row.entered_at.toISOString()};
}

function figureOf(row: Selectable<Schema["figures"]>): FigureEntry {
  const {week, indicator, value} = row;
  return {week, indicator, value, by: row.entered_by, at: row.entered_at.toISOString()};
}

function infraEventOf(row: Selectable<Schema["infra_events"]>): InfraEvent {
  return {
    id: `IE-${String(row.id).padStart(6, "0")}`,
    day: row.day,
    level: row.level,
    reach: row.reach,
    title: {zh: row.title_zh, en: row.title_en},
    by: row.entered_by,
    at: row.entered_at.toISOString(),
  };
}
