/** One text for one value, so that a hash of it means the value: keys sorted, no white space, UTF-8. */
import {createHash} from "node:crypto";

/** Returns the canonical JSON of plain data. A key without value is left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value));
}

/** Returns the SHA-256 of bytes, or of the UTF-8 of a text, as 64 hex digits. */
export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
