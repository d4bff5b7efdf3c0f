/**
 * Sends what was planned. The bytes of each mail are made and kept first; then one process claims it, sends it, and writes
 * how that ended together with what it means for its cases.
 */
import {randomBytes} from "node:crypto";
import {stepped} from "../../../cases/desk.ts";
import {AT_WORK} from "../../../cases/life.ts";
import {noticeDocument} from "../../../cases/notices/portal.ts";
import {takenBack, told, undeliverable} from "../../../cases/progress.ts";
import type {CaseAtWork, CaseChange, Progress} from "../../../model/cases/case-change.ts";
import {WatchfloorError} from "../../../model/errors.ts";
import type {RenderedNotice} from "../../../model/notification.ts";
import {keepArtefact, readArtefact} from "../../../store/artefacts.ts";
import {applyChanges, lockCases} from "../../../store/cases/changing.ts";
import {caseKey, type Work} from "../../../store/cases/rows.ts";
import {
  type Claimed,
  casesOfNotification,
  claimDue,
  finishClaim,
  listPlanned,
  markReady,
  refusePlanned,
  renewClaim,
  type Sent,
} from "../../../store/notices/outbox.ts";
import {addPending, keepWithdrawal} from "../../../store/notices/pending.ts";
import {addContactEvents} from "../../../store/parties/contacts.ts";
import {type ComposeSetting, composeMail} from "../../mail/compose.ts";
import {strictAddress} from "../../mail/envelope.ts";
import {checkSigner, loadSigner} from "../../mail/pgp-write.ts";
import {longestSendingSeconds, type Mailer} from "../../mail/send.ts";
import {BY_RULE, type CaseDesk} from "../case-desk.ts";
import {type Faults, noFaults} from "../faults.ts";
import {noticeOf} from "./notice-content.ts";
import {sentOf} from "./outcome.ts";
import {ABOUT_ACTING, type Recall, whyRecalled} from "./recalling.ts";

const AT_ONCE = 100;
const SENDERS = 4;

/** How sending went. */
export interface SendingRun {
  readonly sent: number;
  readonly refused: number;
  readonly later: number;
}

/** What sending takes. `leaseSeconds`: after so long without an end another process may send it; it has an end before. */
export interface Sending {
  readonly mailer: Mailer;
  readonly now: Date;
  readonly signal?: AbortSignal;
  readonly leaseSeconds?: number;
}

const LEASE_SECONDS = 600;
const LEASE_MARGIN_SECONDS = 60;
/** What a case waits for a person for until its notification has gone out after all. */
const HELD_UP: ReadonlySet<string> = new Set(["not_sent", "needs-second-person", "tlp-forbids", "no-template"]);

/**
 * Sends all that is due at `now`. May be broken off anywhere, and run by several at once. When the server is away the rest
 * is left as it is, due still, until the next time.
 */
export async function sendDue(desk: CaseDesk, sending: Sending): Promise<SendingRun> {
  const faults = noFaults();
  await composePlanned(desk, {...sending, faults});
  const by = randomBytes(8).toString("hex");
  const leaseSeconds = sending.leaseSeconds ?? leaseOf(desk);
  const run = {sent: 0, refused: 0, later: 0};
  for (let isAway = false; !isAway && sending.signal?.aborted !== true; ) {
    const claimed = await claimDue(desk.db, {by, now: sending.now, limit: SENDERS, leaseSeconds});
    if (claimed.length === 0) break;
    // each is written when it is done: what goes wrong with one must not have the others sent again
    const ends = await Promise.allSettled(
      claimed.map((each) => sendAndWrite(desk, {...sending, each, by, leaseSeconds})),
    );
    const done = ends.flatMap((end) => (end.status === "fulfilled" ? (end.value ?? []) : []));
    for (const {became} of done) run[became] += 1;
    for (const end of ends) if (end.status === "rejected") faults.take(end.reason);
    isAway = done.length > 0 && done.every((each) => each.isAway);
  }
  faults.tell();
  return run;
}

/** Longer than any sending lasts: a claim that has passed is that of a process that died or was stopped. */
function leaseOf({house}: CaseDesk): number {
  const {mail} = house.config;
  return Math.max(LEASE_SECONDS, mail === null ? 0 : longestSendingSeconds(mail) + LEASE_MARGIN_SECONDS);
}

