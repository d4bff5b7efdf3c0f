/** A history of eight clients on the same few cases, and everything that is wrong with it. */
import {type Clients, openClients} from "./clients.ts";
import {readAll} from "./found.ts";
import {chainFaults, lastSaidFaults, stateFaults, versionFaults} from "./line-faults.ts";
import {matterFaults, weekFaults} from "./matter-faults.ts";
import {noticeFaults} from "./notice-faults.ts";
import {countFaults, endFaults, sameVersionFaults, traceFaults} from "./operation-faults.ts";
import {CASES, openScene, type Scene} from "./scene.ts";

const CLIENTS = 8;

/** What came of a history. */
export interface History {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly operations: number;
  readonly refused: number;
  readonly cases: number;
  readonly lines: number;
  readonly mails: number;
  readonly seconds: number;
}

/** Runs a history for each seed, one after another. `onEach` is told after each. */
export async function runHistories(
  seeds: readonly number[],
  operations: number,
  onEach: (history: History) => void = () => undefined,
): Promise<History[]> {
  const scene = await openScene();
  const clients = openClients(CLIENTS);
  const all: History[] = [];
  try {
    for (const seed of seeds) {
      const history = await runOne({scene, clients}, {seed, operations});
      all.push(history);
      onEach(history);
    }
  } finally {
    await clients.close();
    await scene.close();
  }
  return all;
}

async function runOne(
  {scene, clients}: {scene: Scene; clients: Clients},
  {seed, operations}: {seed: number; operations: number},
): Promise<History> {
  const {db, end} = await scene.begin();
  try {
    const began = performance.now();
    const told = await clients.work({home: scene.home, seed, operations: operations / CLIENTS});
    const seconds = (performance.now() - began) / 1000;
    const found = await readAll(db);
    return {
      seed,
      faults: [
        ...endFaults(told),
        ...traceFaults(told, found),
        ...sameVersionFaults(told, found),
        ...countFaults(told, found, CASES),
        ...chainFaults(found),
        ...versionFaults(found),
        ...stateFaults(found),
        ...lastSaidFaults(found),
        ...matterFaults(found),
        ...(await noticeFaults(found, scene.smtp.mails)),
        ...(await weekFaults(db, found)),
      ],
      operations: told.length,
      refused: told.filter(({done}) => done === null).length,
      cases: found.cases.length,
      lines: found.steps.length,
      mails: scene.smtp.mails.length,
      seconds,
    };
  } finally {
    await end();
  }
}
