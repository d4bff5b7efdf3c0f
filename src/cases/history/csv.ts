import {CASE_STATES, type CaseState} from "../../model/cases/case.ts";
import type {ImportedCase, ImportedHistory, ImportedNote, ImportedState} from "../../model/cases/case-history.ts";
import {type CsvHistoryMapping, csvHistorySchema} from "../../model/cases/history-mapping.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {incidentClass} from "../../model/taxonomy.ts";
import {type RuleFile, readRuleFile} from "../rule-file.ts";
import {readAsset} from "./asset-text.ts";
import {collected, type Entry, type Fault, isFault, mapped} from "./collection.ts";
import {csvRows} from "./csv-rows.ts";
import {factsOf} from "./facts.ts";
import {isImportId, withHash} from "./identity.ts";
import {type TimeReader, timeReader} from "./time-format.ts";

/** Reads the mapping of a CSV file of old cases. Throws rules_invalid with file, line and key. */
export function readCsvMapping(file: RuleFile): CsvHistoryMapping {
  return readRuleFile(csvHistorySchema, file);
}

/** A row by column name. */
type Row = ReadonlyMap<string, string>;

/** Columns that say when the case came into a state. */
const STATE_COLUMNS = {
  notified: "notifiedAt",
  acknowledged: "acknowledgedAt",
  resolved: "resolvedAt",
  verified: "verifiedAt",
  dismissed: "dismissedAt",
} as const satisfies Partial<Record<CaseState, keyof CsvHistoryMapping["columns"]>>;
const TIMED_STATES = ["notified", "acknowledged", "resolved", "verified", "dismissed"] as const;

/**
 * Reads old cases from a CSV file with a header. What cannot be taken is a reject with line and reason; nothing is guessed.
 * Throws history_unreadable when the file is empty, or lacks a column that the mapping names.
 */
export function readCsvHistory(file: RuleFile, mapping: CsvHistoryMapping): ImportedHistory {
  const [head, ...rows] = csvRows(file.text, mapping.delimiter);
  const header = (head?.values ?? []).map((name) => name.trim());
  checkHeader(file.name, header, mapping);
  const readTime = timeReader(mapping.timeFormat, mapping.zone);
  return collected(
    rows.map(({line, values}): Entry => {
      const row: Row = new Map(header.map((name, at) => [name, values?.[at]?.trim() ?? ""]));
      const externalId = row.get(mapping.columns.externalId) || null;
      if (values?.length === header.length) return {line, externalId, made: caseOf(row, mapping, readTime)};
      const text = values === null ? "" : `${values.length} values, not ${header.length}`;
      return {line, externalId, made: {reason: "structure", text}};
    }),
  );
}

function checkHeader(fileName: string, header: readonly string[], {columns}: CsvHistoryMapping): void {
  const named = Object.values(columns).flatMap((each) => each ?? []);
  const lacking = named.filter((name) => !header.includes(name));
  const twice = named.find((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (twice !== undefined)
    throw new WatchfloorError("history_unreadable", `${fileName} has the column "${twice}" twice`);
  if (lacking.length > 0)
    throw new WatchfloorError(
      "history_unreadable",
      `${fileName} has no column ${lacking.map((name) => `"${name}"`).join(", ")}; its first line names ${header.join(", ") || "none"}`,
    );
}

function caseOf(row: Row, mapping: CsvHistoryMapping, readTime: TimeReader): ImportedCase | Fault {
  const {columns, values} = mapping;
  const textOf = (name: string | undefined): string => (name === undefined ? "" : (row.get(name) ?? ""));
  const externalId = textOf(columns.externalId);
  if (externalId === "") return {reason: "no_id", text: ""};
  if (!isImportId(externalId)) return {reason: "bad_id", text: externalId};
  if (textOf(columns.openedAt) === "") return {reason: "no_time", text: columns.openedAt};
  const openedAt = readTime(textOf(columns.openedAt));
  if (openedAt === null) return {reason: "bad_time", text: `${columns.openedAt}: ${textOf(columns.openedAt)}`};
  const code = classOf(textOf(columns.class), mapping);
  if (code === null) return {reason: "unknown_class", text: textOf(columns.class)};
  const said = columns.asset.map(textOf).find((text) => text !== "");
  if (said === undefined) return {reason: "no_asset", text: columns.asset.join(", ")};
  const asset = readAsset(said, mapping.assetKind);
  if (asset === null) return {reason: "bad_asset", text: said};
  const states = statesOf(openedAt, textOf, {mapping, readTime});
  if (isFault(states)) return states;
  const facts = factsOf((name) => textOf(columns[name]), mapping);
  if (isFault(facts)) return facts;
  const name = textOf(columns.party);
  const contact = textOf(columns.contact);
  return withHash({
    kind: "case",
    source: mapping.source,
    externalId,
    openedAt,
    class: code,
    asset,
    otherAssets: [],
    reporter: null,
    parties:
      name === "" && contact === ""
        ? []
        : [{name: mapped(values.party, name) ?? (name || null), contact: contact || null}],
    states,
    facts,
    subject: textOf(columns.subject) || null,
    notes: (columns.notes ?? [])
      .map(textOf)
      .filter((text) => text !== "")
      .map((text): ImportedNote => ({at: null, by: null, text})),
    links: textOf(columns.links)
      .split(/[\s,;，；]+/)
      .filter((to) => to !== "")
      .map((to) => ({relation: "related", to})),
  });
}

/** Returns our class of a kind of incident as written there; null when there is none. */
export function classOf(
  text: string,
  {values, otherwise}: Pick<CsvHistoryMapping, "values" | "otherwise">,
): string | null {
  return mapped(values.class, text) ?? incidentClass(text)?.code ?? otherwise.class ?? null;
}

interface StateReading {
  readonly mapping: CsvHistoryMapping;
  readonly readTime: TimeReader;
}

/** The states in order of time. The stated one is the last; where its time is not in the file it is not known. */
function statesOf(
  openedAt: Date,
  textOf: (name: string | undefined) => string,
  {mapping, readTime}: StateReading,
): ImportedState[] | Fault {
  const states: ImportedState[] = [{state: "open", at: openedAt}];
  for (const state of TIMED_STATES) {
    const name = mapping.columns[STATE_COLUMNS[state]];
    const text = textOf(name);
    if (text === "") continue;
    const at = readTime(text);
    if (at === null || at < openedAt) return {reason: "bad_time", text: `${name}: ${text}`};
    states.push({state, at});
  }
  // a stable sort: at the same instant the order of the life of a case stays
  states.sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
  const text = textOf(mapping.columns.state);
  if (text === "") return states;
  const now = mapped(mapping.values.state, text) ?? CASE_STATES.find((each) => each === text);
  if (now === undefined) return {reason: "unknown_state", text};
  if (now === "open") return states.length === 1 ? states : [...states, {state: now, at: null}];
  const found = states.find(({state}) => state === now) ?? {state: now, at: null};
  return [...states.filter(({state}) => state !== now), found];
}
