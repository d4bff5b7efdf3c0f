import {
  AlignmentType,
  BorderStyle,
  type IBorderOptions,
  type ITableCellBorders,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
} from "docx";
import {GRADES} from "../../model/indicator.ts";
import type {RatingStrip, Table as TableBlock} from "../document.ts";
import {COLOR, GRADE_FILLS, STYLE, TREND_COLORS} from "./docx-styles.ts";
import {widthInHalfEms} from "./page-words.ts";

/** Width of the text on the page in twips. */
export const TEXT_WIDTH = 9300;

const NONE: IBorderOptions = {style: BorderStyle.NONE, size: 0, color: "auto"};
const NO_BORDERS = {top: NONE, bottom: NONE, left: NONE, right: NONE, insideHorizontal: NONE, insideVertical: NONE};
const line = (size: number, color: string): IBorderOptions => ({style: BorderStyle.SINGLE, size, color});
const THICK = line(12, COLOR.navy);
const FINE = line(4, COLOR.hairline);
/** A table with no more rows stays on one page. */
const SHORT = 12;
const LEAST_SHARE = 8;
const MOST_SHARE = 160;

interface CellLook {
  readonly width: number;
  readonly align?: "start" | "end" | "center";
  readonly fill?: string;
  readonly color?: string;
  readonly isBold?: boolean;
  readonly size?: number;
  readonly indent?: number;
  readonly borders?: ITableCellBorders;
  /** Keeps the row on the page of the next one. */
  readonly keepNext?: boolean;
}

const ALIGN = {start: AlignmentType.LEFT, end: AlignmentType.RIGHT, center: AlignmentType.CENTER} as const;

function cell(text: string, look: CellLook): TableCell {
  const {color = COLOR.ink, isBold = false, size, indent = 0, keepNext = false} = look;
  return new TableCell({
    width: {size: look.width, type: WidthType.DXA},
    verticalAlign: VerticalAlignTable.CENTER,
    ...(look.fill === undefined ? {} : {shading: {type: ShadingType.CLEAR, color: "auto", fill: look.fill}}),
    ...(look.borders === undefined ? {} : {borders: look.borders}),
    children: [
      new Paragraph({
        style: STYLE.cell,
        keepNext,
        alignment: ALIGN[look.align ?? "start"],
        ...(indent > 0 ? {indent: {left: indent}} : {}),
        children: [new TextRun({text, color, bold: isBold, ...(size === undefined ? {} : {size})})],
      }),
    ],
  });
}

function tableOf(rows: TableRow[], widths: readonly number[]): Table {
  return new Table({
    rows,
    columnWidths: [...widths],
    width: {size: widths.reduce((sum, width) => sum + width, 0), type: WidthType.DXA},
    layout: TableLayoutType.FIXED,
    borders: NO_BORDERS,
    margins: {left: 100, right: 100, top: 0, bottom: 0},
  });
}

/** Returns a table with a header row that repeats on each page; rows are never cut. */
export function dataTable(block: TableBlock): Table {
  const widths = widthsOf(block);
  const header = new TableRow({
    tableHeader: true,
    cantSplit: true,
    children: block.columns.map((column, index) =>
      cell(column.heading, {
        width: widths[index] ?? 0,
        align: column.align,
        color: COLOR.navy,
        isBold: true,
        keepNext: block.rows.length <= SHORT,
        borders: {top: THICK, bottom: line(8, COLOR.navy)},
      }),
    ),
  });
  const rows = block.rows.map((row, at) => {
    const bottom = at === block.rows.length - 1 ? THICK : FINE;
    const cells = block.columns.map((column, index) =>
      cell(row.cells[index] ?? "", {
        width: widths[index] ?? 0,
        align: column.align,
        borders: {bottom},
        keepNext: block.rows.length <= SHORT && at < block.rows.length - 1,
        ...emphasis(block, row, index),
      }),
    );
    return new TableRow({cantSplit: true, children: cells});
  });
  return tableOf([header, ...rows], widths);
}

/** Parts of the row above step in; in the front table this week's value stands out, and a change has its colour. */
function emphasis(block: TableBlock, row: TableBlock["rows"][number], index: number): Partial<CellLook> {
  const isPart = row.isIndented === true;
  if (index === 0) return isPart ? {indent: 300, color: COLOR.muted} : {};
  if (index === block.columns.length - 1 && row.trend) return {color: TREND_COLORS[row.trend]};
  return index === 1 && block.look === "front" && !isPart ? {isBold: true} : {};
}

/** Numbers get what they need; columns of words share the rest by the length of what stands in them. */
function widthsOf({columns, rows}: TableBlock): number[] {
  const lengths = columns.map(({heading}, index) =>
    Math.max(...[heading, ...rows.map((row) => row.cells[index] ?? "")].map(widthInHalfEms)),
  );
  const fixed = columns.map(({align}, index) =>
    align === "end" ? Math.max(900, (lengths[index] ?? 0) * 100 + 260) : 0,
  );
  const shares = columns.map(({align}, index) =>
    align === "end" ? 0 : Math.min(MOST_SHARE, Math.max(LEAST_SHARE, lengths[index] ?? 0)) ** 0.7,
  );
  const left = TEXT_WIDTH - fixed.reduce((sum, width) => sum + width, 0);
  const all = shares.reduce((sum, share) => sum + share, 0);
  if (left <= 0 || all === 0) return columns.map(() => Math.floor(TEXT_WIDTH / columns.length));
  return columns.map((_, index) => Math.floor(fixed[index] || (left * (shares[index] ?? 0)) / all));
}

/** Returns a few large numbers under their names. */
export function keyFigureTable({rows}: TableBlock): Table {
  const width = Math.floor(TEXT_WIDTH / Math.max(1, rows.length));
  const side = line(24, COLOR.white);
  const gaps = {left: side, right: side};
  const names = rows.map((row) =>
    cell(row.cells[0] ?? "", {
      width,
      align: "center",
      fill: COLOR.tint,
      color: COLOR.muted,
      size: 17,
      borders: {...gaps, top: THICK},
    }),
  );
  const numbers = rows.map((row) =>
    cell(row.cells[1] ?? "", {
      width,
      align: "center",
      fill: COLOR.tint,
      color: COLOR.navy,
      isBold: true,
      size: 32,
      borders: gaps,
    }),
  );
  return tableOf(
    [
      new TableRow({tableHeader: true, cantSplit: true, children: names}),
      new TableRow({cantSplit: true, children: numbers}),
    ],
    rows.map(() => width),
  );
}

/** Returns the strip of the five grades as a row of cells; the marked one is filled, bold and has a dot. */
export function ratingTable(strip: RatingStrip): Table {
  const label = Math.min(2600, Math.max(1300, widthInHalfEms(strip.label) * 110 + 200));
  const width = Math.floor((TEXT_WIDTH - label) / 5);
  const marked = strip.grade === null ? -1 : GRADES.indexOf(strip.grade);
  const side = line(24, COLOR.white);
  const grades = strip.names.map((name, index) => {
    const fill = GRADE_FILLS[index] ?? COLOR.muted;
    const isMarked = index === marked;
    return cell(isMarked ? `● ${name}` : name, {
      width,
      align: "center",
      fill: isMarked ? fill : COLOR.tint,
      color: isMarked ? COLOR.white : COLOR.muted,
      isBold: isMarked,
      size: isMarked ? 24 : 21,
      borders: {left: side, right: side, bottom: line(18, fill)},
    });
  });
  const children = [cell(strip.label, {width: label}), ...grades];
  return tableOf([new TableRow({cantSplit: true, children})], [label, ...strip.names.map(() => width)]);
}
