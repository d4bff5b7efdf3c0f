/** What the result of sending a mail means: sent, refused, tried again and when, or left to a person. */
import type {Claimed, Sent} from "../../../store/notices/outbox.ts";
import type {SendResult} from "../../mail/send.ts";

const MINUTE_MS = 60_000;
/** A mail that the server put off is tried again later and later, at most after so long. Source: RFC 5321 4.5.4.1. */
const LONGEST_WAIT_MINUTES = 4 * 60;
/** A server that is away says nothing of the mail: whatever waits goes out soon after it is back. */
const LONGEST_AWAY_MINUTES = 10;

/**
 * Returns how the sending of a mail ended. When nobody knows whether it arrived the same mail is sent once more: better
 * twice than never, and the recipient sees by its Message-ID that it is the same (RULINGS 2). The second time it is left to
 * a person: a server that takes mails and then breaks off would have them sent for ever.
 */
export function sentOf(
  result: SendResult,
  {tries, isRepeated}: Pick<Claimed, "tries" | "isRepeated">,
  now: Date,
): Sent {
  const later = (most: number): Date => new Date(now.getTime() + Math.min(2 ** Math.min(tries, 10), most) * MINUTE_MS);
  switch (result.outcome) {
    case "accepted":
      return {state: "sent", response: result.response};
    case "refused":
      return {state: "refused", response: result.reason, isUnknown: false};
    case "temporary": {
      const at = later(result.isReached ? LONGEST_WAIT_MINUTES : LONGEST_AWAY_MINUTES);
      return {state: "ready", response: result.reason, at, isUnknown: false};
    }
    default:
      return isRepeated
        ? {state: "refused", response: `nobody knows whether it arrived: ${result.reason}`, isUnknown: true}
        : {state: "ready", response: result.reason, at: later(LONGEST_WAIT_MINUTES), isUnknown: true};
  }
}
