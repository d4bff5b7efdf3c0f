/** The keys of a data folder: whether each can do its work. */
import {stat} from "node:fs/promises";
import path from "node:path";
import {WatchfloorError} from "../../model/errors.ts";
import type {Bilingual} from "../../model/format.ts";
import {readIfThere} from "../../store/durable.ts";
import {EVIDENCE_KEY, KEY_BYTES} from "../../store/keys/sealed.ts";
import {KEY_FILES, loadKey} from "../../store/keys.ts";
import type {Config} from "../config.ts";
import {TOKEN_BYTES, TOKEN_KEY} from "../coordination/case-desk.ts";
import {environment} from "../environment.ts";
import {loadSigner, PGP_KEY_FILE} from "../mail/pgp-write.ts";
import {faultOf, type SiteFault, tried} from "./faults.ts";

/** Returns what is wrong with the keys. That a passphrase is not given is no fault: it is asked of whoever needs the key. */
export async function keyFaults(home: string, now: Date): Promise<SiteFault[]> {
  const folder = path.join(home, "keys");
  const passphrase = environment("WATCHFLOOR_KEY_PASSPHRASE") ?? null;
  const signing = await tried(() => loadKey(folder, passphrase));
  const pgp = await tried(() => loadSigner(folder));
  const isAsked = {signing: passphrase === null, pgp: environment("WATCHFLOOR_PGP_PASSPHRASE") === undefined};
  const kept = (faults: readonly SiteFault[], isLocked: boolean): SiteFault[] =>
    faults.filter(({code}) => code !== "key_locked" || !isLocked);
  const ends = pgp.value === null ? null : await pgp.value.secret.getExpirationTime();
  return [
    ...kept(signing.faults, isAsked.signing),
    ...kept(pgp.faults, isAsked.pgp),
    ...(ends instanceof Date && ends <= now
      ? [faultOf("key_missing", `keys/${PGP_KEY_FILE} ended on ${ends.toISOString().slice(0, 10)}`)]
      : []),
    ...(await lengthFaults(home)),
  ];
}

/** Keys that are bytes alone: a cut one would be taken for a whole one, and what it sealed could not be opened. */
async function lengthFaults(home: string): Promise<SiteFault[]> {
  const lengths = {[EVIDENCE_KEY]: KEY_BYTES, [TOKEN_KEY]: TOKEN_BYTES};
  const faults: SiteFault[] = [];
  for (const [name, bytes] of Object.entries(lengths)) {
    const found = await readIfThere(path.join(home, "keys", name));
    if (found !== null && found.length !== bytes)
      faults.push(faultOf("key_missing", `keys/${name} is damaged: it has ${found.length} bytes, not ${bytes}`));
  }
  return faults;
}

/** Returns what is allowed and probably not meant of keys and secrets. */
export async function keyNotes(config: Config): Promise<Bilingual[]> {
  const folder = path.join(config.home, "keys");
  const notes: Bilingual[] = [];
  const pgp = await readIfThere(path.join(folder, PGP_KEY_FILE));
  if (config.mail !== null && pgp === null)
    notes.push({
      zh: "尚无 OpenPGP 密钥，通报邮件将不签名，也无法接收加密邮件；可用 watchfloor pgp create 生成。",
      en: "there is no OpenPGP key: mails go out unsigned, and nobody can encrypt to us; watchfloor pgp create makes one.",
    });
  if (pgp !== null && (await isLocked(folder)))
    notes.push({
      zh: "OpenPGP 密钥有口令保护，而此处未设置 WATCHFLOOR_PGP_PASSPHRASE；serve 发送邮件时需要它。",
      en: "the OpenPGP key has a passphrase, and WATCHFLOOR_PGP_PASSPHRASE is not set here; serve needs it to send mails.",
    });
  for (const name of [KEY_FILES.secret, PGP_KEY_FILE, EVIDENCE_KEY, TOKEN_KEY])
    if (await isReadableByOthers(path.join(folder, name)))
      notes.push({
        zh: `keys/${name} 可被其他账户读取，请收回权限：chmod 600。`,
        en: `keys/${name} can be read by other accounts: chmod 600 takes that back.`,
      });
  return notes;
}

async function isLocked(folder: string): Promise<boolean> {
  try {
    await loadSigner(folder);
    return false;
  } catch (error) {
    if (error instanceof WatchfloorError) return error.code === "key_locked";
    throw error;
  }
}

async function isReadableByOthers(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found !== null && process.platform !== "win32" && (found.mode & 0o077) !== 0;
}
