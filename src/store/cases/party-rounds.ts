/** Which parties were told of which rounds of cases, when each answered, and in whose turn the asset was gone. */
import {type Kysely, sql} from "kysely";
import type {Severity} from "../../model/cases/case.ts";
import type {Schema} from "../postgres/schema.ts";

/** A round that a party was told of. A round that goes on to another party has a turn of each. */
export interface PartyTurn {
  readonly party: number;
  readonly class: string;
  readonly severity: Severity;
  readonly rule: string | null;
  readonly isUrgent: boolean;
  readonly notifiedAt: Date;
  /** The first mail of the party about it, or what a person wrote down that it said, before the next party was told. */
  readonly answeredAt: Date | null;
  /** When the asset was first seen gone, when it was verified and that lies in the turn of the party. */
  readonly goneAt: Date | null;
  readonly isReturned: boolean;
}

/**
 * Returns the turns of parties that were told from `from` until before `to`. Rounds that were dismissed, cases that were
 * merged, and mails that came back are left out.
 */
export async function partyTurns(
  db: Kysely<Schema>,
  {from, to, byRule}: {readonly from: Date; readonly to: Date; readonly byRule: string},
): Promise<PartyTurn[]> {
  const {rows} = await sql<PartyTurn>`
    WITH told AS (
      SELECT o."case", o.round, n.party, min(n.sent_at) AS notified_at
      FROM notification_cases AS o JOIN notifications AS n ON n.id = o.notification
      WHERE n.state = 'sent' AND n.bounced_at IS NULL AND n.party IS NOT NULL
        AND o.event IN ('opened', 'reopened', 'escalated', 'reminder')
      GROUP BY o."case", o.round, n.party
    ),
    turns AS (
      SELECT told.*, row_number() OVER own AS turn, lead(notified_at) OVER own AS next_at
      FROM told WINDOW own AS (PARTITION BY "case", round ORDER BY notified_at, party)
    ),
    seen AS (
      SELECT t.*, c.class, c.severity, c.rule, c.is_urgent,
        CASE WHEN r.verified_at IS NOT NULL AND (t.turn = 1 OR r.gone_at >= t.notified_at)
          AND (t.next_at IS NULL OR r.gone_at < t.next_at) THEN r.gone_at END AS gone_at
      FROM turns AS t
      JOIN cases AS c ON c.id = t."case" AND c.state <> 'merged' AND c.class <> 'test'
      JOIN case_rounds AS r ON r."case" = t."case" AND r.round = t.round AND r.dismissed_at IS NULL
      WHERE t.notified_at >= ${from} AND t.notified_at < ${to}
    )
    SELECT t.party, t.class, t.severity, t.rule, t.is_urgent AS "isUrgent", t.notified_at AS "notifiedAt",
      least(wrote.at, said.at) AS "answeredAt", t.gone_at AS "goneAt",
      t.gone_at IS NOT NULL AND EXISTS (
        SELECT FROM case_rounds AS later WHERE later."case" = t."case" AND later.round = t.round + 1
      ) AS "isReturned"
    FROM seen AS t
    CROSS JOIN LATERAL (
      -- greatest() would take no mail for one at the time of the notification
      SELECT CASE WHEN count(*) > 0 THEN greatest(min(m.received_at), t.notified_at) END AS at
      FROM mail_cases AS about JOIN mails AS m ON m.id = about.mail JOIN notifications AS n ON n.id = m.notification
      WHERE about."case" = t."case" AND about.round = t.round AND about.claim <> 'auto-reply' AND n.party = t.party
    ) AS wrote
    CROSS JOIN LATERAL (
      SELECT min(s.done_at) AS at FROM case_steps AS s
      WHERE s."case" = t."case" AND s.round = t.round AND s.step IN ('acknowledge', 'resolve')
        AND s.done_by <> ${byRule} AND s.done_at >= t.notified_at AND (t.next_at IS NULL OR s.done_at < t.next_at)
    ) AS said
    ORDER BY t.notified_at, t."case", t.party`.execute(db);
  return rows;
}
