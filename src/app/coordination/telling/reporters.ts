/** Notes to those who complained: that it came in, and what came of it. They are told nothing of parties or networks. */
import type {PendingNotice} from "../../../cases/notices/pending.ts";
import {type Complaint, shownId} from "../../../model/cases/case.ts";
import type {NoticeContact} from "../../../model/notification.ts";
import type {Pending} from "../../../store/notices/pending.ts";
import type {CaseDesk} from "../case-desk.ts";

const EVENTS = ["reporter-received", "reporter-closed"] as const;

/** Returns what reporters are to be told, of what waits; `complaints` by their keys. */
export function reporterNotices(
  desk: CaseDesk,
  pending: readonly Pending[],
  complaints: ReadonlyMap<number, Complaint>,
): PendingNotice[] {
  return pending.flatMap((each): PendingNotice[] => {
    const event = EVENTS.find((name) => name === each.event);
    const complaint = complaints.get(each.complaint ?? 0);
    if (event === undefined || complaint === undefined) return [];
    return [
      {
        id: String(each.id),
        event,
        case: null,
        subject: shownId("WC", each.complaint ?? 0),
        contact: complaint.reporter === null ? null : reporterContact(desk, complaint.reporter, complaint.text),
        ordinal: each.turn,
        isUrgent: false,
        since: each.since,
        needsRelease: false,
        releasedBy: null,
      },
    ];
  });
}

/** Whoever writes in Chinese is answered in Chinese. */
function reporterContact({house}: CaseDesk, address: string, text: string): NoticeContact {
  const [first = "en"] = house.config.profile.languages;
  const language = /\p{Script=Han}/u.test(text) ? "zh" : text.trim() === "" ? first : "en";
  return {
    id: `reporter:${address.toLowerCase()}`,
    party: "",
    name: null,
    address,
    language,
    purpose: "reporter",
    channel: "mail",
    key: null,
  };
}
