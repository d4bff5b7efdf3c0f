/** Histories in full: `npm run histories -- --seeds N --operations N`. Ends with 1 when anything is wrong. */
import {parseArgs} from "node:util";
import {type History, runHistories} from "./history.ts";

const {values} = parseArgs({
  options: {
    seeds: {type: "string", default: "20"},
    first: {type: "string", default: "1"},
    operations: {type: "string", default: "2000"},
  },
});
const MOST_SHOWN = 20;
const first = Number(values.first);
const seeds = Array.from({length: Number(values.seeds)}, (_, n) => first + n);

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function sayOne({seed, faults, operations, refused, cases, lines, mails, seconds}: History): void {
  say(
    `seed ${seed}: ${operations} operations, ${refused} refused, ${cases} cases, ${lines} lines, ${mails} mails, ${Math.round(seconds)} s, ${faults.length} faults`,
  );
  for (const fault of faults.slice(0, MOST_SHOWN)) say(`  ${fault}`);
}

const all = await runHistories(seeds, Number(values.operations), sayOne);
const sum = (of: (history: History) => number): number => all.reduce((total, each) => total + of(each), 0);
say(
  `${seeds.length} seeds: ${sum((each) => each.operations)} operations, ${sum((each) => each.refused)} refused, ${sum((each) => each.lines)} lines, ${sum((each) => each.mails)} mails, ${Math.round(sum((each) => each.seconds))} s, ${sum((each) => each.faults.length)} faults`,
);
process.exitCode = all.every(({faults}) => faults.length === 0) ? 0 : 1;
