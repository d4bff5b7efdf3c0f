/**
 * The one way in which cases change: locked, as the room decided on what stands there, and with the lines of history that
 * say so, in one transaction. So two desks never overwrite each other, and no state comes from nowhere.
 */
import {type Kysely, sql} from "kysely";
import type {CaseAtWork, CaseChange} from "../../model/cases/case-change.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {named} from "../editions/people.ts";
import type {Schema} from "../postgres/schema.ts";
import {
  caseAtWork,
  caseId,
  caseKey,
  changedRound,
  changedRow,
  isAnyOf,
  type Reading,
  storedJson,
  type Work,
} from "./rows.ts";

/** Who changes cases, and when. */
export interface Doing {
  readonly by: string;
  readonly now: Date;
}

/**
 * Changes one case as `decide` says of what stands there; null changes nothing. Returns the case as it is then.
 * Throws case_unknown, usage (no name), and what `decide` throws.
 */
export function changeCase(
  db: Kysely<Schema>,
  id: string,
  {decide, ...doing}: Doing & {readonly decide: (there: CaseAtWork) => CaseChange | null},
): Promise<CaseAtWork> {
  return db.transaction().execute(async (work) => {
    const there = await lockCase(work, id);
    const change = decide(there);
    if (change === null) return there;
    await applyChange(work, there, {change, ...doing});
    return caseOfId(work, id);
  });
}

/** Returns a case that nobody else changes until the transaction ends. Throws case_unknown. */
export async function lockCase(work: Work, id: string): Promise<CaseAtWork> {
  const [found] = await lockCases(work, [caseKey(id)]);
  if (found === undefined) throw new WatchfloorError("case_unknown", id);
  return found;
}

/** The same for several by their keys, always in the order of the keys, so that two who want the same never wait for each other. */
export async function lockCases(work: Work, keys: readonly number[]): Promise<CaseAtWork[]> {
  return casesOf(work, keys, true);
}

/** Returns a case as it stands. Throws case_unknown. */
export async function caseOfId(db: Reading, id: string): Promise<CaseAtWork> {
  const [found] = await casesOf(db, [caseKey(id)], false);
  if (found === undefined) throw new WatchfloorError("case_unknown", id);
  return found;
}

/** Returns the cases of those keys that there are, in the order of the keys. */
export async function casesOf(db: Reading, keys: readonly number[], isLocked: boolean): Promise<CaseAtWork[]> {
  if (keys.length === 0) return [];
  const query = db.selectFrom("cases").selectAll().where(isAnyOf("id", keys)).orderBy("id");
  const rows = await (isLocked ? query.forUpdate() : query).execute();
  const rounds = await db
    .selectFrom("case_rounds")
    .innerJoin("cases", (join) =>
      join.onRef("cases.id", "=", "case_rounds.case").onRef("cases.round", "=", "case_rounds.round"),
    )
    .selectAll("case_rounds")
    .where(
      isAnyOf(
        "case_rounds.case",
        rows.map(({id}) => id),
      ),
    )
    .execute();
  const byCase = new Map(rounds.map((round) => [round.case, round]));
  return rows.map((row) => {
    const round = byCase.get(row.id);
    if (round === undefined) throw new Error(`${caseId(row.id)} has no round ${row.round}`);
    return caseAtWork(row, round);
  });
}

/** A locked case and what was decided of it. */
export interface Decided {
  readonly there: CaseAtWork;
  readonly change: CaseChange;
}

/** Writes what was decided of a locked case. Throws case_changed when it is not as it was. */
export function applyChange(
  work: Work,
  there: CaseAtWork,
  {change, ...doing}: Doing & {readonly change: CaseChange},
): Promise<void> {
  return applyChanges(work, [{there, change}], doing);
}

/** The same for many cases, in a few statements. */
export async function applyChanges(work: Work, decided: readonly Decided[], {by, now}: Doing): Promise<void> {
  for (let from = 0; from < decided.length; from += ROWS_AT_ONCE) {
    const some = decided.slice(from, from + ROWS_AT_ONCE);
    await saveCases(work, some, now);
    await saveRounds(work, some);
    await copyUrls(work, some, now);
    await addSteps(work, some, {by, now});
  }
}

const ROWS_AT_ONCE = 1000;

