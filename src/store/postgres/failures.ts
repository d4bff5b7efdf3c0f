/** What a failed connection or query means: something that a person has to do, or a bug. */
import {WatchfloorError} from "../../model/errors.ts";
import {codeOf} from "../durable.ts";

/** Returns what to throw for a failed query: a coded error where a person has to act, else the error itself. */
export function databaseError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (codeOf(error) === "53100") return new WatchfloorError("disk_full", message, error);
  if (isGone(error) || isRefused(error)) return new WatchfloorError("database_unavailable", message, error);
  return error;
}

/** Returns whether the server cannot be reached, or is just starting or stopping. */
export function isGone(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  if (/^(08...|57P0[123]|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/.test(code)) return true;
  return error instanceof Error && LOST.test(error.message);
}

/** How the library says that a connection has ended, also to a rollback on it. */
const LOST =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed) and is not queryable)/;

/** The server does not let us: wrong password or name, no such database, no right, read only, too many connections. */
function isRefused(error: unknown): boolean {
  return /^(28...|3D000|42501|25006|53300)$/.test(codeOf(error) ?? "");
}
