/**
 * Every property test draws the same examples in each run, so that a change is judged by the change: `npm test`.
 * `npm run test:random` draws others and prints the seed; what it finds becomes a test of its own.
 */
import fc from "fast-check";

const FIXED = 20230220;
const RANDOM_SPAN = 2 ** 31;

const wish = process.env["WATCHFLOOR_TEST_SEED"];
const seed = wish === "random" ? Math.floor(Math.random() * RANDOM_SPAN) : Number(wish ?? FIXED);
if (wish === "random") process.stderr.write(`seed ${seed}\n`);
fc.configureGlobal({...fc.readConfigureGlobal(), seed});
