/**
 * The slots of a template: a name in braces is replaced by its value, once. There is no expression language: what is not
 * in this table is an error when the template is read. docs/notifications.md is made from it.
 */
import type {NoticeEvent} from "../../model/notification.ts";

const CASES: readonly NoticeEvent[] = ["opened", "reminder", "escalated", "reopened", "recall", "thanks"];
const ACTS: readonly NoticeEvent[] = ["opened", "reminder", "escalated", "reopened"];
const REPORTER: readonly NoticeEvent[] = ["reporter-received", "reporter-closed"];
const CONFIRM: readonly NoticeEvent[] = ["contact-confirm"];

/** One slot: what it says, and where it can stand. */
interface SlotRule {
  readonly says: string;
  /** Null: in every template. */
  readonly events: readonly NoticeEvent[] | null;
  /** May stand in the subject; what tells of the asset may not, for a subject is never encrypted. */
  readonly inSubject?: true;
}

/** Every slot by name. */
export const SLOTS = {
  notification: {says: "Id of the notification, WN-2023-000045.", events: null, inSubject: true},
  token: {says: "The token of the subject; a reply that keeps it finds its cases.", events: null},
  contact: {says: "Name of the contact, else of the party.", events: null},
  party: {says: "Name of the party.", events: null},
  purpose: {says: "What the address is for, such as abuse.", events: null},
  sender: {says: "Our name in the language of the mail.", events: null, inSubject: true},
  "sender-address": {says: "Our mail address.", events: null},
  "sender-contact": {
    says: "Our mail address, and the telephone number where there is one (`mail.phone`).",
    events: null,
  },
  today: {says: "Day on which it is written.", events: null, inSubject: true},
  tlp: {says: "The strictest sharing mark of the cases, such as TLP:AMBER, with what it means.", events: CASES},
  count: {says: "How many cases.", events: [...CASES, ...REPORTER], inSubject: true},
  case: {
    says: "Id of the case; of several the first, and how many more.",
    events: [...CASES, ...REPORTER],
    inSubject: true,
  },
  class: {
    says: "Name of the class; of several classes the word for security incidents.",
    events: CASES,
    inSubject: true,
  },
  asset: {
    says: "The affected asset, defanged; of several the first, and how many more.",
    events: [...CASES, ...REPORTER],
  },
  cases: {
    says: "The table of the cases: id, times, events, severity, asset and what is known of it, defanged.",
    events: CASES,
  },
  seen: {says: "What was seen, by class: `seen` of requests.yaml.", events: CASES},
  asked: {says: "What is asked, by class: `asked` of requests.yaml, or what the case asks itself.", events: ACTS},
  due: {says: "Until when: the earliest due time of the cases.", events: ACTS, inSubject: true},
  evidence: {says: "What was found, case by case, as quoted lines.", events: ACTS},
  files: {says: "Names of the attached files and what is in them.", events: CASES},
  told: {says: "Day of the first notification.", events: ["reminder", "escalated", "recall", "thanks"]},
  ordinal: {
    says: "Which one of its kind it is: 2 is the second reminder.",
    events: ["reminder", "escalated"],
    inSubject: true,
  },
  reason: {
    says: "What the officer wrote: why it is taken back, what else there is to say.",
    events: [...CASES, ...REPORTER],
  },
  complaint: {says: "Id of the complaint, WC-2023-000001.", events: REPORTER, inSubject: true},
  received: {says: "When the complaint came in.", events: REPORTER},
  outcome: {says: "What came of it.", events: ["reporter-closed"]},
  reported: {says: "What was reported, defanged, with the ids of its cases.", events: REPORTER},
  year: {says: "Year of the question.", events: CONFIRM, inSubject: true},
  details: {
    says: "What we have noted of the contact: party, purpose, name, address, language, channel, key.",
    events: CONFIRM,
  },
} as const satisfies Record<string, SlotRule>;

/** The name of a slot. */
export type SlotName = keyof typeof SLOTS;

/** Returns the rule of a slot, or null when there is no slot of that name. */
export function slotRule(name: string): SlotRule | null {
  return isSlot(name) ? SLOTS[name] : null;
}

/** Returns whether there is a slot of that name. */
export function isSlot(name: string): name is SlotName {
  return Object.hasOwn(SLOTS, name);
}
