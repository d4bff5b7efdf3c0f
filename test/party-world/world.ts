/**
 * A world of sites, parties and reporters that lives by itself and reacts to the mails that really arrive. It hands out what
 * is due, in order, and writes down what happened.
 */
import {createHash} from "node:crypto";
import type {ComplaintIn} from "../../src/app/coordination/opening/complaints.ts";
import type {ReceivedMail} from "../smtp.ts";
import type {Dice} from "./dice.ts";
import type {House} from "./houses.ts";
import {type Arrival, type Ledger, openLedger, type Page, phaseOf} from "./ledger.ts";
import {readLetter} from "./post.ts";
import {reactionsTo} from "./reactions.ts";
import {complaintMail, complaintOf, feedText} from "./reports.ts";
import {goneBy, type Phase, type Report, type Story, UP} from "./stories.ts";
import {CALENDAR, KNOWN_BACK_HOURS} from "./times.ts";

/** Something that comes in at the desk. */
export type Delivery =
  | {readonly as: "mail"; readonly hour: number; readonly raw: Buffer; readonly kind: string}
  | {readonly as: "complaint"; readonly hour: number; readonly complaint: ComplaintIn}
  | {readonly as: "feed"; readonly hour: number; readonly name: string; readonly text: string};

/** A world. */
export interface PartyWorld {
  readonly ledger: Ledger;
  /** Lets time pass until an hour, and returns what comes in meanwhile. What is handed in counts from that hour on. */
  until(hour: number): Delivery[];
  /** Mails of ours arrive at an hour. */
  arrive(mails: readonly ReceivedMail[], hour: number): Promise<void>;
}

/** What a world is made of. `show` puts a site into a phase for whoever looks. */
export interface Making {
  readonly dice: Dice;
  readonly stories: readonly Story[];
  readonly houses: readonly House[];
  /** The list of pages comes so often. */
  readonly listHours: number;
  show(story: Story, phase: Phase): void;
}

/** Something to happen. `run` may hand something in. */
export interface Due {
  readonly hour: number;
  run(now: number): Delivery | null;
}

/** Something that happens without the desk hearing of it. */
export function unheard(work: (now: number) => void): Due["run"] {
  return (now) => {
    work(now);
    return null;
  };
}

/** What those who react may do. */
export interface Hands {
  readonly dice: Dice;
  readonly ledger: Ledger;
  plan(due: Due): void;
  /** Takes a site down, if it still is in that round and up. */
  takeDown(page: Page, round: number, now: number): void;
}

/** A page that is back is so this long after it went. */
const BACK_SOON = [12, 20] as const;
const BACK_LATE = [34, 44] as const;

/** Opens a world in which nothing has happened yet. */
export function openPartyWorld({dice, stories, houses, listHours, show}: Making): PartyWorld {
  const ledger = openLedger(stories);
  const houseAt = new Map(houses.map((house) => [house.address, house]));
  const agenda = openAgenda();
  const change = (page: Page, wish: Phase, hour: number): void => {
    const phase = wasLookedAt(page, hour) ? wish : (UNLOOKED[wish.how] ?? wish);
    page.phases.push({hour, phase});
    show(page.story, phase);
  };
  const planReturn = (page: Page, now: number): void => {
    const {returns, n} = page.story;
    if (returns === null || roundIn(page) > 1) return;
    const [least, most] = returns === "soon" ? BACK_SOON : BACK_LATE;
    const hour = now + dice.between(least, most, "back", n);
    if (hour + (returns === "soon" ? KNOWN_BACK_HOURS - least : 4) > CALENDAR.lastLetter) return;
    agenda.plan({hour, run: unheard((at) => change(page, UP, at))});
    const report: Report = {
      hour: hour + 1,
      by: "api",
      reporter: "watcher@people.example",
      wantsAnswer: false,
      key: `${n}-back`,
    };
    if (returns === "late") planReport(page, report);
  };
  const takeDown = (page: Page, round: number, now: number): void => {
    const {is} = phaseOf(page);
    if (!page.story.isTakeable || is === "gone" || roundIn(page) !== round || now > CALENDAR.lastTakedown) return;
    change(page, goneBy(dice, page.story.n, `round ${round}`), now);
    planReturn(page, now);
  };
  const rows: Row[] = [];
  const planReport = (page: Page, report: Report): void =>
    agenda.plan({hour: report.hour, run: () => handIn(ledger, {page, report, rows, dice})});

  for (const page of ledger.pages) {
    show(page.story, page.story.first);
    for (const report of page.story.reports) planReport(page, report);
    planOwn(page, {plan: agenda.plan, change, planReturn});
  }
  for (let hour = listHours; hour < CALENDAR.end; hour += listHours) agenda.plan({hour, run: () => feedOf(rows, hour)});
  const hands: Hands = {dice, ledger, plan: agenda.plan, takeDown};
  return {
    ledger,
    until: (hour) => agenda.take(hour),
    arrive: async (mails, hour) => {
      for (const mail of mails) {
        const letter = await readLetter(mail);
        const before = ledger.arrivals.get(letter.messageId) ?? null;
        ledger.arrivals.set(letter.messageId, arrivalOf(mail, before));
        // the same mail once more, after a broken connection: who reads it sees the same
        if (before === null) reactionsTo(letter, {hands, house: houseAt.get(letter.to) ?? null, hour});
      }
    },
  };
}

