/** Everything that people write into a data folder, looked through: all that is not right is told, not only the first. */
import {readdir, readFile} from "node:fs/promises";
import path from "node:path";
import {readCalendar} from "../../cases/deadlines/calendar.ts";
import {readDeadlines, unreachableDeadlines} from "../../cases/deadlines/table.ts";
import {checkCaseRules, FINDINGS, readCaseRules} from "../../cases/opening/rules.ts";
import {protectedList} from "../../cases/parties/protected-list.ts";
import {ownCsv} from "../../cases/parties/readers/own-csv.ts";
import {readKnownHosts} from "../../cases/verification/known-hosts.ts";
import {brandList, governmentList, sectorList} from "../../enrich/lists.ts";
import {provinceTable} from "../../enrich/provinces.ts";
import {readShadowserverSchema} from "../../feeds/shadowserver-schema.ts";
import {readSiteFormat} from "../../feeds/site-format.ts";
import type {Format} from "../../model/format.ts";
import type {Profile} from "../../model/profile.ts";
import {type Config, PROFILE_NAMES, parseYaml, readConfig, shippedProfile} from "../config.ts";
import {readBaselineOf, readDefinitions, readFormats, SHADOWSERVER_SCHEMA} from "../house.ts";
import {templateFiles} from "../mail/templates.ts";
import {deskFiles} from "./case-rules.ts";
import {faultOf, lineFaults, type SiteFault, tried} from "./faults.ts";
import {keyFaults} from "./keys.ts";

/** What a look through a data folder found. */
export interface SiteCheck {
  /** Null when the configuration itself is not right. */
  readonly config: Config | null;
  readonly faults: readonly SiteFault[];
}

/** Looks through a data folder. Throws home_missing. */
export async function checkSite(home: string, now: Date): Promise<SiteCheck> {
  const read = await tried(() => readConfig(home));
  if (read.faults.some(({code}) => code === "home_missing")) await readConfig(home);
  const config = read.value;
  const profile = config?.profile ?? (await profileAtLeast(home));
  const formats = await formatFaults(home);
  const known = formats.length === 0 ? await readFormats(home) : null;
  const faults = [
    ...read.faults,
    ...formats,
    ...(config === null || known === null ? [] : feedFaults(config, known)),
    ...(await tried(() => readDefinitions(home))).faults,
    ...(await tried(() => readBaselineOf(home))).faults,
    ...(await tableFaults(home, profile)),
    ...(await deskFaults(home, {profile, feeds: config === null ? null : Object.keys(config.feeds)})),
    ...(await keyFaults(home, now)),
  ];
  return {config, faults: faults.map((fault) => ({...fault, where: shortened(fault.where, home)}))};
}

/** Files are named as they lie in the data folder, whichever reader told of them. */
function shortened(where: string, home: string): string {
  return where.replaceAll(`${path.resolve(home)}${path.sep}`, "");
}

/** While the configuration is not right, the rest is looked at by the profile that it names. */
async function profileAtLeast(home: string): Promise<Profile> {
  const text = await readFile(path.join(home, "watchfloor.yaml"), "utf8");
  const {value} = await tried(() => parseYaml(text, "watchfloor.yaml").value);
  const named = typeof value === "object" && value !== null && "profile" in value ? value.profile : null;
  return shippedProfile(PROFILE_NAMES.find((each) => each === named) ?? "generic");
}

async function formatFaults(home: string): Promise<SiteFault[]> {
  const faults: SiteFault[] = [];
  for (const name of await namesIn(path.join(home, "formats"), /\.(ya?ml|json)$/)) {
    const text = await readFile(path.join(home, "formats", name), "utf8");
    const read = name === SHADOWSERVER_SCHEMA ? readShadowserverSchema : readSiteFormat;
    faults.push(...(await tried(() => read(text, `formats/${name}`))).faults);
  }
  return faults.length > 0 ? faults : [...(await tried(() => readFormats(home))).faults];
}

