/** What those do who got a mail of ours: parties by their manners, and people who complained. */
import {answerMail, machineMail, type Says} from "./answers.ts";
import {type House, homeOf, type Manner} from "./houses.ts";
import type {Page} from "./ledger.ts";
import type {Letter} from "./post.ts";
import {type ReturnKind, returnedMail} from "./returned-mails.ts";
import {CALENDAR, instant} from "./times.ts";
import {type Delivery, type Hands, unheard} from "./world.ts";

/** A page of which a letter tells, and how often its house has heard of it in this round, this time included. */
interface Item {
  readonly page: Page;
  readonly caseId: string;
  readonly round: number;
  readonly times: number;
}

interface Situation {
  readonly hands: Hands;
  readonly letter: Letter;
  readonly house: House;
  readonly items: readonly Item[];
  readonly hour: number;
}

/** Lets a mail have its effect. `house` is null for people. */
export function reactionsTo(
  letter: Letter,
  {hands, house, hour}: {hands: Hands; house: House | null; hour: number},
): void {
  if (house === null) {
    noteTo(letter, {hands, hour});
    return;
  }
  const items = letter.cases.map(({id, round, asset}): Item => {
    const page = hands.ledger.byAsset.get(asset);
    if (page === undefined) throw new Error(`${letter.notification} tells of ${asset}, which nobody reported`);
    page.told.push({hour, house, round, messageId: letter.messageId, caseId: id});
    const times = page.told.filter((told) => told.house === house && told.round === round).length;
    return {page, caseId: id, round, times};
  });
  REACTIONS[house.manner]({hands, letter, house, items, hour});
}

/** People keep their notes; the machines of some answer them. */
function noteTo(letter: Letter, {hands, hour}: {hands: Hands; hour: number}): void {
  const {ledger, dice} = hands;
  const notes = ledger.notes.get(letter.to) ?? [];
  notes.push({hour, messageId: letter.messageId, subject: letter.subject});
  ledger.notes.set(letter.to, notes);
  if (dice.roll("away", letter.to) < 0.4) machine(hands, {letter, from: letter.to, hour: hour + 0.1});
}

/** Hours from a mail on, by chance; the same for the same question about the same mail. */
function wait({hands, letter}: Situation, least: number, most: number): number {
  return hands.dice.between(least, most, "wait", letter.messageId);
}

function isFirst({items}: Situation): boolean {
  return items.every(({times}) => times === 1);
}

/** What each manner does with a mail. */
const REACTIONS: Readonly<Record<Manner, (situation: Situation) => void>> = {
  prompt: (all) => act(all, {from: wait(all, 1, 8), says: true}),
  polite: (all) => {
    answer(all, {hour: all.hour + wait(all, 0.3, 2), says: "acknowledged"});
    act(all, {from: wait(all, 4, 10), says: true});
  },
  late: (all) => {
    if (!isFirst(all)) act(all, {from: wait(all, 6, 18), says: true});
  },
  wrong: (all) => {
    if (isFirst(all) || all.hands.dice.roll("again", all.letter.messageId) < 0.3)
      answer(all, {hour: all.hour + wait(all, 1, 3), says: "done"});
    else act(all, {from: wait(all, 1, 5), says: true});
  },
  twice: (all) => twice(all, wait(all, 1, 8)),
  mute: (all) => act(all, {from: wait(all, 2, 20), says: false}),
  never: () => undefined,
  "not-ours": (all) => answer(all, {hour: all.hour + wait(all, 1, 5), says: "not_ours"}),
  asks: (all) => answer(all, {hour: all.hour + wait(all, 1, 5), says: "asks"}),
  machine: (all) => machine(all.hands, {letter: all.letter, from: all.house.address, hour: all.hour + 0.1}),
  "machine-first": (all) => {
    machine(all.hands, {letter: all.letter, from: all.house.address, hour: all.hour + 0.1});
    act(all, {from: wait(all, 3, 12), says: true});
  },
  tickets: (all) => {
    answer(all, {hour: all.hour + 0.1, says: "acknowledged"});
    act(all, {from: wait(all, 10, 30), says: false});
  },
  stranger: (all) =>
    answer(all, {hour: all.hour + wait(all, 1, 4), says: "done", from: "somebody@freemail.example.net"}),
  "by-case": (all) => byCase(all, wait(all, 2, 8)),
  "hard-bounce": (all) => bounce(all, "hard", 0.2),
  "soft-bounce": (all) => bounce(all, "soft", 0.2),
  "late-bounce": (all) => {
    bounce(all, "delayed", 4);
    act(all, {from: wait(all, 5, 12), says: true});
  },
};

