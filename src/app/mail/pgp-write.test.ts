import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {chmodSync, mkdtempSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {
  createMessage,
  decrypt,
  generateKey,
  readKey,
  readMessage,
  readPrivateKey,
  readSignature,
  reformatKey,
  revokeKey,
  verify,
} from "openpgp";
import PostalMime from "postal-mime";
import {caseOf, contactOf, NOW, noticeOf, SENDER, TOKEN_KEY} from "../../../test/notice-samples.ts";
import {renderNotice} from "../../cases/notices/render.ts";
import type {Notification} from "../../model/notification.ts";
import {type Composed, type ComposedMail, composeMail} from "./compose.ts";
import {checkSigner, contactKey, createSigner, loadSigner, type PgpSigner} from "./pgp-write.ts";
import {loadTemplates} from "./templates.ts";

const folder = mkdtempSync(path.join(tmpdir(), "watchfloor-pgp-"));
chmodSync(folder, 0o700);
const made = new Date("2023-01-01T00:00:00Z");
const templates = await loadTemplates(null);
const signer = await createSigner(
  path.join(folder, "keys"),
  {name: "Example CSIRT", address: SENDER.address, passphrase: "long words"},
  made,
);
const recipient = await generateKey({
  type: "ecc",
  curve: "ed25519Legacy",
  userIDs: [{email: "abuse@registrar.example"}],
  date: made,
  format: "armored",
});
const hasGpg = spawnSync("gpg", ["--version"]).status === 0;
const gpg = (...words: string[]): string =>
  execFileSync("gpg", ["--homedir", folder, "--batch", "--quiet", "--trust-model", "always", ...words], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
after(() => {
  if (hasGpg) spawnSync("gpgconf", ["--homedir", folder, "--kill", "all"]);
  rmSync(folder, {recursive: true, force: true});
});

function compose(given: Partial<Notification>, by: PgpSigner | null = signer): Promise<Composed> {
  const notice = renderNotice(noticeOf(given), {templates, sender: SENDER, tokenKey: TOKEN_KEY}, NOW);
  const setting = {
    sender: SENDER,
    from: SENDER.address,
    replyTo: null,
    envelopeFrom: null,
    signer: by,
    encryptFor: ["AMBER+STRICT"],
    isAutomatic: true,
  };
  return composeMail(notice, setting, NOW);
}

async function mailOf(given: Partial<Notification>, by: PgpSigner | null = signer): Promise<ComposedMail> {
  const mail = await compose(given, by);
  if (mail.kind !== "mail") throw new Error(mail.reason);
  return mail;
}

/** The two parts of a signed mail, byte for byte as they stand between its boundaries. Source: RFC 3156 5. */
function signedParts(bytes: Buffer): {content: Buffer; signature: string} {
  const text = bytes.toString("latin1");
  const boundary = /multipart\/signed;[\s\S]*?boundary="([^"]+)"/.exec(text)?.[1] ?? "";
  const [, content = "", signature = ""] = text.split(`--${boundary}`);
  return {
    content: Buffer.from(content.replace(/^\r\n/, "").replace(/\r\n$/, ""), "latin1"),
    signature: signature.slice(signature.indexOf("-----BEGIN")),
  };
}

async function hasGoodSignature(content: Buffer, armored: string): Promise<boolean> {
  const {signatures} = await verify({
    message: await createMessage({binary: content}),
    signature: await readSignature({armoredSignature: armored}),
    verificationKeys: await readKey({armoredKey: signer.publicKey}),
    date: NOW,
  });
  return (await signatures[0]?.verified.catch(() => false)) === true;
}

const strict = {cases: [caseOf(1, {tlp: "AMBER+STRICT" as const})]};
const withKey = (key: string | null, language: "zh" | "en" = "zh"): Partial<Notification> => ({
  contact: contactOf({key, language}),
});

test("our key is kept for its owner only, locked by its passphrase, and never replaced", async () => {
  const keys = path.join(folder, "keys");
  assert.equal(statSync(path.join(keys, "notices.asc")).mode & 0o777, 0o600);
  assert.equal(
    (await createSigner(keys, {name: "x", address: "x@y.example", passphrase: "long words"}, NOW)).fingerprint,
    signer.fingerprint,
  );
  await assert.rejects(loadSigner(keys, null), {code: "key_locked"});
  await assert.rejects(loadSigner(keys, "other words"), {code: "key_locked"});
  assert.equal(await loadSigner(path.join(folder, "nothing"), null), null);
});

test("a signed mail is signed over the very bytes that it carries, and comes out the same again", async () => {
  for (const language of ["zh", "en"] as const) {
    const mail = await mailOf({contact: contactOf({language})});
    assert.equal(mail.protection, "signed");
    const {content, signature} = signedParts(mail.bytes);
    assert.ok(await hasGoodSignature(content, signature));
    assert.ok(!(await hasGoodSignature(Buffer.concat([content, Buffer.from("x")]), signature)));
    assert.match(mail.bytes.toString(), /micalg=pgp-sha512/);
    assert.deepEqual((await mailOf({contact: contactOf({language})})).bytes, mail.bytes);
    assert.match((await PostalMime.parse(mail.bytes)).text ?? "", /WF-2023-000123/);
  }
});

