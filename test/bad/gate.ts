/** A gate before the database of a scene: it can be shut, or shut by itself in the middle of what is said. */
import {createConnection, createServer, type Socket} from "node:net";
import path from "node:path";
import {freePort} from "../running.ts";

/** The gate. */
export interface Gate {
  /** Gives the configuration with the way through the gate. */
  through(config: string): string;
  /** Ends all connections and lets none in. */
  shut(): void;
  /** Shuts when so many more messages have been sent to the database. */
  shutAfter(messages: number): void;
  open(): void;
  readonly isOpen: boolean;
  close(): Promise<void>;
}

/** Opens a gate; the database that it leads to is that of the configuration which goes through it. */
export async function openGate(): Promise<Gate> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let target: {host: string; port: number} | null = null;
  let left = Number.POSITIVE_INFINITY;
  let isOpen = true;
  const shut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    if (!isOpen || target === null) return void client.destroy();
    const upstream = createConnection(
      target.host.startsWith("/") ? {path: path.join(target.host, `.s.PGSQL.${target.port}`)} : target,
    );
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (bytes) => {
      if (left <= 0) return shut();
      left -= 1;
      upstream.write(bytes); // what was let through is done, whether or not the answer still comes
      if (left <= 0) shut();
    });
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    through: (config) =>
      config.replace(/database: \{url: "([^"]+)"\}/, (_, text: string) => {
        const url = new URL(text);
        target = {host: url.searchParams.get("host") ?? "", port: Number(url.searchParams.get("port"))};
        url.searchParams.set("host", "127.0.0.1");
        url.searchParams.set("port", String(port));
        return `database: {url: "${url.href}"}`;
      }),
    shut,
    shutAfter: (messages) => {
      left = messages;
    },
    open: () => {
      left = Number.POSITIVE_INFINITY;
      isOpen = true;
    },
    get isOpen() {
      return isOpen;
    },
    close: () =>
      new Promise((resolve) => {
        shut();
        server.close(() => resolve());
      }),
  };
}
