/**
 * Makes the sample in a process of its own: what rendering took of memory is given back before the server starts, which
 * may then run for months. Called as `process.ts HOME SITE-URL`.
 */
import path from "node:path";
import {WatchfloorError} from "../../model/errors.ts";
import {withLock} from "../../store/lock.ts";
import {environment} from "../environment.ts";
import {makeSamples} from "../samples.ts";
import {mindClosedPipes} from "../terminal/closed-pipe.ts";
import {needsSamples} from "./progress.ts";

const [home, siteUrl] = process.argv.slice(2);
if (home === undefined || siteUrl === undefined) throw new Error("started by start.ts");

mindClosedPipes();
try {
  // two first starts at once: one makes it, the other waits and finds it made
  await withLock(path.join(home, "tmp", "samples.lock"), async () => {
    if (!(await needsSamples(home))) return;
    const passphrase = environment("WATCHFLOOR_KEY_PASSPHRASE") ?? null;
    await makeSamples({home, siteUrl, passphrase, say: (line) => process.stdout.write(`${line}\n`)});
  });
} catch (error) {
  if (!(error instanceof WatchfloorError)) throw error;
  process.stderr.write(`watchfloor: ${error.message}\n`);
  process.exitCode = 1;
}
