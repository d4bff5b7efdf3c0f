/** The week of the edition 2023/9 once more: each thing is reported, told of, answered and looked at, slot by slot. */

import {knowFromRdap} from "../../src/app/rdap.ts";
import {merged, stepped} from "../../src/cases/desk.ts";
import {planOpenings} from "../../src/cases/opening/plan.ts";
import {caseFacts} from "../../src/model/cases/case.ts";
import {changeCase} from "../../src/store/cases/changing.ts";
import {mergeCases} from "../../src/store/cases/joining.ts";
import {takeIn} from "../../src/store/cases/opening.ts";
import {openParties, type Parties} from "./answering.ts";
import {slotTime} from "./clock.ts";
import {takeNoCases, takeSlot} from "./intake.ts";
import {openPages, type Pages} from "./pages.ts";
import {CANARY, SLOTS, type Thing} from "./plan.ts";
import type {Scene} from "./scene.ts";

const DESK = "duty-officer";
const SECOND_ROUND_MINUTES = 75;
const FIRST_ROUND_MINUTES = 5;
/** After so many slots what was taken down is back. */
const BACK_AFTER = 3;

/** A week that is going on. */
export interface LiveWeek {
  readonly parties: Parties;
  /** Complaints that came in so far, as the world counts them. */
  complaints(): number;
  /** Lets the slots go by, the last one included. */
  run(from: number, to: number): Promise<void>;
}

/** Begins the week. */
export function beginWeek(scene: Scene, things: readonly Thing[]): LiveWeek {
  const pages = openPages(scene);
  const parties = openParties(scene, {things, pages});
  const asked = new Set<string>();
  let complaints = 0;
  return {
    parties,
    complaints: () => complaints,
    run: async (from, to) => {
      for (let slot = from; slot <= to; slot += 1) {
        await parties.answer(slot);
        comeAndGo(things, {pages, slot});
        await decide(scene, {things, cases: parties.cases, slot});
        complaints += (await takeSlot(scene, things, slot)) + (await takeNoCases(scene, slot));
        if (slot === 3) await openDrill(scene, slot);
        await askRegistry(scene, {things, asked, slot});
        for (const minutes of [FIRST_ROUND_MINUTES, SECOND_ROUND_MINUTES]) {
          await scene.round(slotTime(slot, minutes));
          await parties.read(slot);
        }
      }
    },
  };
}

/** What comes online, vanishes without a word, and comes back. */
function comeAndGo(things: readonly Thing[], {pages, slot}: {pages: Pages; slot: number}): void {
  for (const thing of things) {
    if (thing.slot === slot && thing.fate !== "gone-before") pages.place(thing);
    if (thing.fate === "gone-before" && thing.slot === slot) {
      pages.place(thing);
      pages.remove(thing);
    }
    if (thing.fate === "gone" && thing.answerSlot === slot) pages.remove(thing);
    if (thing.fate === "returns" && thing.answerSlot + BACK_AFTER === slot) pages.place(thing);
  }
}

interface Deciding {
  readonly things: readonly Thing[];
  readonly cases: ReadonlyMap<number, string>;
  readonly slot: number;
}

/** People of the desk dismiss false alarms, and on Sunday evening merge what is one case. */
async function decide({desk}: Scene, {things, cases, slot}: Deciding): Promise<void> {
  const now = slotTime(slot);
  const at = now.toISOString();
  for (const {number, fate, answerSlot} of things) {
    const id = cases.get(number);
    if (id === undefined) continue;
    if (fate === "dismissed" && answerSlot === slot)
      await changeCase(desk.db, id, {
        ...{by: DESK, now},
        decide: (there) =>
          stepped(there, {move: {action: "dismiss", at, dismissedBy: "us"}, note: "误报", isOwn: true}),
      });
    const into = cases.get(things.find((each) => each.fate === "done" && each.class === "web.phish")?.number ?? 0);
    if (fate === "merged" && slot === SLOTS - 1 && into !== undefined)
      await mergeCases(desk.db, {...{from: id, into, by: DESK, now}, decide: (pair) => merged(pair, at)});
  }
}

/** A drill that a person opens; it goes the whole way and never counts. */
async function openDrill({desk}: Scene, slot: number): Promise<void> {
  const now = slotTime(slot);
  const url = `http://drill-${CANARY}.example/`;
  const {opened} = await takeIn(desk.db, {
    candidates: [
      {
        ...{class: "test", asset: {kind: "url", value: url}, facts: caseFacts({url}), tlp: "GREEN", source: "hand"},
        ...{rule: null, parties: ["cloud-provider"], severity: "IV", isUrgent: false, isProtected: false},
        ...{borderTests: [], urls: [url], sighting: null, complaint: null},
      },
    ],
    ...{year: 2023, by: DESK, now},
    plan: (each, known) => planOpenings(each, known, now),
  });
  const at = now.toISOString();
  for (const action of ["notify", "acknowledge"] as const)
    await changeCase(desk.db, opened[0] ?? "", {
      by: DESK,
      now,
      decide: (there) => stepped(there, {move: {action, at}}),
    });
}

/** The desk asks the registry who registered what was reported; each domain once. */
async function askRegistry(
  {house, registry}: Scene,
  {things, asked, slot}: {things: readonly Thing[]; asked: Set<string>; slot: number},
): Promise<void> {
  for (const {domain, slot: first} of things) {
    if (first !== slot || domain?.endsWith(".example") !== true || asked.has(domain)) continue;
    asked.add(domain);
    await knowFromRdap(house, {asset: domain, by: DESK, dial: registry.dial}, slotTime(slot, 2));
  }
}
