import {codeOf} from "../../store/durable.ts";

/** The exit code of a program that SIGPIPE ended: 128 and its number. */
const PIPE_CLOSED = 141;

/**
 * Takes it quietly when whoever reads the output stops reading, as `head` does: there is nobody to tell. What is under way
 * is done to its end, and the process then ends with the code that shells know for it.
 */
export function mindClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error) => {
      if (codeOf(error) !== "EPIPE") throw error;
      process.exitCode = PIPE_CLOSED;
    });
}

/** Ends with the code once all is done, unless the output was closed. */
export function endWith(code: number): void {
  process.exitCode ??= code;
}
