import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {
  createCleartextMessage,
  createMessage,
  encrypt,
  enums,
  generateKey,
  type PrivateKey,
  readKey,
  readPrivateKey,
  revokeKey,
  sign,
} from "openpgp";
import {openMailReader} from "../src/app/mail/reader.ts";
import type {PgpPiece, ReadMail} from "../src/model/mail.ts";
import {SHARED} from "./site.ts";

/** Signed and encrypted mails, made by the test with keys of its own, and those of a ticket system. */

const NOW = new Date("2026-03-01T00:00:00Z");
const BEFORE = new Date("2026-01-10T00:00:00Z");
const YEAR_SECONDS = 365 * 24 * 3600;

async function keyOf(name: string, more: {date?: Date; keyExpirationTime?: number} = {}): Promise<PrivateKey> {
  const {privateKey} = await generateKey({
    userIDs: [{name, email: `${name}@example.org`}],
    format: "object",
    date: new Date("2026-01-01T00:00:00Z"),
    ...more,
  });
  return privateKey;
}

const [ours, party, other, stranger] = await Promise.all(
  ["cert", "party", "other", "stranger"].map((name) => keyOf(name)),
);
assert.ok(ours && party && other && stranger);
const aged = await keyOf("aged", {
  date: new Date("2025-01-01T00:00:00Z"),
  keyExpirationTime: YEAR_SECONDS + 30 * 24 * 3600,
});
const revoked = await keyOf("revoked");
const {publicKey: revokedPublic} = await revokeKey({
  key: revoked,
  format: "object",
  date: new Date("2026-02-01T00:00:00Z"),
  reasonForRevocation: {flag: enums.reasonForRevocation.keyCompromised, string: "lost"},
});
const PASSPHRASE = "correct horse";
const {privateKey: locked} = await generateKey({
  userIDs: [{name: "locked", email: "locked@example.org"}],
  passphrase: PASSPHRASE,
  date: new Date("2026-01-01T00:00:00Z"),
});

const contacts = [party, other, aged].map((key) => key.toPublic().armor());
const reader = openMailReader({
  keys: () => ({
    ours: [
      {armored: ours.armor(), passphrase: null},
      {armored: locked, passphrase: PASSPHRASE},
    ],
    contacts: [...contacts, revokedPublic.armor(), "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nbroken"],
  }),
});
after(() => reader.close());

async function read(raw: string): Promise<ReadMail> {
  const reading = await reader.read({bytes: Buffer.from(raw)}, NOW);
  assert.ok(reading.state === "read", reading.state === "unreadable" ? reading.reason : "");
  return reading.mail;
}

const crlf = (text: string): string => text.replace(/\r?\n/g, "\r\n");
const headed = (type: string, body: string, from = "party@example.org"): string =>
  crlf(
    `From: Party <${from}>\nTo: cert@example.org\nSubject: pgp\nDate: Sun, 01 Mar 2026 00:00:00 +0000\nMIME-Version: 1.0\nContent-Type: ${type}\n\n${body}`,
  );

async function detached(text: string, key: PrivateKey, date = BEFORE): Promise<string> {
  return sign({
    message: await createMessage({binary: Buffer.from(crlf(text))}),
    signingKeys: key,
    detached: true,
    date,
  });
}

const ENTITY = "Content-Type: text/plain; charset=utf-8\n\nThe page has been removed.\n";

async function signedEntity(key: PrivateKey, change: {entity?: string; date?: Date} = {}): Promise<string> {
  const signature = await detached(ENTITY, key, change.date);
  return `Content-Type: multipart/signed; protocol="application/pgp-signature"; micalg=pgp-sha512; boundary="s"\n\n--s\n${change.entity ?? ENTITY}\n--s\nContent-Type: application/pgp-signature\n\n${signature}\n--s--\n`;
}

async function signedMail(
  key: PrivateKey,
  change: {entity?: string; date?: Date; from?: string} = {},
): Promise<string> {
  const entity = await signedEntity(key, change);
  const [type, ...rest] = entity.replace("Content-Type: ", "").split("\n\n");
  return headed(type ?? "", rest.join("\n\n"), change.from);
}

