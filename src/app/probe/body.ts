import type {Readable, Transform} from "node:stream";
import zlib from "node:zlib";
import {troubleOf} from "./trouble.ts";

/** What came of a body. */
export interface Body {
  readonly bytes: Buffer;
  /** There was more than the limit. */
  readonly isTruncated: boolean;
  /** Why it is not whole; null when it is, or was cut by our limit. */
  readonly trouble: ReturnType<typeof troubleOf> | null;
}

/** More encodings on top of each other than this are an attack. */
const MOST_ENCODINGS = 3;

/**
 * Reads a body and decodes it (gzip, br, deflate, also on top of each other). Neither the bytes on the wire nor those of any
 * layer are more than `limit`: what is beyond is never made. Never rejects.
 */
export async function readBody(body: Readable, encoding: string, limit: number): Promise<Body> {
  const wire = await collect(body, limit);
  const layers = encoding
    .toLowerCase()
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "" && each !== "identity")
    .toReversed();
  if (layers.length > MOST_ENCODINGS)
    return {...wire, trouble: {kind: "body-unreadable", text: `${layers.length} encodings`}};
  let read = wire;
  for (const layer of layers) {
    if (read.bytes.length === 0) break;
    const decoded = await decode(read.bytes, layer, limit);
    read = {
      bytes: decoded.bytes,
      isTruncated: read.isTruncated || decoded.isTruncated,
      trouble: read.trouble ?? decoded.trouble,
    };
  }
  return read;
}

async function decode(bytes: Buffer, layer: string, limit: number): Promise<Body> {
  const decoder = decoderOf(layer, bytes);
  if (decoder === null)
    return {bytes, isTruncated: false, trouble: {kind: "body-unreadable", text: `encoding ${layer.slice(0, 40)}`}};
  decoder.end(bytes);
  const decoded = await collect(decoder, limit);
  return decoded.trouble === null
    ? decoded
    : {...decoded, trouble: {kind: "body-unreadable", text: decoded.trouble.text}};
}

/** What is cut by our limit has no end: what can be decoded of it is taken. */
function decoderOf(layer: string, bytes: Buffer): Transform | null {
  const {Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH} = zlib.constants;
  if (layer === "gzip" || layer === "x-gzip") return zlib.createGunzip({finishFlush: Z_SYNC_FLUSH});
  if (layer === "br") return zlib.createBrotliDecompress({finishFlush: BROTLI_OPERATION_FLUSH});
  if (layer !== "deflate") return null;
  // some servers leave out the two bytes of the zlib header
  const hasHeader = ((bytes[0] ?? 0) & 0x0f) === 8;
  return hasHeader
    ? zlib.createInflate({finishFlush: Z_SYNC_FLUSH})
    : zlib.createInflateRaw({finishFlush: Z_SYNC_FLUSH});
}

async function collect(stream: Readable, limit: number): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      chunks.push(bytes.subarray(0, limit - size));
      size += bytes.length;
      if (size > limit) break; // leaving the loop destroys the stream
    }
    return {bytes: Buffer.concat(chunks), isTruncated: size > limit, trouble: null};
  } catch (error) {
    return {bytes: Buffer.concat(chunks), isTruncated: false, trouble: troubleOf(error)};
  }
}
