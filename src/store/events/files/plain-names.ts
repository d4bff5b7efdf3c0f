import {lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";

/** Names of folders that the engine takes as they stand. */
export interface PlainNames {
  /** Returns the folder, or a link to it when the engine would read its name as a pattern. */
  of(folder: string): string;
  /** Removes the links. */
  release(): void;
}

/** The engine has no way to say that `*`, `?`, `{`, `}` or `::` in a path are only letters of it. */
const IS_PLAIN = /^[\w./=+@-]*$/;

/** Makes names for the folders that an engine reads and writes. Nothing is made while all names are plain. */
export function plainNames(): PlainNames {
  const links = new Map<string, string>();
  let home: string | null = null;
  return {
    of: (folder) => {
      if (IS_PLAIN.test(folder)) return folder;
      const known = links.get(folder);
      if (known !== undefined && isThere(known)) return known;
      if (home === null || !isThere(home)) home = mkdtempSync(path.join(plainTemporary(), "watchfloor-names-"));
      const link = path.join(home, String(links.size));
      if (!isThere(folder)) mkdirSync(folder, {recursive: true}); // nothing can be made behind a link to nothing
      symlinkSync(path.resolve(folder), link);
      links.set(folder, link);
      return link;
    },
    release: () => {
      if (home !== null) rmSync(home, {recursive: true, force: true});
      links.clear();
      home = null;
    },
  };
}

/** Returns the folder of temporary files, or one whose name the engine takes. */
export function plainTemporary(): string {
  return IS_PLAIN.test(tmpdir()) ? tmpdir() : "/tmp";
}

function isThere(name: string): boolean {
  return lstatSync(name, {throwIfNoEntry: false}) !== undefined;
}