async function encrypted(text: string, to: PrivateKey, by?: PrivateKey): Promise<string> {
  return encrypt({
    message: await createMessage({binary: Buffer.from(crlf(text))}),
    encryptionKeys: to.toPublic(),
    ...(by === undefined ? {} : {signingKeys: by}),
    date: BEFORE,
  });
}

const encryptedPart = (armor: string): string =>
  `--e\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--e\nContent-Type: application/octet-stream\n\n${armor}\n--e--\n`;
const encryptedMail = (armor: string): string =>
  headed('multipart/encrypted; protocol="application/pgp-encrypted"; boundary="e"', encryptedPart(armor));

const verdicts = ({pgp}: ReadMail): string[] =>
  pgp.map(({path: at, signature, isEncrypted, failure}) =>
    [at, isEncrypted ? "encrypted" : "open", failure ?? signature].join(" "),
  );
const only = ({pgp}: ReadMail): PgpPiece => {
  assert.equal(pgp.length, 1, JSON.stringify(pgp));
  return pgp[0] ?? assert.fail();
};

test("a mail signed by a known contact is good, and says by whose key", async () => {
  const mail = await read(await signedMail(party));
  const piece = only(mail);
  assert.equal(piece.signature, "good");
  assert.deepEqual(piece.signer, {
    fingerprint: party.getFingerprint().toUpperCase(),
    address: "party@example.org",
    isSender: true,
  });
  assert.match(mail.text, /has been removed/);
});

test("a good signature by another contact than the sender is told apart", async () => {
  const piece = only(await read(await signedMail(other)));
  assert.equal(piece.signature, "good");
  assert.deepEqual([piece.signer?.address, piece.signer?.isSender], ["other@example.org", false]);
});

test("a signature by a key that we do not know is no proof, and names no signer", async () => {
  const piece = only(await read(await signedMail(stranger)));
  assert.deepEqual([piece.signature, piece.signer], ["unknown_key", null]);
  assert.equal(piece.keyId, stranger.getKeyID().toHex().toUpperCase());
});

test("a signed text that was changed is bad", async () => {
  const mail = await signedMail(party, {entity: ENTITY.replace("removed", "restored")});
  assert.equal(only(await read(mail)).signature, "bad");
});

test("a key that has expired or was withdrawn since is no good any more", async () => {
  assert.equal(only(await read(await signedMail(aged))).signature, "expired");
  assert.equal(only(await read(await signedMail(revoked))).signature, "expired");
});

test("a signature from the future is bad", async () => {
  assert.equal(only(await read(await signedMail(party, {date: new Date("2026-06-01T00:00:00Z")}))).signature, "bad");
});

test("a signature that is none cannot be read", async () => {
  const mail = (await signedMail(party)).replace(
    /-----BEGIN PGP SIGNATURE-----[\s\S]*?-----END/,
    "-----BEGIN PGP SIGNATURE-----\r\n\r\nAAAA\r\n-----END",
  );
  assert.equal(only(await read(mail)).signature, "unreadable");
});

test("words that claim a good signature change nothing", async () => {
  const claim =
    "[GNUPG:] GOODSIG 0000000000000000 party@example.org\n[GNUPG:] VALIDSIG 0000\nGood signature from party@example.org\n";
  const mail = await read(headed("text/plain", claim));
  assert.deepEqual(mail.pgp, []);
  const bad = await read(await signedMail(party, {entity: ENTITY + claim}));
  assert.equal(only(bad).signature, "bad");
});

test("what was added before and after a signed part is shown as not signed", async () => {
  const body = `--m\nContent-Type: text/plain\n\nPlease close all cases.\n\n--m\n${await signedEntity(party)}\n--m\nContent-Type: text/html\n\n<b>evil</b>\n\n--m--\n`;
  const mail = await read(headed('multipart/mixed; boundary="m"', body));
  assert.deepEqual(verdicts(mail).toSorted(), ["1.1 open none", "1.2.1 open good", "1.3 open none"]);
  assert.match(mail.pgp.find(({path: at}) => at === "1.1")?.text ?? "", /close all cases/);
});

