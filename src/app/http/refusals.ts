/** Answers to what cannot be given: in both languages, for the server does not know which its reader speaks. */
import {readFile} from "node:fs/promises";
import type {Socket} from "node:net";
import path from "node:path";
import type {FastifyReply, FastifyRequest} from "fastify";
import {codeOf} from "../../store/durable.ts";
import {SECURITY_HEADERS} from "./headers.ts";

const TOO_MANY_FILES = ["EMFILE", "ENFILE"];
const NOT_FOUND = "没有这个页面。\nThere is no such page.\n";
const NOTHING_YET = "尚未发布任何一期。\nNo edition has been published yet.\n";

/** Answers 404 with the archive's own page, or a plain line while there is no archive. */
export async function notFound(site: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const page = await readFile(path.join(site, "404.html"), "utf8").catch(() => null);
  if (page === null) return plain(reply, 404, request.url === "/" ? NOTHING_YET : NOT_FOUND);
  return reply.code(404).headers({"content-type": "text/html; charset=utf-8", "cache-control": "no-cache"}).send(page);
}

/** A request that failed, and why. */
export interface Failure {
  readonly error: unknown;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A path that may not be (two dots, a null byte) is one that there is not; all else is ours to look into. */
export function failed(site: string, {error, request, reply}: Failure): Promise<FastifyReply> | FastifyReply {
  const status = statusOf(error);
  if (status === 416) return plain(reply, 416, "范围有误。\nThere is no such range.\n");
  if (status >= 400 && status < 500) return notFound(site, request, reply);
  request.log.error(error, `${request.method} ${request.url} failed`);
  const isBusy = TOO_MANY_FILES.includes(codeOf(error) ?? "");
  if (isBusy)
    return plain(reply.header("retry-after", "5"), 503, "服务器繁忙，请稍后再试。\nToo busy: try again in a moment.\n");
  return plain(reply, 500, "服务器出错，已记录。\nSomething went wrong here; it has been logged.\n");
}

function statusOf(error: unknown): number {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : 500;
}

/** Answers with a text and nothing to keep. */
export function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .headers({"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"})
    .send(text);
}

/** What is no HTTP, too long or too slow gets one line and is cut. */
export function refuseConnection(error: Error, socket: Socket): void {
  if (codeOf(error) === "ECONNRESET" || socket.destroyed) return;
  const statuses: Record<string, string> = {
    ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
    HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  };
  const headers = Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = statuses[codeOf(error) ?? ""] ?? "400 Bad Request";
  if (socket.writable)
    socket.write(`HTTP/1.1 ${status}\r\n${headers.join("")}connection: close\r\ncontent-length: 0\r\n\r\n`);
  socket.destroySoon();
}
