/** Disks of their own for a test: one that can be full or read-only, one whose power can be cut. Both want root. */
import {execFileSync} from "node:child_process";
import {mkdirSync, rmSync, truncateSync, writeFileSync} from "node:fs";
import path from "node:path";
import {setTimeout as sleep} from "node:timers/promises";

/** A mounted disk. */
export interface Disk {
  readonly folder: string;
  remove(): Promise<void>;
}

/** A mounted disk that can fail. */
export interface LoopDisk extends Disk {
  /** Writes out all that is on it, as time does. */
  settle(): void;
  /** Becomes read-only as after an error of the disk, whatever is open on it. For ext4. */
  becomeReadOnly(): void;
  /** Takes the power away: what was not synced is gone, and nothing can be written any more. */
  cutPower(): void;
  /** Brings the disk back; nothing may use it any more. */
  powerUp(): Promise<void>;
}

/** The file systems whose power can be cut. */
export type FileSystem = "ext4" | "xfs";

const IMAGE_BYTES = {ext4: 96 * 1024 * 1024, xfs: 320 * 1024 * 1024} as const;

/** Nothing is written out by mere time: what is not synced is what a power cut takes. */
const MOUNTED = {ext4: "loop,commit=300", xfs: "loop"} as const;

/** Why no disk can be mounted here, as a reason to skip; false when it can. */
export function whyNoMount(folder: string): string | false {
  return reason("no file system can be mounted", () => {
    mountMemory(path.join(folder, "trial"), 1 << 20);
    run("umount", path.join(folder, "trial"));
  });
}

/** Why no power can be cut here, as a reason to skip; false when it can. */
export function whyNoPowerCut(folder: string, kind: FileSystem): string | false {
  return reason(`no ${kind} on a loop device, or no xfs_io`, () => {
    run("xfs_io", "-V");
    const trial = mountImage(path.join(folder, `trial-${kind}`), kind);
    run("umount", trial.folder);
    rmSync(trial.image, {force: true});
  });
}

/** Mounts a disk in memory of so many bytes. */
export function memoryDisk(folder: string, bytes: number): Disk {
  mountMemory(folder, bytes);
  return {
    folder,
    remove: () => unmount(folder),
  };
}

/** Makes and mounts a disk on a loop device. */
export function loopDisk(folder: string, kind: FileSystem): LoopDisk {
  const {image} = mountImage(folder, kind);
  return {
    folder,
    settle: () => run("sync", "-f", folder),
    becomeReadOnly: () => run("mount", "-o", "remount,abort", folder),
    cutPower: () => run("xfs_io", "-x", "-c", "shutdown", folder),
    powerUp: async () => {
      await unmount(folder);
      run("mount", "-o", MOUNTED[kind], image, folder);
    },
    remove: async () => {
      await unmount(folder);
      rmSync(image, {force: true});
    },
  };
}

function imageOf(folder: string): string {
  return `${folder}.img`;
}

function mountImage(folder: string, kind: FileSystem): {folder: string; image: string} {
  const image = imageOf(folder);
  mkdirSync(folder, {recursive: true});
  writeFileSync(image, "");
  truncateSync(image, IMAGE_BYTES[kind]);
  run(`mkfs.${kind}`, ...(kind === "ext4" ? ["-F", "-m", "0"] : ["-f"]), "-q", image); // nothing is reserved for root
  run("mount", "-o", MOUNTED[kind], image, folder);
  return {folder, image};
}

function mountMemory(folder: string, bytes: number): void {
  mkdirSync(folder, {recursive: true});
  run("mount", "-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder);
}

/** A process that has just ended may hold it for another moment. */
async function unmount(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return run("umount", folder);
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(50);
    }
  }
}

function run(command: string, ...words: string[]): void {
  execFileSync(command, words, {stdio: ["ignore", "ignore", "pipe"]});
}

function reason(why: string, trial: () => void): string | false {
  try {
    trial();
    return false;
  } catch {
    return `skipped: ${why} here`;
  }
}
