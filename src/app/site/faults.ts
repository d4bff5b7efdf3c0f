/** Faults of a data folder as data: each reader throws at what is wrong, here all of it is gathered. */
import {ERRORS, type ErrorCode, FaultyFile, WatchfloorError} from "../../model/errors.ts";

/** Something that a person has to mend: the place and what is wrong there, and what to do. */
export interface SiteFault {
  readonly code: ErrorCode;
  /** File and line first, where there are any. */
  readonly where: string;
  readonly remedy: string;
}

/** Returns the faults that an error tells of. Anything else than wrong use is thrown again. */
function faultsOfError(error: unknown): SiteFault[] {
  if (!(error instanceof WatchfloorError)) throw error;
  const {code} = error;
  const places = error instanceof FaultyFile ? error.faults : [error.where];
  return places.map((where) => faultOf(code, where));
}

/** Returns a fault of a code. */
export function faultOf(code: ErrorCode, where: string): SiteFault {
  return {code, where, remedy: ERRORS[code].remedy};
}

/** What was read, null when it is not right; and what is wrong with it. */
export interface Tried<Value> {
  readonly value: Value | null;
  readonly faults: readonly SiteFault[];
}

/** Reads something and keeps what is wrong with it. */
export async function tried<Value>(read: () => Promise<Value> | Value): Promise<Tried<Value>> {
  try {
    return {value: await read(), faults: []};
  } catch (error) {
    return {value: null, faults: faultsOfError(error)};
  }
}

const MOST_FAULTS = 50;

/** A table's file as text. */
interface TextFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Returns what is wrong in a table, line by line: a line that its reader refuses is taken out, and the rest is read again,
 * up to 50 of them. The first line of a CSV says what the others mean: when that is wrong, nothing else is told.
 */
export async function lineFaults(file: TextFile, read: (file: TextFile) => unknown): Promise<SiteFault[]> {
  const lines = file.text.split("\n");
  const head = file.name.endsWith(".csv")
    ? lines.findIndex((line) => line.trim() !== "" && !line.trimStart().startsWith("#"))
    : -1;
  const faults: SiteFault[] = [];
  while (faults.length < MOST_FAULTS) {
    const {faults: found} = await tried(() => read({...file, text: lines.join("\n")}));
    const [fault] = found;
    if (fault === undefined) return faults;
    faults.push(fault);
    const line = Number(new RegExp(`^${RegExp.escape(file.name)}:(\\d+)`).exec(fault.where)?.[1] ?? 0) - 1;
    if (line === head || (lines[line] ?? "") === "") return faults;
    lines[line] = "";
  }
  return faults;
}
