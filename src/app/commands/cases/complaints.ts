import path from "node:path";
import {COMPLAINT_COLUMNS} from "../../../cases/complaint-list.ts";
import {defang} from "../../../cases/notices/values.ts";
import type {Complaint} from "../../../model/cases/case.ts";
import {visible} from "../../../model/visible.ts";
import {
  addComplaint,
  complaintIn,
  complaintsIn,
  importComplaints,
  joinToCase,
  openFromComplaint,
  refuseWaiting,
} from "../../cases/complaints.ts";
import {
  type Answer,
  BY,
  type Command,
  choices,
  instantOption,
  needed,
  optional,
  tableText,
  wholeNumber,
} from "../../command.ts";
import {MANY} from "../parties.ts";
import {HAND_OPTIONS, HAND_USAGE, handOf, oneFile, readGiven} from "./entering.ts";
import {actOf, doneAnswer, maybe, WHO} from "./options.ts";

const COMPLAINT = {id: {type: "string"}} as const satisfies Command["options"];
const ONE = "--id WC-2023-000001";
const STATES = ["waiting", "joined", "refused"] as const;

const list: Command = {
  name: "complaint list",
  summary: "Lists complaints, newest first: those that wait for a person with --state waiting.",
  usage: "[--state waiting|joined|refused] [--after WC-2023-000001] [--limit N]",
  options: {state: {type: "string"}, after: {type: "string"}, limit: {type: "string"}},
  run: async (call, open) => {
    const [state] = optional(call, "state") === undefined ? [] : choices(call, "state", STATES);
    const found = await complaintsIn(await open(), {
      state,
      after: optional(call, "after"),
      limit: wholeNumber(call, "limit") ?? MANY,
    });
    return {json: found, text: found.length === 0 ? "none" : tableText(found.map(lineOf))};
  },
};

function lineOf(each: Complaint): string[] {
  return [
    ...[each.id, each.receivedAt, each.source, each.state, each.case ?? "-", each.class ?? "-"],
    each.asset === null ? "-" : defang(each.asset.value),
    visible(each.reporter ?? "-"),
    visible(each.reason ?? ""),
  ];
}

const show: Command = {
  name: "complaint show",
  summary: "Shows a complaint as it was made.",
  usage: ONE,
  options: COMPLAINT,
  run: async (call, open) => shown(await complaintIn(await open(), needed(call, "id"))),
};

function shown(complaint: Complaint): Answer {
  const {id, receivedAt, source, reporter, wantsAnswer, asset, brand, state, reason, text} = complaint;
  const rows = [
    [id, `received ${receivedAt} by ${source}`],
    [
      "state",
      `${state}${complaint.case === null ? "" : `, ${complaint.case}`}${reason === null ? "" : `, ${visible(reason)}`}`,
    ],
    ["reporter", `${visible(reporter ?? "not named")}${wantsAnswer ? ", wants an answer" : ""}`],
    ["class", complaint.class ?? "a person decides"],
    ["asset", asset === null ? "not said" : `${defang(asset.value)} (${asset.kind})`],
    ["brand", visible(brand ?? "-")],
  ];
  return {json: complaint, text: `${tableText(rows)}\n\n${visible(text)}`};
}

const add: Command = {
  name: "complaint add",
  summary: "Takes a complaint in that was told on the telephone or across the desk.",
  usage: `[--class C] [--asset X] [--kind K] [--text TEXT] [--reporter ADDRESS] [--answer] [--brand B] [--ip A] [--at TIME] ${WHO}`,
  options: {
    ...{...BY, class: {type: "string"}, asset: {type: "string"}, kind: {type: "string"}, text: {type: "string"}},
    ...{reporter: {type: "string"}, answer: {type: "boolean"}, brand: {type: "string"}, ip: {type: "string"}},
    at: {type: "string"},
  },
  run: async (call, open) => {
    const word = (name: string): string | null => maybe(call, name);
    const house = await open();
    const outcome = await addComplaint(
      house,
      {
        ...{class: word("class"), asset: word("asset"), kind: word("kind"), reporter: word("reporter")},
        ...{brand: word("brand"), ip: word("ip"), text: word("text") ?? ""},
        receivedAt: instantOption(call, "at"),
        wantsAnswer: call.options["answer"] === true,
      },
      actOf(call),
    );
    return shown(await complaintIn(house, outcome.id));
  },
};

const take: Command = {
  name: "complaint import",
  summary: `Takes a list of complaints in from CSV. Columns: ${Object.keys(COMPLAINT_COLUMNS).join(", ")}. The same again adds nothing.`,
  usage: `FILE ${WHO}`,
  options: BY,
  takesPositionals: true,
  run: async (call, open) => {
    const file = oneFile(call);
    const given = {name: path.basename(file), bytes: await readGiven(file)};
    const answer = await importComplaints(await open(), given, actOf(call));
    const {received, added, known, rejects, cases} = answer;
    return {
      json: answer,
      text: `${received} received, ${added} new, ${known} known, ${rejects.length} rejects; ${cases} cases`,
      complaints: rejects.slice(0, MANY).map(({line, reason, text}) => `${file}:${line} ${reason} ${text}`.trimEnd()),
    };
  },
};

const refuse: Command = {
  name: "complaint refuse",
  summary: "Says why a complaint that waits becomes no case. Who made it and wants an answer is told.",
  usage: `${ONE} --reason TEXT [--tell-reporter TEXT] ${WHO}`,
  options: {...BY, ...COMPLAINT, reason: {type: "string"}, "tell-reporter": {type: "string"}},
  run: async (call, open) => {
    const said = {id: needed(call, "id"), reason: needed(call, "reason"), toReporter: maybe(call, "tell-reporter")};
    return shown(await refuseWaiting(await open(), said, actOf(call)));
  },
};

const join: Command = {
  name: "complaint join",
  summary: "Puts a complaint to a case.",
  usage: `${ONE} --case WF-2023-000123 ${WHO}`,
  options: {...BY, ...COMPLAINT, case: {type: "string"}},
  run: async (call, open) =>
    shown(await joinToCase(await open(), {id: needed(call, "id"), case: needed(call, "case")}, actOf(call))),
};

const openCase: Command = {
  name: "complaint open",
  summary: "Opens a case from a complaint, or joins the one that is there; what the complaint does not say is given.",
  usage: `${ONE} [--class C] [--asset X] ${HAND_USAGE} ${WHO}`,
  options: {...BY, ...COMPLAINT, ...HAND_OPTIONS},
  run: async (call, open) => {
    const opening = {...handOf(call), id: needed(call, "id"), class: maybe(call, "class"), asset: maybe(call, "asset")};
    const {outcome, case: there} = await openFromComplaint(await open(), opening, actOf(call));
    return {...doneAnswer(there, outcome), json: {outcome, ...there}};
  },
};

/** Commands about complaints. */
export const COMPLAINT_COMMANDS: readonly Command[] = [list, show, add, take, refuse, join, openCase];
