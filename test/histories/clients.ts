/** Clients at work together: started once, and led through history after history. */
import {type ChildProcess, fork} from "node:child_process";
import {once} from "node:events";
import path from "node:path";
import type {Saying, Share, Told} from "./client.ts";

/** See the head of this file. */
export interface Clients {
  /** Lets all of them do their share at once, and returns what came of everything. */
  work(share: Omit<Share, "client">): Promise<Told[]>;
  close(): Promise<void>;
}

/** Starts so many clients. */
export function openClients(count: number): Clients {
  const children = Array.from({length: count}, () =>
    fork(path.join(import.meta.dirname, "client.ts"), [], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: ["--disable-warning=ExperimentalWarning"],
    }),
  );
  return {
    work: async (share) => {
      await Promise.all(
        children.map(async (child, client) => {
          child.send({...share, client} satisfies Share);
          await hear(child);
        }),
      );
      const ends = children.map(hear);
      for (const child of children) child.send("begin");
      const told = await Promise.all(ends);
      return told.flatMap((said) => (said.is === "told" ? said.all : []));
    },
    close: async () => {
      await Promise.all(
        children.map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const gone = once(child, "exit");
          child.kill("SIGKILL");
          await gone;
        }),
      );
    },
  };
}

async function hear(child: ChildProcess): Promise<Saying> {
  const stop = new AbortController();
  const {signal} = stop;
  const ended = once(child, "exit", {signal}).then(() => {
    throw new Error("a client ended by itself");
  });
  ended.catch(() => undefined);
  const said = once(child, "message", {signal}).then(([what]): Saying => what);
  said.catch(() => undefined);
  try {
    return await Promise.race([said, ended]);
  } finally {
    stop.abort();
  }
}