/** Makes the bytes of what was planned and has none; again, the same bytes come out. */
async function composePlanned(
  desk: CaseDesk,
  {now, signal, faults}: Pick<Sending, "now" | "signal"> & {faults: Faults},
): Promise<void> {
  const setting = await composeSetting(desk, now);
  if (setting === null) return;
  for (let after = 0; signal?.aborted !== true; ) {
    const planned = await listPlanned(desk.db, {after, limit: AT_ONCE});
    for (let from = 0; from < planned.length; from += SENDERS) {
      const some = planned.slice(from, from + SENDERS);
      const ends = await Promise.allSettled(
        some.map(async ({content, ...each}) => composeOne(desk, {...each, notice: noticeOf(content), setting, now})),
      );
      for (const end of ends) if (end.status === "rejected") faults.take(end.reason);
    }
    const last = planned.at(-1);
    if (last === undefined) return;
    after = last.key;
  }
}

async function composeSetting(desk: CaseDesk, now: Date): Promise<ComposeSetting | null> {
  const {config, home} = desk.house;
  const {mail, notices} = config;
  if (mail === null || desk.sender === null) return null;
  const signer = await loadSigner(`${home}/keys`);
  if (signer !== null) await checkSigner(signer, now);
  return {
    sender: desk.sender,
    from: mail.from,
    replyTo: mail.replyTo,
    envelopeFrom: mail.envelopeFrom,
    signer,
    encryptFor: Object.entries(notices.tlp).flatMap(([mark, rule]) => (rule === "encrypt" ? [mark] : [])),
    keysAt: now,
    isAutomatic: true,
  };
}

interface Composing {
  readonly key: number;
  readonly notice: RenderedNotice;
  readonly plannedAt: Date;
  readonly party: number | null;
  readonly setting: ComposeSetting;
  readonly now: Date;
}

async function composeOne(desk: CaseDesk, {key, notice, plannedAt, party, setting, now}: Composing): Promise<void> {
  const {db, house} = desk;
  if (notice.notification.contact.channel !== "mail") {
    const document = JSON.stringify(noticeDocument(notice, plannedAt));
    const {sha256} = await keepArtefact(house.home, Buffer.from(document));
    return markReady(db, {key, sha256, isEncrypted: false});
  }
  const composed = await composeMail(notice, setting, plannedAt);
  if (composed.kind === "not-sent") {
    const {event} = notice.notification;
    await db.transaction().execute(async (work) => {
      if (!(await refusePlanned(work, key, composed.reason))) return;
      await keepWithdrawal(work, {key, party, event, reason: composed.reason, now});
      await tellCases(work, {key, party, event, sent: false, now});
    });
    return;
  }
  const {sha256} = await keepArtefact(house.home, composed.bytes);
  await markReady(db, {key, sha256, isEncrypted: composed.protection.includes("encrypted")});
}

type SendingOne = Sending & {readonly each: Claimed; readonly by: string; readonly leaseSeconds: number};

/** What one that was claimed has become. */
interface Done {
  readonly became: keyof SendingRun;
  /** The mail server is away. */
  readonly isAway: boolean;
}

/** Returns what came of one that was claimed; null when the claim was lost, or it is not sent as it was planned. */
async function sendAndWrite(desk: CaseDesk, {each, by, leaseSeconds, ...sending}: SendingOne): Promise<Done | null> {
  const {now} = sending;
  const recall = await whyRecalled(desk, each, now);
  const done =
    recall === null
      ? await sendOne(desk, each, {...sending, isOurs: () => renewClaim(desk.db, {key: each.key, by, leaseSeconds})})
      : {result: {state: "withdrawn" as const, response: recall.reason}, isAway: false};
  if (done === null || !(await finish(desk, {each, by, result: done.result, recall, now}))) return null;
  const {state} = done.result;
  if (state !== "ready" && state !== "sent" && state !== "refused") return null;
  return {became: state === "ready" ? "later" : state, isAway: done.isAway};
}

