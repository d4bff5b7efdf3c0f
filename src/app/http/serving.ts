import path from "node:path";
import {WatchfloorError} from "../../model/errors.ts";
import {environment} from "../environment.ts";
import type {House} from "../house.ts";
import {keepWeeksCounted, type UpkeepLog} from "../upkeep.ts";
import {healthOf} from "./health.ts";
import {type ArchiveServer, openServer} from "./server.ts";

/** How a data folder is served. */
export interface Serving {
  readonly house: House;
  /** In place of the configuration's; see `portOf`. */
  readonly port: number | null;
  /** Whether feeds are fetched and recurring work is done meanwhile. */
  readonly hasJobs: boolean;
  /** Where log lines go. */
  readonly write: (text: string) => void;
  /** Told when the first page can be fetched. */
  readonly ready?: (url: string) => void;
}

const STOPPED_AFTER_MS = 4_500;
const STOPPED_BY = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Serves the archive of a data folder until the process is told to end (Ctrl-C, SIGTERM, a closed terminal), and returns
 * its address. Whoever calls it then closes the data folder, undisturbed by further signals, and ends.
 * Throws port_in_use, usage.
 */
export async function serveUntilStopped(serving: Serving): Promise<string> {
  const told = stopSignal();
  const server = await startServing(serving);
  serving.ready?.(server.url);
  server.log.info(`stopping: ${await told}`);
  // counting may be in the midst of a long statement; it is repeatable, so it is not waited for longer than this
  setTimeout(() => process.exit(), STOPPED_AFTER_MS).unref();
  await server.close();
  return server.url;
}

/**
 * Listens to the end of the process: one Ctrl-C comes twice, from the terminal and from whoever started us (npm), and the
 * second one must not break off what the first one has begun, the closing of the data folder too.
 */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of STOPPED_BY) process.on(signal, resolve);
  });
}

/** Starts serving; `close` ends it and what goes on beside it. The data folder stays open. */
export async function startServing({house, port, hasJobs, write}: Serving): Promise<ArchiveServer> {
  const {serve, profile} = house.config;
  const [first = "en", ...others] = profile.languages;
  const server = await openServer({
    site: path.join(house.home, "archive", "site"),
    languages: [first, ...others],
    health: healthOf(house),
    host: serve.host,
    port: port ?? serve.port,
    logLevel: environment("WATCHFLOOR_LOG") === "debug" ? "debug" : "info",
    write,
  });
  // the archive needs no database, so nobody waits for it
  house.database().catch((error: unknown) => server.log.error(error, "the archive is served without the database"));
  const upkeep = keepWeeksCounted(house, server.log);
  const jobs = hasJobs ? startJobs(house, server.log) : null;
  return {
    ...server,
    close: async () => {
      await Promise.all([server.close(), upkeep.close(), jobs?.then((running) => running.close())]);
    },
  };
}

/** The libraries that jobs, mail and probe need are read after the first page can be fetched. */
async function startJobs(house: House, log: UpkeepLog): Promise<{close(): Promise<void>}> {
  const [{openJobs}, {coordinationTicks}, {openTools}] = await Promise.all([
    import("../jobs/jobs.ts"),
    import("../coordination/ticks.ts"),
    import("../coordination/tools.ts"),
  ]);
  const tools = toolsOrNone(() => openTools(house), log);
  const jobs = openJobs(house, log, {ticks: tools === null ? [] : coordinationTicks(tools)});
  return {
    close: async () => {
      await jobs.close();
      await tools?.close();
    },
  };
}

/** What mails and looks need may be lacking, such as a password: then feeds are fetched all the same, and it is said. */
function toolsOrNone<Tools>(open: () => Tools, log: UpkeepLog): Tools | null {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof WatchfloorError)) throw error;
    log.error(error, "cases are not worked on");
    return null;
  }
}

/** Returns the port that was asked for: by option, else by WATCHFLOOR_PORT; null leaves it to the configuration. Throws usage. */
export function portOf(option: string | undefined): number | null {
  const text = option ?? environment("WATCHFLOOR_PORT");
  if (text === undefined) return null;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new WatchfloorError("usage", `"${text}" is no port`);
  return Number(text);
}