test("Debian's gpg finds the signature good", {skip: hasGpg ? false : "skipped: no gpg"}, async () => {
  const {content, signature} = signedParts((await mailOf({})).bytes);
  const [one, two, key] = ["content", "signature.asc", "key.asc"].map((name) => path.join(folder, name));
  assert.ok(one !== undefined && two !== undefined && key !== undefined);
  writeFileSync(one, content);
  writeFileSync(two, signature);
  writeFileSync(key, signer.publicKey);
  gpg("--import", key);
  assert.match(gpg("--status-fd", "1", "--verify", two, one), new RegExp(`VALIDSIG ${signer.fingerprint}`));
});

test("where the contact has a key the mail is encrypted, signed inside, and its subject says nothing", async () => {
  const mail = await mailOf({...strict, ...withKey(recipient.publicKey)});
  assert.equal(mail.protection, "signed-and-encrypted");
  const parsed = await PostalMime.parse(mail.bytes);
  assert.match(parsed.subject ?? "", /^\[WN-2023-000045 [0-9a-z]{6}\] 加密通报$/);
  assert.doesNotMatch(mail.bytes.toString(), /bank-1|WF-2023/);
  const message = await readMessage({armoredMessage: armoredIn(mail.bytes)});
  const {data, signatures} = await decrypt({
    message,
    decryptionKeys: await readPrivateKey({armoredKey: recipient.privateKey}),
    verificationKeys: await readKey({armoredKey: signer.publicKey}),
    format: "binary",
    date: NOW,
  });
  assert.equal(await signatures[0]?.verified, true);
  const inside = await PostalMime.parse(data);
  assert.match(inside.text ?? "", /hxxps:\/\/login\[\.\]bank-1\[\.\]example/);
  assert.deepEqual(
    inside.attachments.map(({filename}) => filename),
    ["cases.csv", "xarf.json"],
  );
});

test("Debian's gpg opens it and finds the signature inside", {skip: hasGpg ? false : "skipped: no gpg"}, async () => {
  const mail = await mailOf({...strict, ...withKey(recipient.publicKey)});
  const [message, secret, key] = ["mail.asc", "secret.asc", "key.asc"].map((name) => path.join(folder, name));
  assert.ok(message !== undefined && secret !== undefined && key !== undefined);
  writeFileSync(message, armoredIn(mail.bytes));
  writeFileSync(secret, recipient.privateKey, {mode: 0o600});
  writeFileSync(key, signer.publicKey);
  gpg("--import", secret, key);
  const said = gpg("--status-fd", "1", "--decrypt", message);
  assert.match(said, /DECRYPTION_OKAY/);
  assert.match(said, new RegExp(`VALIDSIG ${signer.fingerprint}`));
  assert.match(said, /cases\.csv/);
});

function armoredIn(bytes: Buffer): string {
  return /-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----/.exec(bytes.toString())?.[0] ?? "";
}

const unlocked = await readPrivateKey({armoredKey: recipient.privateKey});
const expired = await reformatKey({
  privateKey: unlocked,
  userIDs: [{email: "abuse@registrar.example"}],
  keyExpirationTime: 86_400,
  date: made,
  format: "armored",
});
const revoked = await revokeKey({key: unlocked, date: made, format: "armored"});
const BAD_KEYS: readonly (readonly [string, string, RegExp])[] = [
  ["expired", expired.publicKey, /ended on 2023-01-02/],
  ["revoked", revoked.publicKey, /was revoked/],
  ["unusable", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nnothing\n", /cannot be used/],
  ["unusable", "x".repeat(300_000), /far too long/],
];

for (const [state, key, reason] of BAD_KEYS) {
  test(`with a key that is ${state} (${key.length} characters) a mail is only signed and says why, and strict amber is not sent`, async () => {
    assert.equal((await contactKey(key, NOW)).state, state);
    const mail = await mailOf(withKey(key));
    assert.equal(mail.protection, "signed");
    assert.match(mail.note ?? "", reason);
    const refused = await compose({...strict, ...withKey(key)});
    assert.equal(refused.kind, "not-sent");
    assert.match(refused.kind === "not-sent" ? refused.reason : "", reason);
  });
}

test("strict amber without any key is not sent, never in clear; without a key of ours it goes out encrypted", async () => {
  assert.equal((await compose({...strict, ...withKey(null)})).kind, "not-sent");
  assert.equal((await mailOf({...strict, ...withKey(recipient.publicKey)}, null)).protection, "encrypted");
  assert.equal((await mailOf({}, null)).protection, "none");
});

test("what was planned before the key was made is signed when there is one, and again with the same bytes", async () => {
  const later = await createSigner(
    path.join(folder, "later"),
    {name: "Example CSIRT", address: SENDER.address, passphrase: null},
    new Date(NOW.getTime() + 3_600_000),
  );
  const mail = await mailOf({}, later);
  assert.equal(mail.protection, "signed");
  assert.deepEqual((await mailOf({}, later)).bytes, mail.bytes);
  const sealed = await mailOf({...strict, ...withKey(recipient.publicKey)}, later);
  assert.equal(sealed.protection, "signed-and-encrypted");
  await checkSigner(later, NOW);
});

test("a key of ours that has ended is named before anything is signed by it", async () => {
  const ending = await reformatKey({
    privateKey: signer.secret,
    userIDs: [{email: SENDER.address}],
    keyExpirationTime: 86_400,
    date: made,
    format: "object",
  });
  await checkSigner(signer, NOW);
  await assert.rejects(checkSigner({...signer, secret: ending.privateKey}, NOW), {
    code: "key_missing",
    message: /keys\/notices\.asc cannot sign: /,
  });
});
