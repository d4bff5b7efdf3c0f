import {CASE_STATES, type CaseState} from "../../model/cases/case.ts";
import type {ImportedParty, ImportedState} from "../../model/cases/case-history.ts";
import type {RtHistoryMapping} from "../../model/cases/history-mapping.ts";
import {mapped} from "./collection.ts";
import {fieldTexts, type RtTicket, type RtTransaction, rtTime} from "./rt-shape.ts";

/** What the states of RT and RTIR mean where the mapping says nothing else. */
const STATES: Readonly<Record<string, CaseState>> = {
  new: "open",
  open: "open",
  stalled: "notified",
  resolved: "resolved",
  rejected: "dismissed",
  abandoned: "dismissed",
};

/** Returns our state of a status there; null when neither the mapping nor RT's own list has it. */
export function stateOf(status: string, {values}: Pick<RtHistoryMapping, "values">): CaseState | null {
  return mapped(values.state, status) ?? mapped(STATES, status) ?? CASE_STATES.find((each) => each === status) ?? null;
}

/** Who an investigation asked: by its custom field, and its first correspondent. */
export function partyOf(ticket: RtTicket, {fields, values}: RtHistoryMapping): ImportedParty | null {
  const [said] = fieldTexts(ticket, fields.party);
  const [asked] = ticket.Requestor;
  const address = asked?.EmailAddress ?? (asked?.id.includes("@") === true ? asked.id : null);
  if (said === undefined && asked === undefined) return null;
  return {
    name: said === undefined ? (asked?.RealName ?? null) : (mapped(values.party, said) ?? said),
    contact: address,
  };
}

/**
 * Returns the states of a case by time: those of its own history, and of its investigations when somebody was asked,
 * answered, and was done. Its own status is the last; while that is open, what was asked and answered stands.
 */
export function statesOf(
  ticket: RtTicket,
  {openedAt, investigations, mapping}: {openedAt: Date; investigations: readonly RtTicket[]; mapping: RtHistoryMapping},
): ImportedState[] {
  const found = [...changesOf(ticket, mapping), ...investigations.flatMap((each) => askedStates(each, mapping))];
  const later = found
    .filter(({at}) => at !== null && at >= openedAt)
    .sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0));
  const now = stateOf(ticket.Status, mapping);
  const states: ImportedState[] = [{state: "open", at: openedAt}];
  for (const each of later) if (states.at(-1)?.state !== each.state) states.push(each);
  if (now !== null && now !== "open" && states.at(-1)?.state !== now) states.push({state: now, at: null});
  return states;
}

/** The changes of status that the history tells; without any, the time at which it was resolved. */
function changesOf(ticket: RtTicket, mapping: RtHistoryMapping): ImportedState[] {
  const changes = ticket.Transactions.flatMap((each): ImportedState[] => {
    const state = isStatus(each) && each.NewValue !== null ? stateOf(each.NewValue, mapping) : null;
    return state === null ? [] : [{state, at: rtTime(each.Created)}];
  });
  const now = stateOf(ticket.Status, mapping);
  if (changes.length > 0 || now === null || now === "open") return changes;
  return [{state: now, at: rtTime(ticket.Resolved)}];
}

function isStatus({Type, Field}: RtTransaction): boolean {
  return Type === "Status" || (Type === "Set" && Field === "Status");
}

function askedStates(ticket: RtTicket, mapping: RtHistoryMapping): ImportedState[] {
  const answered = ticket.Transactions.filter(
    ({Type, Creator}) => Type === "Correspond" && ticket.Requestor.some(({id}) => id === Creator?.id),
  ).flatMap(({Created}) => rtTime(Created) ?? []);
  const [first] = answered.sort((a, b) => a.getTime() - b.getTime());
  return [
    {state: "notified", at: rtTime(ticket.Created)},
    ...(first === undefined ? [] : [{state: "acknowledged", at: first} as const]),
    ...changesOf(ticket, mapping).filter(({state}) => state === "resolved"),
  ];
}
