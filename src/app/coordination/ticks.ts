/** Coordination as recurring work of the server: each part is looked at often, and does what is due. */
import type {House} from "../house.ts";
import type {Tick} from "../jobs/ticks.ts";
import {type CaseDesk, openCaseDesk} from "./case-desk.ts";
import {runRules} from "./deciding/deciding.ts";
import {lookAtDue} from "./looking/looking.ts";
import {openFromReports} from "./opening/reports.ts";
import {readInbox, type Tools} from "./round.ts";
import {askContacts} from "./telling/confirming.ts";
import {sendDue} from "./telling/sending.ts";
import {tellPending} from "./telling/telling.ts";

type Part = (desk: CaseDesk, now: Date, signal: AbortSignal) => Promise<unknown>;

/** Returns the recurring work with these tools. */
export function coordinationTicks({probe, mailer, ...mails}: Tools): Tick[] {
  const ticks: Record<string, {everySeconds: number; run: Part}> = {
    "open-cases": {everySeconds: 60, run: (desk, now, signal) => openFromReports(desk, now, signal)},
    "run-rules": {everySeconds: 60, run: (desk, now, signal) => runRules(desk, now, signal)},
    "tell-parties": {everySeconds: 60, run: (desk, now) => tellPending(desk, now)},
    "ask-contacts": {everySeconds: 6 * 60 * 60, run: (desk, now) => askContacts(desk, now)},
    ...(probe === null
      ? {}
      : {"look-again": {everySeconds: 60, run: (desk, now, signal) => lookAtDue(desk, {probe, now, signal})}}),
    ...(mailer === null
      ? {}
      : {"send-mails": {everySeconds: 60, run: (desk, now, signal) => sendDue(desk, {mailer, now, signal})}}),
    ...(mails.openInbox === null
      ? {}
      : {"read-mails": {everySeconds: 60, run: (desk, now) => readInbox(desk, {probe, mailer, ...mails}, now)}}),
  };
  return Object.entries(ticks).map(([name, {everySeconds, run}]) => ({
    name,
    everySeconds,
    run: async (house: House, now: Date, signal: AbortSignal) =>
      void (await run(await openCaseDesk(house), now, signal)),
  }));
}
