/** What a party answers. It counts for the cases of the notification that it answers; a stranger's word waits for a person. */
import {parse} from "tldts";
import {stepped} from "../../../cases/desk.ts";
import {stateAfter} from "../../../cases/life.ts";
import {tokensIn} from "../../../cases/notices/identity.ts";
import {answered, claimed, undeliverable} from "../../../cases/progress.ts";
import type {CaseAction} from "../../../model/cases/case.ts";
import type {CaseAtWork, CaseChange} from "../../../model/cases/case-change.ts";
import type {ReplyStatement, Understood} from "../../../model/complaint.ts";
import type {ReadMail} from "../../../model/mail.ts";
import {applyChanges, casesOf, lockCases} from "../../../store/cases/changing.ts";
import {caseKey, lockOpening, type Work} from "../../../store/cases/rows.ts";
import {casesOfNotification, notificationKey} from "../../../store/notices/outbox.ts";
import {type FoundNotification, findNotifications} from "../../../store/notices/reading.ts";
import {addContactEvents} from "../../../store/parties/contacts.ts";
import {BY_RULE, type CaseDesk} from "../case-desk.ts";

/** What a reply brought about. */
export interface Replied {
  /** Key of the notification; null when it answers none that we know. */
  readonly notification: number | null;
  readonly cases: readonly {readonly id: string; readonly round: number; readonly claim: string | null}[];
  readonly needsPerson: boolean;
}

type Answer = Extract<Understood, {as: "reply" | "auto-reply"}>;

/** Does what a reply says with the cases that it is about. */
export async function afterReply(
  work: Work,
  {desk, mail, understood, now}: {desk: CaseDesk; mail: ReadMail; understood: Answer; now: Date},
): Promise<Replied> {
  const {tokens} = understood;
  const found = await answeredBy(work, {desk, mail, messageIds: tokens.messageIds});
  if (found === null) return {notification: null, cases: [], needsPerson: understood.as === "reply"};
  const told = await casesOfNotification(work, found.key);
  const ownText = understood.as === "reply" ? understood.text.toUpperCase() : "";
  const named = told.filter(({id}) => tokens.cases.includes(id) || ownText.includes(id));
  const about = named.length > 0 ? named : told;
  if (understood.as === "auto-reply")
    return {
      notification: found.key,
      cases: about.map(({id, round}) => ({id, round, claim: "auto-reply"})),
      needsPerson: false,
    };
  const isKnown =
    isSameHouse(found.address, mail) ||
    mail.pgp.some(({signature, signer}) => signature === "good" && signer?.isSender === true);
  const {says} = understood;
  const isUnderstood = isKnown && (await believe(work, {about, says, party: found.party, by: BY_RULE, now}));
  if (isKnown && found.contact !== null) {
    const isConfirmed = found.event === "contact-confirm" && (says === "acknowledged" || says === "done");
    const kind = isConfirmed ? "confirmed" : "delivered";
    await addContactEvents(work, [{contact: found.contact, kind, note: null, by: BY_RULE}], now);
  }
  return {
    notification: found.key,
    cases: about.map(({id, round}) => ({id, round, claim: says})),
    needsPerson: !isUnderstood || says === "asks" || says === "unclear",
  };
}

/**
 * Which notification is answered. Only what its recipient was sent counts: the token, or the Message-ID. Of several that a
 * mail quotes it is one to the sender's own house, then the one that it answers by its headers, then the latest.
 */
async function answeredBy(
  work: Work,
  {desk, mail, messageIds}: {desk: CaseDesk; mail: ReadMail; messageIds: readonly string[]},
): Promise<FoundNotification | null> {
  const inSubject = tokensIn(mail.head.subject, desk.tokenKey);
  const ids = tokensIn(`${mail.head.subject}\n${mail.text}`, desk.tokenKey);
  const first = new Set(inSubject.map(notificationKey));
  const answers = new Set(mail.head.inReplyTo);
  const rank = ({key, address, messageId}: FoundNotification): number =>
    (isSameHouse(address, mail) ? 2 : 0) + (first.has(key) || answers.has(messageId) ? 1 : 0);
  const found = await findNotifications(work, {ids, messageIds});
  return found.toSorted((one, other) => rank(other) - rank(one) || other.key - one.key)[0] ?? null;
}

