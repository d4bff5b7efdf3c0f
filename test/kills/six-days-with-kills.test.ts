/** Issue 3, "Done means": processes are killed during six days without hands, and nobody can tell afterwards. */
import assert from "node:assert/strict";
import test from "node:test";
import {runTrial} from "./trial.ts";

const KILLS = 10;
const SENDERS = 4;

test("whoever is killed during six days, the product ends where it would have ended, and tells nobody of anything twice", async (t) => {
  const {differences, killed, mails, starts, repeats, seconds} = await runTrial({
    ...{cases: 40, seed: 3, kills: KILLS},
    listHours: 24,
  });
  t.diagnostic(`${[...killed].map(([kind, times]) => `${kind} ${times}`).join(", ")}: ${Math.round(seconds)} s`);
  t.diagnostic(
    `started ${starts} times, handed in again ${repeats} times; ${mails.again} of ${mails.arrived} mails came twice`,
  );
  assert.deepEqual(differences.slice(0, 20), [], `${differences.length} differences`);
  assert.equal(
    [...killed.values()].reduce((sum, each) => sum + each, 0),
    KILLS,
  );
  assert.ok(mails.again <= KILLS * SENDERS, "only what was under way at a kill may come again");
});
