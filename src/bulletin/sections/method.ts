/** What the numbers rest on: the week, the freezing, reports and their hashes, definitions, gaps. */
import {localTime} from "../../model/week.ts";
import type {Block, List, Paragraph, Section, Table, TableColumn} from "../document.ts";
import {type MethodFacts, UNDISCLOSED} from "../edition-input.ts";
import {countText} from "../numbers.ts";
import {isPrinted} from "../printed.ts";
import {dayText} from "../titles.ts";
import {type Context, indicatorTitle, paragraph, present} from "./context.ts";
import {gapTexts} from "./notices.ts";

/** Printed in full up to here; the JSON of the edition has them all. */
const MOST_REPORTS = 40;
const HASH_DIGITS = 16;

/**
 * Composes the method note: what the week is, where the numbers come from, how they were counted, then what limits them.
 * Only the long form lists definitions and reports.
 */
export function composeMethod(context: Context): Section | null {
  const {input, variant, text} = context;
  const {method} = input;
  const lists = (facts: MethodFacts): (Block | null)[] =>
    variant === "short" ? [] : [definitionTable(context, facts), reportTable(context, facts)];
  const blocks = present([basis(context), ...(method ? [limits(context, method), ...lists(method)] : [])]);
  return blocks.length === 0 ? null : {id: "method", heading: text.headings.method, blocks};
}

function basis(context: Context): Paragraph | null {
  const {input, profile, wording, text, language} = context;
  const {method, week} = input;
  const count = (value: number): string => countText(value, language);
  const days = week && [dayText(text, week.from), dayText(text, week.to)];
  if (!method) return paragraph(context, "method", [text.notes.byHand]);
  const events = method.reports.reduce((sum, report) => sum + report.events, 0);
  return paragraph(context, "method", [
    days && text.notes.week(days[0] ?? "", days[1] ?? "", profile.zone),
    method.reports.length === 0 ? null : text.notes.reports(count(method.reports.length), count(events)),
    entered(context),
    method.frozenAt === null ? null : frozen(context, method.frozenAt),
    text.notes.rounding(wording.usesWan),
    hasBreakdowns(context) ? text.notes.merged(profile.mergeBelow) : null,
    text.notes.tool(method.toolVersion),
  ]);
}

function frozen({profile, text}: Context, at: string): string {
  const [day = "", time = ""] = minuteOf(at, profile.zone).split(" ");
  return text.notes.frozen(dayText(text, day), time);
}

function entered(context: Context): string | null {
  const names = Object.entries(context.input.indicators)
    .filter(([, {enteredBy, value}]) => enteredBy !== null && value !== null)
    .map(([id]) => indicatorTitle(context, id));
  return names.length === 0 ? null : context.text.notes.entered(names);
}

/**
 * What a reader has to know besides: gaps of the week, how it was rated where no section says it, and what is particular
 * to the sources. A draft says its gaps at its head.
 */
function limits(context: Context, {remarks}: MethodFacts): List | null {
  const {input, text, language, variant} = context;
  const gaps = input.publishedOn === null ? [] : gapTexts(context);
  const isRated = variant === "short" && input.rating.index !== null;
  const said = [...gaps, ...(isRated ? [text.notes.ownMethod] : []), ...remarks.map((each) => each[language])];
  return said.length === 0 ? null : {kind: "list", id: "remarks", items: said.map((words) => [{text: words}])};
}

/** Only of indicators that the edition prints: others would be questions, not answers. */
function definitionTable(context: Context, {definitions}: MethodFacts): Table | null {
  const {text, language, input} = context;
  const {columns, captions} = text.figures;
  const rows = definitions
    .filter(({id}) => isPrinted(input, id))
    .map(({id, meaning, version}) => ({cells: [indicatorTitle(context, id), meaning[language], String(version)]}));
  if (rows.length === 0) return null;
  return {
    kind: "table",
    id: "definitions",
    caption: captions.definitions,
    columns: [start(columns.indicator), start(columns.meaning), {heading: columns.version, align: "end"}],
    rows,
  };
}

function reportTable({text, language, profile}: Context, {reports}: MethodFacts): Table | null {
  const {columns, captions} = text.figures;
  if (reports.length === 0) return null;
  const sorted = reports.toSorted((a, b) => compareText(a.feed, b.feed) || compareText(a.fetchedAt, b.fetchedAt));
  const rows = sorted.slice(0, MOST_REPORTS).map(({feed, fetchedAt, events, sha256}) => ({
    cells: [
      feed === UNDISCLOSED ? text.notes.undisclosed : feed,
      minuteOf(fetchedAt, profile.zone),
      countText(events, language),
      sha256.slice(0, HASH_DIGITS),
    ],
  }));
  const more = reports.length - rows.length;
  const rest = more === 0 ? [] : [{cells: [text.notes.moreReports(countText(more, language)), "", "", ""]}];
  return {
    kind: "table",
    id: "reports",
    caption: captions.reports,
    columns: [
      start(columns.feed),
      start(columns.fetched),
      {heading: columns.events, align: "end"},
      start(columns.hash),
    ],
    rows: [...rows, ...rest],
  };
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function hasBreakdowns({input}: Context): boolean {
  return Object.values(input.indicators).some(({by}) => Object.keys(by).length > 0);
}

function start(heading: string): TableColumn {
  return {heading, align: "start"};
}

/** The instant as the clocks of the zone show it, to the minute: `2023-02-20 08:00`. */
function minuteOf(instant: string, zone: string): string {
  return localTime(new Date(instant), zone).slice(0, 16).replace("T", " ");
}