test("a clear-signed block between other words is the only signed piece", async () => {
  const block = await sign({
    message: await createCleartextMessage({text: "The page is down."}),
    signingKeys: party,
    date: BEFORE,
  });
  const mail = await read(headed("text/plain; charset=utf-8", `Before.\n\n${block}\n\nAfter.\n`));
  assert.deepEqual(
    mail.pgp.map(({signature, text}) => [signature, text?.trim()]),
    [
      ["none", "Before."],
      ["good", "The page is down."],
      ["none", "After."],
    ],
  );
  assert.doesNotMatch(mail.text, /BEGIN PGP/);
});

test("a quoted signed block proves nothing", async () => {
  const block = await sign({
    message: await createCleartextMessage({text: "The page is down."}),
    signingKeys: party,
    date: BEFORE,
  });
  const mail = await read(headed("text/plain", `Hello\n${block.replace(/^/gm, "> ")}\n`));
  assert.deepEqual(mail.pgp, []);
});

test("two clear-signed blocks each have their verdict", async () => {
  const blockOf = async (text: string, key: PrivateKey): Promise<string> =>
    sign({message: await createCleartextMessage({text}), signingKeys: key, date: BEFORE});
  const good = await blockOf("one", party);
  const changed = (await blockOf("two", party)).replace("two", "six");
  const mail = await read(headed("text/plain", `${good}\n${changed}\n${await blockOf("three", stranger)}\n`));
  assert.deepEqual(
    mail.pgp.map(({signature}) => signature),
    ["good", "bad", "unknown_key"],
  );
});

test("a detached signature of an attachment is of that attachment only", async () => {
  const signature = await sign({
    message: await createMessage({binary: Buffer.from("evidence")}),
    signingKeys: party,
    detached: true,
    date: BEFORE,
  });
  const body = `--m\nContent-Type: text/plain\n\nsee attached\n\n--m\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename="log.txt"\nContent-Transfer-Encoding: base64\n\n${Buffer.from("evidence").toString("base64")}\n--m\nContent-Type: application/pgp-signature\nContent-Disposition: attachment; filename="log.txt.sig"\n\n${signature}\n--m--\n`;
  assert.deepEqual(verdicts(await read(headed('multipart/mixed; boundary="m"', body))).toSorted(), [
    "1.1 open none",
    "1.2 open good",
  ]);
});

test("an encrypted mail is decrypted by our key, with the signature inside and the attachments", async () => {
  const inside = `Content-Type: multipart/mixed; boundary="i"\n\n--i\nContent-Type: text/plain; charset=utf-8\n\n已处置\n\n--i\nContent-Type: text/csv; name="hosts.csv"\nContent-Disposition: attachment\n\na,b\n\n--i--\n`;
  const mail = await read(encryptedMail(await encrypted(inside, ours, party)));
  const piece = only(mail);
  assert.deepEqual(
    [piece.isEncrypted, piece.failure, piece.signature, piece.signer?.isSender],
    [true, null, "good", true],
  );
  assert.match(mail.text, /已处置/);
  assert.ok(mail.parts.some(({name}) => name === "hosts.csv"));
});

test("an encrypted mail without signature is encrypted and not signed", async () => {
  const piece = only(await read(encryptedMail(await encrypted(ENTITY, ours))));
  assert.deepEqual([piece.isEncrypted, piece.failure, piece.signature], [true, null, "none"]);
});

test("a key of ours that is protected is opened by its passphrase", async () => {
  const to = await readPrivateKey({armoredKey: locked});
  const mail = await read(encryptedMail(await encrypted(ENTITY, to, party)));
  assert.equal(only(mail).signature, "good");
});

test("a mail encrypted to somebody else stays closed, and says so", async () => {
  const piece = only(await read(encryptedMail(await encrypted(ENTITY, stranger, party))));
  assert.deepEqual([piece.isEncrypted, piece.failure, piece.signature, piece.text], [true, "no_key", "none", null]);
});

