/** What becomes of the database when a server is told to stop, in the ways in which terminals and starters tell it. */
import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import test, {after} from "node:test";
import {setTimeout as sleep} from "node:timers/promises";
import {freePort} from "./running.ts";
import {makeHome} from "./site.ts";
import {allProcesses, type Below, processesOf, type Started, startProcess, waitUntilGone} from "./started.ts";

const HOME = await makeHome({profile: "generic"});
const servers: Started[] = [];
const CHOICE = {timeout: 60_000, skip: existsSync("/proc/self/status") ? false : "skipped: no /proc"};

/** The database server of the data folder, whoever started it; a child that has just been forked bears its name for a moment. */
function databaseServers(): Below[] {
  const found = allProcesses().filter(({command}) => command.includes(`-D ${HOME}/postgres/data`));
  return found.filter(({parent}) => !found.some(({pid}) => pid === parent));
}

/** A second signal may come when the process has ended already. */
function tell(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Serves until the database answers, has the signals sent, and asserts that the server ends in order and nothing is left. */
async function assertStops(script: string, send: (pid: number) => Promise<void>): Promise<void> {
  const port = await freePort();
  const words = script.endsWith("main.ts") ? ["serve", "--port", String(port)] : ["--port", String(port)];
  const server = startProcess(script, words, HOME);
  servers.push(server);
  await server.says(/listening on|Ctrl-C stops it/);
  while (JSON.parse(await (await fetch(`http://127.0.0.1:${port}/healthz`)).text()).database !== "ok") await sleep(20);
  const pid = server.process.pid ?? 0;
  const below = processesOf(pid);
  assert.equal(databaseServers().length, 1);
  await send(pid);
  // Node gives the signals back before it is gone itself: by then all is closed
  assert.ok([0, "SIGINT"].includes(await server.ended), server.output());
  await waitUntilGone([...below, ...databaseServers()]);
}

after(() => {
  for (const server of servers) server.process.kill("SIGKILL"); // whatever a test that failed left running
  for (const {pid} of databaseServers()) process.kill(pid, "SIGKILL");
});

for (const script of ["src/app/start.ts", "src/app/main.ts"]) {
  for (const betweenMs of [0, 3, 30, 120])
    test(
      `${script}: one Ctrl-C that arrives twice, ${betweenMs} ms apart, leaves no database running`,
      CHOICE,
      async () => {
        await assertStops(script, async (pid) => {
          process.kill(pid, "SIGINT");
          await sleep(betweenMs);
          tell(pid);
        });
      },
    );

  test(`${script}: a signal to the whole group, and once more, leaves no database running`, CHOICE, async () => {
    await assertStops(script, async (pid) => {
      process.kill(-pid, "SIGINT");
      await sleep(5);
      tell(-pid);
    });
  });
}

test("a server that is told to stop while its database starts leaves none running", CHOICE, async () => {
  const server = startProcess("src/app/main.ts", ["serve", "--port", String(await freePort())], HOME);
  servers.push(server);
  await server.says("listening on");
  const pid = server.process.pid ?? 0;
  while (databaseServers().length === 0) await sleep(2);
  const started = databaseServers();
  for (let times = 0; times < 3; times++) process.kill(pid, "SIGINT");
  assert.equal(await server.ended, 0);
  await waitUntilGone(started);
});
