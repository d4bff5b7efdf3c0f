/** One round of all coordination, in the order in which one thing brings about the next. */
import type {Mailbox} from "../mail/imap.ts";
import type {MailReader} from "../mail/reader.ts";
import type {Mailer} from "../mail/send.ts";
import type {Probe} from "../probe/probe.ts";
import type {CaseDesk} from "./case-desk.ts";
import {type RulesRun, runRules} from "./deciding/deciding.ts";
import {isEverywhere, isOfMailbox, noFaults} from "./faults.ts";
import {type IncomingRun, readMailbox} from "./incoming/mailbox.ts";
import {type LookingRun, lookAtDue} from "./looking/looking.ts";
import {type OpenedReport, openFromReports} from "./opening/reports.ts";
import {askContacts} from "./telling/confirming.ts";
import {type SendingRun, sendDue} from "./telling/sending.ts";
import {type TellingRun, tellPending} from "./telling/telling.ts";

/** What it is done with. Null where the site has none: then that part waits. */
export interface Tools {
  readonly probe: Probe | null;
  readonly mailer: Mailer | null;
  readonly reader: MailReader | null;
  readonly openInbox: (() => Promise<Mailbox>) | null;
}

/** What a round did. */
export interface Round {
  readonly reports: readonly OpenedReport[];
  readonly mails: IncomingRun;
  readonly looks: LookingRun | null;
  readonly rules: RulesRun;
  readonly notices: TellingRun;
  readonly sent: SendingRun | null;
}

/**
 * Does all that is due at `now`. May be broken off anywhere and done again. A part that fails, such as a mailbox that is
 * away or one damaged report, stops none of the others; then the first fault is thrown when all is done.
 */
export async function runRound(desk: CaseDesk, tools: Tools, now: Date): Promise<Round> {
  const {probe, mailer} = tools;
  const faults = noFaults((error) => isEverywhere(error) && !isOfMailbox(error));
  const part = async <Result>(none: Result, work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      faults.take(error);
      return none;
    }
  };
  const reports = await part([], () => openFromReports(desk, now));
  const mails = await part({}, () => readInbox(desk, tools, now));
  const looks = await part(null, async () => (probe === null ? null : lookAtDue(desk, {probe, now})));
  const rules = await part({cases: 0, told: 0, handed: 0}, () => runRules(desk, now));
  await part(0, () => askContacts(desk, now));
  const notices = await part({pending: 0, notifications: 0, told: 0}, () => tellPending(desk, now));
  const sent = await part(null, async () => (mailer === null ? null : sendDue(desk, {mailer, now})));
  faults.tell();
  return {reports, mails, looks, rules, notices, sent};
}

/** Reads what came in; without an inbox or a reader nothing. */
export async function readInbox(desk: CaseDesk, {openInbox, reader}: Tools, now: Date): Promise<IncomingRun> {
  if (openInbox === null || reader === null) return {};
  const mailbox = await openInbox();
  try {
    return await readMailbox(desk, {mailbox, name: desk.house.config.inbox?.mailbox ?? "INBOX", reader, now});
  } finally {
    await mailbox.close();
  }
}
