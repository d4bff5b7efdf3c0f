/** What `npm start` runs: the first time it makes a data folder with a sample, and each time it serves the archive. */
import {spawn} from "node:child_process";
import path from "node:path";
import {parseArgs} from "node:util";
import {WatchfloorError} from "../model/errors.ts";
import type {Config} from "./config.ts";
import {environment} from "./environment.ts";
import {openHouse} from "./house.ts";
import {checkPort} from "./http/server.ts";
import {portOf, serveUntilStopped} from "./http/serving.ts";
import {needsSamples} from "./samples/progress.ts";
import {endWith, mindClosedPipes} from "./terminal/closed-pipe.ts";

const USAGE = "Usage: npm start -- [--port N] [--home DIR]";
const SAMPLE_HOST = "127.0.0.1";
const SAMPLE_PORT = 8080;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

mindClosedPipes();
endWith(await start(process.argv.slice(2)));

async function start(args: readonly string[]): Promise<number> {
  try {
    const {port, home} = optionsOf(args);
    if (await needsSamples(home)) {
      const code = await makeSamples(home, port ?? SAMPLE_PORT);
      if (code !== 0) return code;
    }
    await serve(home, port);
    return 0;
  } catch (error) {
    if (!(error instanceof WatchfloorError)) throw error;
    process.stderr.write(`watchfloor: ${error.message}${error.code === "usage" ? ` ${USAGE}` : ""}\n`);
    return error.code === "usage" ? 2 : 1;
  }
}

function optionsOf(args: readonly string[]): {port: number | null; home: string} {
  try {
    const {values} = parseArgs({args: [...args], options: {port: {type: "string"}, home: {type: "string"}}});
    const home = path.resolve(values.home ?? environment("WATCHFLOOR_HOME") ?? "var");
    return {port: portOf(values.port), home};
  } catch (error) {
    if (error instanceof WatchfloorError || !(error instanceof TypeError)) throw error;
    throw new WatchfloorError("usage", error.message, error);
  }
}

/** In a process of its own, whose end is awaited; told to stop, it stops too and can go on at the next start. */
async function makeSamples(home: string, port: number): Promise<number> {
  await checkPort(SAMPLE_HOST, port); // before the work, not after it
  process.stdout.write(
    `首次启动：在 ${home} 生成两周合成样例数据，约需半分钟。\nFirst start: making two weeks of synthetic sample data in ${home}; this takes some seconds.\n`,
  );
  const script = path.join(import.meta.dirname, "samples/process.ts");
  const siteUrl = `http://${SAMPLE_HOST}:${port}/`;
  const child = spawn(process.execPath, [...process.execArgv, script, home, siteUrl], {stdio: "inherit"});
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, forward);
  const code = await new Promise<number>((resolve) => child.once("exit", (ended) => resolve(ended ?? 1)));
  for (const signal of SIGNALS) process.off(signal, forward);
  return code;
}

async function serve(home: string, port: number | null): Promise<void> {
  const house = await openHouse(home);
  try {
    await serveUntilStopped({
      house,
      port,
      hasJobs: true,
      write: (text) => process.stdout.write(text),
      ready: (url) => process.stdout.write(greeting(url, house.config)),
    });
  } finally {
    await house.close();
  }
}

/** Where each language is, said in it. */
function greeting(url: string, {isSample, profile}: Config): string {
  const names = {
    zh: isSample ? "周报档案（合成样例）：" : "周报档案：",
    en: isSample ? "Bulletin archive (synthetic sample): " : "Bulletin archive: ",
  };
  const lines = profile.languages.map((language) => `  ${names[language]}${url}${language}/\n`);
  return `\n${lines.join("")}\n  按 Ctrl-C 停止 / Ctrl-C stops it\n\n`;
}
