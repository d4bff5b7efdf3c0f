/** What kills may have left in a data folder: files that are not whole, that nobody clears, or that are told of and missing. */
import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import path from "node:path";
import type {House} from "../../src/app/house.ts";
import {clearLeftovers} from "../../src/app/leftovers.ts";
import {listCommits, readCommit} from "../../src/store/events/commits.ts";
import {clearLake} from "../../src/store/events/files/clearing.ts";
import {filesBelow, rowsOf} from "../faults/scene.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns what is wrong with the files, once the product has cleared up by itself. */
export async function fileFaults(house: House): Promise<string[]> {
  const later = new Date(Date.now() + 2 * DAY_MS);
  await clearLake(house.lake, later);
  await clearLeftovers(house, later);
  const {files, faults} = artefacts(house.home);
  return [
    ...faults,
    ...(await missingArtefacts(house, files)),
    ...(await commitFaults(house)),
    ...filesBelow(house.home).flatMap((name) => (name.endsWith(".tmp") ? [`${name} is left`] : [])),
  ];
}

/** Kept files have the hash of their bytes as their names. */
function artefacts(home: string): {files: ReadonlySet<string>; faults: string[]} {
  const folder = path.join(home, "artefacts");
  const names = filesBelow(folder);
  const faults = names.flatMap((name) => {
    const hash = createHash("sha256")
      .update(readFileSync(path.join(folder, name)))
      .digest("hex");
    return hash === path.basename(name) ? [] : [`artefacts/${name} is not whole`];
  });
  return {files: new Set(names.map((name) => path.basename(name))), faults};
}

async function missingArtefacts(house: House, files: ReadonlySet<string>): Promise<string[]> {
  const {db} = await house.database();
  const told = [
    ...(await db.selectFrom("mails").select("sha256").execute()),
    ...(await db.selectFrom("mail_files").select("sha256").execute()),
    ...(await db.selectFrom("notifications").select("sha256").execute()),
    ...(await db.selectFrom("looks").select("evidence as sha256").execute()),
  ];
  const wanted = new Set(told.flatMap(({sha256}) => sha256 ?? []));
  return [...wanted].flatMap((sha256) => (files.has(sha256) ? [] : [`the file ${sha256} is told of and missing`]));
}

/** Every report that was taken in has all its events in the lake, once. */
async function commitFaults({engine, lake}: House): Promise<string[]> {
  const found = await rowsOf({engine, lake});
  const faults: string[] = [];
  for (const id of await listCommits(lake)) {
    const commit = await readCommit(lake, id);
    const rows = found.get(id) ?? 0;
    if (commit?.events !== rows) faults.push(`report ${id} has ${rows} events, not ${commit?.events}`);
    found.delete(id);
  }
  return [...faults, ...[...found.keys()].map((id) => `events of ${id}, which was never taken in`)];
}
