/**
 * Pages of frauds are kept encrypted: no scanner, browser or preview on the machine mistakes them for what they pretend to be.
 * The same bytes seal to the same file, so they are kept once. Source: TRUST.md section 4, probe rules.
 */
import {createCipheriv, createDecipheriv, createHmac, randomBytes} from "node:crypto";
import path from "node:path";
import {WatchfloorError} from "../../model/errors.ts";
import {type Artefact, keepArtefact, readArtefact} from "../artefacts.ts";
import {readIfThere, writeDurably} from "../durable.ts";
import {withLock} from "../lock.ts";

/** File of the key in the folder keys/. */
export const EVIDENCE_KEY = "evidence.key";
/** Its length. */
export const KEY_BYTES = 32;
const CIPHER = "aes-256-gcm";
const [IV_BYTES, TAG_BYTES] = [12, 16];

/** Keeps bytes sealed by the key of the data folder, which is made when there is none. Throws disk_full, home_not_writable. */
export async function keepSealed(home: string, bytes: Uint8Array): Promise<Artefact> {
  const key = await evidenceKey(home);
  // made from key and content: never used for other bytes under this key
  const iv = createHmac("sha256", key).update(bytes).digest().subarray(0, IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv);
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return keepArtefact(home, Buffer.concat([iv, cipher.getAuthTag(), sealed]));
}

/** Returns what was sealed. Throws artefact_missing when it is gone, damaged, or sealed by another key. */
export async function readSealed(home: string, sha256: string): Promise<Buffer> {
  const file = await readArtefact(home, sha256);
  const key = await evidenceKey(home);
  try {
    const opened = createDecipheriv(CIPHER, key, file.subarray(0, IV_BYTES));
    opened.setAuthTag(file.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([opened.update(file.subarray(IV_BYTES + TAG_BYTES)), opened.final()]);
  } catch (cause) {
    throw new WatchfloorError("artefact_missing", `${sha256} cannot be opened by keys/${EVIDENCE_KEY}`, cause);
  }
}

async function evidenceKey(home: string): Promise<Buffer> {
  const file = path.join(home, "keys", EVIDENCE_KEY);
  const known = await readIfThere(file);
  if (known !== null) return known;
  return withLock(`${file}.lock`, async () => {
    const there = await readIfThere(file);
    if (there !== null) return there;
    const fresh = randomBytes(KEY_BYTES);
    await writeDurably(file, fresh, 0o600);
    return fresh;
  });
}
