import type {Understood} from "../../model/complaint.ts";
import type {MailHead} from "../../model/mail.ts";
import {isByMachine} from "./auto-reply.ts";

/** Whether we may answer a mail by a machine of ours: an acknowledgement, a closing note. */

/** Why a mail gets no answer. */
export const NO_ANSWER = {
  machine: "It was not written by a person: an automatic answer, a list, bulk mail or a sender that nobody reads.",
  bounce: "It is a returned mail or a feedback report.",
  no_sender: "It names no address to answer to.",
  own: "It comes from one of our own addresses.",
  enough: "This sender has had an answer today.",
  not_wanted: "The reporter wants no answer.",
} as const;

/** The code of why a mail gets no answer. */
export type NoAnswer = keyof typeof NO_ANSWER;

/** What is known besides the mail. */
export interface AnswerFacts {
  /** Our own addresses, lower case. */
  readonly own: readonly string[];
  /** How many answers went to `answerTo` within the last day. */
  readonly answersToday: number;
}

const ANSWERS_A_DAY = 1;

/** Returns to whom an answer would go, lower case: Reply-To, else From; null when neither is an address. */
export function answerTo({replyTo, from}: MailHead): string | null {
  const address = (replyTo[0] ?? from)?.address.toLowerCase() ?? "";
  return /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,255}$/.test(address) ? address : null;
}

/**
 * Returns null when an answer may be sent, else why not. Never to machines, at most one a day to a sender: so no loop with
 * another machine lasts, whatever it says of itself. Source: RFC 3834 section 2.
 */
export function whyNoAnswer(head: MailHead, understood: Understood, {own, answersToday}: AnswerFacts): NoAnswer | null {
  if (understood.as === "bounce" || understood.as === "feedback") return "bounce";
  if (understood.as === "auto-reply" || isByMachine(head)) return "machine";
  const to = answerTo(head);
  if (to === null) return "no_sender";
  if (own.includes(to)) return "own";
  if (understood.as === "complaint" && understood.wantsAnswer === false) return "not_wanted";
  return answersToday >= ANSWERS_A_DAY ? "enough" : null;
}
