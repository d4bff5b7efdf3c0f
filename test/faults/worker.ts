/**
 * A process that works on a lake and may be killed at any moment. Usage: worker.ts HOME [--wait] STEP...
 * A step is take:N, replay:N, compact or count. What is done is said on standard output at once: "done STEP"; an error is
 * "failed STEP CODE", and the exit code is then 1. With --wait it says "ready", its process id and the engine's, and begins
 * when a line comes in.
 */
import {writeSync} from "node:fs";
import {stat} from "node:fs/promises";
import path from "node:path";
import {createInterface} from "node:readline/promises";
import {codeOf} from "../../src/store/durable.ts";
import {openEngine} from "../../src/store/events/engine.ts";
import {openLake} from "../lake.ts";
import {doStep} from "./scene.ts";

const [home = "", ...words] = process.argv.slice(2);
const steps = words.filter((word) => word !== "--wait");
const engine = openEngine({scratch: path.join(home, "tmp"), idleSeconds: 300, maxMemoryBytes: 1_600_000_000});
const lake = openLake(engine, home);

function say(text: string): void {
  writeSync(1, `${text}\n`);
}

if (words.includes("--wait")) {
  await engine.query("SELECT 1");
  await stat("/"); // the first work on files starts the thread for it
  const input = createInterface({input: process.stdin});
  say(`ready ${process.pid} ${engine.pid()}`);
  await input.question("");
  input.close();
}
for (const step of steps) {
  try {
    say(`done ${step} ${await doStep(step, lake)}`);
  } catch (error) {
    say(`failed ${step} ${codeOf(error) ?? (error instanceof Error ? error.message : "unknown")}`);
    process.exitCode = 1;
    break;
  }
}
await engine.close();
