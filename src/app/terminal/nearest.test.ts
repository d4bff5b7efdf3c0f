import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {nearest} from "./nearest.ts";

const KNOWN = ["ingest", "rejects", "reports", "situation", "edition draft", "edition show"];

test("a name with a letter left out, put in, wrong or swapped is known again", () => {
  const asked = ["ingst", "inggest", "imgest", "inegst", "report", "edition drft", "Situatoin"];
  const meant = ["ingest", "ingest", "ingest", "ingest", "reports", "edition draft", "situation"];
  assert.deepEqual(
    asked.map((name) => nearest(name, KNOWN)),
    meant,
  );
});

test("nothing is suggested for a name that is far from all", () => {
  assert.equal(nearest("publish", KNOWN), null);
  assert.equal(nearest("", KNOWN), null);
  assert.equal(nearest("ingest", []), null);
});

test("a name that is known is the nearest to itself", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{2,9}$/), {minLength: 1}), fc.nat(), (names, place) => {
      const name = names[place % names.length] ?? "";
      assert.equal(nearest(name, names), name);
    }),
  );
});