/** Whether the sender writes from the domain that was written to. */
function isSameHouse(address: string, {head}: ReadMail): boolean {
  const domainOf = (text: string): string | null =>
    parse(text.slice(text.lastIndexOf("@") + 1)).domain ?? text.split("@")[1] ?? null;
  const from = head.from?.address.toLowerCase() ?? "";
  return from.includes("@") && domainOf(from) === domainOf(address.toLowerCase());
}

/** What is believed of whom it is about, and who believes it. */
export interface Believing {
  readonly about: readonly {readonly id: string; readonly round: number}[];
  readonly says: ReplyStatement;
  /** The party that was told, and now answers. */
  readonly party: number | null;
  readonly by: string;
  readonly now: Date;
}

/** Does with the cases what a party says of them. Returns false when a person has to carry it over to a case that stands. */
export async function believe(work: Work, {about, says, party, by, now}: Believing): Promise<boolean> {
  await lockOpening(work); // none of them is merged before it is done
  const {rounds, intoOthers} = await standingCases(work, about);
  const cases = await lockCases(work, [...rounds.keys(), ...intoOthers].map(caseKey));
  const at = now.toISOString();
  const isMeant = ({case: one, round}: CaseAtWork): boolean =>
    rounds.get(one.id) === round.round || (intoOthers.has(one.id) && one.party === party);
  const changes = cases.filter(isMeant).flatMap((there) => {
    const change = changeFor(there, {says, isTheirs: there.case.party === party, at});
    return change === null ? [] : [{there, change}];
  });
  await applyChanges(work, changes, {by, now});
  return cases.every((there) => isMeant(there) || !intoOthers.has(there.case.id));
}

/** What is said of a merged case is said of the one that it is part of now. */
async function standingCases(
  work: Work,
  about: Believing["about"],
): Promise<{rounds: ReadonlyMap<string, number>; intoOthers: ReadonlySet<string>}> {
  const rounds = new Map(about.map(({id, round}) => [id, round]));
  const intoOthers = new Set<string>();
  for (let look = [...rounds.keys()]; look.length > 0; ) {
    const merged = (await casesOf(work, look.map(caseKey), false)).flatMap(({case: one}) => one.mergedInto ?? []);
    look = merged.filter((id) => !intoOthers.has(id) && !rounds.has(id));
    for (const id of look) intoOthers.add(id);
  }
  return {rounds, intoOthers};
}

/**
 * Whoever answers has acknowledged; "not ours" lets the rules go on to the next party. What a party says that was asked
 * before this one is as true, but says nothing of how far the present one has come.
 */
function changeFor(
  there: CaseAtWork,
  {says, isTheirs, at}: {says: ReplyStatement; isTheirs: boolean; at: string},
): CaseChange | null {
  const change = moveFor(there, says, at);
  if (change === null) return null;
  if (!isTheirs) return {...change, progress: there.progress};
  if (says !== "not_ours") return change;
  return {...change, progress: undeliverable(change.progress ?? there.progress, at), actAt: at};
}

function moveFor(there: CaseAtWork, says: ReplyStatement, at: string): CaseChange | null {
  const action: CaseAction = says === "done" ? "resolve" : "acknowledge";
  if (stateAfter(there.case.state, action) !== null) return stepped(there, {move: {action, at}, data: {says}});
  if (!["acknowledged", "resolved"].includes(there.case.state)) return null;
  return {
    progress: says === "done" ? claimed(there.progress, at) : answered(there.progress, at),
    steps: [{step: "note", note: says}],
  };
}
