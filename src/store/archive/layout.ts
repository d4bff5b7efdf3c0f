/** Where everything lies in the archive, and the exact text of what is signed. All of it can be checked by hand. */
import path from "node:path";
import {z} from "zod";
import type {ArchiveEntry, ArchiveManifest} from "../../model/edition.ts";
import {canonicalJson, sha256} from "../canonical.ts";
import {KEY_FILES} from "../keys.ts";

/** The entry before the first one. */
export const NO_ENTRY = "0".repeat(64);

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const act = z.strictObject({by: z.string(), at: z.string()});
const file = z.strictObject({path: z.string(), sha256: hash, bytes: z.int().min(0)});

const entrySchema = z.strictObject({
  n: z.int().min(1),
  week: z.string(),
  version: z.int().min(1),
  at: z.string(),
  manifest: hash,
  previous: hash,
});

const manifestSchema = z.strictObject({
  week: z.string(),
  year: z.int(),
  issue: z.int(),
  version: z.int().min(1),
  kind: z.enum(["edition", "correction"]),
  reason: z.string().nullable(),
  situation: hash,
  files: z.array(file),
  reports: z.array(z.strictObject({id: z.string(), sha256: z.string()})),
  tool: z.string(),
  submitted: act,
  approved: act,
});

const siteManifestSchema = z.strictObject({head: hash, files: z.array(file)});

/** The pages of the site that are made anew with each edition, as they were when the chain ended with `head`. */
export type SiteManifest = z.infer<typeof siteManifestSchema>;

/** Returns where the parts of the archive lie. `witness` is outside, so that a shortened chain is noticed. */
export function archiveFiles(home: string) {
  const folder = path.join(home, "archive");
  return {
    folder,
    lock: path.join(folder, "lock"),
    objects: path.join(folder, "objects"),
    chain: path.join(folder, "chain.jsonl"),
    chainSignature: path.join(folder, "chain.jsonl.minisig"),
    signatures: path.join(folder, "signatures"),
    publicKey: path.join(folder, KEY_FILES.public),
    site: path.join(folder, "site"),
    siteManifest: path.join(folder, "site-manifest.json"),
    siteSignature: path.join(folder, "site-manifest.json.minisig"),
    pinnedKey: path.join(home, "keys", KEY_FILES.public),
    witness: path.join(home, "keys", "archive-head"),
    object: (name: string) => path.join(folder, "objects", name.slice(0, 2), name),
    signature: (n: number) => path.join(folder, "signatures", `${n}.minisig`),
  };
}

/** Returns the line of an entry, with its end: what is hashed into the next entry and signed. */
export function lineOf(entry: ArchiveEntry): string {
  return `${canonicalJson(entry)}\n`;
}

/** Returns the bytes of each line of the chain, with its end. */
export function splitLines(chain: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < chain.length; ) {
    const end = chain.indexOf("\n", from);
    const next = end === -1 ? chain.length : end + 1;
    lines.push(chain.subarray(from, next));
    from = next;
  }
  return lines;
}

/** Returns the entry of a line; null when it is not exactly a line as we write it. */
export function readLine(line: Buffer): ArchiveEntry | null {
  const entry = read(entrySchema, line);
  return entry !== null && line.equals(Buffer.from(lineOf(entry))) ? entry : null;
}

/** Returns the manifest that the bytes hold; null when they hold none. */
export function readManifestBytes(bytes: Buffer): ArchiveManifest | null {
  return read(manifestSchema, bytes);
}

/** Returns the text of the site's manifest. */
export function siteManifestText(manifest: SiteManifest): string {
  return `${canonicalJson(manifest)}\n`;
}

/** Returns the site's manifest that the bytes hold; null when they hold none. */
export function readSiteManifest(bytes: Buffer): SiteManifest | null {
  return read(siteManifestSchema, bytes);
}

/** The signed words beside an entry's signature. */
export function entryComment(n: number, line: Uint8Array | string): string {
  return `entry ${n}, sha256 ${sha256(line)}`;
}

/** The signed words beside the signature of the whole chain. */
export function chainComment(n: number, lastLine: Uint8Array | string): string {
  return `chain of ${n}, head ${sha256(lastLine)}`;
}

/** The signed words beside the signature of the site's manifest. */
export function siteComment(head: string): string {
  return `site at head ${head}`;
}

/** The line that is kept outside of the archive. */
export function witnessText(n: number, head: string): string {
  return `${n} ${head}\n`;
}

function read<T>(schema: z.ZodType<T>, bytes: Buffer): T | null {
  try {
    return schema.parse(JSON.parse(bytes.toString("utf8")));
  } catch {
    return null; // the caller says what is wrong with it
  }
}