function arrivalOf({bytes}: ReceivedMail, before: Arrival | null): Arrival {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (before === null) return {times: 1, sha256, isSame: true};
  return {...before, times: before.times + 1, isSame: before.isSame && before.sha256 === sha256};
}

/** What can be told only by who has looked before: that another page has taken the place, or that one is sent elsewhere. */
const UNLOOKED: Readonly<Record<string, Phase>> = {
  "other-site": {is: "gone", how: "404"},
  "search-engine": {is: "veiled", how: "captcha"},
};

/** Whether there is a picture of how it was before. */
function wasLookedAt({reportedAt}: Page, hour: number): boolean {
  return reportedAt !== null && reportedAt < hour - 2 * CALENDAR.step;
}

/** Returns the round that a site is in by the world: one more for each return after it was known to be gone. */
export function roundIn({phases}: Page): number {
  let round = 1;
  for (const [at, {hour, phase}] of phases.entries()) {
    const before = phases[at - 1];
    if (phase.is === "up" && before?.phase.is === "gone" && hour - before.hour >= BACK_SOON[0] - 1) round += 1;
  }
  return round;
}

interface Own {
  plan(due: Due): void;
  change(page: Page, phase: Phase, hour: number): void;
  planReturn(page: Page, now: number): void;
}

/** What happens by itself happens in the first life of a site, and a short break ends only when nothing else came between. */
function planOwn(page: Page, {plan, change, planReturn}: Own): void {
  let blink: Phase | null = null;
  for (const {hour, phase, isBlink} of page.story.own)
    plan({
      hour,
      run: (now) => {
        const {is, how} = phaseOf(page);
        const isEndOfBlink = isBlink && phase.is === "up";
        const isMeant = isEndOfBlink ? phaseOf(page) === blink : is !== "gone" && how !== phase.how;
        if (roundIn(page) > 1 || !isMeant) return null;
        change(page, phase, now);
        if (isBlink) blink = phaseOf(page);
        if (phase.is === "gone" && !isBlink) planReturn(page, now);
        return null;
      },
    });
}

/** A line of the next list. */
interface Row {
  readonly page: Page;
  readonly hour: number;
}

interface HandingIn {
  readonly page: Page;
  readonly report: Report;
  readonly rows: Row[];
  readonly dice: Dice;
}

function handIn(ledger: Ledger, {page, report, rows, dice}: HandingIn): Delivery | null {
  const {hour, by} = report;
  ledger.handedIn.set(by, (ledger.handedIn.get(by) ?? 0) + 1);
  if (by === "feed") {
    rows.push({page, hour});
    return null;
  }
  page.reportedAt ??= hour;
  page.complaints.push(hour);
  return by === "mail"
    ? {as: "mail", hour, raw: complaintMail(dice, page.story, report), kind: "complaint"}
    : {as: "complaint", hour, complaint: complaintOf(page.story, report)};
}

/** All that the list has gathered since it came last. */
function feedOf(rows: Row[], hour: number): Delivery | null {
  const fresh = rows.splice(0).map((row) => ({story: row.page.story, ...row}));
  for (const {page} of fresh) page.reportedAt ??= hour;
  return fresh.length === 0 ? null : {as: "feed", hour, name: `pages-${hour}.csv`, text: feedText(fresh)};
}

interface Agenda {
  plan(due: Due): void;
  take(hour: number): Delivery[];
}

/** What is to happen, by half hours; within one, in the order of its times. */
function openAgenda(): Agenda {
  const slots = new Map<number, Due[]>();
  let done = -1;
  const slotOf = (hour: number): number => Math.max(Math.ceil(hour / CALENDAR.step), done + 1);
  return {
    plan: (due) => {
      const slot = slotOf(due.hour);
      slots.set(slot, [...(slots.get(slot) ?? []), due]);
    },
    take: (hour) => {
      const found: Delivery[] = [];
      for (const last = Math.floor(hour / CALENDAR.step); done < last; done += 1) {
        const due = (slots.get(done + 1) ?? []).toSorted((one, other) => one.hour - other.hour);
        slots.delete(done + 1);
        for (const each of due) found.push(...[each.run(hour)].flatMap((delivery) => delivery ?? []));
      }
      return found;
    },
  };
}
