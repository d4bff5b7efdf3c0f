/** What people do with complaints, for whoever calls: each counts by itself, whatever becomes of it. */
import {createHash, randomUUID} from "node:crypto";
import {type ComplaintReject, readComplaintList} from "../../cases/complaint-list.ts";
import type {Complaint} from "../../model/cases/case.ts";
import type {CaseCandidate} from "../../model/cases/case-change.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {incidentClass} from "../../model/taxonomy.ts";
import {lockCase} from "../../store/cases/changing.ts";
import {
  complaintKey,
  complaintOfId,
  joinComplaint,
  listComplaints,
  lockComplaint,
  refuseComplaint,
} from "../../store/cases/complaints.ts";
import {addUrl} from "../../store/cases/opening.ts";
import type {Work} from "../../store/cases/rows.ts";
import {written} from "../../store/editions/people.ts";
import {addPending} from "../../store/notices/pending.ts";
import {openCaseDesk} from "../coordination/case-desk.ts";
import {type ComplaintIn, type ComplaintOutcome, takeComplaints} from "../coordination/opening/complaints.ts";
import type {House} from "../house.ts";
import type {Act} from "./acts.ts";
import {assetOfText, candidateByHand, type HandOpened, type HandOpening, openInside} from "./opening.ts";

/** Returns complaints, newest first, page by page. Throws complaint_unknown (`after`). */
export async function complaintsIn(house: House, asked: Parameters<typeof listComplaints>[1]): Promise<Complaint[]> {
  const {db} = await house.database();
  return listComplaints(db, asked);
}

/** Returns a complaint. Throws complaint_unknown. */
export async function complaintIn(house: House, id: string): Promise<Complaint> {
  const {db} = await house.database();
  return complaintOfId(db, id);
}

/** A complaint that somebody tells us on the telephone or across the desk. */
export interface HandComplaint {
  readonly receivedAt: Date;
  readonly class: string | null;
  /** In any spelling; null: it is in the text. */
  readonly asset: string | null;
  readonly kind: string | null;
  readonly reporter: string | null;
  readonly wantsAnswer: boolean;
  readonly brand: string | null;
  readonly ip: string | null;
  readonly text: string;
}

/** Takes a complaint in by hand. Throws usage (a class or an asset that is none, nothing said, received in the future). */
export async function addComplaint(house: House, given: HandComplaint, act: Act): Promise<ComplaintOutcome> {
  const {asset, kind, receivedAt, ...rest} = given;
  if (rest.class !== null && incidentClass(rest.class) === null)
    throw new WatchfloorError("usage", `"${rest.class}" is no class; docs/taxonomy.md has them`);
  if (receivedAt > act.now) throw new WatchfloorError("usage", `${receivedAt.toISOString()} has not come yet`);
  if (asset === null && rest.text.trim() === "") throw new WatchfloorError("usage", "an asset or a text is wanted");
  const complaint: ComplaintIn = {
    ...rest,
    asset: asset === null ? null : assetOfText(asset, kind),
    receivedAt: receivedAt.toISOString(),
    source: "hand",
    key: randomUUID(),
  };
  const [outcome] = await takeComplaints(await openCaseDesk(house), [complaint], act);
  if (outcome === undefined) throw new Error("the complaint was not kept");
  return outcome;
}

/** What came of a list. */
export interface ComplaintImport {
  readonly received: number;
  readonly added: number;
  /** Came before, in this file or another. */
  readonly known: number;
  readonly rejects: readonly ComplaintReject[];
  /** Cases that they opened or joined. */
  readonly cases: number;
  readonly outcomes: readonly (ComplaintOutcome & {readonly line: number})[];
}

