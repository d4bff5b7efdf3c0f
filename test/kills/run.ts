/** Six days of a world in full: `npm run world -- --cases N --seed S --kills N`. Ends with 1 when anything differs. */
import {parseArgs} from "node:util";
import {CALENDAR} from "../party-world/times.ts";
import {runTrial} from "./trial.ts";

const {values} = parseArgs({
  options: {
    cases: {type: "string", default: "10000"},
    seed: {type: "string", default: "1"},
    kills: {type: "string", default: "0"},
  },
});
const [cases, seed, kills] = [Number(values.cases), Number(values.seed), Number(values.kills)];
const DAY_HOURS = 24;
const MOST_SHOWN = 50;
const began = performance.now();

const trial = await runTrial({
  ...{cases, seed, kills},
  onHour: (hour) => {
    if (hour % DAY_HOURS === 0 && hour > 0)
      say(`day ${hour / DAY_HOURS} of ${CALENDAR.end / DAY_HOURS} after ${secondsSince()} s`);
  },
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function secondsSince(): number {
  return Math.round((performance.now() - began) / 1000);
}

const {mails, week} = trial;
const killed = [...trial.killed].map(([kind, times]) => `${kind} ${times}`).join(", ");
say(`${cases} sites, seed ${seed}: ${Math.round(trial.seconds)} s`);
say(`${kills} kills: ${killed || "none"}; started ${trial.starts} times, ${trial.repeats} times anew`);
say(`${trial.handedIn.complaints} complaints and ${trial.handedIn.mails} mails came in`);
say(`${trial.looks} looks, ${trial.steps} lines of history`);
say(
  `${mails.arrived} Message-IDs were taken by the mail server; ${mails.again} of them twice, ${mails.marked} are marked as possibly so`,
);
say(
  `the week: ${week.handled} handled, ${week.crossBorder} cross-border, ${week.phishing} phishing, ${week.held} seen gone, ${week.complaints} complaints`,
);
say(`${trial.differences.length} differences`);
for (const line of trial.differences.slice(0, MOST_SHOWN)) say(`  ${line}`);
process.exitCode = trial.differences.length === 0 ? 0 : 1;
