import assert from "node:assert/strict";
import {execFileSync, spawnSync} from "node:child_process";
import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {type TestContext} from "node:test";
import {WatchfloorError} from "../model/errors.ts";
import {readPublicKey} from "./keys/minisign.ts";
import {createKey, KEY_FILES, loadKey, sign, verify, verifyOurs} from "./keys.ts";

const hasMinisign = spawnSync("minisign", ["-v"]).status === 0;
const needsMinisign = {skip: !hasMinisign && "skipped: no minisign"};
const isCoded = (code: string) => (error: unknown) => error instanceof WatchfloorError && error.code === code;

function freshFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "wf-keys-"));
  t.after(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

function publicKeyIn(folder: string) {
  return (
    readPublicKey(readFileSync(path.join(folder, KEY_FILES.public), "utf8")) ?? assert.fail("no minisign public key")
  );
}

test("a key is made once, is private, and is the same ever after", async (t) => {
  const folder = path.join(freshFolder(t), "keys");
  await assert.rejects(loadKey(folder, null), isCoded("key_missing"));
  const made = await createKey(folder, null);
  const again = await createKey(folder, null);
  assert.equal(again.publicKey, made.publicKey);
  assert.equal(statSync(path.join(folder, KEY_FILES.secret)).mode & 0o777, 0o600);
  assert.equal(readFileSync(path.join(folder, KEY_FILES.public), "utf8"), made.publicKey);
  assert.deepEqual(readdirSync(folder).sort(), Object.values(KEY_FILES).sort());
  rmSync(path.join(folder, KEY_FILES.public)); // as when it was killed between the two files
  await createKey(folder, null);
  assert.deepEqual(publicKeyIn(folder), readPublicKey(made.publicKey));
});

test("a key with a passphrase opens with that passphrase only", async (t) => {
  const folder = freshFolder(t);
  const made = await createKey(folder, "海阔天空 correct horse");
  assert.equal((await loadKey(folder, "海阔天空 correct horse")).publicKey, made.publicKey);
  await assert.rejects(loadKey(folder, null), isCoded("key_locked"));
  await assert.rejects(loadKey(folder, "海阔天空 Correct horse"), isCoded("key_locked"));
  await assert.rejects(createKey(folder, ""), isCoded("key_locked"));
});

test("a damaged key is not used", async (t) => {
  const folder = freshFolder(t);
  await createKey(folder, null);
  const file = path.join(folder, KEY_FILES.secret);
  const [comment = "", packed = ""] = readFileSync(file, "utf8").split("\n");
  const bytes = Buffer.from(packed, "base64");
  bytes[70] = (bytes[70] ?? 0) ^ 1; // in the seed
  writeFileSync(file, `${comment}\n${bytes.toString("base64")}\n`);
  await assert.rejects(loadKey(folder, null), isCoded("key_missing"));
  writeFileSync(file, "no key");
  await assert.rejects(loadKey(folder, null), isCoded("key_missing"));
});

test("a signature holds for its bytes, its comment and its key, and for nothing else", async (t) => {
  const key = await createKey(path.join(freshFolder(t), "one"), null);
  const other = await createKey(path.join(freshFolder(t), "two"), null);
  const publicKey = readPublicKey(key.publicKey) ?? assert.fail();
  const signature = sign(key, "第9期", "n=1 良");
  assert.equal(sign(key, "第9期", "n=1 良"), signature, "the same again");
  assert.equal(verify(publicKey, "第9期", signature), "n=1 良");
  assert.equal(verifyOurs(publicKey, "第9期", signature), "n=1 良");
  assert.equal(verify(publicKey, "第8期", signature), null);
  assert.equal(verify(publicKey, "第9期", signature.replace("n=1", "n=2")), null);
  assert.equal(verify(readPublicKey(other.publicKey) ?? assert.fail(), "第9期", signature), null);
  assert.equal(verify(publicKey, "第9期", sign(other, "第9期", "n=1 良")), null);
});

test("every single changed byte of a signature or public key file is seen", async (t) => {
  const key = await createKey(freshFolder(t), null);
  const publicKey = readPublicKey(key.publicKey) ?? assert.fail();
  const signature = Buffer.from(sign(key, "text", "comment"));
  for (let i = 0; i < signature.length; i++) {
    for (const bit of [1, 32, 128]) {
      const changed = Buffer.from(signature);
      changed[i] = (changed[i] ?? 0) ^ bit;
      assert.equal(verifyOurs(publicKey, "text", changed.toString("latin1")), null, `byte ${i}, bit ${bit}`);
    }
  }
  const file = Buffer.from(key.publicKey);
  for (let i = 0; i < file.length; i++) {
    file[i] = (file[i] ?? 0) ^ 1;
    const read = readPublicKey(file.toString("latin1"));
    assert.ok(read === null || verify(read, "text", signature.toString()) === null, `byte ${i}`);
    file[i] = (file[i] ?? 0) ^ 1;
  }
});

test(
  "what we sign the real minisign verifies, with keys both with and without passphrase",
  needsMinisign,
  async (t) => {
    for (const passphrase of [null, "secret"]) {
      const folder = freshFolder(t);
      const key = await createKey(folder, passphrase);
      const file = path.join(folder, "chain.jsonl");
      writeFileSync(file, '{"n":1}\n');
      writeFileSync(`${file}.minisig`, sign(key, readFileSync(file), "entry=1 周报"));
      const args = ["-V", "-Q", "-H", "-p", path.join(folder, KEY_FILES.public), "-m", file];
      assert.equal(execFileSync("minisign", args, {encoding: "utf8"}).trim(), "entry=1 周报");
      writeFileSync(file, '{"n":2}\n');
      assert.notEqual(spawnSync("minisign", args).status, 0);
    }
  },
);

test("the real minisign signs with our keys, and we verify it", needsMinisign, async (t) => {
  for (const passphrase of [null, "secret"]) {
    const folder = freshFolder(t);
    await createKey(folder, passphrase);
    const file = path.join(folder, "m");
    writeFileSync(file, "text");
    const args = ["-S", "-s", path.join(folder, KEY_FILES.secret), "-m", file, "-t", "by minisign"];
    if (passphrase === null) execFileSync("minisign", [...args, "-W"], {stdio: "ignore"});
    else execFileSync("minisign", args, {input: `${passphrase}\n`, stdio: ["pipe", "ignore", "ignore"]});
    const signature = readFileSync(`${file}.minisig`, "utf8");
    assert.equal(verify(publicKeyIn(folder), "text", signature), "by minisign");
  }
});

test("keys that the real minisign made are ours to use", needsMinisign, async (t) => {
  for (const passphrase of [null, "secret"]) {
    const folder = freshFolder(t);
    const files = ["-p", path.join(folder, KEY_FILES.public), "-s", path.join(folder, KEY_FILES.secret)];
    if (passphrase === null) execFileSync("minisign", ["-G", "-W", ...files], {stdio: "ignore"});
    else execFileSync("minisign", ["-G", ...files], {input: "secret\nsecret\n", stdio: ["pipe", "ignore", "ignore"]});
    const key = await loadKey(folder, passphrase);
    assert.equal(key.publicKey, readFileSync(path.join(folder, KEY_FILES.public), "utf8"));
    assert.equal(verify(publicKeyIn(folder), "text", sign(key, "text", "ours")), "ours");
  }
});
