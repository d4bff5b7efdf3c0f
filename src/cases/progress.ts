/** How a round comes on with its parties: each function says what becomes of the progress when one thing has happened. */
import type {Assignment, ChainLink, Progress} from "../model/cases/case-change.ts";

/** Nothing has happened yet. */
export const NO_PROGRESS: Progress = {chain: [], assignment: null, handedAt: null};

/** A party of the chain is to be told. */
export function assignedTo(
  chain: readonly ChainLink[],
  {party, rank, at}: {readonly party: number; readonly rank: number; readonly at: string},
): Progress {
  const nothing = {notifiedAt: null, undeliverableAt: null, acknowledgedAt: null, remindedAt: [], claims: []};
  return {chain, assignment: {party, rank, queuedAt: at, ...nothing}, handedAt: null};
}

/** The notification of the party has gone out. */
export function told(progress: Progress, at: string): Progress {
  return changed(progress, (one) => ({...one, notifiedAt: one.notifiedAt ?? at, undeliverableAt: null}));
}

/** The party cannot be reached. */
export function undeliverable(progress: Progress, at: string): Progress {
  return changed(progress, (one) => ({...one, undeliverableAt: one.undeliverableAt ?? at}));
}

/** A reminder is on its way. */
export function reminded(progress: Progress, at: string): Progress {
  return changed(progress, (one) => ({...one, remindedAt: [...one.remindedAt, at]}));
}

/** The party has answered. */
export function answered(progress: Progress, at: string): Progress {
  return changed(progress, (one) => ({...one, acknowledgedAt: one.acknowledgedAt ?? at}));
}

/** The party says that it has acted. Who says so again before anybody has looked has said it once. */
export function claimed(progress: Progress, at: string): Progress {
  return changed(progress, (one) =>
    one.claims.some(({refutedAt}) => refutedAt === null)
      ? one
      : {...one, claims: [...one.claims, {at, refutedAt: null}]},
  );
}

/** We saw that it has not. */
export function refuted(progress: Progress, at: string): Progress {
  return changed(progress, (one) => ({
    ...one,
    claims: one.claims.map((claim) => ({...claim, refutedAt: claim.refutedAt ?? at})),
  }));
}

/** A person of ours has to decide. */
export function handed(progress: Progress, at: string): Progress {
  return {...progress, handedAt: at};
}

/** A person of ours has decided: the rules go on. */
export function takenBack(progress: Progress): Progress {
  return {...progress, handedAt: null};
}

function changed(progress: Progress, change: (one: Assignment) => Assignment): Progress {
  return progress.assignment === null ? progress : {...progress, assignment: change(progress.assignment)};
}
