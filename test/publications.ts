/** A small archive for tests: three editions and a correction, published for real. */
import {spawn} from "node:child_process";
import {once} from "node:events";
import {cpSync, mkdtempSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import type {TestContext} from "node:test";
import {type NewPublication, publishEdition, type SiteFile, writeSite} from "../src/store/archive.ts";
import {sha256} from "../src/store/canonical.ts";
import {createKey} from "../src/store/keys.ts";

let template: Promise<string> | null = null;

/** Returns a copy of a home with four publications and the site's pages; it is removed when the test ends. */
export async function publishedHome(t: TestContext): Promise<string> {
  template ??= publishAll();
  const home = emptyHome(t);
  cpSync(await template, home, {recursive: true});
  return home;
}

/** Returns a new folder that is removed when the test ends. */
export function emptyHome(t: TestContext): string {
  const home = mkdtempSync(path.join(tmpdir(), "wf-archive-"));
  t.after(() => rmSync(home, {recursive: true, force: true}));
  return home;
}

async function publishAll(): Promise<string> {
  const home = mkdtempSync(path.join(tmpdir(), "wf-archive-"));
  process.once("exit", () => rmSync(home, {recursive: true, force: true}));
  const key = await createKey(path.join(home, "keys"), null);
  await publishEdition(home, edition("2023-02-13", 8), key);
  await publishEdition(home, edition("2023-02-20", 9), key);
  await publishEdition(home, correction("2023-02-13", 8), key);
  await publishEdition(home, edition("2023-02-27", 10), key);
  await writeSite(home, pages(4), key);
  return home;
}

/** An edition of the year 2023 with four files. */
export function edition(week: string, issue: number): NewPublication {
  const folder = `2023/${issue}`;
  return {
    week,
    year: 2023,
    issue,
    version: 1,
    kind: "edition",
    reason: null,
    situation: JSON.stringify({week, indicators: {"incident.total": 1777}}),
    files: [
      {path: `${folder}/zh.html`, bytes: `<html lang="zh">网络安全信息与动态周报2023年第${issue}期</html>`},
      {path: `${folder}/en.html`, bytes: `<html lang="en">Weekly ${issue}</html>`},
      {path: `${folder}/zh.pdf`, bytes: Buffer.alloc(3000, issue)},
      {path: `${folder}/style.css`, bytes: "the same in every edition"},
    ],
    reports: [{id: "r1", sha256: sha256(week)}],
    tool: "watchfloor 0.1.0",
    submitted: {by: "A", at: "2023-02-27T01:00:00.000Z"},
    approved: {by: "B", at: "2023-02-27T02:00:00.000Z"},
  };
}

/** The correction of that edition, at paths of its own. */
export function correction(week: string, issue: number): NewPublication {
  const {files, ...rest} = edition(week, issue);
  const moved = files.map((file) => ({...file, path: file.path.replace(`/${issue}/`, `/${issue}/v2/`)}));
  return {...rest, files: moved, version: 2, kind: "correction", reason: "1182, not 1128"};
}

/** Pages of the site that change with each edition. */
export function pages(count: number): SiteFile[] {
  const index = {path: "index.html", bytes: `<a>${count} editions</a>`};
  return [index, {path: "feeds/atom.xml", bytes: `<feed>${count}</feed>`}, {path: "trends.csv", bytes: `${count}\n`}];
}

/** Every file that the check has to watch: the archive, the pinned key and the witness. */
export function watchedFiles(home: string): string[] {
  const files = readdirSync(path.join(home, "archive"), {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && entry.name !== "lock")
    .map((entry) => path.join(entry.parentPath, entry.name));
  return [...files, path.join(home, "keys/watchfloor.pub"), path.join(home, "keys/archive-head")].sort();
}

/** Returns the contents of all watched files, to compare two archives byte by byte. */
export function contentsOf(home: string): Map<string, string> {
  return new Map(watchedFiles(home).map((file) => [path.relative(home, file), readFileSync(file, "latin1")]));
}

/** The edition that `publishInProcess` publishes, as the fifth of `publishedHome`. */
export function nextEdition(): NewPublication {
  const {files, ...rest} = edition("2023-03-06", 11);
  return {...rest, files: files.slice(0, 2)};
}

/**
 * Publishes `nextEdition` and its pages in a process of its own, and returns how it ended: its exit code, or the signal.
 * `killAt`: it kills itself right before its n-th rename, link or removal, with `countsSyncs` also of its syncs.
 * `under`: a command that it runs under.
 */
export async function publishInProcess(
  home: string,
  {killAt = -1, countsSyncs = false, under = []}: {killAt?: number; countsSyncs?: boolean; under?: readonly string[]},
): Promise<number | string | null> {
  const store = (file: string): string => JSON.stringify(path.join(import.meta.dirname, "../src/store", file));
  const source = `
    import fs from "node:fs/promises";
    import {syncBuiltinESMExports} from "node:module";
    let left = -1;
    const step = () => { if (left-- === 0) process.kill(process.pid, "SIGKILL"); };
    const probe = await fs.open(process.execPath, "r");
    const handles = Object.getPrototypeOf(probe);
    await probe.close();
    for (const [owner, names] of [[fs, ["rename", "link", "rm"]], [handles, ${countsSyncs ? '["sync"]' : "[]"}]]) {
      for (const name of names) {
        const real = owner[name];
        owner[name] = function (...args) { step(); return real.apply(this, args); };
      }
    }
    syncBuiltinESMExports();
    const {publishEdition, writeSite} = await import(${store("archive.ts")});
    const {loadKey} = await import(${store("keys.ts")});
    const key = await loadKey(${JSON.stringify(path.join(home, "keys"))}, null);
    left = ${killAt};
    await publishEdition(${JSON.stringify(home)}, ${JSON.stringify(nextEdition())}, key);
    await writeSite(${JSON.stringify(home)}, ${JSON.stringify(pages(5))}, key);`;
  const [file = "", ...args] = [...under, process.execPath, "--input-type=module", "-e", source];
  const child = spawn(file, args, {stdio: "ignore"});
  const [code, signal] = await once(child, "exit");
  return code ?? signal;
}
