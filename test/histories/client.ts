/** One of several clients, as a process: does its share of a history when it is told to, and says what came of each thing. */
import {openCaseDesk} from "../../src/app/coordination/case-desk.ts";
import {openHouse} from "../../src/app/house.ts";
import {openMailer} from "../../src/app/mail/send.ts";
import {WatchfloorError} from "../../src/model/errors.ts";
import {hoursLater} from "../case-fixture.ts";
import {type Dice, diceOf} from "../party-world/dice.ts";
import {openEyes, openReader} from "./eyes.ts";
import {type Done, type Hand, type Kind, OPERATIONS, SHARES} from "./operations.ts";

/** A share: as which client, of which seed, how many operations. `prepare` says: be ready. */
export interface Share {
  readonly home: string;
  readonly client: number;
  readonly seed: number;
  readonly operations: number;
}

/** What came of an operation. `code` of a refusal; a fault has a text in place of it. */
export interface Told {
  readonly by: string;
  readonly kind: Kind;
  readonly done: Done | null;
  readonly code: string | null;
  readonly fault: string | null;
}

/** What goes out. */
export type Saying = {readonly is: "ready"} | {readonly is: "told"; readonly all: readonly Told[]};

/** The histories last so long by the clocks of the clients, which differ by up to so much. */
const HOURS = 96;
const SKEW_HOURS = 0.2;

const parent = process.send?.bind(process);
if (parent === undefined) throw new Error("a client is started by clients.ts");
const say = (what: Saying): void => void parent(what);
let begin: () => void = () => undefined;

process.on("disconnect", () => process.exit(0));
process.on("message", (share: Share | "begin") => {
  if (share === "begin") begin();
  else void takePart(share).then((all) => say({is: "told", all}));
});

async function takePart({home, client, seed, operations}: Share): Promise<Told[]> {
  const house = await openHouse(home);
  const {mail} = house.config;
  if (mail === null) throw new Error("no mail");
  const desk = await openCaseDesk(house);
  await house.placing();
  const tools = {probe: openEyes(diceOf(seed)), mailer: openMailer(mail), reader: openReader()};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  say({is: "ready"});
  await begun;
  const all: Told[] = [];
  for (let n = 0; n < operations; n += 1) {
    const dice = diceWithin(diceOf(seed), `client ${client} operation ${n}`);
    const now = hoursLater((n / operations) * HOURS + dice.roll("clock") * SKEW_HOURS);
    const by = `client ${client} operation ${n}`;
    all.push(await doOne({desk, tools, dice, by, now}, dice.weighed(SHARES, "kind")));
  }
  tools.mailer.close();
  await house.close();
  return all;
}

function diceWithin(dice: Dice, place: string): Dice {
  return {
    roll: (...question) => dice.roll(place, ...question),
    between: (least, most, ...question) => dice.between(least, most, place, ...question),
    pick: (list, ...question) => dice.pick(list, place, ...question),
    weighed: (weights, ...question) => dice.weighed(weights, place, ...question),
  };
}

async function doOne(hand: Hand, kind: Kind): Promise<Told> {
  const {by} = hand;
  try {
    return {by, kind, done: await OPERATIONS[kind](hand), code: null, fault: null};
  } catch (error) {
    const code = error instanceof WatchfloorError ? error.code : null;
    const fault = code !== null ? null : error instanceof Error ? (error.stack ?? error.message) : String(error);
    return {by, kind, done: null, code, fault};
  }
}
