/** What was seen of cases, look by look; the list only grows. */
import type {Kysely, Selectable} from "kysely";
import type {Schema} from "../postgres/schema.ts";
import {caseId, caseKey, isAnyOf, type Reading, storedJson, type Work} from "./rows.ts";

/** A look that was taken. `seen` is all that it saw; `evidence` and `screenshot` are kept files. */
export interface KeptLook {
  readonly case: string;
  readonly round: number;
  readonly kind: string;
  readonly at: Date;
  readonly verdict: Schema["looks"]["verdict"];
  readonly reasons: unknown;
  readonly seen: unknown;
  readonly evidence: string | null;
  readonly screenshot: string | null;
}

const ROWS_AT_ONCE = 500;

/** Keeps looks. */
export async function keepLooks(work: Work, looks: readonly KeptLook[]): Promise<void> {
  for (let from = 0; from < looks.length; from += ROWS_AT_ONCE)
    await work
      .insertInto("looks")
      .values(looks.slice(from, from + ROWS_AT_ONCE).map(rowOf))
      .execute();
}

function rowOf(look: KeptLook) {
  return {
    case: caseKey(look.case),
    round: look.round,
    kind: look.kind,
    looked_at: look.at,
    verdict: look.verdict,
    reasons: storedJson(look.reasons),
    seen: storedJson(look.seen),
    evidence: look.evidence,
    screenshot: look.screenshot,
  };
}

/** Returns the looks at some cases, in their order. */
export async function looksOf(db: Reading, ids: readonly string[]): Promise<KeptLook[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("looks")
    .selectAll()
    .where(isAnyOf("case", ids.map(caseKey)))
    .orderBy("id")
    .execute();
  return rows.map(lookOf);
}

/** What looks said and when, without what they saw: all that it takes to judge how a round stands. */
export type LookLine = Pick<KeptLook, "case" | "round" | "at" | "verdict">;

/** Returns what the looks at some cases said, in their order. */
export async function lookLinesOf(db: Reading, ids: readonly string[]): Promise<LookLine[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("looks")
    .select(["case", "round", "looked_at", "verdict"])
    .where(isAnyOf("case", ids.map(caseKey)))
    .orderBy("id")
    .execute();
  return rows.map((row) => ({case: caseId(row.case), round: row.round, at: row.looked_at, verdict: row.verdict}));
}

/** Returns the first look of the present round of each case that found it there. */
export async function firstSeenNow(db: Kysely<Schema>, ids: readonly string[]): Promise<Map<string, KeptLook>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("looks")
    .innerJoin("cases", (join) => join.onRef("cases.id", "=", "looks.case").onRef("cases.round", "=", "looks.round"))
    .distinctOn("looks.case")
    .selectAll("looks")
    .where(isAnyOf("looks.case", ids.map(caseKey)))
    .where("looks.verdict", "=", "up")
    .orderBy("looks.case")
    .orderBy("looks.id")
    .execute();
  return new Map(rows.map((row) => [caseId(row.case), lookOf(row)]));
}

/** Returns the first look of each case that found it there: what its party is told was seen. */
export async function firstSeenLooks(db: Kysely<Schema>, ids: readonly string[]): Promise<Map<string, KeptLook>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("looks")
    .distinctOn("case")
    .selectAll()
    .where(isAnyOf("case", ids.map(caseKey)))
    .where("verdict", "=", "up")
    .orderBy("case")
    .orderBy("id")
    .execute();
  return new Map(rows.map((row) => [caseId(row.case), lookOf(row)]));
}

function lookOf(row: Selectable<Schema["looks"]>): KeptLook {
  return {
    case: caseId(row.case),
    round: row.round,
    kind: row.kind,
    at: row.looked_at,
    verdict: row.verdict,
    reasons: row.reasons,
    seen: row.seen,
    evidence: row.evidence,
    screenshot: row.screenshot,
  };
}
