/** The parties: they read the notifications that reach them, act or do not, and answer by mail. */
import PostalMime from "postal-mime";
import {csvRows, namedCells} from "../../src/cases/parties/readers/csv-rows.ts";
import {slotTime} from "./clock.ts";
import {ANSWERS, rawMail} from "./mails.ts";
import type {Pages} from "./pages.ts";
import type {Thing} from "./plan.ts";
import type {Scene} from "./scene.ts";

type Says = keyof typeof ANSWERS;

/** An answer on its way: to one notification, about some of its cases. */
interface Answer {
  readonly slot: number;
  readonly from: string;
  readonly subject: string;
  readonly inReplyTo: string;
  readonly says: Says;
  readonly language: "zh" | "en";
  readonly about: readonly {readonly id: string; readonly thing: Thing}[];
  /** Whether what they are asked to take down goes. */
  readonly acts: boolean;
}

/** The parties of a week. */
export interface Parties {
  /** Reads the notifications that came since; `slot` is now. */
  read(slot: number): Promise<void>;
  /** Does and sends what is due at a slot; returns the mails that were sent. */
  answer(slot: number): Promise<number>;
  /** Case ids by the number of the thing, as notifications named them. */
  readonly cases: ReadonlyMap<number, string>;
}

/** Opens the parties. */
export function openParties(scene: Scene, {things, pages}: {things: readonly Thing[]; pages: Pages}): Parties {
  const byAsset = new Map(things.map((thing) => [`${thing.class} ${thing.asset}`, thing]));
  const told = new Map<number, number>();
  const cases = new Map<number, string>();
  const answers: Answer[] = [];
  let seen = 0;
  let sent = 0;
  return {
    cases,
    read: async (slot) => {
      for (const {bytes} of scene.smtp.mails.slice(seen)) {
        const notice = await noticeIn(bytes);
        const rows = (notice?.rows ?? []).flatMap(({id, key}) => {
          const thing = byAsset.get(key);
          if (thing === undefined) return [];
          cases.set(thing.number, id);
          const times = (told.get(thing.number) ?? 0) + 1;
          told.set(thing.number, times);
          const plan = planFor(thing, {times, slot});
          return plan === null ? [] : [{id, thing, ...plan}];
        });
        if (notice === null) continue;
        const groups = Map.groupBy(rows, ({says, at, acts}) => `${says} ${at} ${acts}`);
        for (const some of groups.values()) {
          const [first] = some;
          if (first === undefined) continue;
          const {says, at, acts} = first;
          answers.push({...notice, slot: at, says, acts, about: some});
        }
      }
      seen = scene.smtp.mails.length;
    },
    answer: async (slot) => {
      const due = answers.filter((each) => each.slot === slot);
      for (const each of due) {
        if (each.acts) for (const {thing} of each.about) pages.remove(thing);
        const names = each.about.map(({id}) => id).join("\n");
        const {from, subject, inReplyTo, says, language} = each;
        const id = `answer-${++sent}@${from.split("@")[1]}`;
        const text = `${ANSWERS[says][language]}\n\n${names}`;
        await scene.receive(
          rawMail({from, subject: `Re: ${subject}`, at: slotTime(slot), id, text, inReplyTo}),
          slotTime(slot),
        );
      }
      return due.length;
    },
  };
}

interface Plan {
  readonly says: Says;
  readonly at: number;
  readonly acts: boolean;
}

/** What the party does that is told of a thing for the first, the second … time; null: it says nothing. */
function planFor({fate, answerSlot}: Thing, {times, slot}: {times: number; slot: number}): Plan | null {
  const at = times === 1 ? Math.max(answerSlot, slot + 1) : slot + 1;
  switch (fate) {
    case "done":
    case "merged":
      return times === 1 ? {says: "done", at, acts: true} : null;
    case "returns":
      return times <= 2 ? {says: "done", at, acts: true} : null;
    case "acknowledged":
    case "late":
      return times === 1 ? {says: "acknowledged", at, acts: false} : null;
    case "false-claim":
      return times === 1 ? {says: "done", at, acts: false} : null;
    case "not-ours":
      if (times > 2) return null;
      return times === 1 ? {says: "not-ours", at, acts: false} : {says: "done", at, acts: true};
    default:
      return null;
  }
}

interface Notice extends Pick<Answer, "from" | "subject" | "inReplyTo" | "language"> {
  readonly rows: readonly {readonly id: string; readonly key: string}[];
}

/** Null for a mail that is no notification about cases. */
async function noticeIn(bytes: Buffer): Promise<Notice | null> {
  const mail = await PostalMime.parse(bytes);
  const csv = mail.attachments.find(({mimeType}) => mimeType === "text/csv");
  const from = mail.to?.[0]?.address;
  if (csv === undefined || from === undefined) return null;
  const text = typeof csv.content === "string" ? csv.content : new TextDecoder().decode(csv.content);
  const [head, ...rows] = [...csvRows(text)];
  const cells = rows.map((row) => namedCells(head?.cells ?? [], row.cells ?? []));
  const subject = mail.subject ?? "";
  return {
    ...{from, subject, inReplyTo: mail.messageId ?? "", language: /\p{Script=Han}/u.test(subject) ? "zh" : "en"},
    rows: cells.map((row) => ({id: row["case"] ?? "", key: `${row["class"]} ${row["asset"]}`})),
  };
}
