/**
 * How the bytes of a report become text. Everything behind this file reads UTF-8 without a byte order mark; the kept
 * copy stays as it came.
 */
import {WatchfloorError} from "../model/errors.ts";

/** How a report is encoded. What is neither of the others is read as UTF-8. */
export type Encoding = "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be";

/** How many bytes `encodingOf` wants to see; fewer are enough when the report has no more. */
export const HEAD_BYTES = 4096;

/** Fewer zeros than this may stand at places of one kind by chance. */
const ENOUGH_ZEROS = 8;

const BOM_BYTES: Record<Encoding, number> = {"utf-8": 0, "utf-8-bom": 3, "utf-16le": 2, "utf-16be": 2};

/**
 * Returns the encoding that the first bytes show: by their mark, or by the zeros that UTF-16 puts beside every
 * delimiter, digit and line end. A few stray NULs do not make a text UTF-16.
 * Throws report_unreadable for UTF-32, which no feed sends and which looks like UTF-16 full of NULs.
 */
export function encodingOf(head: Uint8Array): Encoding {
  const [a, b, c, d] = head;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    throw new WatchfloorError("report_unreadable", "It is UTF-32; UTF-8 and UTF-16 are read");
  if (a === 0xef && b === 0xbb && c === 0xbf) return "utf-8-bom";
  if (a === 0xff && b === 0xfe) return "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  return encodingByZeros(head.subarray(0, HEAD_BYTES));
}

/** Returns the text as UTF-8, without the byte order mark. What cannot be decoded becomes U+FFFD in UTF-16 and stays in UTF-8. */
export async function* toUtf8(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decode = decoderOf(encoding);
  for await (const chunk of chunks) {
    const text = decode(chunk);
    if (text.length > 0) yield text;
  }
  const rest = decode(null);
  if (rest.length > 0) yield rest;
}

/** Returns a function that turns chunk after chunk into UTF-8 without the mark; null ends the text. */
export function decoderOf(encoding: Encoding): (chunk: Buffer | null) => Buffer {
  if (encoding === "utf-16le" || encoding === "utf-16be") {
    const decoder = new TextDecoder(encoding); // takes the mark off by itself
    return (chunk) => Buffer.from(chunk ? decoder.decode(chunk, {stream: true}) : decoder.decode());
  }
  let markLeft = BOM_BYTES[encoding];
  return (chunk) => {
    const marked = Math.min(markLeft, chunk?.length ?? 0);
    markLeft -= marked;
    return chunk?.subarray(marked) ?? Buffer.alloc(0);
  };
}

function encodingByZeros(head: Uint8Array): Encoding {
  const pairs = Math.floor(head.length / 2);
  const zeros = [0, 0]; // at even places, at odd places
  for (let at = 0; at < pairs * 2; at++) {
    if (head[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  const enough = Math.max(ENOUGH_ZEROS, pairs / 4);
  if (odd >= enough && even * 50 < odd) return "utf-16le";
  if (even >= enough && odd * 50 < even) return "utf-16be";
  return "utf-8";
}
