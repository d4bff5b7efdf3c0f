import path from "node:path";
import {readIfThere, writeDurably} from "../../store/durable.ts";
import {readConfig} from "../config.ts";
import {isHome} from "../house.ts";

/** Written when all is done: a sample without it was broken off, and is made to its end. */
const DONE_FILE = "samples.json";

/** Returns whether the sample has to be made, or made to its end. A data folder that somebody works in is left alone. */
export async function needsSamples(home: string): Promise<boolean> {
  if (!(await isHome(home))) return true;
  return (await readConfig(home)).isSample && (await readIfThere(path.join(home, DONE_FILE))) === null;
}

/** Notes that the sample is whole. */
export async function noteSamplesDone(home: string, weeks: readonly string[]): Promise<void> {
  await writeDurably(path.join(home, DONE_FILE), `${JSON.stringify({isSynthetic: true, weeks})}\n`);
}
