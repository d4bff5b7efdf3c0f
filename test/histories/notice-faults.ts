/** Nobody is told twice of one thing, by what the mail server took and by what was planned. */
import PostalMime from "postal-mime";
import type {ReceivedMail} from "../smtp.ts";
import type {Found} from "./found.ts";

/** Holds the mails that arrived against what the product says that it sent. */
export async function noticeFaults(found: Found, mails: readonly ReceivedMail[]): Promise<string[]> {
  const ids = await Promise.all(mails.map(async ({bytes}) => (await PostalMime.parse(bytes)).messageId ?? ""));
  const times = new Map<string, number>();
  for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
  const sent = found.notifications.filter(({state}) => state === "sent");
  const sentIds = new Set(sent.map((row) => row.message_id));
  return [
    ...[...times].flatMap(([id, n]) => (n === 1 ? [] : [`${id} arrived ${n} times`])),
    ...[...times.keys()].flatMap((id) => (sentIds.has(id) ? [] : [`${id} arrived, and is not said to be sent`])),
    ...[...sentIds].flatMap((id) => (times.has(id) ? [] : [`${id} is said to be sent, and did not arrive`])),
    ...sent.flatMap((row) => (row.is_repeated ? [`${row.message_id} was sent by two`] : [])),
    ...toldTwice(found),
    ...decisionFaults(found),
  ];
}

/** One mail for a case in a round, an address, an event and a turn. */
function toldTwice({notifications, told}: Found): string[] {
  const rows = new Map(notifications.map((row) => [row.id, row]));
  const seen = new Map<string, number>();
  for (const each of told) {
    const row = rows.get(each.notification);
    if (row === undefined || row.state === "withdrawn") continue;
    const key = `${each.case}#${each.round} ${row.address} ${row.template} turn ${each.turn}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return [...seen].flatMap(([key, n]) => (n === 1 ? [] : [`${key} is told by ${n} notifications`]));
}

/** Everything that is told was decided, once. */
function decisionFaults({told, noticeDecisions}: Found): string[] {
  const yes = noticeDecisions.filter((row) => row.is_told && row.case !== null);
  const keys = new Set(yes.map((row) => `${row.notification} ${row.case}`));
  const wanted = new Set(told.map((row) => `${row.notification} ${row.case}`));
  return [
    ...(keys.size === yes.length ? [] : [`${yes.length - keys.size} decisions to tell were made twice`]),
    ...[...wanted].flatMap((key) => (keys.has(key) ? [] : [`${key} is told, and nobody decided it`])),
  ];
}
