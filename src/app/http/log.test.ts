import assert from "node:assert/strict";
import test from "node:test";
import {readableLog} from "./log.ts";

function linesOf(entry: object): string {
  let text = "";
  readableLog((more) => {
    text += more;
  }).write(`${JSON.stringify(entry)}\n`);
  return text;
}

test("a log line says when, how grave and what", () => {
  assert.equal(
    linesOf({level: 30, time: Date.parse("2026-11-24T03:04:05.678Z"), msg: "listening on http://127.0.0.1:8080"}),
    "2026-11-24T03:04:05Z info  listening on http://127.0.0.1:8080\n",
  );
});

test("the cause of an error stands below it", () => {
  const text = linesOf({
    level: 50,
    time: 0,
    msg: "GET / failed",
    err: {message: "no", stack: "Error: no\n    at there"},
  });
  assert.match(text, /error GET \/ failed\nError: no\n {4}at there\n$/);
});

test("what a request holds can neither begin a line of its own nor colour the terminal", () => {
  const text = linesOf({level: 20, time: 0, msg: "404 GET /\n2026 info forged \u001b[31m\u202e"});
  assert.equal(text.split("\n").length, 2);
  assert.match(text, /\\u000a2026 info forged \\u001b\[31m\\u202e\n$/);
});
