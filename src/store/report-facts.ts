/** What is learned of a report while its bytes pass by once. */
import {type Encoding, encodingOf, HEAD_BYTES, type TextReader, textReader} from "./encoding.ts";

/** Facts of a report's text. A last line without a line end counts; `longestLineBytes` is without the line feed. */
export interface ReportFacts {
  readonly encoding: Encoding;
  /** Physical lines: they end with LF, CR LF or CR alone. */
  readonly lines: number;
  readonly longestLineBytes: number;
  readonly nuls: number;
  /** Carriage returns alone; the text has line feeds in their place. */
  readonly loneReturns: number;
}

const FEED = 0x0a;

/** Makes a reader that is given a report's bytes as they came, piece by piece, and then answers with the facts. */
export function factsReader(): {add: (piece: Buffer) => void; end: () => ReportFacts} {
  let head: Buffer | null = Buffer.alloc(0); // until there is enough to know the encoding by
  let text: {encoding: Encoding; reader: TextReader} | null = null;
  const count = {lines: 0, nuls: 0, longest: 0, open: 0}; // open: bytes of the line that has not ended yet
  const begin = (bytes: Buffer): void => {
    const encoding = encodingOf(bytes);
    text = {encoding, reader: textReader(encoding)};
    head = null;
    countLines(text.reader.read(bytes), count);
  };
  return {
    add: (piece) => {
      if (text !== null) return countLines(text.reader.read(piece), count);
      const start = Buffer.concat([head ?? Buffer.alloc(0), piece]);
      if (start.length >= HEAD_BYTES) begin(start);
      else head = start;
    },
    end: () => {
      if (text === null) begin(head ?? Buffer.alloc(0));
      if (text === null) throw new TypeError("a report without an encoding");
      countLines(text.reader.read(null), count);
      const lines = count.lines + (count.open > 0 ? 1 : 0);
      const {nuls} = count;
      const longestLineBytes = Math.max(count.longest, count.open);
      return {encoding: text.encoding, lines, longestLineBytes, nuls, loneReturns: text.reader.loneReturns()};
    },
  };
}

function countLines(text: Buffer, count: {lines: number; nuls: number; longest: number; open: number}): void {
  let lineStart = -count.open;
  for (let feed = text.indexOf(FEED); feed >= 0; feed = text.indexOf(FEED, feed + 1)) {
    count.lines++;
    count.longest = Math.max(count.longest, feed - lineStart);
    lineStart = feed + 1;
  }
  count.open = text.length - lineStart;
  if (!text.includes(0)) return;
  for (const byte of text) if (byte === 0) count.nuls++;
}
