import {WatchfloorError} from "../../../model/errors.ts";
import {partyId} from "../../../model/party.ts";
import {visible} from "../../../model/visible.ts";
import type {NotificationLine} from "../../../store/notices/reading.ts";
import {
  type NoticePreview,
  notificationIn,
  notificationsIn,
  previewNotices,
  recallNotices,
  resendNotification,
  type ShownNotification,
  thankFor,
} from "../../cases/notices.ts";
import {type Answer, BY, type Command, needed, optional, tableText, wholeNumber} from "../../command.ts";
import {MANY} from "../parties.ts";
import {actOf, maybe, WHO} from "./options.ts";

const NOTICE = {id: {type: "string"}} as const satisfies Command["options"];
const ONE = "--id WN-2023-000045";

const list: Command = {
  name: "notification list",
  summary:
    "Lists notifications, newest first, of a case or in a state: planned, ready, sending, sent, refused, withdrawn.",
  usage: "[--case WF-2023-000123] [--state S] [--after WN-2023-000045] [--limit N]",
  options: {case: {type: "string"}, state: {type: "string"}, after: {type: "string"}, limit: {type: "string"}},
  run: async (call, open) => {
    const filter = {case: optional(call, "case"), state: optional(call, "state"), after: optional(call, "after")};
    const found = await notificationsIn(await open(), {...filter, limit: wholeNumber(call, "limit") ?? MANY});
    return {json: found, text: found.length === 0 ? "none" : tableText(found.map(lineText))};
  },
};

function lineText(each: NotificationLine): string[] {
  const {id, event, party, address, state, plannedAt, sentAt, bouncedAt, isRepeated} = each;
  const marks = [bouncedAt === null ? "" : "came back", isRepeated ? "perhaps sent twice" : ""];
  return [
    ...[id, event, party === null ? "-" : partyId(party), visible(address)],
    [state, ...marks].filter((mark) => mark !== "").join(", "),
    sentAt ?? plannedAt,
    visible(each.subject),
  ];
}

const show: Command = {
  name: "notification show",
  summary: "Shows a notification as it was written, and what became of it.",
  usage: ONE,
  options: NOTICE,
  run: async (call, open) => {
    const found = await notificationIn(await open(), needed(call, "id"));
    return {json: found, text: shownText(found)};
  },
};

function shownText(found: ShownNotification): string {
  const {notice, cases, response, isEncrypted, sha256} = found;
  const rows = [
    lineText(found).slice(0, 2),
    ["to", visible(found.address)],
    ["state", `${found.state}${response === null ? "" : `: ${visible(response)}`}`],
    ["planned", found.plannedAt],
    ["sent", found.sentAt ?? "-"],
    ["came back", found.bouncedAt ?? "-"],
    ["encrypted", isEncrypted === null ? "not made yet" : isEncrypted ? "yes" : "no"],
    ["message-id", visible(found.messageId)],
    ["kept as", sha256 ?? "-"],
    ["cases", cases.map(({id, round}) => `${id} round ${round}`).join(", ") || "-"],
    ["files", notice.files.map(({name}) => name).join(", ") || "-"],
    ["subject", visible(found.subject)],
  ];
  return `${tableText(rows)}\n\n${visible(notice.text)}`;
}

const preview: Command = {
  name: "notification preview",
  summary: "Says what would go out now, in its words, and why other things would not. Nothing is sent or written.",
  usage: "",
  options: {},
  run: async (call, open) => {
    const found = await previewNotices(await open(), call.now);
    return {json: found, text: previewText(found)};
  },
};

function previewText({isMailOn, notices, decisions}: NoticePreview): string {
  const rows = decisions.map(({event, case: of, complaint, party, outcome, reason}) => [
    ...[of ?? complaint ?? "-", event, party === null ? "-" : partyId(party), outcome, visible(reason)],
  ]);
  const texts = notices.map(
    ({address, event, subject, text, files}) =>
      `--- ${event} to ${visible(address)}: ${visible(subject)}${files.length === 0 ? "" : ` [${files.join(", ")}]`}\n${visible(text)}`,
  );
  return [
    ...(isMailOn ? [] : ["mail is not configured: nothing goes out"]),
    rows.length === 0 ? "nothing waits" : tableText(rows),
    ...texts,
  ].join("\n");
}

const recall: Command = {
  name: "notification recall",
  summary:
    "Takes back what was told (更正): of a case in its round, or by one notification. What has not gone out does not; who was told hears why. The case has to be dismissed or with another party first.",
  usage: `(--case WF-2023-000123 | ${ONE}) --reason TEXT ${WHO}`,
  options: {...BY, ...NOTICE, case: {type: "string"}, reason: {type: "string"}},
  run: async (call, open) => {
    const [id, of] = [optional(call, "id"), optional(call, "case")];
    if ((id === undefined) === (of === undefined)) throw new WatchfloorError("usage", "--case or --id is wanted");
    const what = id === undefined ? {case: of ?? ""} : {notification: id};
    const recalled = await recallNotices(await open(), {of: what, reason: needed(call, "reason")}, actOf(call));
    const {asked, withdrawn} = recalled;
    return {
      json: recalled,
      text: `${asked} contacts will be told; ${withdrawn.length} had not gone out ${withdrawn.join(", ")}`.trimEnd(),
    };
  },
};

const thank: Command = {
  name: "notification thank",
  summary: "Thanks the contact of a verified case.",
  usage: `--case WF-2023-000123 [--text TEXT] ${WHO}`,
  options: {...BY, case: {type: "string"}, text: {type: "string"}},
  run: async (call, open) => {
    const thanked = await thankFor(await open(), {case: needed(call, "case"), words: maybe(call, "text")}, actOf(call));
    return {json: thanked, text: `${thanked.asked} contacts will be thanked`};
  },
};

const resend: Command = {
  name: "notification resend",
  summary: "Sends once more what a mail server had refused: the same mail, with the next round.",
  usage: `${ONE} ${WHO}`,
  options: {...BY, ...NOTICE},
  run: async (call, open) => {
    const line = await resendNotification(await open(), needed(call, "id"), actOf(call));
    return {json: line, text: tableText([lineText(line)])} satisfies Answer;
  },
};

/** Commands about notifications. */
export const NOTICE_COMMANDS: readonly Command[] = [list, show, preview, recall, thank, resend];
