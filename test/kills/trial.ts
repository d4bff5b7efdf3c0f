/** Six days of a world with the product outside, in processes of its own, some of which are killed meanwhile. */
import {sql} from "kysely";
import {openHouse} from "../../src/app/house.ts";
import {differences} from "../party-world/comparison.ts";
import {diceOf} from "../party-world/dice.ts";
import {type ExpectedWeek, expectations, weekOf} from "../party-world/expectation.ts";
import {runSixDays} from "../party-world/six-days.ts";
import {openStage, type Stage} from "../party-world/stage.ts";
import {CALENDAR} from "../party-world/times.ts";
import {openKillable} from "./killable.ts";
import {openKiller} from "./killer.ts";
import {fileFaults} from "./leftovers.ts";
import type {Kind} from "./processes.ts";

/** How much is tried. */
export interface Trying {
  readonly cases: number;
  readonly seed: number;
  readonly kills: number;
  readonly listHours?: number;
  readonly onHour?: (hour: number) => void;
}

/** What came of it. */
export interface Trial {
  /** Each is a line of text; none is what is wanted. */
  readonly differences: readonly string[];
  readonly seconds: number;
  readonly killed: ReadonlyMap<Kind, number>;
  readonly starts: number;
  /** How often something was handed in again after a kill. */
  readonly repeats: number;
  readonly mails: {
    /** Message-IDs that the mail server took. */
    readonly arrived: number;
    /** Of these: that it took more than once. */
    readonly again: number;
    /** Of the product's: that it marked, for they may have come more than once. */
    readonly marked: number;
  };
  readonly handedIn: {readonly complaints: number; readonly mails: number};
  readonly steps: number;
  readonly looks: number;
  /** The world's own count. */
  readonly week: ExpectedWeek;
}

const ROUNDS = CALENDAR.end / CALENDAR.step + 1;

/** Runs a trial to its end. */
export async function runTrial({cases, seed, kills, onHour = () => undefined, ...rest}: Trying): Promise<Trial> {
  const stage = await openStage({...rest, seed, count: cases, url: null});
  const began = performance.now();
  const product = await openKillable(stage.home, stage.probe);
  try {
    const killer = openKiller(product, {dice: diceOf(seed), kills, rounds: ROUNDS, home: stage.home});
    killer.roundBegins();
    await runSixDays(stage, product, (hour) => {
      onHour(hour);
      if (hour < CALENDAR.end) killer.roundBegins();
    });
    await killer.done();
    await product.close();
    const seconds = (performance.now() - began) / 1000;
    const found = await judge(stage, kills > 0);
    return {...found, ...product.counts, seconds, killed: killer.killed};
  } finally {
    await product.end();
    await stage.close();
  }
}

type Judged = Omit<Trial, "seconds" | "killed" | "starts" | "repeats">;

async function judge({home, world: {ledger}}: Stage, wasKilled: boolean): Promise<Judged> {
  const house = await openHouse(home);
  try {
    const {db} = await house.database();
    const count = async (from: string): Promise<number> => {
      const {rows} = await sql<{n: number}>`SELECT count(*)::integer AS n FROM ${sql.raw(from)}`.execute(db);
      return rows[0]?.n ?? 0;
    };
    const arrivals = [...ledger.arrivals.values()];
    const {territory} = house.config.profile;
    return {
      differences: [...(await differences(db, ledger, {mayRepeat: wasKilled})), ...(await fileFaults(house))],
      mails: {
        arrived: arrivals.length,
        again: arrivals.filter(({times}) => times > 1).length,
        marked: await count("notifications WHERE is_repeated"),
      },
      handedIn: {complaints: await count("complaints"), mails: await count("mails")},
      steps: await count("case_steps"),
      looks: await count("looks"),
      week: weekOf(expectations(ledger, territory.country ?? "")),
    };
  } finally {
    await house.close();
  }
}
