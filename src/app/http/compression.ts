/** Text is sent compressed where the browser takes it: each file is compressed once and kept as long as there is room. */

import {Readable} from "node:stream";
import {buffer} from "node:stream/consumers";
import {promisify} from "node:util";
import {constants, gzip} from "node:zlib";
import type {FastifyReply, FastifyRequest} from "fastify";

const compress = promisify(gzip);
/** What is worth it; pictures, PDF and Word files are compressed already. */
const TEXT = /^(text\/|application\/(json|xml|feed\+json|rss\+xml|atom\+xml)|image\/svg)/;
const LEAST_BYTES = 1024;
/** A larger file is sent as it is: it would push out everything else. */
const MOST_BYTES = 4 * 1024 * 1024;
const ROOM_BYTES = 16 * 1024 * 1024;
const LEVEL = 6;

type Payload = unknown;

/** Returns a hook that runs before an answer is sent, and gives the payload to send in its place. */
export function compression(): (request: FastifyRequest, reply: FastifyReply, payload: Payload) => Promise<Payload> {
  const store = compressedStore(ROOM_BYTES);
  return async (request, reply, payload) => {
    const size = Number(reply.getHeader("content-length") ?? 0);
    const isText = TEXT.test(String(reply.getHeader("content-type") ?? ""));
    if (reply.statusCode !== 200 || !isText || size < LEAST_BYTES || size > MOST_BYTES) return payload;
    reply.header("vary", [reply.getHeader("vary"), "Accept-Encoding"].filter(Boolean).join(", "));
    if (!takesGzip(String(request.headers["accept-encoding"] ?? ""))) return payload;
    reply.header("content-encoding", "gzip");
    if (!(payload instanceof Readable)) {
      reply.removeHeader("content-length"); // HEAD: nobody has compressed it yet
      return payload;
    }
    const key = `${String(reply.getHeader("etag"))} ${request.url.split("?", 1)[0]}`;
    const bytes = await store.get(key, async () =>
      compress(await buffer(payload), {level: LEVEL, memLevel: constants.Z_MAX_MEMLEVEL}),
    );
    payload.destroy();
    reply.header("content-length", bytes.length);
    return bytes;
  };
}

/** Source: RFC 9110 section 12.5.3; a weight of 0 is "not this one". */
function takesGzip(header: string): boolean {
  return header
    .toLowerCase()
    .split(",")
    .some((part) => /^\s*(gzip|x-gzip|\*)\s*(;|$)/.test(part) && !/;\s*q=0(\.0*)?\s*$/.test(part));
}

/** What was asked for last stays; what is being made is waited for, not made twice. */
function compressedStore(room: number): {get(key: string, make: () => Promise<Buffer>): Promise<Buffer>} {
  const made = new Map<string, Buffer>();
  const pending = new Map<string, Promise<Buffer>>();
  let used = 0;
  const keep = (key: string, bytes: Buffer): void => {
    made.set(key, bytes);
    used += bytes.length;
    for (const [oldest, old] of made) {
      if (used <= room) return;
      made.delete(oldest);
      used -= old.length;
    }
  };
  return {
    get: async (key, make) => {
      const known = made.get(key);
      if (known !== undefined) {
        made.delete(key);
        made.set(key, known); // the map keeps the order of setting
        return known;
      }
      const running = pending.get(key);
      if (running !== undefined) return running;
      const work = make().finally(() => pending.delete(key));
      pending.set(key, work);
      const bytes = await work;
      keep(key, bytes);
      return bytes;
    },
  };
}
