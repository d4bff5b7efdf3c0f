import {statfsSync} from "node:fs";
import path from "node:path";
import {Session} from "chdb";

/**
 * The engine process: runs statements one after another in a chDB session whose folder is scratch. It holds no state
 * that is not also in files, so it may die at any time; engine.ts starts another and repeats the statement.
 */

/** A statement for the engine process. `format` names the output format; the answer comes back as one text. */
export interface EngineRequest {
  readonly id: number;
  readonly sql: string;
  readonly format: string;
}

/** What came of it. */
export type EngineAnswer = {readonly id: number; readonly text: string} | {readonly id: number; readonly error: string};

const scratch = process.argv[2];
const parent = process.send?.bind(process);
if (scratch === undefined || parent === undefined) throw new Error("the engine process is started by engine.ts");

/**
 * The engine (26.7) says nothing when it cannot write a file: the file is then shorter, or empty, and the statement is told
 * to have been done. It counts such writes, though.
 */
const COUNT_FAILED_WRITES = "SELECT value FROM system.events WHERE event = 'WriteBufferFromFileDescriptorWriteFailed'";
/** With less than this it is the disk that is full: the engine writes pieces of a mebibyte, some at a time. */
const FULL_BYTES = 64 * 1024 * 1024;

const session = new Session(scratch);
let failedWrites = 0;
process.on("message", (request: EngineRequest) => {
  parent(answer(request));
});
process.on("disconnect", () => process.exit(0));
// the terminal's Ctrl-C reaches the whole group: the parent decides when the engine ends
process.on("SIGINT", () => undefined);
parent({id: 0, text: "ready"} satisfies EngineAnswer);

function answer({id, sql, format}: EngineRequest): EngineAnswer {
  try {
    const text = session.query(sql, format);
    const target = /^INSERT INTO FUNCTION file\('([^']+)'/.exec(sql.trimStart())?.[1];
    if (target !== undefined) checkWritten(target);
    return {id, text};
  } catch (error) {
    failedWrites = countFailedWrites(); // told already: the next statement is not to blame
    return {id, error: error instanceof Error ? error.message : String(error)};
  }
}

function checkWritten(target: string): void {
  if (countFailedWrites() === failedWrites) return;
  const {bavail, bsize} = statfsSync(path.dirname(target));
  const why = bavail * bsize < FULL_BYTES ? "No space left on device" : "the disk refused it";
  throw new Error(`${target} could not be written: ${why}`);
}

function countFailedWrites(): number {
  return Number(session.query(COUNT_FAILED_WRITES, "TSV"));
}