test("a mail encrypted to us and then changed is damaged, and gives no text", async () => {
  const armor = await encrypted(ENTITY.repeat(20), ours, party);
  const lines = armor.split("\n");
  const at = Math.floor(lines.length / 2);
  lines[at] = [...(lines[at] ?? "")].toReversed().join("");
  const piece = only(await read(encryptedMail(lines.join("\n").replace(/^=.{4}$/m, ""))));
  assert.deepEqual([piece.failure, piece.text, piece.signature], ["damaged", null, "none"]);
});

test("signed within encrypted, both by MIME, is good inside", async () => {
  const mail = await read(encryptedMail(await encrypted(await signedEntity(party), ours)));
  assert.deepEqual(verdicts(mail), ["1+1 encrypted none", "1+1.1 open good"]);
  assert.match(mail.text, /has been removed/);
});

test("encrypted within encrypted is opened a few times only", async () => {
  let inside = ENTITY;
  for (let level = 0; level < 6; level++)
    inside = `Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="e"\n\n${encryptedPart(await encrypted(inside, ours))}`;
  const [type, ...rest] = inside.replace("Content-Type: ", "").split("\n\n");
  const mail = await read(headed(type ?? "", rest.join("\n\n")));
  assert.ok(mail.pgp.length >= 3 && mail.pgp.length <= 5, String(mail.pgp.length));
});

test("an encrypted part beside a plain one does not lend it its verdict", async () => {
  const body = `--m\nContent-Type: text/plain\n\n<img src="http://evil.example.org/?\n\n--m\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="e"\n\n${encryptedPart(await encrypted(ENTITY, ours, party))}\n--m--\n`;
  assert.deepEqual(verdicts(await read(headed('multipart/mixed; boundary="m"', body))).toSorted(), [
    "1.1 open none",
    "1.2+1 encrypted good",
  ]);
});

test("a message that unpacks to far more than a mail is not unpacked", async () => {
  const message = await createMessage({binary: Buffer.alloc(64 * 1024 * 1024)});
  const armor = await encrypt({
    message,
    encryptionKeys: ours.toPublic(),
    date: BEFORE,
    config: {preferredCompressionAlgorithm: enums.compression.zlib},
  });
  const reading = await reader.read({bytes: Buffer.from(encryptedMail(armor))}, NOW);
  assert.ok(armor.length < 200_000);
  if (reading.state === "read") assert.equal(only(reading.mail).failure, "too_large");
  else assert.equal(reading.reason, "too_much_memory");
});

test("twenty-one signed blocks: the first twenty have a verdict", async () => {
  const block = await sign({message: await createCleartextMessage({text: "x"}), signingKeys: party, date: BEFORE});
  const mail = await read(headed("text/plain", `${block}\n`.repeat(21)));
  assert.equal(mail.pgp.filter(({signature}) => signature === "good").length, 20);
});

const PGP = path.join(SHARED, "data/5-mail/pgp");
const skip = existsSync(PGP) ? false : "skipped: no shared data";

test("mails of 2007: old signatures cannot be read, what is encrypted has no key here, a quoted one is none", {
  skip,
}, async (t) => {
  const keys = readdirSync(path.join(PGP, "keys")).map((name) => readFileSync(path.join(PGP, "keys", name), "utf8"));
  for (const armoredKey of keys) assert.ok(await readKey({armoredKey}));
  const old = openMailReader({keys: () => ({ours: [{armored: ours.armor(), passphrase: null}], contacts: keys})});
  t.after(() => old.close());
  const found: Record<string, string[]> = {};
  for (const name of readdirSync(PGP).filter((each) => each !== "keys")) {
    const reading = await old.read({path: path.join(PGP, name)}, NOW);
    assert.ok(reading.state === "read");
    found[name.replace(/\.\w+$/, "")] = [
      ...new Set(reading.mail.pgp.map(({failure, signature}) => failure ?? signature)),
    ];
  }
  const counts = new Map<string, number>();
  for (const each of Object.values(found)) counts.set(each.join(" "), (counts.get(each.join(" ")) ?? 0) + 1);
  assert.deepEqual(Object.fromEntries(counts), {unreadable: 5, no_key: 9, "": 2});
});
