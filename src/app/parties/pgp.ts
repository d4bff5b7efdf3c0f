/** OpenPGP keys of contacts: what a key says of itself is read from the key, never taken from whoever sent it. */
import {readKeys} from "openpgp";
import type {PgpFacts} from "../../model/party.ts";

/** A key with its facts, or what is wrong with it. */
export type PgpReading =
  | {readonly facts: PgpFacts; readonly fault: null}
  | {readonly facts: null; readonly fault: string};

/**
 * Reads an armored public key as it was at `now`. A secret key, several keys in one, a revoked one and one that cannot
 * encrypt are faults; an expired key has its facts, and whoever uses it looks at the day.
 */
export async function readPgpKey(armored: string, now: Date): Promise<PgpReading> {
  const keys = await readKeys({armoredKeys: armored}).catch(() => null);
  const [key] = keys ?? [];
  if (key === undefined) return {facts: null, fault: "it is no armored OpenPGP key"};
  if (keys?.length !== 1) return {facts: null, fault: "there are several keys in one"};
  if (key.isPrivate()) return {facts: null, fault: "it is a secret key: tell its owner, and use another"};
  if (await key.isRevoked(undefined, undefined, now).catch(() => true)) return {facts: null, fault: "it is revoked"};
  const expires = await key.getExpirationTime().catch(() => null);
  if (expires === null) return {facts: null, fault: "it carries no valid signature of its owner"};
  const isExpired = expires instanceof Date && expires <= now;
  const canEncrypt = isExpired || (await key.getEncryptionKey(undefined, now).catch(() => null)) !== null;
  if (!canEncrypt) return {facts: null, fault: "it cannot encrypt"};
  const fingerprint = key.getFingerprint().toUpperCase();
  return {facts: {fingerprint, expiresAt: expires instanceof Date ? expires.toISOString() : null}, fault: null};
}
