/** Our OpenPGP key as people handle it: made once, and its public part given away. */
import path from "node:path";
import {type PrivateKey, readPrivateKey} from "openpgp";
import {WatchfloorError} from "../../model/errors.ts";
import {readIfThere} from "../../store/durable.ts";
import {environment} from "../environment.ts";
import type {House} from "../house.ts";
import {createSigner, PGP_KEY_FILE} from "../mail/pgp-write.ts";

/** What others may know of our key. Times are ISO 8601 in UTC. */
export interface OwnKey {
  /** 40 hex digits, in capitals. */
  readonly fingerprint: string;
  readonly owner: string;
  readonly createdAt: string;
  /** Null: it does not end. */
  readonly expiresAt: string | null;
  /** Whether its secret part needs a passphrase. */
  readonly isProtected: boolean;
  /** Armored. */
  readonly publicKey: string;
}

/** Whose key is made; null: the publisher's English name, and the address that mails come from. */
export interface OwnKeyChoice {
  readonly name: string | null;
  readonly address: string | null;
}

/**
 * Makes our key, protected by WATCHFLOOR_PGP_PASSPHRASE where that is set. An existing key is never replaced: mails were
 * signed by it. Throws key_exists, usage (no address).
 */
export async function createOwnKey(house: House, {name, address}: OwnKeyChoice, now: Date): Promise<OwnKey> {
  const folder = keysOf(house);
  if ((await readIfThere(path.join(folder, PGP_KEY_FILE))) !== null)
    throw new WatchfloorError("key_exists", path.join(folder, PGP_KEY_FILE));
  const {mail, profile} = house.config;
  const from = address ?? mail?.from ?? null;
  if (from === null) throw new WatchfloorError("usage", "--address is wanted: mail.from is not configured");
  const owner = {name: name ?? profile.publisher.name.en, address: from};
  await createSigner(folder, {...owner, passphrase: environment("WATCHFLOOR_PGP_PASSPHRASE") ?? null}, now);
  return ownKey(house);
}

/** Returns what others may know of our key; no passphrase is needed for it. Throws key_missing. */
export async function ownKey(house: House): Promise<OwnKey> {
  const file = path.join(keysOf(house), PGP_KEY_FILE);
  const text = await readIfThere(file);
  if (text === null) throw new WatchfloorError("key_missing", file);
  const key = await readPrivateKey({armoredKey: text.toString()}).catch((cause: unknown): PrivateKey => {
    throw new WatchfloorError("key_missing", `${file} is no OpenPGP secret key`, cause);
  });
  const ends = await key.getExpirationTime();
  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    owner: key.getUserIDs()[0] ?? "",
    createdAt: key.getCreationTime().toISOString(),
    expiresAt: ends instanceof Date ? ends.toISOString() : null,
    isProtected: !key.isDecrypted(),
    publicKey: key.toPublic().armor(),
  };
}

function keysOf({home}: House): string {
  return path.join(home, "keys");
}
