/** What clients do to cases, each thing as the product offers it, to a case that falls by chance. */
import {
  acknowledgeCase,
  assignCase,
  dismissCase,
  handBack,
  noteCase,
  releaseCase,
  reopenCase,
  resolveCase,
  verifyCase,
} from "../../src/app/cases/acts.ts";
import {declared, NO_IMPACT, setLevel} from "../../src/app/cases/levels.ts";
import {recallNotices, thankFor} from "../../src/app/cases/notices.ts";
import {chooseParty} from "../../src/app/cases/party.ts";
import {attachTo, linkWith, mergeInto, splitOff} from "../../src/app/cases/ties.ts";
import type {CaseDesk} from "../../src/app/coordination/case-desk.ts";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {takeMail} from "../../src/app/coordination/incoming/incoming.ts";
import {lookAtDue} from "../../src/app/coordination/looking/looking.ts";
import {takeComplaints} from "../../src/app/coordination/opening/complaints.ts";
import {sendDue} from "../../src/app/coordination/telling/sending.ts";
import {tellPending} from "../../src/app/coordination/telling/telling.ts";
import type {MailReader} from "../../src/app/mail/reader.ts";
import type {Mailer} from "../../src/app/mail/send.ts";
import type {Probe} from "../../src/app/probe/probe.ts";
import {SEVERITIES} from "../../src/model/cases/case.ts";
import type {CaseAtWork} from "../../src/model/cases/case-change.ts";
import {mailOf} from "../party-world/answers.ts";
import type {Dice} from "../party-world/dice.ts";
import {CASES, complaintAbout, PARTIES} from "./scene.ts";

/** What a client works with, at one operation: who it is and what time it has. */
export interface Hand {
  readonly desk: CaseDesk;
  readonly tools: {readonly probe: Probe; readonly mailer: Mailer; readonly reader: MailReader};
  /** Chance of this operation. */
  readonly dice: Dice;
  readonly by: string;
  readonly now: Date;
}

/** What an operation that was not refused says of itself. */
export interface Done {
  /** Case and version that it gave back; null where it gave none. */
  readonly case: string | null;
  readonly version: number | null;
  /** How many lines of history it may have written in its name. */
  readonly lines: readonly number[];
  /** How many of what it counts: complaints, mails, looks, notifications, sent mails. */
  readonly count?: number;
}

function lineOf(found: CaseAtWork, lines: readonly number[] = [1]): Done {
  return {case: found.case.id, version: found.case.version, lines};
}

const MACHINE: Pick<Done, "case" | "version" | "lines"> = {case: null, version: null, lines: [0]};

/** The first cases, those that are split off, and some that are not there. */
function caseId(dice: Dice, question: string): string {
  const n = 1 + Math.floor(dice.roll(question) ** 2 * (CASES + 3));
  return `WF-2023-${String(n).padStart(6, "0")}`;
}

function pageIn(dice: Dice): number {
  return 1 + Math.floor(dice.roll("page") * CASES);
}

type Operation = (hand: Hand) => Promise<Done>;

/** A step that a person takes with one case. */
function step(work: (hand: Hand, id: string) => Promise<CaseAtWork>): Operation {
  return async (hand) => lineOf(await work(hand, caseId(hand.dice, "case")));
}

const SAYS = [
  "网页已处置完毕。",
  "We have received your report and are investigating.",
  "该域名不在我司，请联系注册商。",
] as const;

