/** The life of a case as a table, and what each step does to its round. */
import type {CaseAction, CaseRound, CaseState} from "../model/cases/case.ts";
import {WatchfloorError} from "../model/errors.ts";

/** Where each state may go. Source: RULINGS 4. A merged case is over: what comes later goes to the one it was merged into. */
export const NEXT: Readonly<Record<CaseState, readonly CaseState[]>> = {
  open: ["notified", "verified", "dismissed", "merged"],
  notified: ["acknowledged", "resolved", "verified", "dismissed", "merged"],
  acknowledged: ["resolved", "verified", "dismissed", "merged"],
  resolved: ["verified", "notified", "dismissed", "merged"],
  verified: ["open", "merged"],
  dismissed: ["open", "merged"],
  merged: [],
};

/** Where each action leads. */
const LEADS: Readonly<Record<CaseAction, CaseState>> = {
  notify: "notified",
  acknowledge: "acknowledged",
  resolve: "resolved",
  verify: "verified",
  dismiss: "dismissed",
  dispute: "notified",
  reopen: "open",
  merge: "merged",
};

/** Actions that lead to a state that another one leads to as well, each only from its own. */
const ONLY_FROM: Partial<Record<CaseAction, readonly CaseState[]>> = {
  notify: ["open"],
  dispute: ["resolved"],
};

/** States in which there is work to do. */
export const AT_WORK: readonly CaseState[] = ["open", "notified", "acknowledged", "resolved"];

/** Returns the state that an action leads to; null when it is not allowed from here. */
export function stateAfter(state: CaseState, action: CaseAction): CaseState | null {
  const to = LEADS[action];
  const from = ONLY_FROM[action];
  return NEXT[state].includes(to) && (from === undefined || from.includes(state)) ? to : null;
}

/** An action on a case at a time. `by` says who dismisses; `goneAt` when what is verified was first seen gone. */
export interface Move {
  readonly action: CaseAction;
  readonly at: string;
  readonly dismissedBy?: "party" | "us";
  readonly goneAt?: string;
}

/** What a move makes of a case: its state, and its round, which is a new one after a reopening. */
export interface Moved {
  readonly state: CaseState;
  readonly round: CaseRound;
}

/**
 * Returns what a move makes of a case. The first time of each state stays; a round is answered by the first of
 * acknowledgement, resolution, verification and dismissal by the party after somebody was notified.
 * No time of a round lies before one that it follows, whatever the clock says. Throws case_step_not_allowed.
 */
export function moveCase(where: string, state: CaseState, {round, move}: {round: CaseRound; move: Move}): Moved {
  const to = stateAfter(state, move.action);
  if (to === null)
    throw new WatchfloorError("case_step_not_allowed", `${where} is ${state}: it cannot ${move.action} from there`);
  const timed = {...move, at: afterAll(round, move.at)};
  return {state: to, round: move.action === "reopen" ? newRound(round.round + 1, timed.at) : roundAfter(round, timed)};
}

/** A clock that was set back makes nothing happen before what it follows: no round takes less than no time. */
function afterAll({openedAt, notifiedAt, acknowledgedAt, resolvedAt, verifiedAt, dismissedAt}: CaseRound, at: string) {
  const times = [openedAt, notifiedAt, acknowledgedAt, resolvedAt, verifiedAt, dismissedAt];
  return times.reduce<string>((last, each) => (each !== null && each > last ? each : last), at);
}

/** Returns a round in which nothing has happened yet. */
export function newRound(round: number, openedAt: string): CaseRound {
  return {
    round,
    openedAt,
    notifiedAt: null,
    acknowledgedAt: null,
    resolvedAt: null,
    verifiedAt: null,
    dismissedAt: null,
    dismissedBy: null,
    answeredAt: null,
    goneAt: null,
  };
}

function roundAfter(round: CaseRound, move: Move): CaseRound {
  const {at} = move;
  switch (move.action) {
    case "notify":
      return {...round, notifiedAt: round.notifiedAt ?? at};
    case "acknowledge":
      return answered({...round, acknowledgedAt: round.acknowledgedAt ?? at}, at);
    case "resolve":
      return answered({...round, resolvedAt: round.resolvedAt ?? at}, at);
    case "verify":
      return answered({...round, verifiedAt: round.verifiedAt ?? at, goneAt: round.goneAt ?? move.goneAt ?? at}, at);
    case "dismiss": {
      const by = move.dismissedBy ?? "us";
      const dismissed = {...round, dismissedAt: round.dismissedAt ?? at, dismissedBy: round.dismissedBy ?? by};
      return by === "party" ? answered(dismissed, at) : dismissed;
    }
    default:
      return round;
  }
}

/** Only who was told can answer: what vanishes before is verified, but not handled by anybody. */
function answered(round: CaseRound, at: string): CaseRound {
  return round.notifiedAt === null ? round : {...round, answeredAt: round.answeredAt ?? at};
}
