/** What each operation was told has to be what it did. */
import type {Told} from "./client.ts";
import type {Found} from "./found.ts";
import type {Kind} from "./operations.ts";

/** Refusals that are for a person to understand. That somebody else was faster is none: a change waits for its turn. */
const REFUSALS: ReadonlySet<string> = new Set([
  "case_unknown",
  "case_step_not_allowed",
  "case_protected",
  "notification_step_not_allowed",
]);

/** An operation ends by what was wanted, or by a refusal that says what is wrong. */
export function endFaults(told: readonly Told[]): string[] {
  return told.flatMap(({by, kind, code, fault}) => {
    if (fault !== null) return [`${by} (${kind}) met a fault: ${fault.split("\n").slice(0, 2).join(" ")}`];
    return code === null || REFUSALS.has(code) ? [] : [`${by} (${kind}) was refused with ${code}`];
  });
}

/** What was accepted is in the history, once; what was refused has left nothing anywhere. */
export function traceFaults(told: readonly Told[], found: Found): string[] {
  const lines = Map.groupBy(found.steps, (step) => step.done_by);
  const others = new Set<string | null>([
    ...found.complaints.map((row) => row.changed_by),
    ...found.decisions.map((row) => row.done_by),
    ...found.files.map((row) => row.added_by),
    ...found.timers.map((row) => row.done_by),
  ]);
  return told.flatMap(({by, kind, done}) => {
    const count = lines.get(by)?.length ?? 0;
    if (done === null)
      return count === 0 && !others.has(by) ? [] : [`${by} (${kind}) was refused, and has left something`];
    return done.lines.includes(count) ? [] : [`${by} (${kind}) was accepted, and has ${count} lines of history`];
  });
}

/** No two operations that changed a case gave back the same version of it: each saw the other. */
export function sameVersionFaults(told: readonly Told[], found: Found): string[] {
  const hasLines = new Set(found.steps.map((step) => step.done_by));
  const seen = new Map<string, string>();
  return told.flatMap(({by, done}) => {
    if (done === null || done.case === null || !hasLines.has(by)) return [];
    const key = `${done.case} version ${done.version}`;
    const other = seen.get(key);
    seen.set(key, by);
    return other === undefined ? [] : [`${key} was made by ${other} and by ${by}`];
  });
}

/** What the clients counted of what they did together is what there is. `first`: complaints from before. */
export function countFaults(told: readonly Told[], found: Found, first: number): string[] {
  const sumOf = (kind: Kind): number =>
    told.reduce((sum, each) => sum + (each.kind === kind ? (each.done?.count ?? 0) : 0), 0);
  const compare = (what: string, is: number, counted: number): string[] =>
    is === counted ? [] : [`there are ${is} ${what}, and the clients counted ${counted}`];
  return [
    ...compare("complaints", found.complaints.length, first + sumOf("complain")),
    ...compare("mails", found.mails.length, sumOf("reply")),
    ...compare("looks", found.looks.length, sumOf("look")),
    ...compare("notifications", found.notifications.length, sumOf("tell")),
    ...compare("sent notifications", found.notifications.filter(({state}) => state === "sent").length, sumOf("send")),
  ];
}
