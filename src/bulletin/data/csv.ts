/**
 * Indicators as CSV (RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read Chinese). A text cell that a
 * spreadsheet would take for a formula gets an apostrophe before it.
 * Source: OWASP, CSV injection.
 */
import type {Dimension, Grade} from "../../model/indicator.ts";
import {DIMENSIONS} from "../../model/indicator.ts";
import type {Profile} from "../../model/profile.ts";
import {oneDecimal} from "../../model/rounding.ts";
import type {Day} from "../../model/week.ts";
import {publicCells} from "../breakdowns.ts";
import type {EditionInput, History} from "../edition-input.ts";
import {visible} from "../escape.ts";
import {nameOf} from "../names.ts";

type Cell = string | number | null;

const HEADER = [
  "week_from",
  "week_to",
  "year",
  "issue",
  "indicator",
  "dimension",
  "key",
  "name_zh",
  "name_en",
  "value",
  "previous",
  "change",
  "is_rounded",
];

/**
 * Returns the indicators of one edition: a row for each value, then a row for each public cell of its breakdowns.
 * Merged cells have the key `*`. `change` is a fraction. A value that was not measured is an empty cell.
 */
export function renderIndicatorCsv(input: EditionInput, profile: Profile): string {
  const {week, issue, indicators, method} = input;
  const head: Cell[] = [week?.from ?? null, week?.to ?? null, issue?.year ?? null, issue?.number ?? null];
  const rows = Object.entries(indicators).flatMap(([id, indicator]): Cell[][] => {
    const title = method?.definitions.find((each) => each.id === id)?.title;
    const {value, previous, change, isRounded} = indicator;
    const whole = [title?.zh ?? null, title?.en ?? null, value, previous, change, isRounded ? "yes" : "no"];
    return [
      [...head, id, null, null, ...whole],
      ...DIMENSIONS.flatMap((dimension) =>
        cellRows(dimension, indicator.by[dimension] ?? [], profile.mergeBelow).map((cells) => [...head, id, ...cells]),
      ),
    ];
  });
  return csvText([HEADER, ...rows]);
}

/** How the week was rated, as far as the file of all weeks has it. */
interface RatedWeek {
  readonly week: {readonly from: Day};
  readonly grade: Grade | null;
  readonly index: number | null;
}

/** Returns the values of all weeks: a row for each week, columns for the rating, the index and each indicator. */
export function renderHistoryCsv({weeks, values}: History, ratings: readonly RatedWeek[]): string {
  const ids = Object.keys(values).toSorted();
  const rows = weeks.map((week, at): Cell[] => {
    const rated = ratings.find(({week: {from}}) => from === week);
    const index = rated?.index == null ? null : Number(oneDecimal(rated.index)); // as it is published
    return [week, rated?.grade ?? null, index, ...ids.map((id) => values[id]?.[at] ?? null)];
  });
  return csvText([["week", "rating", "index", ...ids], ...rows]);
}

function cellRows(dimension: Dimension, cells: Parameters<typeof publicCells>[0], mergeBelow: number): Cell[][] {
  const found = publicCells(cells, mergeBelow);
  const rows = found.cells.map(({key, value}): Cell[] => [
    dimension,
    key,
    nameOf(dimension, key, "zh"),
    nameOf(dimension, key, "en"),
    value,
    ...[null, null, null],
  ]);
  return found.other === null ? rows : [...rows, [dimension, "*", "其他", "Other", found.other, null, null, null]];
}

function csvText(rows: readonly (readonly Cell[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cellText).join(",")).join("\r\n")}\r\n`;
}

/** Numbers are written as numbers, for a negative change is no formula; fractions to a millionth, past which nothing is known. */
function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return Number.isFinite(cell) ? String(Number(cell.toFixed(6))) : "";
  const text = visible(cell);
  const guarded = /^\s*[=+\-@\t\r]/.test(text) || /^\s*[＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) || guarded !== guarded.trim() ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
