/** Certificates for tests, made on the spot: good for these names and this time, signed by nobody but themselves. */
import {createHash, generateKeyPairSync, type KeyObject, sign} from "node:crypto";

/** What a certificate is for. */
export interface CertificateWish {
  readonly names: readonly string[];
  readonly from?: Date;
  readonly to?: Date;
}

/** A key and its certificate, in PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

let keys: {publicKey: KeyObject; privateKey: KeyObject} | null = null;

/** Makes a self-signed certificate (ECDSA P-256; one key for all, since nobody trusts them). */
export function makeCertificate({
  names,
  from = new Date("2020-01-01"),
  to = new Date("2049-01-01"),
}: CertificateWish): Certificate {
  keys ??= generateKeyPairSync("ec", {namedCurve: "P-256"});
  const name = sequence(set(sequence(oid(2, 5, 4, 3), text(names[0] ?? ""))));
  const algorithm = sequence(oid(1, 2, 840, 10045, 4, 3, 2));
  const alternatives = sequence(...names.map((each) => element(0x82, Buffer.from(each, "latin1"))));
  const body = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(
      Buffer.from([1, ...createHash("sha256").update(names.join()).update(to.toISOString()).digest().subarray(0, 8)]),
    ),
    algorithm,
    name,
    sequence(time(from), time(to)),
    name,
    keys.publicKey.export({type: "spki", format: "der"}),
    element(0xa3, sequence(sequence(oid(2, 5, 29, 17), element(0x04, alternatives)))),
  );
  const signature = sign("sha256", body, keys.privateKey);
  const der = sequence(body, algorithm, element(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: String(keys.privateKey.export({type: "pkcs8", format: "pem"})),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}

function element(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

function set(...parts: readonly Buffer[]): Buffer {
  return element(0x31, Buffer.concat(parts));
}

/** A number whose first byte is 1 to 127. */
function integer(bytes: Buffer): Buffer {
  return element(0x02, bytes);
}

function text(value: string): Buffer {
  return element(0x0c, Buffer.from(value));
}

function oid(first: number, second: number, ...rest: readonly number[]): Buffer {
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part & 127];
    for (let left = part >> 7; left > 0; left >>= 7) digits.unshift((left & 127) | 128);
    bytes.push(...digits);
  }
  return element(0x06, Buffer.from(bytes));
}

/** UTCTime, which speaks of the years 1950 to 2049. */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return element(0x17, Buffer.from(`${digits}Z`));
}
