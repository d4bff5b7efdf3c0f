/**
 * Who uses the database server: one file for each opening, `holders/<pid>-<n>`, with the start time of the process in
 * it, so that a pid that was given to another process is not taken for the holder. The last one that leaves stops the
 * server; a killed holder is noticed by whoever comes or leaves next.
 */
import {randomBytes} from "node:crypto";
import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import path from "node:path";
import {isRunning} from "../durable.ts";

/** Enters this process as a holder and returns the name to leave with. Call it under the server's lock. */
export function enterHolder(folder: string): string {
  mkdirSync(folder, {recursive: true});
  const name = `${process.pid}-${randomBytes(4).toString("hex")}`;
  writeFileSync(path.join(folder, name), startTimeOf(process.pid));
  return name;
}

/** Takes the holder out; once gone it stays gone. */
export function leaveHolder(folder: string, name: string): void {
  rmSync(path.join(folder, name), {force: true});
}

/** Removes holders whose process has ended and returns how many are left. Call it under the server's lock. */
export function countHolders(folder: string): number {
  let left = 0;
  for (const name of namesIn(folder)) {
    const pid = Number(name.split("-")[0]);
    if (isRunning(pid) && readFileSync(path.join(folder, name), "utf8") === startTimeOf(pid)) left++;
    else leaveHolder(folder, name);
  }
  return left;
}

/** Returns when the process started, in the kernel's ticks since boot; empty where the system does not tell (macOS). */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses and may hold anything; the start time is the 20th after it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nobody was here yet
  }
}
