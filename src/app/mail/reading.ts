/** The whole reading of one mail, as it runs in a process of its own. */
import type {MailReading} from "../../model/complaint.ts";
import type {MailFlag, PgpPiece, ReadMail, UnreadableReason} from "../../model/mail.ts";
import {HEAD_BYTES, type MailLimits, TEXT_CHARACTERS} from "./limits.ts";
import {mimeTree, OverLimit} from "./mime-tree.ts";
import {armorBlocks} from "./pgp-blocks.ts";
import {mayHavePgp, type OpenKeys, type PgpReading, readPgp} from "./pgp-read.ts";
import {type Entity, readEntity} from "./postal.ts";

/** What is read, and with what. `keys` are opened only for a mail that has OpenPGP in it. */
export interface ReadingTask {
  readonly raw: Buffer;
  readonly limits: MailLimits;
  readonly keys: () => Promise<OpenKeys>;
  readonly now: Date;
}

const NO_PGP: PgpReading = {pieces: [], entities: [], inline: []};

/** A mail that was read and not yet understood, or one that cannot be read. */
export type BareReading =
  | Omit<Extract<MailReading, {state: "read"}>, "understood">
  | Extract<MailReading, {state: "unreadable"}>;

/** Reads a mail; a mail that goes over a limit is unreadable, with the reason and what its headers say. */
export async function readWhole(task: ReadingTask): Promise<BareReading> {
  const raw = withoutEnvelope(task.raw);
  if (raw.length === 0) return {state: "unreadable", reason: "empty", head: null};
  try {
    const tree = mimeTree(raw, task.limits);
    const outer = await readEntity(raw);
    const at = {now: task.now, from: outer.head.from?.address.toLowerCase() ?? ""};
    const pgp = mayHavePgp(raw) ? await readPgp(tree, await task.keys(), at) : NO_PGP;
    const inner: Entity[] = [];
    for (const entity of pgp.entities) inner.push(await readEntity(entity));
    return {state: "read", ...joined(outer, inner, pgp)};
  } catch (error) {
    if (!(error instanceof OverLimit)) throw error;
    return unreadable(raw, error.reason);
  }
}

/** Returns the reading of a mail that cannot be read whole: its headers, where the beginning has them. */
export async function unreadable(raw: Buffer, reason: UnreadableReason): Promise<BareReading> {
  const beginning = withoutEnvelope(raw).subarray(0, HEAD_BYTES);
  const end = /\r?\n\r?\n/.exec(beginning.toString("latin1"))?.index ?? beginning.length;
  const lines = beginning.toString("latin1", 0, end).split("\n").slice(0, 2000).join("\n");
  const {head} = await readEntity(Buffer.from(`${lines}\n\n`, "latin1"));
  return {state: "unreadable", reason, head};
}

/** A line "From address date" before the headers is of the mailbox file, not of the mail. */
function withoutEnvelope(raw: Buffer): Buffer {
  let from = 0;
  while (raw[from] === 0x0a || raw[from] === 0x0d) from++;
  if (raw.toString("latin1", from, from + 5) !== "From ") return raw.subarray(from);
  const lineEnd = raw.indexOf(0x0a, from);
  return lineEnd === -1 ? raw.subarray(from) : raw.subarray(lineEnd + 1);
}

function joined(
  outer: Entity,
  inner: readonly Entity[],
  pgp: PgpReading,
): {mail: ReadMail; contents: Map<string, Uint8Array>} {
  const all = [outer, ...inner];
  const flags = new Set<MailFlag>(all.flatMap((each, index) => (index === 0 ? [...each.flags] : inside(each))));
  if (all.some(isSmime)) flags.add("smime");
  const texts = [withoutArmor(outer.text, pgp.inline), ...inner.map(({text}) => text)];
  const html = all.flatMap(({htmlText}) => htmlText ?? []);
  const mail: ReadMail = {
    head: outer.head,
    text: texts
      .filter((text) => text.trim() !== "")
      .join("\n\n")
      .slice(0, TEXT_CHARACTERS),
    htmlText: html.length === 0 ? null : html.join("\n\n"),
    parts: all.flatMap(({parts}) => parts),
    flags: [...flags],
    pgp: [...pgp.pieces] satisfies PgpPiece[],
  };
  return {mail, contents: new Map(all.flatMap(({contents}) => [...contents]))};
}

/** What was decrypted has no headers of a mail: that these are missing is not odd. */
function inside({flags}: Entity): MailFlag[] {
  return [...flags].filter((flag) => flag !== "no_from" && flag !== "bad_date");
}

function isSmime({head, parts}: Entity): boolean {
  return [head.contentType, ...parts.map(({mime}) => mime)].some((mime) => /^application\/(x-)?pkcs7-/.test(mime));
}

/** Puts what was signed or decrypted in the place of its block. */
function withoutArmor(text: string, inline: readonly (string | null)[]): string {
  if (inline.length === 0) return text;
  const blocks = armorBlocks(text);
  const kept = blocks.map(({to}, index) => text.slice(to, blocks[index + 1]?.from));
  const opened = blocks.map(({from, to}, index) => inline[index] ?? text.slice(from, to));
  return [text.slice(0, blocks[0]?.from), ...opened.map((each, index) => `${each}${kept[index]}`)].join("");
}