/** Every kind of operation. */
export const OPERATIONS = {
  assign: step(({desk, by, now}, id) => assignCase(desk.house, {id, to: `for ${by}`}, {by, now})),
  note: step(({desk, by, now}, id) => noteCase(desk.house, {id, text: by}, {by, now})),
  acknowledge: step(({desk, by, now}, id) => acknowledgeCase(desk.house, {id, note: null}, {by, now})),
  resolve: step(({desk, by, now}, id) => resolveCase(desk.house, {id, note: null}, {by, now})),
  dismiss: step(({desk, dice, by, now}, id) =>
    dismissCase(
      desk.house,
      {id, by: dice.pick(["us", "party"] as const, "who"), reason: by, toReporter: null},
      {by, now},
    ),
  ),
  verify: step(({desk, by, now}, id) =>
    verifyCase(desk.house, {id, reason: by, goneAt: null, toReporter: null}, {by, now}),
  ),
  reopen: step(({desk, by, now}, id) => reopenCase(desk.house, {id, reason: by}, {by, now})),
  "hand-back": step(({desk, by, now}, id) => handBack(desk.house, {id, note: null}, {by, now})),
  release: step(({desk, by, now}, id) => releaseCase(desk.house, {id}, {by, now})),
  severity: async ({desk, dice, by, now}) => {
    const level = dice.pick(SEVERITIES, "level");
    const impact = {...NO_IMPACT, ...declared(level, by)};
    const levelling = {id: caseId(dice, "case"), impact, reporter: "cii-operator", knownAt: null} as const;
    return lineOf((await setLevel(desk.house, levelling, {by, now})).case);
  },
  party: step(({desk, dice, by, now}, id) =>
    chooseParty(desk.house, {id, party: 1 + Math.floor(dice.roll("party") * PARTIES.length), reason: by}, {by, now}),
  ),
  attach: step(({desk, by, now}, id) =>
    attachTo(desk.house, {id, name: "file.txt", type: "text/plain", bytes: Buffer.from(by)}, {by, now}),
  ),
  merge: async ({desk, dice, by, now}) =>
    lineOf(await mergeInto(desk.house, {id: caseId(dice, "case"), into: caseId(dice, "other")}, {by, now}), [2]),
  split: async ({desk, dice, by, now}) => {
    const asset = complaintAbout(pageIn(dice), "").asset?.value ?? "";
    // the case that it is in now, which may be another one in a moment
    const row = await desk.db.selectFrom("case_assets").select("case").where("asset", "=", asset).executeTakeFirst();
    const id = `WF-2023-${String((row?.case ?? 0) % 10_000_000).padStart(6, "0")}`;
    return lineOf(await splitOff(desk.house, {id, asset, kind: null}, {by, now}), [2]);
  },
  link: async ({desk, dice, by, now}) =>
    lineOf(await linkWith(desk.house, {id: caseId(dice, "case"), other: caseId(dice, "other")}, {by, now}), [0, 2]),
  recall: async ({desk, dice, by, now}) => {
    await recallNotices(desk.house, {of: {case: caseId(dice, "case")}, reason: by}, {by, now});
    return {case: null, version: null, lines: [1]};
  },
  thank: async ({desk, dice, by, now}) => {
    await thankFor(desk.house, {case: caseId(dice, "case"), words: null}, {by, now});
    return {case: null, version: null, lines: [1]};
  },
  complain: async ({desk, dice, by, now}) => {
    // some come in by two ways at once
    const key = dice.roll("twice") < 0.3 ? `again ${Math.floor(dice.roll("which") * 20)}` : by;
    const complaints = [complaintAbout(pageIn(dice), key), complaintAbout(pageIn(dice), `${by} too`)];
    const outcomes = await takeComplaints(desk, complaints, {by, now});
    const isNew = outcomes.filter((each) => each.isNew).length;
    return {case: null, version: null, lines: [1, 2, 3, 4, 5, 6], count: isNew};
  },
  reply: async ({desk, tools, dice, now}) => {
    const rows = await desk.db
      .selectFrom("notifications")
      .select(["address", "message_id", "subject"])
      .where("state", "=", "sent")
      .where("party", "is not", null)
      .orderBy("id", "desc")
      .limit(4)
      .execute();
    if (rows.length === 0) return {...MACHINE, count: 0};
    const {address, message_id: answered, subject} = dice.pick(rows, "answered");
    const says = dice.pick(SAYS, "says");
    const headers = [
      ...[`From: ${address}`, "To: desk@csirt.example", `Subject: Re: ${subject}`, `In-Reply-To: ${answered}`],
      // whoever answers the same in the same words has written one mail
      `Message-ID: <${SAYS.indexOf(says)}.${answered.slice(1)}`,
    ];
    const raw = mailOf({headers, text: `${says}\n`});
    const kind = await takeMail(desk, raw, {name: "INBOX", reader: tools.reader, now, receivedAt: now});
    return {...MACHINE, count: kind === "known" ? 0 : 1};
  },
  look: async ({desk, tools: {probe}, now}) => ({...MACHINE, count: (await lookAtDue(desk, {probe, now})).looked}),
  rules: async ({desk, now}) => {
    await runRules(desk, now);
    return MACHINE;
  },
  tell: async ({desk, now}) => ({...MACHINE, count: (await tellPending(desk, now)).notifications}),
  send: async ({desk, tools: {mailer}, now}) => ({...MACHINE, count: (await sendDue(desk, {mailer, now})).sent}),
} satisfies Record<string, Operation>;

/** A kind of operation. */
export type Kind = keyof typeof OPERATIONS;

/** How often each comes, of about a hundred. */
export const SHARES: Readonly<Record<Kind, number>> = {
  ...{assign: 8, note: 6, acknowledge: 4, resolve: 5, dismiss: 3, verify: 2, reopen: 5, "hand-back": 3, release: 5},
  ...{severity: 4, party: 4, attach: 2, merge: 4, split: 5, link: 3, recall: 2, thank: 1, complain: 7, reply: 8},
  ...{look: 5, rules: 6, tell: 8, send: 8},
};
