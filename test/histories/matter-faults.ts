/** What belongs to cases stays theirs, wherever they went: complaints, assets, files; and the week counts what is there. */
import type {Kysely} from "kysely";
import {weekNamed} from "../../src/model/week.ts";
import {countCases} from "../../src/store/cases/counting.ts";
import type {Schema} from "../../src/store/postgres/schema.ts";
import {hoursLater} from "../case-fixture.ts";
import type {Found, FoundStep} from "./found.ts";
import {shown} from "./line-faults.ts";

/** What was of a merged case is of the one that stands for it, and nothing is of two. */
export function matterFaults(found: Found): string[] {
  const standing = standingOf(found);
  const parts = new Set(found.cases.flatMap((one) => (one.state === "merged" ? [one.id] : [])));
  const joined = new Map(
    found.steps.flatMap((step) => (typeof step.data["complaint"] === "string" ? [[step.data["complaint"], step]] : [])),
  );
  const complaints = found.complaints.flatMap((row) => {
    const step = joined.get(`WC-2023-${String(row.id % 10_000_000).padStart(6, "0")}`);
    if (row.case === null || step === undefined) return [`complaint ${row.id} is ${row.state}, of case ${row.case}`];
    const wanted = standing(step.case);
    return row.case === wanted ? [] : [`complaint ${row.id} joined ${step.case}, and is of ${row.case}, not ${wanted}`];
  });
  const assets = found.assets.flatMap(({asset, case: key}) =>
    parts.has(key) ? [`${asset} is of ${key}, which is over`] : [],
  );
  const bare = found.cases.flatMap((one) =>
    one.state === "merged" || found.assets.some(({case: key, asset}) => key === one.id && asset === one.asset)
      ? []
      : [`${one.id} is called after ${one.asset}, which it does not have`],
  );
  return [...complaints, ...assets, ...bare, ...fileFaults(found, standing), ...linkFaults(found)];
}

/** A file is with the case that it was attached to, and with those that this became part of afterwards. */
function fileFaults({steps, files}: Found, standing: (key: number) => number): string[] {
  return steps.flatMap((step) => {
    if (step.step !== "attach") return [];
    const wanted = wasOver(steps, step) ? step.case : standing(step.case);
    const times = files.filter((file) => file.case === wanted && file.added_by === step.done_by).length;
    return times === 1 ? [] : [`the file of ${step.done_by} is ${times} times with ${wanted}`];
  });
}

function wasOver(steps: readonly FoundStep[], {case: key, id}: FoundStep): boolean {
  return steps.some((step) => step.case === key && step.step === "merge" && step.id < id);
}

function linkFaults({links}: Found): string[] {
  const all = new Set(links.map((row) => `${row.case} ${row.other}`));
  return links.flatMap((row) => (all.has(`${row.other} ${row.case}`) ? [] : [`${row.case} is linked one way only`]));
}

function standingOf({cases}: Found): (key: number) => number {
  const into = new Map(cases.flatMap((one) => (one.merged_into === null ? [] : [[one.id, one.merged_into] as const])));
  return (key) => {
    let at = key;
    for (let left = into.size; left >= 0; left -= 1) {
      const next = into.get(at);
      if (next === undefined) return at;
      at = next;
    }
    throw new Error(`${key} was merged into itself`);
  };
}

const ANSWERS: ReadonlySet<string> = new Set(["acknowledge", "resolve", "verify"]);

/** The week's numbers, worked out of nothing but the history, are those that the product counts. */
export async function weekFaults(db: Kysely<Schema>, found: Found): Promise<string[]> {
  const week = weekNamed("2023-02-20", "Asia/Shanghai");
  const counted = (await countCases(db, {weeks: [week], handledWhen: "answered", until: hoursLater(200)})).get(
    week.from,
  );
  const parts = new Set(found.cases.flatMap((one) => (one.state === "merged" ? [one.id] : [])));
  const rounds = Map.groupBy(
    found.steps.filter((step) => !parts.has(step.case)),
    (step) => `${step.case}#${step.round}`,
  );
  const handled = [...rounds.values()].filter(isHandled);
  const held = handled.filter((steps) => steps.some(({step}) => step === "verify"));
  const compare = (what: string, is: number | null | undefined, wanted: number): string[] =>
    is === wanted ? [] : [`${what}: the week counts ${is}, the history ${wanted}`];
  return [
    ...compare("handled", counted?.handled?.value, handled.length),
    ...compare("phishing", counted?.phishing?.value, handled.length),
    ...compare("seen gone", counted?.verified?.value, held.length),
    ...compare("complaints", counted?.complaints?.value, found.complaints.length),
    ...roundFaults(found),
  ];
}

/** A round is handled when somebody was told, and answered after that, or it was seen gone. */
function isHandled(steps: readonly FoundStep[]): boolean {
  const told = steps.findIndex(({step}) => step === "notify");
  return told !== -1 && steps.slice(told).some(({step, data}) => ANSWERS.has(step) || isTheirs(step, data));
}

function isTheirs(step: string, data: FoundStep["data"]): boolean {
  return step === "dismiss" && data["dismissedBy"] === "party";
}

/** Every round that began is there, and none else. */
function roundFaults({cases, rounds}: Found): string[] {
  return cases.flatMap((one) => {
    const numbers = rounds.flatMap((row) => (row.case === one.id ? [row.round] : []));
    const wanted = Array.from({length: one.round}, (_, n) => n + 1);
    return numbers.join() === wanted.join() ? [] : [`${shown(one.id)} is in round ${one.round}, and has ${numbers}`];
  });
}
