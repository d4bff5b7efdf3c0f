/** Issue 3, "Done means": a world of parties for six days, hands off; at its end the product knows what the world knows. */
import assert from "node:assert/strict";
import test from "node:test";
import {createDatabase} from "../database.ts";
import {differences} from "./comparison.ts";
import {openProduct} from "./product.ts";
import {runSixDays} from "./six-days.ts";
import {openStage} from "./stage.ts";
import {CALENDAR} from "./times.ts";

const CASES = Number(process.env["WATCHFLOOR_WORLD_CASES"] ?? 120);
const SEED = Number(process.env["WATCHFLOOR_WORLD_SEED"] ?? 1);

test("after six days without hands every case is as the world is, and the week counts what happened", async (t) => {
  const {url, drop} = await createDatabase();
  const stage = await openStage({seed: SEED, count: CASES, url, listHours: 12});
  const product = await openProduct(stage.home, {probe: stage.probe});
  const began = performance.now();
  await runSixDays(stage, product);
  const seconds = (performance.now() - began) / 1000;
  const {ledger} = stage.world;
  const found = await differences(product.desk.db, ledger);
  t.diagnostic(
    `${CASES} cases, ${Math.round(seconds)} s, ${(CALENDAR.end / CALENDAR.step / seconds).toFixed(1)} rounds a second`,
  );
  t.diagnostic(`${ledger.arrivals.size} mails went out, ${ledger.machineMails} automatic answers came in`);
  await product.close();
  await stage.close();
  await drop();
  assert.deepEqual(found.slice(0, 20), [], `${found.length} differences`);
});
