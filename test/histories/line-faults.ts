/** What cannot be in an append-only history of which no change was lost. */
import type {Found, FoundChange, FoundStep} from "./found.ts";

/** Every line begins in the state in which the line before left its case; lines of one change say the same. */
export function chainFaults({steps}: Found): string[] {
  return [...Map.groupBy(steps, (step) => step.case)].flatMap(([key, own]) =>
    own.flatMap((step, n) => {
      const before = own[n - 1];
      if (before === undefined) return step.from_state === null ? [] : [`${key}: its first line comes from a state`];
      const isNext = step.from_state === before.to_state;
      return isNext || isSameChange(step, before)
        ? []
        : [`${key}: line ${step.id} (${step.step}) comes from ${step.from_state}, but ${before.to_state} was left`];
    }),
  );
}

function isSameChange(one: FoundStep, other: FoundStep): boolean {
  return one.tx === other.tx && one.from_state === other.from_state && one.to_state === other.to_state;
}

/** Versions go up by one, each change begins where the one before ended, and the row is what they come to. */
export function versionFaults({changes, cases}: Found): string[] {
  const byCase = Map.groupBy(changes, (change) => change.case);
  return cases.flatMap((one) => {
    const own = byCase.get(one.id) ?? [];
    const faults = own.flatMap((change, n) => changeFaults(change, own[n - 1]));
    const last = own.at(-1);
    const isLast = last?.version === one.version && last.state === one.state;
    return [...faults, ...(isLast ? [] : [`${one.id}: version ${one.version} was written by nobody`])];
  });
}

function changeFaults(change: FoundChange, before: FoundChange | undefined): string[] {
  const where = `${change.case}: version ${change.version}`;
  if (before === undefined) return change.version === 1 && change.old_version === null ? [] : [`${where} came first`];
  const step = change.version - (change.old_version ?? 0);
  return [
    ...(change.old_version === before.version ? [] : [`${where} follows ${change.old_version}, not ${before.version}`]),
    ...(step === 0 || step === 1 ? [] : [`${where} is ${step} after the one before`]),
    ...(change.old_state === before.state ? [] : [`${where} comes from ${change.old_state}, not ${before.state}`]),
  ];
}

/** A case changes its state with a line that says so, and no line says so without. */
export function stateFaults({changes, steps}: Found): string[] {
  const keyOf = (each: {case: number; tx: string}, from: string | null, to: string): string =>
    `${each.case} from ${from} to ${to} in ${each.tx}`;
  const moved = new Set(
    changes.flatMap((each) => (each.old_state === each.state ? [] : [keyOf(each, each.old_state, each.state)])),
  );
  const said = new Set(
    steps.flatMap((each) => (each.from_state === each.to_state ? [] : [keyOf(each, each.from_state, each.to_state)])),
  );
  return [
    ...[...moved].flatMap((key) => (said.has(key) ? [] : [`${key}: no line says so`])),
    ...[...said].flatMap((key) => (moved.has(key) ? [] : [`${key}: only a line says so`])),
  ];
}

/** What the row says is what was said last in its history. */
export function lastSaidFaults({steps, cases}: Found): string[] {
  const byCase = Map.groupBy(steps, (step) => step.case);
  return cases.flatMap((one) => {
    const own = byCase.get(one.id) ?? [];
    const last = (name: string): FoundStep | undefined => own.findLast(({step}) => step === name);
    const compare = (what: string, is: unknown, said: unknown): string[] =>
      is === said ? [] : [`${one.id}: its ${what} is ${is}, and ${said} was said last`];
    const parent = steps.find(({step, data}) => step === "split" && data["case"] === shown(one.id));
    const level = last("severity")?.data["severity"];
    const releases = own.filter(({step, round}) => step === "release" && round === one.round);
    return [
      ...compare("assignee", one.assignee, last("assign")?.note ?? null),
      ...(parent === undefined || level !== undefined ? compare("level", one.severity, level ?? "IV") : []),
      ...compare("round", one.round, 1 + own.filter(({step}) => step === "reopen").length),
      ...compare(
        "main case",
        one.merged_into === null ? null : shown(one.merged_into),
        last("merge")?.data["into"] ?? null,
      ),
      ...(one.released_by === null ? [] : compare("release", one.released_by, releases.at(-1)?.done_by)),
    ];
  });
}

/** Returns the id of a case as it is shown. */
export function shown(key: number): string {
  return `WF-${Math.floor(key / 10_000_000)}-${String(key % 10_000_000).padStart(6, "0")}`;
}