function feedFaults({feeds}: Config, formats: readonly Format[]): SiteFault[] {
  return Object.entries(feeds).flatMap(([name, {format}]) =>
    formats.some((each) => each.name === format)
      ? []
      : [faultOf("format_unknown", `watchfloor.yaml: feed ${name} wants "${format}"`)],
  );
}

async function tableFaults(home: string, {governmentSuffixes}: Profile): Promise<SiteFault[]> {
  const readers = {
    "sectors.csv": sectorList,
    "brands.csv": brandList,
    "government.txt": governmentList,
    "protected.txt": (file: {name: string; text: string}) => protectedList(file, {governmentSuffixes, ownDomains: []}),
    "known-hosts.csv": (file: {name: string; text: string}) => readKnownHosts([file]),
  };
  const faults: SiteFault[] = [];
  const look = async (name: string, read: (file: {name: string; text: string}) => unknown): Promise<void> => {
    const text = await readFile(path.join(home, name), "utf8").catch(() => "");
    if (text !== "") faults.push(...(await lineFaults({name, text}, read)));
  };
  for (const [name, read] of Object.entries(readers)) await look(`tables/${name}`, read);
  for (const name of await namesIn(path.join(home, "tables/provinces"), /\.txt$/))
    await look(`tables/provinces/${name}`, (file) => provinceTable([file]));
  for (const name of await namesIn(path.join(home, "parties"), /\.csv$/)) {
    const text = await readFile(path.join(home, "parties", name), "utf8");
    const {rejects} = ownCsv.read(text, {of: null, countries: null, language: "en"});
    faults.push(...rejects.map(({line, reason}) => faultOf("table_invalid", `parties/${name}:${line} ${reason}`)));
  }
  return faults;
}

/** Rules, deadlines, calendars and templates; and what is surely not meant in the rules once all can be read. */
async function deskFaults(
  home: string,
  {profile, feeds}: {profile: Profile; feeds: readonly string[] | null},
): Promise<SiteFault[]> {
  const files = await deskFiles(home, profile);
  const rules = await tried(() => readCaseRules(files.cases));
  const deadlines = await tried(() => readDeadlines(files.deadlines));
  const table = deadlines.value;
  const named = table === null ? [] : (await tried(() => files.calendar(table.calendar))).faults;
  const calendars = [];
  for (const file of files.own) calendars.push(...(await tried(() => readCalendar(file))).faults);
  const templates = await templateFiles(home);
  const names = templates.every(({value}) => value !== null)
    ? templates.flatMap(({value}) => value?.templates.map(({name}) => name) ?? [])
    : null;
  const unreached = table === null ? [] : unreachableDeadlines(table);
  const findings =
    rules.value === null || table === null
      ? []
      : checkCaseRules(rules.value, {
          deadlines: table,
          templates: names,
          feeds: feeds === null ? null : [...feeds, "complaints"],
        });
  return [
    ...rules.faults,
    ...deadlines.faults,
    ...named,
    ...calendars,
    ...templates.flatMap((each) => each.faults),
    ...unreached.map((row) =>
      faultOf("rules_invalid", `${files.deadlines.name} row ${row} holds for no case: others always come before it`),
    ),
    ...findings.map(({rule, what, because}) =>
      faultOf(
        "rules_invalid",
        `${files.cases.name}:${lineOfRule(files.cases.text, rule)} the rule "${rule}" ${FINDINGS[what]} (${because})`,
      ),
    ),
  ];
}

function lineOfRule(text: string, id: string): number {
  const line = text
    .split("\n")
    .findIndex((each) => new RegExp(`\\bid:\\s*["']?${RegExp.escape(id)}["']?\\s*([,}#]|$)`).test(each));
  return line + 1;
}

async function namesIn(folder: string, pattern: RegExp): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => pattern.test(name)).sort();
}
