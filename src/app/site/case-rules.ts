import {readdir, readFile} from "node:fs/promises";
import path from "node:path";
import {type DeskFiles, type DeskRules, readDeskRules} from "../../cases/desk-rules.ts";
import type {RuleFile} from "../../cases/rule-file.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {Profile} from "../../model/profile.ts";

const PROFILES = path.resolve(import.meta.dirname, "../../../profiles");

/**
 * Returns what the desk of a data folder works its cases by: its own `rules/cases.yaml`, `rules/deadlines.yaml` and
 * `calendars/NAME.yaml`, and for each that it does not have the one that comes with its profile.
 * Throws rules_invalid with file, line and key, or the calendars that there are when the named one is missing.
 */
export async function openDeskRules(home: string, profile: Pick<Profile, "id" | "zone">): Promise<DeskRules> {
  return readDeskRules(await deskFiles(home, profile), profile.zone);
}

/** Returns the files that it is worked by. `own` are the calendars of the data folder itself. */
export async function deskFiles(
  home: string,
  profile: Pick<Profile, "id">,
): Promise<DeskFiles & {readonly own: readonly RuleFile[]}> {
  const shipped = path.join(PROFILES, profile.id);
  const calendars = new Map<string, RuleFile>();
  for (const folder of [path.join(PROFILES, "calendars"), path.join(home, "calendars")])
    for (const name of await yamlNames(folder))
      calendars.set(name, {
        name: path.join(folder, `${name}.yaml`),
        text: await readFile(path.join(folder, `${name}.yaml`), "utf8"),
      });
  const files = {
    cases: await firstOf(path.join(home, "rules/cases.yaml"), path.join(shipped, "cases.yaml")),
    deadlines: await firstOf(path.join(home, "rules/deadlines.yaml"), path.join(shipped, "deadlines.yaml")),
  };
  const calendar = (name: string): RuleFile => {
    const found = calendars.get(name);
    if (found !== undefined) return found;
    const known = [...calendars.keys()].sort().join(", ");
    throw new WatchfloorError(
      "rules_invalid",
      `${files.deadlines.name} names the calendar "${name}"; there are ${known}`,
    );
  };
  const folder = path.join(home, "calendars");
  return {...files, calendar, own: [...calendars.values()].filter(({name}) => path.dirname(name) === folder)};
}

async function yamlNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(nothingThere);
  return (names ?? []).flatMap((name) => /^(.+)\.yaml$/.exec(name)?.[1] ?? []);
}

async function firstOf(own: string, shipped: string): Promise<RuleFile> {
  const text = await readFile(own, "utf8").catch(nothingThere);
  return text === null ? {name: shipped, text: await readFile(shipped, "utf8")} : {name: own, text};
}

function nothingThere(error: unknown): null {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
  throw error;
}