/** What is for a portal or a program is there as soon as it is ready: they fetch it. Null when the claim was lost. */
async function sendOne(
  desk: CaseDesk,
  each: Claimed,
  {mailer, now, isOurs}: Sending & {isOurs: () => Promise<boolean>},
): Promise<{result: Sent; isAway: boolean} | null> {
  const unsent = (result: Sent) => ({result, isAway: false});
  if (each.channel !== "mail") return unsent({state: "sent", response: "laid out to be fetched"});
  const notice = noticeOf(each.content);
  const {mail} = desk.house.config;
  const from = strictAddress(mail?.envelopeFrom ?? mail?.from ?? "");
  const to = strictAddress(notice.notification.contact.address);
  if (from === null || to === null)
    return unsent({state: "refused", response: "no plain mail address", isUnknown: false});
  const bytes = await readArtefact(desk.house.home, each.sha256).catch(noneIfMissing);
  if (bytes === null) return unsent({state: "planned", response: "its bytes were gone: it is made again"});
  if (!(await isOurs())) return null;
  const result = await mailer.send({envelope: {from, to}, bytes, messageId: each.messageId});
  return {result: sentOf(result, each, now), isAway: result.outcome === "temporary" && !result.isReached};
}

function noneIfMissing(error: unknown): null {
  if (error instanceof WatchfloorError && error.code === "artefact_missing") return null;
  throw error;
}

interface Finishing {
  readonly each: Claimed;
  readonly by: string;
  readonly result: Sent;
  readonly recall: Recall | null;
  readonly now: Date;
}

/** Returns false when the claim was lost: somebody else sends it, and nothing is written. */
function finish(desk: CaseDesk, {each, by, result, recall, now}: Finishing): Promise<boolean> {
  const {key, event, party, contact} = each;
  return desk.db.transaction().execute(async (work) => {
    if (!(await finishClaim(work, {key, by, result, now}))) return false;
    if (recall !== null) {
      await keepWithdrawal(work, {key, party, event, reason: recall.reason, now});
      await addPending(work, recall.again);
      return true;
    }
    // where nobody knows whether it arrived nothing is said of the case or the contact: a person decides
    if (result.state !== "sent" && (result.state !== "refused" || result.isUnknown)) return true;
    await tellCases(work, {key, party, event, sent: result.state === "sent", now});
    if (contact !== null && result.state === "refused")
      await addContactEvents(
        work,
        [{contact, kind: "hard-bounce", note: result.response.slice(0, 300), by: BY_RULE}],
        now,
      );
    return true;
  });
}

interface Outcome {
  readonly key: number;
  readonly party: number | null;
  readonly event: string;
  readonly sent: boolean;
  readonly now: Date;
}

/** What it means for the cases that a notification went out, or cannot. One that is with another party by now is not meant. */
async function tellCases(work: Work, {key, party, event, sent, now}: Outcome): Promise<void> {
  if (!ABOUT_ACTING.has(event)) return;
  const rounds = new Map((await casesOfNotification(work, key)).map(({id, round}) => [id, round]));
  const cases = await lockCases(work, [...rounds.keys()].map(caseKey));
  const at = now.toISOString();
  const changes = cases.flatMap((there) => {
    const isMeant = rounds.get(there.case.id) === there.round.round && there.case.party === party;
    const change = isMeant ? (sent ? afterSending(there, {event, at}) : afterRefusal(there, at)) : null;
    return change === null ? [] : [{there, change}];
  });
  await applyChanges(work, changes, {by: BY_RULE, now});
}

/** What held it up holds no more: the rules go on from here. */
function afterSending(there: CaseAtWork, {event, at}: {event: string; at: string}): CaseChange | null {
  if (!AT_WORK.includes(there.case.state)) return null;
  const isFreed = HELD_UP.has(there.waitsFor ?? "");
  const free = (progress: Progress): Progress => (isFreed ? takenBack(progress) : progress);
  if (there.case.state === "open") {
    const change = stepped(there, {move: {action: "notify", at}, data: {event}});
    return {...change, progress: takenBack(told(there.progress, at)), waitsFor: null};
  }
  const freed = isFreed ? {waitsFor: null, actAt: at} : {};
  if (event === "reminder") return isFreed ? {...freed, progress: free(there.progress), steps: []} : null;
  return {...freed, progress: free(told(there.progress, at)), actAt: at, steps: []};
}

function afterRefusal(there: CaseAtWork, at: string): CaseChange {
  return {progress: undeliverable(there.progress, at), actAt: at, steps: []};
}
