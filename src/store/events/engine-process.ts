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

const session = new Session(scratch);
process.on("message", (request: EngineRequest) => {
  parent(answer(request));
});
process.on("disconnect", () => process.exit(0));
// the terminal's Ctrl-C reaches the whole group: the parent decides when the engine ends
process.on("SIGINT", () => undefined);
parent({id: 0, text: "ready"} satisfies EngineAnswer);

function answer(request: EngineRequest): EngineAnswer {
  try {
    return {id: request.id, text: session.query(request.sql, request.format)};
  } catch (error) {
    return {id: request.id, error: error instanceof Error ? error.message : String(error)};
  }
}