/** Takes a list of complaints in, all or none; what came before is not taken again. Throws complaints_unreadable. */
export async function importComplaints(
  house: House,
  file: {readonly name: string; readonly bytes: Uint8Array},
  act: Act,
): Promise<ComplaintImport> {
  const text = new TextDecoder("utf-8").decode(file.bytes);
  const {zone} = house.config.profile;
  const {complaints, rejects} = readComplaintList({name: file.name, text}, {zone, now: act.now});
  const hash = createHash("sha256").update(file.bytes).digest("hex");
  const rows = complaints.map(
    ({line, key, receivedAt, ...rest}): ComplaintIn => ({
      ...rest,
      receivedAt: receivedAt.toISOString(),
      source: "csv",
      key: key === null ? `${hash} ${line}` : `key ${key}`,
    }),
  );
  const taken = await takeComplaints(await openCaseDesk(house), rows, act);
  const outcomes = taken.map((each, n) => ({...each, line: complaints[n]?.line ?? 0}));
  const added = outcomes.filter(({isNew}) => isNew);
  return {
    received: complaints.length + rejects.length,
    added: new Set(added.map(({id}) => id)).size,
    known: complaints.length - new Set(added.map(({id}) => id)).size,
    rejects,
    cases: new Set(added.flatMap((each) => each.case ?? [])).size,
    outcomes,
  };
}

/** Refuses a complaint that waits; who made it is told that, and `toReporter`. Throws complaint_unknown (or it waits no more), usage. */
export async function refuseWaiting(
  house: House,
  {id, reason, toReporter}: {readonly id: string; readonly reason: string; readonly toReporter: string | null},
  act: Act,
): Promise<Complaint> {
  const {db} = await house.database();
  return db.transaction().execute(async (work) => {
    const refused = await refuseComplaint(work, {id, reason, ...act});
    if (refused.wantsAnswer && refused.reporter?.includes("@") === true) {
      const words = toReporter === null ? "refused" : `refused\n${written(toReporter, "a word to the reporter")}`;
      const about = {event: "reporter-closed", case: null, round: 1, complaint: complaintKey(refused.id)};
      await addPending(work, [
        {...about, party: null, contact: null, turn: 1, reason: words, isUrgent: false, since: act.now},
      ]);
    }
    return refused;
  });
}

/** Puts a complaint to a case. Throws complaint_unknown (or it has a case), case_unknown, case_step_not_allowed (merged). */
export async function joinToCase(
  house: House,
  {id, case: to}: {readonly id: string; readonly case: string},
  act: Act,
): Promise<Complaint> {
  const {db} = await house.database();
  return db.transaction().execute(async (work) => {
    const complaint = await unjoined(work, id);
    const {case: one} = await lockCase(work, to);
    if (one.mergedInto !== null)
      throw new WatchfloorError("case_step_not_allowed", `${one.id} is a part of ${one.mergedInto}`);
    await joinComplaint(work, {complaint: complaintKey(id), id: one.id, ...act});
    if (complaint.asset?.kind === "url") await addUrl(work, {id: one.id, url: complaint.asset.value, now: act.now});
    return complaintOfId(work, complaint.id);
  });
}

async function unjoined(work: Work, id: string): Promise<Complaint> {
  const complaint = await lockComplaint(work, id);
  if (complaint.state === "joined") throw new WatchfloorError("complaint_unknown", `${id} is of ${complaint.case}`);
  return complaint;
}

/** What the case of a complaint is about, where the complaint does not say it. */
export interface ComplaintOpening extends Omit<HandOpening, "class" | "asset"> {
  readonly id: string;
  readonly class: string | null;
  readonly asset: string | null;
}

/** Opens a case from a complaint, or joins the one that is there. Throws complaint_unknown (or it has a case), usage. */
export async function openFromComplaint(house: House, opening: ComplaintOpening, act: Act): Promise<HandOpened> {
  const desk = await openCaseDesk(house);
  const known = await complaintOfId(desk.db, opening.id);
  const [problem, asset] = [opening.class ?? known.class, opening.asset ?? known.asset?.value ?? null];
  if (problem === null || asset === null)
    throw new WatchfloorError("usage", `${known.id} does not say ${problem === null ? "the class" : "the asset"}`);
  const kind = opening.kind ?? (opening.asset === null ? (known.asset?.kind ?? null) : null);
  const facts = {brand: known.brand, ...opening.facts};
  const candidate = await candidateByHand(desk, {...opening, class: problem, asset, kind, facts});
  return desk.db.transaction().execute(async (work) => {
    await unjoined(work, opening.id);
    const own: CaseCandidate = {...candidate, source: "complaint", complaint: complaintKey(known.id)};
    return openInside(work, {desk, candidate: own, note: opening.note}, act);
  });
}