/** Takes the sites down, and says so afterwards. Of large mails one is overlooked the first time. */
function act(situation: Situation, {from, says}: {from: number; says: boolean}): void {
  const {hands, items, hour, letter} = situation;
  const overlooked =
    items.length > 3 ? items[Math.floor(hands.dice.roll("overlooked", letter.messageId) * items.length)] : undefined;
  for (const {page, round, times} of items) {
    if (page === overlooked?.page && times === 1) continue;
    hands.plan({hour: hour + from - 0.6, run: unheard((now) => hands.takeDown(page, round, now))});
  }
  if (says) answer(situation, {hour: hour + from, says: "done"});
}

/** Says so once more in other words, and the first mail comes a second time as it was. */
function twice(situation: Situation, from: number): void {
  const first = situation.hour + from;
  act(situation, {from, says: true});
  answer(situation, {hour: first + 0.7, says: "done", name: "again"});
  answer(situation, {hour: first + 2.8, says: "done", written: first});
}

function byCase(situation: Situation, from: number): void {
  const {hands, items, hour} = situation;
  for (const [n, item] of items.entries()) {
    const at = hour + from + n * 0.05;
    hands.plan({hour: at - 0.6, run: unheard((now) => hands.takeDown(item.page, item.round, now))});
    answer(situation, {hour: at, says: "done", about: item});
  }
}

interface Answering {
  readonly hour: number;
  readonly says: Says;
  readonly from?: string;
  readonly name?: string;
  readonly about?: Item;
  /** Hour in its date; else that at which it comes in. */
  readonly written?: number;
}

/** So near a change of a site nobody says anything of it: what was meant would be anybody's guess. */
const QUIET_HOURS = 2;

function answer(situation: Situation, answering: Answering): void {
  const {hands, letter, house, items} = situation;
  const about = answering.about === undefined ? items : [answering.about];
  hands.plan({
    hour: answering.hour,
    run: (now): Delivery | null => {
      if (now > CALENDAR.lastLetter) return null;
      if (about.some(({page}) => isRestless(page, now))) {
        answer(situation, {...answering, written: answering.written ?? answering.hour, hour: now + 2 * QUIET_HOURS});
        return null;
      }
      const from = answering.from ?? house.address;
      const isTheirs = homeOf({address: from}) === homeOf(house);
      const name = `${letter.notification} ${answering.says} ${answering.name ?? ""} ${answering.about?.caseId ?? ""}`;
      const {says, about: one} = answering;
      // the very mail that came before says nothing new
      if (!hands.ledger.written.has(name))
        for (const {page, round} of about) page.stated.push({hour: now, says, isTheirs, round});
      hands.ledger.written.add(name);
      const at = instant(answering.written ?? answering.hour);
      return {
        as: "mail",
        hour: now,
        raw: answerMail(hands.dice, {letter, from, says, at, name, about: one?.caseId}),
        kind: "answer",
      };
    },
  });
}

/** Whether a site hides, or blinks, about now. */
function isRestless({story}: Page, now: number): boolean {
  return story.own.some(
    ({hour, phase, isBlink}) => (isBlink || phase.is === "veiled") && Math.abs(hour - now) < QUIET_HOURS,
  );
}

function machine(hands: Hands, {letter, from, hour}: {letter: Letter; from: string; hour: number}): void {
  hands.plan({
    hour,
    run: () => {
      hands.ledger.machineMails += 1;
      const raw = machineMail(hands.dice, {letter, from, at: instant(hour), name: letter.notification});
      return {as: "mail", hour, raw, kind: "machine"};
    },
  });
}

function bounce({hands, letter, hour: sent}: Situation, kind: ReturnKind, after: number): void {
  const hour = sent + after;
  hands.plan({hour, run: () => ({as: "mail", hour, raw: returnedMail(letter, kind, instant(hour)), kind: "returned"})});
}
