/**
 * OpenPGP of mails that go out: our key in the folder keys/, signatures and encryption. The same bytes, key and time give
 * the same signature; encryption draws a new session key each time. Source: RFC 9580, RFC 3156.
 */
import path from "node:path";
import {
  createMessage,
  decryptKey,
  encrypt,
  enums,
  generateKey,
  type PartialConfig,
  type PrivateKey,
  type PublicKey,
  readKey,
  readPrivateKey,
  sign,
} from "openpgp";
import {WatchfloorError} from "../../model/errors.ts";
import {publishFile, readIfThere, temporaryFor, writeDurably} from "../../store/durable.ts";
import {environment} from "../environment.ts";

/** File of our secret OpenPGP key in the folder keys/. */
export const PGP_KEY_FILE = "notices.asc";
/** The name that RFC 3156 has for the hash that we sign with. */
export const MICALG = "pgp-sha512";

/** A retry after a crash sends the same bytes, so nothing random goes into a signature. */
const CONFIG: PartialConfig = {
  nonDeterministicSignaturesViaNotation: false,
  preferredHashAlgorithm: enums.hash.sha512,
  showVersion: false,
  showComment: false,
};
const MOST_KEY_LENGTH = 200_000;

/** Our key, ready to sign. */
export interface PgpSigner {
  readonly secret: PrivateKey;
  /** Armored, for those who want to check. */
  readonly publicKey: string;
  /** 40 hex digits, in capitals. */
  readonly fingerprint: string;
}

/** What can be done with a contact's key now; the reason is for the officer. */
export type ContactKey =
  | {readonly state: "valid"; readonly key: PublicKey}
  | {readonly state: "none" | "expired" | "revoked" | "unusable"; readonly reason: string};

/** Whose key is made. */
export interface KeyOwner {
  readonly name: string;
  readonly address: string;
  /** Null leaves it unprotected on the disk. */
  readonly passphrase: string | null;
}

/**
 * Makes our key in the folder where there is none, and returns it; an existing one is never replaced. Debian's gpg reads
 * it. Throws key_locked when the existing one has another passphrase.
 */
export async function createSigner(folder: string, owner: KeyOwner, now: Date): Promise<PgpSigner> {
  const file = path.join(folder, PGP_KEY_FILE);
  if ((await readIfThere(file)) === null) {
    const {privateKey} = await generateKey({
      type: "ecc",
      curve: "ed25519Legacy",
      userIDs: [{name: owner.name, email: owner.address}],
      date: now,
      format: "armored",
      ...(owner.passphrase === null ? {} : {passphrase: owner.passphrase}),
      config: CONFIG,
    });
    const temporary = temporaryFor(file);
    await writeDurably(temporary, privateKey, 0o600);
    await publishFile(temporary, file, {replace: false});
  }
  const made = await loadSigner(folder, owner.passphrase);
  if (made === null) throw new WatchfloorError("key_missing", file);
  return made;
}

/**
 * Returns our key, or null when there is none: then mails go out unsigned. Throws key_locked (no passphrase, or a wrong
 * one), key_missing when the file holds no secret key.
 */
export async function loadSigner(
  folder: string,
  passphrase: string | null = environment("WATCHFLOOR_PGP_PASSPHRASE") ?? null,
): Promise<PgpSigner | null> {
  const file = path.join(folder, PGP_KEY_FILE);
  const text = await readIfThere(file);
  if (text === null) return null;
  const locked = await readPrivateKey({armoredKey: text.toString()}).catch((cause: unknown) => {
    throw new WatchfloorError("key_missing", `${file} is no OpenPGP secret key`, cause);
  });
  const secret = locked.isDecrypted() ? locked : await unlock(locked, passphrase, file);
  const publicKey = secret.toPublic().armor();
  return {secret, publicKey, fingerprint: secret.getFingerprint().toUpperCase()};
}

async function unlock(locked: PrivateKey, passphrase: string | null, file: string): Promise<PrivateKey> {
  if (passphrase === null) throw new WatchfloorError("key_locked", `${file} needs WATCHFLOOR_PGP_PASSPHRASE`);
  return decryptKey({privateKey: locked, passphrase}).catch((cause: unknown) => {
    throw new WatchfloorError("key_locked", `The passphrase is not that of ${file}`, cause);
  });
}

/** Returns whether a contact's key can be encrypted to at that time, and if not, why. */
export async function contactKey(armored: string | null, now: Date): Promise<ContactKey> {
  if (armored === null) return {state: "none", reason: "The contact has no key."};
  if (armored.length > MOST_KEY_LENGTH) return {state: "unusable", reason: "The key is far too long."};
  try {
    const key = (await readKey({armoredKey: armored})).toPublic();
    const name = key.getFingerprint().toUpperCase();
    if (await key.isRevoked(undefined, undefined, now)) return {state: "revoked", reason: `Key ${name} was revoked.`};
    const ends = await key.getExpirationTime();
    if (ends instanceof Date && ends <= now)
      return {state: "expired", reason: `Key ${name} ended on ${ends.toISOString().slice(0, 10)}.`};
    await key.getEncryptionKey(undefined, now);
    return {state: "valid", key};
  } catch (error) {
    return {
      state: "unusable",
      reason: `The key cannot be used: ${error instanceof Error ? error.message : "unknown"}.`,
    };
  }
}

/** Throws key_missing when our key cannot sign at that time: it has ended, or was revoked. */
export async function checkSigner({secret}: PgpSigner, now: Date): Promise<void> {
  await secret.getSigningKey(undefined, signingTime(secret, now)).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : "unknown";
    throw new WatchfloorError("key_missing", `keys/${PGP_KEY_FILE} cannot sign: ${why}`, cause);
  });
}

/** What was planned before the key was made is signed as of when it was made: no key signs before it is there. */
function signingTime(secret: PrivateKey, at: Date): Date {
  return new Date(Math.max(at.getTime(), secret.getCreationTime().getTime()));
}

/** Returns the armored signature of the bytes. */
export async function signDetached(bytes: Uint8Array, {secret}: PgpSigner, now: Date): Promise<string> {
  const message = await createMessage({binary: bytes});
  const date = signingTime(secret, now);
  return sign({message, signingKeys: secret, detached: true, format: "armored", date, config: CONFIG});
}

/** Returns the bytes encrypted for a key, and signed inside when we have a key; armored. */
export async function sealTo(
  bytes: Uint8Array,
  {key, signer}: {readonly key: PublicKey; readonly signer: PgpSigner | null},
  now: Date,
): Promise<string> {
  const message = await createMessage({binary: bytes});
  return encrypt({
    message,
    encryptionKeys: key,
    ...(signer === null ? {} : {signingKeys: signer.secret}),
    format: "armored",
    date: signer === null ? now : signingTime(signer.secret, now),
    config: CONFIG,
  });
}
