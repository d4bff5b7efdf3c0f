import {availableParallelism} from "node:os";
import {REJECT_REASONS, type RejectReason, type TableFormat} from "../../model/format.ts";
import type {TextOf} from "./conversions.ts";
import type {EngineSettings} from "./engine.ts";
import {literal} from "./sql.ts";

/** Where the rows of a report are, and how a column's text is got from them. */
export interface RowSource {
  /** FROM clause with the file. */
  readonly from: string;
  /** What every statement that reads it is run with. */
  readonly settings: EngineSettings;
  /** Condition that a physical row is a line of data. */
  readonly where: string;
  /** SQL of the first physical line of the row, 1 for the first line of the file. */
  readonly line: string;
  /** SQL of the number of the reject reason of a row that cannot even be taken apart; 0 for the others. */
  readonly fault: string;
  /** SQL of a hash of the raw row. */
  readonly rowHash: string;
  /** Names of all columns, in order. */
  readonly columns: readonly string[];
  readonly textOf: TextOf;
  /** The same as it came, for columns that are only kept. */
  readonly rawOf: TextOf;
}

/** A longer line is a reject. Source: TRUST.md section 4. */
export const LONGEST_LINE_BYTES = 1 << 20;

/** Reject reasons by the number that the statement gives; 0 is none. */
export const REASON_CODES = Object.keys(REJECT_REASONS);

/** Returns the number of a reason; 0 for ''. */
export function reasonNumber(reason: RejectReason): number {
  return REASON_CODES.indexOf(reason) + 1;
}

/** What is known of a CSV file: whether its first line is its header, and whether the careful reader wrote line numbers in front. */
interface CsvShape {
  readonly delimiter: string;
  readonly hasHeaderLine: boolean;
  readonly hasLines: boolean;
}

/** Returns where the rows of a kept report are; the file may be compressed. */
export function rowSource(
  {reading}: TableFormat,
  file: string,
  table: {header: readonly string[]; hasHeaderLine: boolean; hasLines: boolean},
): RowSource {
  return reading.as === "csv"
    ? csvSource(file, table.header, {...table, delimiter: reading.delimiter ?? ","})
    : textSource(reading, file, table.header);
}

/**
 * Two readers at work on one file first have to find out where each begins, which costs more than it brings on few
 * processors: 10 % of an ingest on two (measured, docs/performance.md).
 */
export const READING = {input_format_parallel_parsing: availableParallelism() > 2 ? 1 : 0} as const;

/** Quotes are double, nothing stands for NULL, and spaces are taken off by ourselves where they say nothing. */
const CSV = {
  format_csv_allow_single_quotes: 0,
  format_csv_null_representation: "\u0001",
  input_format_csv_trim_whitespaces: 0,
  input_format_csv_allow_whitespace_or_tab_as_delimiter: 1,
};

/**
 * CSV is read without telling the engine of the header, which is then row 0: with a header (or skipped lines) the
 * engine's parallel reader gives row numbers that are off by one from its second chunk on (measured, 26.7).
 */
function csvSource(file: string, header: readonly string[], shape: CsvShape): RowSource {
  const {delimiter, hasHeaderLine, hasLines} = shape;
  const names = header.map((_, index) => `c${index}`);
  const structure = [...(hasLines ? ["at_line UInt32"] : []), ...names.map((name) => `${name} String`)].join(", ");
  const position = new Map(header.map((column, index) => [column, index] as const).reverse());
  return {
    from: `file(${literal(file)}, 'CSV', ${literal(structure)})`,
    settings: {...READING, ...CSV, format_csv_delimiter: delimiter},
    where: hasLines || !hasHeaderLine ? "1" : "_row_number > 0",
    line: hasLines ? "at_line" : "toUInt32(_row_number + 1)",
    fault: "0",
    rowHash: `farmHash64(${names.join(", ")})`,
    columns: header,
    textOf: (column) => (position.has(column) ? `trimBoth(c${position.get(column)})` : "''"),
    rawOf: (column) => (position.has(column) ? `c${position.get(column)}` : "''"),
  };
}

/** A line as it came still has the return of CR LF at its end. */
const TRIMMED = "trimBoth(raw, ' \\t\\r')";

function textSource(
  reading: Extract<TableFormat["reading"], {as: "json-lines" | "list"}>,
  file: string,
  header: readonly string[],
): RowSource {
  const isList = reading.as === "list";
  const comment = isList ? reading.comment : "";
  const isData = `${TRIMMED} != ''${comment === "" ? "" : ` AND NOT startsWith(${TRIMMED}, ${literal(comment)})`}`;
  const isBroken = isList ? "0" : "NOT isValidJSON(raw) OR JSONType(raw) != 'Object'";
  const textOf: TextOf = (column) => {
    if (!header.includes(column)) return "''";
    return isList ? TRIMMED : jsonText(column);
  };
  return {
    from: `file(${literal(file)}, 'LineAsString', 'raw String')`,
    settings: READING,
    where: isData,
    line: "toUInt32(_row_number + 1)",
    fault: `multiIf(length(raw) > ${LONGEST_LINE_BYTES}, ${reasonNumber("too_long")}, ${isBroken}, ${reasonNumber("not_json")}, 0)`,
    rowHash: "farmHash64(raw)",
    columns: header,
    textOf,
    rawOf: textOf,
  };
}

function jsonText(key: string): string {
  const at = `raw, ${literal(key)}`;
  return `multiIf(JSONType(${at}) = 'String', trimBoth(JSONExtractString(${at})), JSONType(${at}) = 'Null', '', JSONExtractRaw(${at}))`;
}
