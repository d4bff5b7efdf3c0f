import {WatchfloorError} from "../../../model/errors.ts";
import type {PgpPiece} from "../../../model/mail.ts";
import {visible} from "../../../model/visible.ts";
import {handleMail, joinMail, mailFile, mailIn, mailsIn, type ShownMail, takeMailFile} from "../../cases/mails.ts";
import {
  type Answer,
  BY,
  type Call,
  type Command,
  choices,
  instantOption,
  needed,
  optional,
  tableText,
  wholeNumber,
} from "../../command.ts";
import {oneFile, readGiven} from "./entering.ts";
import {writeNew} from "./files.ts";
import {actOf, maybe, WHO} from "./options.ts";

const MAIL = {id: {type: "string"}} as const satisfies Command["options"];
const SAYS = ["acknowledged", "done", "not_ours"] as const;

function mailOption(call: Call): number {
  needed(call, "id");
  return wholeNumber(call, "id") ?? 0;
}

const list: Command = {
  name: "mail list",
  summary: "Lists the mails that wait for a person, oldest first, or all mails about a case.",
  usage: "[--case WF-2023-000123]",
  options: {case: {type: "string"}},
  run: async (call, open) => {
    const found = await mailsIn(await open(), maybe(call, "case"));
    const rows = found.map(({id, receivedAt, kind, sender, subject, cases}) => [
      ...[String(id), receivedAt, kind, visible(sender ?? "-")],
      cases.map((each) => each.id).join(", ") || "-",
      visible(subject ?? ""),
    ]);
    return {json: found, text: rows.length === 0 ? "none" : tableText(rows)};
  },
};

const show: Command = {
  name: "mail show",
  summary:
    "Shows a mail: who sent it, what it was understood as, the verdict on the signature of each part, and its text.",
  usage: "--id N",
  options: MAIL,
  run: async (call, open) => shown(await mailIn(await open(), mailOption(call))),
};

function shown(mail: ShownMail): Answer {
  const {id, receivedAt, sender, subject, kind, cases, files, pgp, text, needsPerson, handledBy} = mail;
  const rows = [
    [`mail ${id}`, `${receivedAt}, understood as ${kind}`],
    ["from", visible(sender ?? "not stated")],
    ["subject", visible(subject ?? "")],
    ["state", handledBy !== null ? `looked at by ${visible(handledBy)}` : needsPerson ? "waits for a person" : "done"],
    ["cases", cases.map((each) => `${each.id}${each.claim === null ? "" : ` says ${each.claim}`}`).join(", ") || "-"],
    ...pgp.map((piece) => [`part ${piece.path}`, verdictText(piece)]),
    ...files.map((file) => ["file", `${file.sha256} ${visible(file.name)} (${file.type}, ${file.bytes} bytes)`]),
  ];
  return {json: mail, text: `${tableText(rows)}\n\n${visible(text)}`};
}

/** Only what the library found good is called so, with whose key it was. */
function verdictText({isEncrypted, failure, signature, signer, keyId}: PgpPiece): string {
  const seal = failure !== null ? `cannot be decrypted (${failure})` : isEncrypted ? "was encrypted" : "not encrypted";
  const who =
    signer === null
      ? keyId === null
        ? ""
        : ` key ${keyId}`
      : ` by ${signer.fingerprint} ${visible(signer.address ?? "")}, ${signer.isSender ? "who is the sender" : "who is NOT the sender"}`;
  return `${seal}; signature: ${signature}${who}`;
}

const handled: Command = {
  name: "mail handled",
  summary: "Says that a person has looked at a mail: it waits no more.",
  usage: `--id N ${WHO}`,
  options: {...BY, ...MAIL},
  run: async (call, open) => shown(await handleMail(await open(), mailOption(call), actOf(call))),
};

const join: Command = {
  name: "mail join",
  summary: "Puts a mail to a case; with --says the case is moved by what the party says in it.",
  usage: `--id N --case WF-2023-000123 [--says ${SAYS.join("|")}] ${WHO}`,
  options: {...BY, ...MAIL, case: {type: "string"}, says: {type: "string"}},
  run: async (call, open) => {
    const [says = null] = optional(call, "says") === undefined ? [] : choices(call, "says", SAYS);
    const joining = {id: mailOption(call), case: needed(call, "case"), says};
    return shown(await joinMail(await open(), joining, actOf(call)));
  },
};

const take: Command = {
  name: "mail take",
  summary: "Takes a mail in from a file, as if it had come to the inbox. Again is once.",
  usage: `FILE [--received-at TIME] ${WHO}`,
  options: {...BY, "received-at": {type: "string"}},
  takesPositionals: true,
  run: async (call, open) => {
    const bytes = await readGiven(oneFile(call));
    const receivedAt = instantOption(call, "received-at");
    if (receivedAt > call.now) throw new WatchfloorError("usage", "--received-at has not come yet");
    const {isNew, mail} = await takeMailFile(await open(), {bytes, receivedAt}, actOf(call));
    const answer = shown(mail);
    return {json: {isNew, ...mail}, text: isNew ? answer.text : `it came before\n${answer.text}`};
  },
};

const file: Command = {
  name: "mail file",
  summary: "Writes a mail as it came, or a file of it, to a new file for which only you have rights. Do not trust it.",
  usage: "--id N [--sha256 HASH] --out FILE",
  options: {...MAIL, sha256: {type: "string"}, out: {type: "string"}},
  run: async (call, open) => {
    const bytes = await mailFile(await open(), {id: mailOption(call), sha256: maybe(call, "sha256")});
    const out = needed(call, "out");
    await writeNew(out, bytes);
    return {json: {out, bytes: bytes.length}, text: `${bytes.length} bytes written to ${out}`};
  },
};

/** Commands about mails that came in. */
export const MAIL_COMMANDS: readonly Command[] = [list, show, handled, join, take, file];
