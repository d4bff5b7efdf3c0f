/** Cases of other systems: taking them in, finding them, and whether the site counts them. */
import path from "node:path";
import {z} from "zod";
import {readCsvHistory, readCsvMapping} from "../../cases/history/csv.ts";
import {importStep} from "../../cases/history/identity.ts";
import {readRtHistory, readRtMapping} from "../../cases/history/rt.ts";
import {timesOf} from "../../cases/history/times.ts";
import type {RuleFile} from "../../cases/rule-file.ts";
import type {HandledWhen} from "../../model/cases/case.ts";
import {
  type HistoryReject,
  type ImportedCase,
  type ImportedFilter,
  type ImportedHistory,
  type ImportedLine,
  importedFilterSchema,
} from "../../model/cases/case-history.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {weekNamed} from "../../model/week.ts";
import {type CountedHistory, HANDLED_TIMES} from "../../store/cases/handled-rounds.ts";
import {importedOf, type KeptImport, keepImported, keptHashes, listImported} from "../../store/cases/imported.ts";
import type {House} from "../house.ts";
import type {Act} from "./acts.ts";

/** The forms that old cases come in. */
export const HISTORY_FORMS = ["csv", "rt"] as const;
type HistoryForm = (typeof HISTORY_FORMS)[number];

/** A file of old cases, and how it is read. */
export interface HistoryGiven {
  readonly file: {readonly name: string; readonly bytes: Uint8Array};
  readonly mapping: RuleFile;
  /** Null: by the name of the file, .json is an export of RT. */
  readonly form: HistoryForm | null;
  /** Everything is read and compared, nothing is kept. */
  readonly isDry: boolean;
}

/** What an import came to: received = added + updated + kept + repeats + passed + rejects. */
export interface HistoryImport {
  readonly source: string;
  readonly form: HistoryForm;
  readonly isDry: boolean;
  readonly received: number;
  readonly added: number;
  /** Were there and said something else. */
  readonly updated: number;
  /** Were there just so. */
  readonly kept: number;
  readonly repeats: number;
  readonly passed: number;
  readonly rejects: readonly HistoryReject[];
  /** Of the cases and complaints that were taken. */
  readonly complaints: number;
  readonly byClass: Readonly<Record<string, number>>;
  readonly byState: Readonly<Record<string, number>>;
  readonly firstOpenedAt: string | null;
  readonly lastOpenedAt: string | null;
  /** How many cases have the time by which they would count, for each meaning of handled. */
  readonly handled: Readonly<Record<HandledWhen, number>>;
  /** The Monday before which this source counts, as configured; null: it is not counted. */
  readonly countedBefore: string | null;
}

/**
 * Takes a file of old cases in, all or nothing but what it rejects: new ones are added, those that say something else are
 * updated, the others stay. Nobody is told of any. Throws rules_invalid (the mapping), history_unreadable.
 */
export async function importHistory(house: House, given: HistoryGiven, act: Act): Promise<HistoryImport> {
  const form = given.form ?? (path.extname(given.file.name).toLowerCase() === ".json" ? "rt" : "csv");
  const {source, history} = readHistory(given, form);
  const {db} = await house.database();
  const steps = await db.transaction().execute(async (work) => {
    const numbers = history.cases.map(({externalId}) => externalId);
    const hashes = await keptHashes(work, {source, numbers});
    const planned = history.cases.map((each) => ({
      case: each,
      step: importStep(hashes.get(each.externalId) ?? null, each),
    }));
    const changed = planned.filter(({step}) => step !== "keep");
    const rows = changed.map(({case: one}) => ({case: one, times: timesOf(one)}));
    if (!given.isDry) await keepImported(work, rows, act);
    return planned.map(({step}) => step);
  });
  const countOf = (step: (typeof steps)[number]): number => steps.filter((each) => each === step).length;
  return {
    ...{source, form, isDry: given.isDry, received: history.received},
    ...{added: countOf("add"), updated: countOf("update"), kept: countOf("keep")},
    ...{repeats: history.repeats, passed: history.passed, rejects: history.rejects},
    ...overviewOf(history.cases),
    countedBefore: house.config.cases.history.find((each) => each.source === source)?.before ?? null,
  };
}

function readHistory(
  {file, mapping: rules}: HistoryGiven,
  form: HistoryForm,
): {source: string; history: ImportedHistory} {
  if (form === "rt") {
    const mapping = readRtMapping(rules);
    return {source: mapping.source, history: readRtHistory(textOf(file, "utf-8"), mapping)};
  }
  const mapping = readCsvMapping(rules);
  return {source: mapping.source, history: readCsvHistory(textOf(file, mapping.encoding), mapping)};
}

function textOf({name, bytes}: HistoryGiven["file"], encoding: string): RuleFile {
  try {
    return {name, text: new TextDecoder(encoding, {fatal: true}).decode(bytes)};
  } catch (cause) {
    throw new WatchfloorError(
      "history_unreadable",
      `${name} is not ${encoding}: set \`encoding\` in the mapping`,
      cause,
    );
  }
}

function overviewOf(cases: readonly ImportedCase[]) {
  const opened = cases.map(({openedAt}) => openedAt.toISOString()).sort();
  const own = cases.filter(({kind}) => kind === "case").map(timesOf);
  const handled = (when: HandledWhen): number => own.filter((times) => times[HANDLED_TIMES[when]] !== null).length;
  return {
    complaints: cases.filter(({kind}) => kind === "complaint").length,
    byClass: tally(cases.map((each) => each.class)),
    byState: tally(cases.map(({states}) => states.at(-1)?.state ?? "open")),
    firstOpenedAt: opened[0] ?? null,
    lastOpenedAt: opened.at(-1) ?? null,
    handled: {answered: handled("answered"), notified: handled("notified"), verified: handled("verified")},
  };
}

function tally(words: readonly string[]): Record<string, number> {
  const found = [...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length] as const);
  return Object.fromEntries(found.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

/** Returns a page of old cases, those opened last first. Throws usage for what may not be asked, case_unknown (`after`). */
export async function importedIn(house: House, filter: ImportedFilter): Promise<ImportedLine[]> {
  const asked = importedFilterSchema.safeParse(filter);
  if (!asked.success) throw new WatchfloorError("usage", z.prettifyError(asked.error).replaceAll("\n", " "));
  const {db} = await house.database();
  return listImported(db, asked.data);
}

/** Returns an old case as it was kept. Throws case_unknown. */
export async function importedCase(house: House, id: string): Promise<KeptImport> {
  const {db} = await house.database();
  return importedOf(db, id);
}

/** Returns which old cases the site counts, and until when. */
export function countedHistory({config}: Pick<House, "config">): CountedHistory[] {
  const {zone} = config.profile;
  return config.cases.history.map(({source, before}) => ({source, before: weekNamed(before, zone).startsAt}));
}
