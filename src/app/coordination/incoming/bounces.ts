/** Mails of ours that came back: the contact's record says so, and a party that cannot be reached lets the rules go on. */
import {tokensIn} from "../../../cases/notices/identity.ts";
import {undeliverable} from "../../../cases/progress.ts";
import type {Bounce, Understood} from "../../../model/complaint.ts";
import type {ReadMail} from "../../../model/mail.ts";
import {applyChanges, lockCases} from "../../../store/cases/changing.ts";
import {caseKey, type Work} from "../../../store/cases/rows.ts";
import {casesOfNotification} from "../../../store/notices/outbox.ts";
import {type FoundNotification, findNotifications, lastToAddress, markBounced} from "../../../store/notices/reading.ts";
import {addContactEvents} from "../../../store/parties/contacts.ts";
import {BY_RULE, type CaseDesk} from "../case-desk.ts";

/** What came of a returned mail. */
export interface Returned {
  /** Key of the notification that came back; null when it is none of ours. */
  readonly notification: number | null;
  readonly needsPerson: boolean;
}

/**
 * Does what a returned mail means. Anybody can write one: it is believed when it names what only its recipient was sent, the
 * Message-ID or the token. One that names an address alone takes nobody out of use; a person looks.
 */
export async function afterBounce(
  work: Work,
  {desk, mail, understood, now}: {desk: CaseDesk; mail: ReadMail; understood: Bounced; now: Date},
): Promise<Returned> {
  const {originalMessageId, bounces} = understood;
  const [bounce] = bounces.filter(({isDelayed}) => !isDelayed);
  if (bounce === undefined) return {notification: null, needsPerson: false};
  const messageIds = originalMessageId === null ? [] : [originalMessageId];
  const found = (await findNotifications(work, {ids: tokensIn(wordsOf(mail), desk.tokenKey), messageIds})).at(-1);
  if (found === undefined) {
    const guess = bounce.recipient === null ? null : await lastToAddress(work, bounce.recipient, now);
    return {notification: guess?.key ?? null, needsPerson: guess !== null};
  }
  await markBounced(work, found.key, now);
  if (found.contact !== null)
    await addContactEvents(
      work,
      [
        {
          contact: found.contact,
          kind: kindOf(bounce),
          note: bounce.diagnostic?.slice(0, 300) ?? bounce.reason,
          by: BY_RULE,
        },
      ],
      now,
    );
  if (bounce.kind !== "soft") await goOn(work, found, now);
  return {notification: found.key, needsPerson: false};
}

type Bounced = Extract<Understood, {as: "bounce"}>;

/** All words of the mail and of what came back in it. */
function wordsOf({text, parts}: ReadMail): string {
  const inside = parts.flatMap(({text: own, message}) => [own ?? "", message?.head.subject ?? "", message?.text ?? ""]);
  return [text, ...inside].join("\n");
}

function kindOf({kind}: Bounce): "soft-bounce" | "hard-bounce" {
  return kind === "hard" ? "hard-bounce" : "soft-bounce";
}

/** A case that is with another party by now has got beyond it. */
async function goOn(work: Work, {key, party}: FoundNotification, now: Date): Promise<void> {
  const rounds = new Map((await casesOfNotification(work, key)).map(({id, round}) => [id, round]));
  const cases = await lockCases(work, [...rounds.keys()].map(caseKey));
  const at = now.toISOString();
  const changes = cases.flatMap((there) => {
    const isMeant =
      rounds.get(there.case.id) === there.round.round &&
      there.case.party === party &&
      ["open", "notified"].includes(there.case.state);
    const change = {
      progress: undeliverable(there.progress, at),
      actAt: at,
      steps: [{step: "note" as const, note: "mail returned"}],
    };
    return isMeant ? [{there, change}] : [];
  });
  await applyChanges(work, changes, {by: BY_RULE, now});
}
