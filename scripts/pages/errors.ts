import {ERRORS} from "../../src/model/errors.ts";
import {code, page, table} from "./markdown.ts";

/** Returns docs/errors.md: every error that a person can cause or has to act on. */
export function errorsPage(): string {
  return page("Errors", "src/model/errors.ts", [
    "A command that is refused or fails says so in one line on standard error: what is wrong, where, and what to do. The exit code is then 1, for wrong usage 2. Anything else that goes wrong is a fault of the program and shows a trace. The status is the HTTP status that goes with the error.",
    table(
      ["code", "status", "what is wrong", "what to do"],
      Object.entries(ERRORS).map(([name, {status, text, remedy}]) => [code(name), String(status), text, remedy]),
    ),
  ]);
}
