/** What killed processes have left in a data folder, besides the events' own files. */
import {clearArtefacts} from "../store/artefacts.ts";
import {removeStale} from "../store/durable.ts";
import {scratchFolder} from "../store/report-records.ts";
import type {House} from "./house.ts";

/** Removes files that were never written to the end, and what engines needed while they ran. Returns how many. */
export async function clearLeftovers({home}: Pick<House, "home">, now: Date): Promise<number> {
  return (await removeStale(scratchFolder(home), now)) + (await clearArtefacts(home, now));
}