async function saveCases(work: Work, decided: readonly Decided[], now: Date): Promise<void> {
  const rows = storedJson(decided.map(({there, change}) => changedRow(there, change)));
  const result = await sql`
    UPDATE cases AS c SET
      state = n.state, round = n.round, facts = n.facts, brand = n.brand, brand_sector = n.brand_sector,
      sector = n.sector, province = n.province, scope = n.scope, severity = n.severity, tlp = n.tlp,
      is_protected = n.is_protected, release_asked_by = n.release_asked_by, released_by = n.released_by,
      border_tests = n.border_tests, assignee = n.assignee, party = n.party, party_kind = n.party_kind,
      waits_for = n.waits_for, progress = n.progress, merged_into = n.merged_into, act_at = n.act_at,
      look_at = n.look_at, look_kind = n.look_kind, changed_at = ${now}, version = c.version + 1
    FROM jsonb_to_recordset(${rows}::jsonb) AS n (id bigint, version integer, state text, round integer, facts jsonb,
      brand text, brand_sector text, sector text, province text, scope text, severity text, tlp text,
      is_protected boolean, release_asked_by text, released_by text, border_tests text[], assignee text, party bigint,
      party_kind text, waits_for text, progress jsonb, merged_into bigint, act_at timestamptz, look_at timestamptz,
      look_kind text)
    WHERE c.id = n.id AND c.version = n.version`.execute(work);
  if (Number(result.numAffectedRows ?? 0) !== decided.length)
    throw new WatchfloorError(
      "case_changed",
      decided
        .map(({there}) => there.case.id)
        .slice(0, 3)
        .join(", "),
    );
}

async function saveRounds(work: Work, decided: readonly Decided[]): Promise<void> {
  const changed = decided.filter(({change}) => change.round !== undefined || change.party !== undefined);
  if (changed.length === 0) return;
  const rows = JSON.stringify(changed.map(({there, change}) => changedRound(there, change)));
  await sql`
    INSERT INTO case_rounds ("case", round, opened_at, notified_at, acknowledged_at, resolved_at, verified_at,
      dismissed_at, dismissed_by, answered_at, gone_at, party, party_kind)
    SELECT * FROM jsonb_to_recordset(${rows}::jsonb) AS n ("case" bigint, round integer, opened_at timestamptz,
      notified_at timestamptz, acknowledged_at timestamptz, resolved_at timestamptz, verified_at timestamptz,
      dismissed_at timestamptz, dismissed_by text, answered_at timestamptz, gone_at timestamptz, party bigint,
      party_kind text)
    ON CONFLICT ("case", round) DO UPDATE SET
      notified_at = excluded.notified_at, acknowledged_at = excluded.acknowledged_at,
      resolved_at = excluded.resolved_at, verified_at = excluded.verified_at, dismissed_at = excluded.dismissed_at,
      dismissed_by = excluded.dismissed_by, answered_at = excluded.answered_at, gone_at = excluded.gone_at,
      party = excluded.party, party_kind = excluded.party_kind`.execute(work);
}

/** What is back is back with all that it had. */
async function copyUrls(work: Work, decided: readonly Decided[], now: Date): Promise<void> {
  const anew = decided.flatMap(({there, change: {round}}) =>
    round === undefined || round.round === there.round.round
      ? []
      : [{key: caseKey(there.case.id), old: there.round.round, fresh: round.round}],
  );
  if (anew.length === 0) return;
  await sql`
    INSERT INTO case_urls ("case", round, url, added_at)
    SELECT u."case", n.fresh, u.url, ${now}
    FROM jsonb_to_recordset(${JSON.stringify(anew)}::jsonb) AS n (key bigint, old integer, fresh integer)
    JOIN case_urls AS u ON u."case" = n.key AND u.round = n.old
    ON CONFLICT DO NOTHING`.execute(work);
}

async function addSteps(work: Work, decided: readonly Decided[], {by, now}: Doing): Promise<void> {
  const rows = decided.flatMap(({there, change}) =>
    change.steps.map(({step, note, data}) => ({
      case: caseKey(there.case.id),
      round: (change.round ?? there.round).round,
      step,
      from_state: there.case.state,
      to_state: change.state ?? there.case.state,
      note: note ?? null,
      data: storedJson(data ?? {}),
      done_by: named(by),
      done_at: now,
    })),
  );
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await work
      .insertInto("case_steps")
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
}
