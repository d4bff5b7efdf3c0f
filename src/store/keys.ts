/**
 * The key that signs the archive: Ed25519 in the file formats of minisign, so that anybody can check a signature with
 * Debian's `minisign -V` and without us. The secret key is encrypted when there is a passphrase.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign as cryptoSign,
  verify as cryptoVerify,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  scrypt,
} from "node:crypto";
import path from "node:path";
import {WatchfloorError} from "../model/errors.ts";
import {makeFolder, publishFile, readIfThere, temporaryFor, writeDurably} from "./durable.ts";
import {
  keyId,
  type PublicKey,
  readSecretKey,
  readSignature,
  type SecretKey,
  type SecretKeyFile,
  seal,
  unseal,
  writePublicKey,
  writeSecretKey,
  writeSignature,
} from "./keys/minisign.ts";

/** Names of the key files in the folder `keys` of the home. */
export const KEY_FILES = {secret: "watchfloor.key", public: "watchfloor.pub"} as const;

// 128 MiB and half a second a guess. minisign itself takes 1 GiB, which a small server may not have; it reads ours.
const OPS_LIMIT = 2 ** 22;
const MEM_LIMIT = 2 ** 27;
const MOST_MEMORY = 2 ** 31;

/** A key that can sign. */
export interface SigningKey {
  /** 16 hex digits, as minisign prints it. */
  readonly id: string;
  /** The public key file. */
  readonly publicKey: string;
  readonly number: Buffer;
  readonly secret: KeyObject;
}

/**
 * Makes the key pair in the folder where there is none, and returns it; an existing secret key is never replaced.
 * Throws key_locked when the existing one has another passphrase.
 */
export async function createKey(folder: string, passphrase: string | null): Promise<SigningKey> {
  const secretFile = path.join(folder, KEY_FILES.secret);
  await makeFolder(folder);
  if ((await readIfThere(secretFile)) === null) {
    await writeNew(secretFile, writeSecretKey(await lock(newKey(), passphrase)), 0o600);
  }
  const key = await loadKey(folder, passphrase);
  await writeNew(path.join(folder, KEY_FILES.public), key.publicKey, 0o644);
  return key;
}

/** Returns the key in the folder. Throws key_missing, key_locked (no passphrase, or a wrong one). */
export async function loadKey(folder: string, passphrase: string | null): Promise<SigningKey> {
  const file = path.join(folder, KEY_FILES.secret);
  const text = await readIfThere(file);
  if (text === null) throw new WatchfloorError("key_missing", file);
  const locked = readSecretKey(text.toString());
  if (locked === null) throw new WatchfloorError("key_missing", `${file} is no minisign secret key`);
  const {number, seed, point} = await unlock(locked, passphrase, file);
  const jwk = {kty: "OKP", crv: "Ed25519", d: seed.toString("base64url"), x: point.toString("base64url")};
  const secret = createPrivateKey({format: "jwk", key: jwk});
  if (pointOf(createPublicKey(secret)).compare(point) !== 0)
    throw new WatchfloorError("key_missing", `${file} is damaged: its two halves do not belong together`);
  return {id: keyId(number), publicKey: writePublicKey({number, point}), number, secret};
}

/**
 * Returns the signature file for the bytes: a minisign signature whose trusted comment is signed, too. The same key,
 * bytes and comment give the same signature.
 */
export function sign(key: SigningKey, bytes: Uint8Array | string, trusted: string): string {
  const signature = cryptoSign(null, prehash(bytes), key.secret);
  const global = cryptoSign(null, Buffer.concat([signature, Buffer.from(trusted)]), key.secret);
  return writeSignature({number: key.number, signature, untrusted: untrustedComment(key.number), trusted, global});
}

/** Returns the trusted comment when the signature file is the key's signature of the bytes; else null. */
export function verify(key: PublicKey, bytes: Uint8Array | string, signatureFile: string): string | null {
  const read = readSignature(signatureFile);
  if (read === null || read.number.compare(key.number) !== 0) return null;
  const jwk = {kty: "OKP", crv: "Ed25519", x: key.point.toString("base64url")};
  const publicKey = createPublicKey({format: "jwk", key: jwk});
  const commented = Buffer.concat([read.signature, Buffer.from(read.trusted)]);
  const isValid =
    cryptoVerify(null, prehash(bytes), publicKey, read.signature) &&
    cryptoVerify(null, commented, publicKey, read.global);
  return isValid ? read.trusted : null;
}

/** The same, and not even the comment that nobody signs is another than ours. */
export function verifyOurs(key: PublicKey, bytes: Uint8Array | string, signatureFile: string): string | null {
  const isOurs = readSignature(signatureFile)?.untrusted === untrustedComment(key.number);
  return isOurs ? verify(key, bytes, signatureFile) : null;
}

function untrustedComment(number: Buffer): string {
  return `signature by the archive key ${keyId(number)}`;
}

function prehash(bytes: Uint8Array | string): Buffer {
  return createHash("blake2b512").update(bytes).digest();
}

function newKey(): SecretKey {
  const {privateKey} = generateKeyPairSync("ed25519");
  const {d = "", x = ""} = privateKey.export({format: "jwk"});
  return {number: randomBytes(8), seed: Buffer.from(d, "base64url"), point: Buffer.from(x, "base64url")};
}

function pointOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({format: "jwk"}).x ?? "", "base64url");
}

async function lock(key: SecretKey, passphrase: string | null): Promise<SecretKeyFile> {
  if (passphrase === null) return {kdf: null, sealed: seal(key, false)};
  const kdf = {salt: randomBytes(32), opsLimit: OPS_LIMIT, memLimit: MEM_LIMIT};
  const plain = seal(key, true);
  return {kdf, sealed: exclusiveOr(plain, await derive(passphrase, kdf, plain.length))};
}

async function unlock({kdf, sealed}: SecretKeyFile, passphrase: string | null, file: string): Promise<SecretKey> {
  if (kdf !== null && passphrase === null) throw new WatchfloorError("key_locked", file);
  const plain = kdf === null ? sealed : exclusiveOr(sealed, await derive(passphrase ?? "", kdf, sealed.length));
  const key = unseal(plain, kdf !== null);
  if (key === null) throw new WatchfloorError("key_locked", `The passphrase is not that of ${file}`);
  return key;
}

/** libsodium names the cost of scrypt by operations and memory; this is how it chooses N and p from them (r is 8). */
function costOf(opsLimit: number, memLimit: number): {N: number; r: number; p: number} {
  const r = 8;
  const ops = Math.max(opsLimit, 32_768);
  const isSmall = ops < memLimit / 32;
  const most = isSmall ? ops / (r * 4) : memLimit / (r * 128);
  let log = 1;
  while (log < 63 && 2 ** log <= most / 2) log++;
  const N = 2 ** log;
  return {N, r, p: isSmall ? 1 : Math.max(1, Math.floor(Math.min(Math.floor(ops / 4 / N), 0x3fffffff) / r))};
}

function derive(passphrase: string, kdf: NonNullable<SecretKeyFile["kdf"]>, length: number): Promise<Buffer> {
  const {N, r, p} = costOf(kdf.opsLimit, kdf.memLimit);
  return new Promise((resolve, reject) => {
    scrypt(passphrase, kdf.salt, length, {N, r, p, maxmem: MOST_MEMORY}, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

function exclusiveOr(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, i) => byte ^ (other[i] ?? 0)));
}

async function writeNew(file: string, text: string, mode: number): Promise<void> {
  const temporary = temporaryFor(file);
  await writeDurably(temporary, text, mode);
  await publishFile(temporary, file, {replace: false});
}
