/** Kills a process of the product now and then, at moments and of kinds that fall by chance. */
import {setTimeout as sleep} from "node:timers/promises";
import type {Dice} from "../party-world/dice.ts";
import type {Killable} from "./killable.ts";
import {type Kind, processesOf} from "./processes.ts";

/** How often each kind is hit, of a hundred. */
const SHARES: Readonly<Record<Kind, number>> = {
  worker: 40,
  database: 15,
  connection: 10,
  engine: 12,
  probe: 13,
  reader: 10,
};

/** See the head of this file. */
export interface Killer {
  /** So often each kind was killed. */
  readonly killed: ReadonlyMap<Kind, number>;
  /** Says that the next round of the product begins. */
  roundBegins(): void;
  /** Comes back when nobody will be killed any more. */
  done(): Promise<void>;
}

/** What a killer works on: how many kills in how many rounds. */
export interface Killing {
  readonly dice: Dice;
  readonly kills: number;
  readonly rounds: number;
  readonly home: string;
}

const LOOK_AGAIN_MS = 20;
/** The first rounds are as long as this; then as long as those before. */
const FIRST_ROUND_MS = 200;

/** Lets a killer loose. */
export function openKiller(product: Pick<Killable, "pid">, {dice, kills, rounds, home}: Killing): Killer {
  const due = new Map<number, number[]>();
  for (let n = 0; n < kills; n += 1) {
    const round = Math.floor(dice.roll("kill in round", n) * rounds);
    due.set(round, [...(due.get(round) ?? []), n]);
  }
  const killed = new Map<Kind, number>();
  const running: Promise<void>[] = [];
  let round = -1;
  let begunAt = performance.now();
  let usualMs = FIRST_ROUND_MS;
  const killOne = async (n: number, waitMs: number): Promise<void> => {
    await sleep(waitMs);
    for (;;) {
      const worker = product.pid();
      const hit = worker === null ? null : await hitOne({dice, n, worker, home});
      if (hit !== null) return void killed.set(hit, (killed.get(hit) ?? 0) + 1);
      await sleep(LOOK_AGAIN_MS);
    }
  };
  return {
    killed,
    roundBegins: () => {
      const now = performance.now();
      // one in which somebody was killed is no measure
      if (round >= 0 && !due.has(round)) usualMs = (usualMs * 3 + (now - begunAt)) / 4;
      begunAt = now;
      round += 1;
      for (const n of due.get(round) ?? []) running.push(killOne(n, dice.roll("kill after", n) * usualMs));
    },
    done: async () => void (await Promise.all(running)),
  };
}

interface Hitting {
  readonly dice: Dice;
  readonly n: number;
  readonly worker: number;
  readonly home: string;
}

/** Returns whom it killed; null when that one had just ended by itself. */
async function hitOne({dice, n, worker, home}: Hitting): Promise<Kind | null> {
  const there = await processesOf({worker, home});
  const shares = Object.fromEntries([...there.keys()].map((kind) => [kind, SHARES[kind]]));
  const kind = [...there.keys()].find((each) => each === dice.weighed(shares, "kill whom", n));
  const pids = kind === undefined ? [] : (there.get(kind) ?? []);
  if (kind === undefined || pids.length === 0) return null;
  try {
    process.kill(dice.pick(pids, "kill which", n), "SIGKILL");
    return kind;
  } catch {
    return null;
  }
}
