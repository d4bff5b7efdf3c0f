import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {type Encoding, encodingOf, textReader, toText} from "./encoding.ts";

const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

async function read(bytes: Buffer, chunkBytes = 7): Promise<{encoding: Encoding; text: string}> {
  const encoding = encodingOf(bytes.subarray(0, 4096));
  const parts: Buffer[] = [];
  for await (const part of toText(chunksOf(bytes, chunkBytes), encoding)) parts.push(Buffer.from(part));
  return {encoding, text: Buffer.concat(parts).toString("utf8")};
}

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const SAMPLE = "time,域名,ip\r\n2023-02-20,例子.example,192.0.2.1\r\n";

test("a report's encoding is known by its mark", async () => {
  assert.deepEqual(await read(Buffer.from(SAMPLE)), {encoding: "utf-8", text: SAMPLE});
  assert.deepEqual(await read(Buffer.from(`\uFEFF${SAMPLE}`)), {encoding: "utf-8-bom", text: SAMPLE});
  assert.deepEqual(await read(Buffer.from(`\uFEFF${SAMPLE}`, "utf16le")), {encoding: "utf-16le", text: SAMPLE});
  assert.deepEqual(await read(utf16be(`\uFEFF${SAMPLE}`)), {encoding: "utf-16be", text: SAMPLE});
});

test("UTF-16 without a mark is known by its zeros", async () => {
  assert.deepEqual(await read(Buffer.from(SAMPLE, "utf16le")), {encoding: "utf-16le", text: SAMPLE});
  assert.deepEqual(await read(utf16be(SAMPLE)), {encoding: "utf-16be", text: SAMPLE});
});

test("NULs in a UTF-8 report stay and do not make it UTF-16", async () => {
  for (const text of ["a,b\n1,\0\n", "a\0b,c\0d\n", `${"x".repeat(500)}${"\0".repeat(300)}\n`, "\0", "\0\0\0\0", ""])
    assert.deepEqual(await read(Buffer.from(text)), {encoding: "utf-8", text}, JSON.stringify(text));
});

test("a carriage return alone ends a line, and CR LF stays one line end, however the bytes are cut", async () => {
  assert.equal((await read(Buffer.from("a,b\r1,2\r3,4\r"))).text, "a,b\n1,2\n3,4\n");
  assert.equal((await read(Buffer.from("a\r\r\nb\r\nc\n\rd"))).text, "a\n\r\nb\r\nc\n\nd");
  const text = fc.array(fc.constantFrom("\r", "\n", "\r\n", "a", "é"), {maxLength: 30}).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({min: 1, max: 9}), async (body, size) => {
      assert.equal((await read(Buffer.from(body), size)).text, body.replace(/\r(?!\n)/g, "\n"));
    }),
    {numRuns: 500},
  );
});

test("the bytes as they came are left alone when a line end is mended", () => {
  const bytes = Buffer.from("a\rb\rc");
  const reader = textReader("utf-8");
  assert.equal(reader.read(bytes).toString() + reader.read(null).toString(), "a\nb\nc");
  assert.equal(reader.loneReturns(), 2);
  assert.equal(bytes.toString(), "a\rb\rc");
});

test("UTF-32 is refused by name", () => {
  assert.throws(() => encodingOf(Buffer.from([0xff, 0xfe, 0, 0, 97, 0, 0, 0])), /UTF-32/);
  assert.throws(() => encodingOf(Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 97])), {code: "report_unreadable"});
});

test("only the first mark is taken off", async () => {
  assert.equal((await read(Buffer.from("\uFEFF\uFEFFa"))).text, "\uFEFFa");
  assert.equal((await read(Buffer.from("\uFEFF\uFEFFa", "utf16le"))).text, "\uFEFFa");
});

test("marked text comes out the same however it is cut into chunks", async () => {
  const text = fc.string({unit: "grapheme", maxLength: 40}).filter((body) => !body.includes("\r"));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({min: 1, max: 9}), async (body, size) => {
      for (const bytes of [
        Buffer.from(`\uFEFF${body}`),
        Buffer.from(`\uFEFF${body}`, "utf16le"),
        utf16be(`\uFEFF${body}`),
      ]) {
        if (bytes[0] === 0xff && bytes[2] === 0 && bytes[3] === 0) continue; // a NUL first in UTF-16 looks like UTF-32
        assert.equal((await read(bytes, size)).text, body);
      }
    }),
    {numRuns: 300},
  );
});
