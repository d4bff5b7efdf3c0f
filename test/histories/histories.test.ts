/** Issue 3, "Done means": eight clients on the same cases, and no change is lost, no notice sent twice. */
import assert from "node:assert/strict";
import test from "node:test";
import {runHistories} from "./history.ts";

const SEEDS = [1, 2, 3];
const OPERATIONS = 200;

test("eight clients on the same cases lose no change of one another, and nobody is told of anything twice", async (t) => {
  const histories = await runHistories(SEEDS, OPERATIONS);
  for (const {seed, operations, refused, lines, mails} of histories)
    t.diagnostic(
      `seed ${seed}: ${operations} operations, ${refused} refused, ${lines} lines of history, ${mails} mails`,
    );
  assert.deepEqual(
    histories.flatMap(({seed, faults}) => faults.map((fault) => `seed ${seed}: ${fault}`)),
    [],
  );
  for (const {operations, refused, mails} of histories)
    assert.ok(refused > 0 && refused < operations / 2 && mails > 0, "there was something to do, and to refuse");
});
