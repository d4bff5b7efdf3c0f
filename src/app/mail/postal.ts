/** One mail, or one decrypted entity, read by the mail library into our shape. */
import {isUtf8} from "node:buffer";
import {createHash} from "node:crypto";
import PostalMime, {type Attachment, type Email} from "postal-mime";
import type {MailFlag, MailHead, MailPart} from "../../model/mail.ts";
import {MESSAGE_DEPTH, MESSAGES, PART_TEXT_CHARACTERS, TEXT_CHARACTERS} from "./limits.ts";
import {clean, headOf} from "./mail-head.ts";

/** What the library made of it. */
export interface Entity {
  readonly head: MailHead;
  readonly text: string;
  readonly htmlText: string | null;
  readonly parts: readonly MailPart[];
  readonly flags: ReadonlySet<MailFlag>;
  /** Bytes of the parts, by SHA-256. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/** A mail within a mail is a part of its own, never mixed into the text of the outer one. */
const OPTIONS = {forceRfc822Attachments: true, maxNestingDepth: 100, maxHeadersSize: 4 * 1024 * 1024};
const IS_TEXT = /^(text\/|message\/|application\/(json|xml|x-?yaml|yaml|csv|[\w.-]+\+(json|xml)))/;
const KNOWN_CHARSET = /charset\s*=\s*"?\s*([\w.:+-]+)/i;

interface Place {
  readonly depth: number;
  /** How many mails within mails may still be read, in the whole mail. */
  readonly budget: {left: number};
}

/** Reads an entity. The limits were checked before, see mime-tree.ts. */
export async function readEntity(raw: Uint8Array, at: Place = {depth: 0, budget: {left: MESSAGES}}): Promise<Entity> {
  const email = await PostalMime.parse(withReadableHeaders(raw), OPTIONS);
  const {head, flags: odd} = headOf(email);
  const flags = new Set(odd);
  const contents = new Map<string, Uint8Array>();
  const parts: MailPart[] = [];
  for (const attachment of email.attachments) {
    const content = bytesOf(attachment);
    const sha256 = createHash("sha256").update(content).digest("hex");
    contents.set(sha256, content);
    parts.push(await partOf(attachment, {content, sha256}, {at, flags}));
  }
  const text = await textOf(email);
  if (text.length > TEXT_CHARACTERS || (email.html ?? "").length > TEXT_CHARACTERS) flags.add("text_cut");
  if (hasUnknownCharset(email)) flags.add("charset_unknown");
  const htmlText = email.html === undefined ? null : await asText(email.html.slice(0, TEXT_CHARACTERS));
  const isEmpty = text.trim() === "" && email.html === undefined && parts.length === 0;
  const body = isEmpty ? bodyOf(raw) : "";
  if (body !== "") flags.add("broken_structure");
  const cut = body === "" ? clean(text.slice(0, TEXT_CHARACTERS)) : body;
  return {head, text: cut.trim() === "" ? (htmlText ?? "") : cut, htmlText, parts, flags, contents};
}

async function partOf(
  {filename, mimeType, disposition}: Attachment,
  {content, sha256}: {content: Uint8Array; sha256: string},
  {at, flags}: {at: Place; flags: Set<MailFlag>},
): Promise<MailPart> {
  const mime = clean(mimeType).slice(0, 100).toLowerCase();
  const isMessage = mime === "message/rfc822";
  const isReadable = isMessage && at.depth < MESSAGE_DEPTH && at.budget.left > 0;
  if (isMessage && !isReadable) flags.add("parts_cut");
  if (isReadable) at.budget.left--;
  const inner = isReadable ? await readEntity(content, {...at, depth: at.depth + 1}) : null;
  return {
    name: filename === null ? null : clean(filename.replace(/[\r\n\t]/g, " ")).slice(0, 255),
    mime,
    disposition: disposition === null ? null : clean(disposition).slice(0, 50),
    bytes: content.byteLength,
    sha256,
    text: IS_TEXT.test(mime) ? clean(decoded(content)) : null,
    message: inner === null ? null : {head: inner.head, text: inner.text.slice(0, PART_TEXT_CHARACTERS)},
  };
}

function bytesOf({content}: Attachment): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
}

/** UTF-8 where it is valid; else each byte a character, so that nothing throws and ASCII stays readable. */
function decoded(content: Uint8Array): string {
  const bytes = content.subarray(0, PART_TEXT_CHARACTERS);
  const text = new TextDecoder().decode(bytes, {stream: true});
  return text.includes("\ufffd") ? new TextDecoder("windows-1252").decode(bytes) : text;
}

async function textOf(email: Email): Promise<string> {
  return email.text ?? (email.html === undefined ? "" : asText(email.html.slice(0, TEXT_CHARACTERS)));
}

/** The library turns HTML into text only beside a plain part: so it is given one. */
async function asText(html: string): Promise<string> {
  const mark = "=_watchfloor_html";
  const mail = [
    `Content-Type: multipart/mixed; boundary="${mark}"`,
    `\n--${mark}\nContent-Type: text/plain\n`,
    `--${mark}\nContent-Type: text/html; charset=utf-8\n`,
    html.replaceAll(`--${mark}`, ""),
    `--${mark}--\n`,
  ].join("\n");
  const {text} = await PostalMime.parse(mail.toWellFormed());
  return clean(text ?? "").trim();
}

function hasUnknownCharset({headers}: Email): boolean {
  const stated = KNOWN_CHARSET.exec(headers.find(({key}) => key === "content-type")?.value ?? "")?.[1];
  if (stated === undefined) return false;
  try {
    return new TextDecoder(stated).encoding === "";
  } catch {
    return true;
  }
}

/** The body as it came, where the library found no part in it: a boundary that never comes hides nothing. */
function bodyOf(raw: Uint8Array): string {
  const [, body] = halvesOf(raw);
  return clean(decoded(body)).trim();
}

/** Headers, and the body with the empty line before it. */
function halvesOf(raw: Uint8Array): [Buffer, Buffer] {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const end = Math.min(...[bytes.indexOf("\n\n"), bytes.indexOf("\n\r\n"), bytes.length].filter((at) => at !== -1));
  return [bytes.subarray(0, end), bytes.subarray(end)];
}

/** Headers in raw bytes of another character set are read by the one that the mail states; the library takes UTF-8 only. */
function withReadableHeaders(raw: Uint8Array): Uint8Array {
  const [header, body] = halvesOf(raw);
  if (isUtf8(header)) return raw;
  const charset = KNOWN_CHARSET.exec(header.toString("latin1"))?.[1] ?? "windows-1252";
  return Buffer.concat([Buffer.from(decodedBy(charset, header)), body]);
}

function decodedBy(charset: string, bytes: Buffer): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}
