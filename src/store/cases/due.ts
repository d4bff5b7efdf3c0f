/** Which cases the rules, and the probe, have to look at; and the decisions that are kept as they were made. */
import type {Kysely} from "kysely";
import type {CaseAtWork} from "../../model/cases/case-change.ts";
import type {Schema} from "../postgres/schema.ts";
import {casesOf, type Doing} from "./changing.ts";
import {caseKey, storedJson, type Work} from "./rows.ts";

/** Returns the cases that the rules have to look at by `now`, longest due first. */
export async function dueCases(db: Kysely<Schema>, now: Date, limit: number): Promise<CaseAtWork[]> {
  const rows = await db
    .selectFrom("cases")
    .select("id")
    .where("act_at", "<=", now)
    .orderBy("act_at")
    .limit(limit)
    .execute();
  return casesOf(
    db,
    rows.map(({id}) => id),
    false,
  );
}

/** Returns the cases whose asset has to be looked at by `now`, longest due first. */
export async function dueLooks(db: Kysely<Schema>, now: Date, limit: number): Promise<CaseAtWork[]> {
  const rows = await db
    .selectFrom("cases")
    .select("id")
    .where("look_at", "<=", now)
    .orderBy("look_at")
    .limit(limit)
    .execute();
  return casesOf(
    db,
    rows.map(({id}) => id),
    false,
  );
}

/** Who was found responsible for a case, by which rule, what else was possible, or why nobody. */
export interface KeptDecision {
  readonly case: string;
  readonly round: number;
  readonly party: number | null;
  readonly rank: number;
  readonly decision: unknown;
}

/** Keeps decisions about responsibility. */
export async function keepDecisions(work: Work, decisions: readonly KeptDecision[], {by, now}: Doing): Promise<void> {
  if (decisions.length === 0) return;
  await work
    .insertInto("responsibility_decisions")
    .values(
      decisions.map((each) => ({
        case: caseKey(each.case),
        round: each.round,
        party: each.party,
        rank: each.rank,
        decision: storedJson(each.decision),
        done_by: by,
        done_at: now,
      })),
    )
    .execute();
}

/** Returns how often a party was decided on in a round of a case. */
export async function countDecisions(
  work: Work,
  {case: id, round, party}: {readonly case: string; readonly round: number; readonly party: number},
): Promise<number> {
  const {n} = await work
    .selectFrom("responsibility_decisions")
    .select((each) => each.fn.countAll<number>().as("n"))
    .where("case", "=", caseKey(id))
    .where("round", "=", round)
    .where("party", "=", party)
    .executeTakeFirstOrThrow();
  return n;
}
