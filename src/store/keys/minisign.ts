/**
 * The file formats of minisign, byte by byte. Reading is strict: a text that would be written otherwise is refused, so
 * that a changed byte anywhere in a file is seen.
 * Source: jedisct1.github.io/minisign, "Signature format", "Public key format", "Secret key format".
 */
import {timingSafeEqual} from "node:crypto";
import {blake2b} from "./blake2b.ts";

const SIGNATURE = "ED"; // Ed25519 of the BLAKE2b-512 of the file
const KEY = "Ed";
const SCRYPT = "Sc";
const PLAIN = "\0\0";
const CHECKSUM = "B2";
const UNTRUSTED = "untrusted comment: ";
const TRUSTED = "trusted comment: ";
const SECRET_BYTES = 158;

/** A public key: its number, by which signatures name it, and its 32 bytes. */
export interface PublicKey {
  readonly number: Buffer;
  readonly point: Buffer;
}

/** A secret key as it lies in its file; `sealed` (number, seed, point, checksum) is encrypted when `kdf` is given. */
export interface SecretKeyFile {
  readonly kdf: {readonly salt: Buffer; readonly opsLimit: number; readonly memLimit: number} | null;
  readonly sealed: Buffer;
}

/** A secret key, opened. */
export interface SecretKey extends PublicKey {
  readonly seed: Buffer;
}

/** A signature file. */
export interface Signature {
  readonly number: Buffer;
  readonly signature: Buffer;
  readonly untrusted: string;
  readonly trusted: string;
  /** Ed25519 of the signature and the trusted comment. */
  readonly global: Buffer;
}

/** Returns the key's number as minisign prints it: 16 hex digits. */
export function keyId(number: Buffer): string {
  // as minisign prints a number: without zeros at its front
  return number.readBigUInt64LE().toString(16).toUpperCase();
}

/** Returns the public key file. */
export function writePublicKey({number, point}: PublicKey): string {
  const packed = Buffer.concat([Buffer.from(KEY), number, point]);
  return `${UNTRUSTED}minisign public key ${keyId(number)}\n${packed.toString("base64")}\n`;
}

/** Returns the public key of a file; null when the text is none, or not exactly as it would be written. */
export function readPublicKey(text: string): PublicKey | null {
  const packed = Buffer.from(text.split("\n")[1] ?? "", "base64");
  const key = {number: packed.subarray(2, 10), point: packed.subarray(10)};
  return packed.length === 42 && writePublicKey(key) === text ? key : null;
}

/** Returns the signature file. Comments are one line each. */
export function writeSignature({number, signature, untrusted, trusted, global}: Signature): string {
  const packed = Buffer.concat([Buffer.from(SIGNATURE), number, signature]);
  return `${UNTRUSTED}${untrusted}\n${packed.toString("base64")}\n${TRUSTED}${trusted}\n${global.toString("base64")}\n`;
}

/** Returns the signature of a file; null when the text is none, or not exactly as it would be written. */
export function readSignature(text: string): Signature | null {
  const [first = "", packedText = "", third = "", globalText = ""] = text.split("\n");
  const packed = Buffer.from(packedText, "base64");
  if (packed.length !== 74) return null;
  const read = {
    number: packed.subarray(2, 10),
    signature: packed.subarray(10),
    untrusted: first.slice(UNTRUSTED.length),
    trusted: third.slice(TRUSTED.length),
    global: Buffer.from(globalText, "base64"),
  };
  return read.global.length === 64 && writeSignature(read) === text ? read : null;
}

/** Returns the secret key file. */
export function writeSecretKey({kdf, sealed}: SecretKeyFile): string {
  const head = Buffer.from(`${KEY}${kdf === null ? PLAIN : SCRYPT}${CHECKSUM}`);
  const limits = Buffer.alloc(16);
  limits.writeBigUInt64LE(BigInt(kdf?.opsLimit ?? 0), 0);
  limits.writeBigUInt64LE(BigInt(kdf?.memLimit ?? 0), 8);
  const packed = Buffer.concat([head, kdf?.salt ?? Buffer.alloc(32), limits, sealed]);
  return `${UNTRUSTED}minisign encrypted secret key\n${packed.toString("base64")}\n`;
}

/** Returns the secret key file's contents; null when the text is none. */
export function readSecretKey(text: string): SecretKeyFile | null {
  const packed = Buffer.from(text.split("\n")[1] ?? "", "base64");
  const head = packed.subarray(0, 6).toString("latin1");
  if (packed.length !== SECRET_BYTES || !/^Ed(Sc|\0\0)B2$/.test(head)) return null;
  const opsLimit = Number(packed.readBigUInt64LE(38));
  const memLimit = Number(packed.readBigUInt64LE(46));
  const kdf = head.includes(SCRYPT) ? {salt: packed.subarray(6, 38), opsLimit, memLimit} : null;
  return {kdf, sealed: packed.subarray(54)};
}

/** Returns what is encrypted in the file: number, seed, point and their checksum. minisign leaves it empty in a plain key. */
export function seal({number, seed, point}: SecretKey, hasChecksum: boolean): Buffer {
  const secret = Buffer.concat([number, seed, point]);
  return Buffer.concat([secret, hasChecksum ? checksumOf(secret) : Buffer.alloc(32)]);
}

/** Returns the key in an opened seal; null when the checksum says that the passphrase was wrong. */
export function unseal(sealed: Buffer, hasChecksum: boolean): SecretKey | null {
  const secret = sealed.subarray(0, 72);
  if (hasChecksum && !timingSafeEqual(checksumOf(secret), sealed.subarray(72))) return null;
  return {number: secret.subarray(0, 8), seed: secret.subarray(8, 40), point: secret.subarray(40)};
}

function checksumOf(secret: Buffer): Buffer {
  return blake2b(Buffer.concat([Buffer.from(KEY), secret]), 32);
}
