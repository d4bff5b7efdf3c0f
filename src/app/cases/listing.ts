/** Lists of cases, and how many wait in each queue. */
import {z} from "zod";
import {type CaseFilter, type CaseLine, caseFilterSchema, QUEUES} from "../../model/cases/case-list.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {PartyFields} from "../../model/party.ts";
import {countQueues, listCases} from "../../store/cases/lists.ts";
import {partiesOfNumbers} from "../../store/parties/reading.ts";
import type {House} from "../house.ts";

/** A line of a list with the names of its party; null when it is with none. */
export interface ListedCase extends CaseLine {
  readonly partyNames: PartyFields["names"] | null;
}

/** Returns a page of the cases that meet the filter, newest first. Throws usage for what may not be asked, case_unknown (`after`). */
export async function casesIn(house: House, filter: CaseFilter, now: Date): Promise<ListedCase[]> {
  const asked = caseFilterSchema.safeParse(filter);
  if (!asked.success) throw new WatchfloorError("usage", z.prettifyError(asked.error).replaceAll("\n", " "));
  const {db} = await house.database();
  const lines = await listCases(db, asked.data, now);
  const parties = await partiesOfNumbers(
    db,
    lines.flatMap(({party}) => party ?? []),
  );
  return lines.map((line) => ({
    ...line,
    partyNames: line.party === null ? null : (parties.get(line.party)?.names ?? null),
  }));
}

/** How many cases are in a queue; of those how many came into it within a day, a week and thirty days. */
export interface QueueCount {
  readonly queue: (typeof QUEUES)[number];
  readonly cases: number;
  readonly day: number;
  readonly week: number;
  readonly month: number;
}

/** Returns how many cases each queue has, by when they were opened. `me` is whose `mine` are. */
export async function queueCounts(house: House, me: string, now: Date): Promise<QueueCount[]> {
  const {db} = await house.database();
  const counts: QueueCount[] = [];
  for (const queue of QUEUES) counts.push({queue, ...(await countQueues(db, {queue, me}, now))});
  return counts;
}
