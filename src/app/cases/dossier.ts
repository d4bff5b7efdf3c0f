/** All that is known of a case, as one document. */
import {z} from "zod";
import {dueOf} from "../../cases/deadlines/due.ts";
import {waitingText} from "../../cases/waiting.ts";
import type {CaseRound, CaseStep} from "../../model/cases/case.ts";
import type {CaseAtWork} from "../../model/cases/case-change.ts";
import type {ImportedLine} from "../../model/cases/case-history.ts";
import type {Bilingual} from "../../model/format.ts";
import type {PartyFields} from "../../model/party.ts";
import {REASONS, type ReasonCode} from "../../model/verification.ts";
import {caseOfId} from "../../store/cases/changing.ts";
import {importedAbout} from "../../store/cases/imported.ts";
import {type CaseMatter, matterOf, roundsOf, stepsOf} from "../../store/cases/lists.ts";
import {type KeptLook, looksOf} from "../../store/cases/looks.ts";
import {listMails, type MailLine} from "../../store/mails.ts";
import {noticeDecisions} from "../../store/notices/pending.ts";
import {listNotifications, type NotificationLine} from "../../store/notices/reading.ts";
import {partiesOfNumbers} from "../../store/parties/reading.ts";
import {type CaseDesk, deadlineOf, openCaseDesk} from "../coordination/case-desk.ts";
import type {House} from "../house.ts";
import {type DecisionWords, decisionWords} from "./decision-words.ts";
import {type TimerLine, timerLines} from "./levels.ts";

const MOST_LINES = 500;

/** A look with its reasons in words. `seen` is left out: it is what the probe wrote down, as long as a page. */
export interface LookLine extends Pick<KeptLook, "round" | "kind" | "verdict" | "evidence" | "screenshot"> {
  readonly at: string;
  readonly reasons: readonly Bilingual[];
}

/** What a case waits for. Times are ISO 8601 in UTC. */
export interface NextThing {
  /** Why a person has to decide; null: the rules go on by themselves, or the case is over. */
  readonly person: Bilingual | null;
  /** When the rules look at it again, and a probe; null: never, or after the mail that is on its way. */
  readonly rulesAt: string | null;
  readonly lookAt: string | null;
  /** Until when the party has to answer and to act; null while it was not told. */
  readonly acknowledgeBy: string | null;
  readonly resolveBy: string | null;
}

/** See the head of this file. */
export interface CaseDossier extends Omit<CaseMatter, "decisions" | "timers"> {
  readonly case: CaseAtWork["case"];
  readonly round: CaseRound;
  readonly rounds: readonly CaseRound[];
  readonly partyKind: string | null;
  readonly partyNames: PartyFields["names"] | null;
  /** Who asked first that a protected case is released, and who released it. */
  readonly release: {readonly askedBy: string | null; readonly by: string | null};
  readonly progress: CaseAtWork["progress"];
  readonly next: NextThing;
  readonly steps: readonly CaseStep[];
  readonly decisions: readonly (DecisionWords & {readonly at: string; readonly by: string; readonly round: number})[];
  readonly noticeDecisions: Awaited<ReturnType<typeof noticeDecisions>>;
  readonly notifications: readonly NotificationLine[];
  readonly mails: readonly MailLine[];
  readonly looks: readonly LookLine[];
  readonly timers: readonly TimerLine[];
  /** Cases of other systems about the same asset, those opened last first. */
  readonly imported: readonly ImportedLine[];
}

/** Returns all that is known of a case. Throws case_unknown. */
export async function caseDossier(house: House, id: string, now: Date): Promise<CaseDossier> {
  const desk = await openCaseDesk(house);
  const {db} = desk;
  const there = await caseOfId(db, id);
  const {case: one, round} = there;
  const {decisions, timers, ...matter} = await matterOf(db, one.id);
  const parties = await partiesOfNumbers(db, one.party === null ? [] : [one.party]);
  return {
    case: one,
    round,
    rounds: await roundsOf(db, one.id),
    partyKind: there.partyKind,
    partyNames: one.party === null ? null : (parties.get(one.party)?.names ?? null),
    release: {askedBy: there.releaseAskedBy, by: there.releasedBy},
    progress: there.progress,
    next: nextThing(desk, there),
    steps: await stepsOf(db, one.id),
    ...matter,
    decisions: decisions.map(({at, by, round: of, decision, party}) => ({
      ...{at, by, round: of},
      ...decisionWords(decision, party),
    })),
    noticeDecisions: await noticeDecisions(db, one.id),
    notifications: await listNotifications(db, {case: one.id, limit: MOST_LINES}),
    mails: await listMails(db, {case: one.id}),
    looks: (await looksOf(db, [one.id])).map(lookLine),
    timers: timerLines({id: one.id, round, timers}, now),
    imported: await importedAbout(db, one.asset),
  };
}

function nextThing(desk: CaseDesk, there: CaseAtWork): NextThing {
  const {waitsFor, actAt, look, progress, partyKind} = there;
  const told = progress.assignment?.notifiedAt ?? null;
  const {deadline, clock} = deadlineOf(desk, there, partyKind ?? "");
  const due = told === null ? null : dueOf(new Date(told), deadline, clock);
  return {
    person: waitsFor === null ? null : waitingText(waitsFor),
    rulesAt: actAt,
    lookAt: look?.at ?? null,
    acknowledgeBy: due?.acknowledgeBy.toISOString() ?? null,
    resolveBy: due?.resolveBy.toISOString() ?? null,
  };
}

const reasonsSchema = z.array(z.object({code: z.string(), detail: z.string().nullable()}));

function lookLine({round, kind, verdict, evidence, screenshot, at, reasons}: KeptLook): LookLine {
  const read = reasonsSchema.safeParse(reasons);
  return {
    ...{round, kind, verdict, evidence, screenshot, at: at.toISOString()},
    reasons: (read.success ? read.data : []).map(({code, detail}) => {
      const words: Bilingual = isReason(code) ? REASONS[code] : {zh: code, en: code};
      return detail === null ? words : {zh: `${words.zh}（${detail}）`, en: `${words.en} (${detail})`};
    }),
  };
}

function isReason(code: string): code is ReasonCode {
  return Object.hasOwn(REASONS, code);
}
