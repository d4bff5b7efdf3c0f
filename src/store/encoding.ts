/**
 * How the bytes of a report become text: UTF-8 without a byte order mark, lines that end with LF or CR LF. The kept copy
 * stays as it came.
 */
import {WatchfloorError} from "../model/errors.ts";

/** How a report is encoded. What is neither of the others is read as UTF-8. */
export type Encoding = "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be";

/** How many bytes `encodingOf` wants to see; fewer are enough when the report has no more. */
export const HEAD_BYTES = 4096;

/** Fewer zeros than this may stand at places of one kind by chance. */
const ENOUGH_ZEROS = 8;

const FEED = 0x0a;
const RETURN = 0x0d;
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

/** Turns chunk after chunk into text, and says how many carriage returns alone became line ends so far. */
export interface TextReader {
  /** Null ends the text. What comes back may share memory with the chunk. */
  readonly read: (chunk: Buffer | null) => Buffer;
  readonly loneReturns: () => number;
}

/**
 * Makes a reader of text: UTF-8 without the mark, every line ending with LF or CR LF. A carriage return alone becomes a
 * line feed, so that a line has one number everywhere. What cannot be decoded becomes U+FFFD in UTF-16 and stays in UTF-8.
 */
export function textReader(encoding: Encoding): TextReader {
  const decode = decoderOf(encoding);
  const breaks = lineBreaks();
  return {
    read: (chunk) => {
      const text = decode(chunk);
      return chunk === null ? Buffer.concat([breaks.read(text), breaks.read(null)]) : breaks.read(text);
    },
    loneReturns: breaks.loneReturns,
  };
}

/** Gives the text of a report piece by piece, as `textReader` makes it. */
export async function* toText(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const reader = textReader(encoding);
  for await (const chunk of chunks) {
    const text = reader.read(chunk);
    if (text.length > 0) yield text;
  }
  const rest = reader.read(null);
  if (rest.length > 0) yield rest;
}

/** Makes a reader that turns each carriage return without a line feed behind it into a line feed. */
export function lineBreaks(): TextReader {
  let isReturnOpen = false; // the last chunk ended with a carriage return: the next one says whether it is alone
  let lone = 0;
  const read = (chunk: Buffer | null): Buffer => {
    if (chunk?.length === 0) return chunk;
    const held = isReturnOpen
      ? Buffer.concat([Buffer.of(RETURN), chunk ?? Buffer.alloc(0)])
      : (chunk ?? Buffer.alloc(0));
    isReturnOpen = chunk !== null && held[held.length - 1] === RETURN;
    const whole = isReturnOpen ? held.subarray(0, -1) : held;
    let mended: Buffer | null = null; // a copy: the bytes as they came are kept elsewhere at this very moment
    for (let at = whole.indexOf(RETURN); at >= 0; at = whole.indexOf(RETURN, at + 1)) {
      if (whole[at + 1] === FEED) continue;
      mended ??= Buffer.from(whole);
      mended[at] = FEED;
      lone++;
    }
    return mended ?? whole;
  };
  return {read, loneReturns: () => lone};
}

function decoderOf(encoding: Encoding): (chunk: Buffer | null) => Buffer {
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
