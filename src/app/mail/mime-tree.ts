/**
 * The parts of a mail as byte ranges, without decoding anything. The mail library gives decoded parts only; a signature is
 * over bytes as they came, and limits have to hold before anything is decoded.
 */
import type {UnreadableReason} from "../../model/mail.ts";
import type {MailLimits} from "./limits.ts";

/** One part. */
export interface MimeNode {
  /** "1" for the mail itself or its only part; "1.2" for the second part of it. */
  readonly path: string;
  /** Headers and body as they came. */
  readonly raw: Buffer;
  readonly body: Buffer;
  /** Lower case, "text/plain" when none is stated. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly encoding: string;
  readonly fileName: string | null;
  readonly children: readonly MimeNode[];
}

/** The mail goes over a limit. */
export class OverLimit extends Error {
  readonly reason: UnreadableReason;

  /** `reason` is a code of UNREADABLE. */
  constructor(reason: UnreadableReason) {
    super(reason);
    this.reason = reason;
  }
}

type Budget = Pick<MailLimits, "headers" | "headerBytes" | "nesting" | "parts">;

interface Walk {
  readonly budget: Budget;
  parts: number;
  headerBytes: number;
}

/** Cuts a mail into its parts. Throws OverLimit. */
export function mimeTree(raw: Buffer, budget: Budget): MimeNode {
  const walk: Walk = {budget, parts: 0, headerBytes: 0};
  if (headerLines(raw, headerEnd(raw)).length > budget.headers) throw new OverLimit("too_many_headers");
  return nodeOf(raw, "1", {walk, depth: 0, parent: ""});
}

/** All parts that have no parts themselves. */
export function leavesOf(node: MimeNode): MimeNode[] {
  return node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);
}

interface Place {
  readonly walk: Walk;
  readonly depth: number;
  readonly parent: string;
}

function nodeOf(raw: Buffer, path: string, {walk, depth, parent}: Place): MimeNode {
  const {budget} = walk;
  if (depth > budget.nesting) throw new OverLimit("too_nested");
  if (++walk.parts > budget.parts) throw new OverLimit("too_many_parts");
  const end = headerEnd(raw);
  walk.headerBytes += end;
  if (walk.headerBytes > budget.headerBytes) throw new OverLimit("too_many_headers");
  const lines = headerLines(raw, end);
  const header = (name: string): string =>
    lines.find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1) ?? "";
  const stated = structured(header("content-type"));
  const type = stated.value === "" ? (parent === "multipart/digest" ? "message/rfc822" : "text/plain") : stated.value;
  const body = raw.subarray(bodyStart(raw, end));
  const encoding = header("content-transfer-encoding").trim().toLowerCase();
  const place = {walk, depth: depth + 1, parent: type};
  const disposition = structured(header("content-disposition"));
  return {
    path,
    raw,
    body,
    type,
    parameters: stated.parameters,
    encoding,
    fileName: disposition.parameters.get("filename") ?? stated.parameters.get("name") ?? null,
    children: childrenOf({type, body, encoding, path}, stated.parameters.get("boundary"), place),
  };
}

function childrenOf(
  {type, body, encoding, path}: Pick<MimeNode, "type" | "body" | "encoding" | "path">,
  boundary: string | undefined,
  place: Place,
): MimeNode[] {
  if (type === "message/rfc822" && !/base64|quoted/.test(encoding)) return [nodeOf(body, `${path}.1`, place)];
  if (!type.startsWith("multipart/") || boundary === undefined || boundary === "") return [];
  return between(body, boundary, place.walk.budget.parts).map((raw, index) =>
    nodeOf(raw, `${path}.${index + 1}`, place),
  );
}

/** The bytes between the lines that begin with the boundary, without the line end before the next one. */
function between(body: Buffer, boundary: string, most: number): Buffer[] {
  const mark = Buffer.from(`--${boundary}`, "latin1");
  const found: Buffer[] = [];
  let from = -1;
  for (let at = body.indexOf(mark); at !== -1; at = body.indexOf(mark, at + mark.length)) {
    if (at > 0 && body[at - 1] !== 0x0a) continue;
    if (from !== -1) found.push(body.subarray(from, withoutLineEnd(body, at)));
    if (found.length > most) throw new OverLimit("too_many_parts");
    const lineEnd = body.indexOf(0x0a, at);
    const isLast = body.toString("latin1", at + mark.length, at + mark.length + 2) === "--";
    from = isLast || lineEnd === -1 ? -1 : lineEnd + 1;
    if (isLast) break;
  }
  return from === -1 ? found : [...found, body.subarray(from)];
}

function withoutLineEnd(body: Buffer, at: number): number {
  return body[at - 2] === 0x0d ? at - 2 : at - 1;
}

/** Where the header block ends: at the empty line, or at the end. */
function headerEnd(raw: Buffer): number {
  if (raw[0] === 0x0a || (raw[0] === 0x0d && raw[1] === 0x0a)) return 0;
  const [lf, crlf] = [raw.indexOf("\n\n"), raw.indexOf("\n\r\n")];
  if (lf === -1 && crlf === -1) return raw.length;
  return (lf === -1 ? crlf : crlf === -1 ? lf : Math.min(lf, crlf)) + 1;
}

function bodyStart(raw: Buffer, end: number): number {
  return end >= raw.length ? raw.length : end + (raw[end] === 0x0d ? 2 : 1);
}

/** The headers, each unfolded into one line. */
function headerLines(raw: Buffer, end: number): string[] {
  const lines: string[][] = [];
  for (const line of raw.toString("latin1", 0, end).split(/\r?\n/)) {
    if (/^[ \t]/.test(line)) lines.at(-1)?.push(line);
    else if (line !== "") lines.push([line]);
  }
  return lines.map((folded) => folded.join(""));
}

const PARAMETER = /;[ \t]*([\w*-]{1,50})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.){0,1000})"|([^;"\s]{1,1000}))/g;

function structured(text: string): {value: string; parameters: Map<string, string>} {
  const parameters = new Map<string, string>();
  for (const [, name, quoted, plain] of text.slice(0, 10_000).matchAll(PARAMETER)) {
    const key = (name ?? "").toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "");
  }
  return {value: (/^\s*([\w.+-]+\/[\w.+-]+|[\w-]+)/.exec(text)?.[1] ?? "").toLowerCase(), parameters};
}
