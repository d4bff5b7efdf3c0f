/**
 * A notification as a mail (MIME). Built from typed fields only by nodemailer's composer; every address is checked by us
 * and the envelope is ours. The same input gives the same bytes, but for what is encrypted.
 * Source: RFC 5322, RFC 2045-2047, RFC 3156 (PGP/MIME), RFC 3834 (automatic mails).
 */
import {createHash} from "node:crypto";
import MimeNode from "nodemailer/lib/mime-node";
import {sealedSubject} from "../../cases/notices/render.ts";
import {oneLine} from "../../cases/notices/values.ts";
import {cut} from "../../cases/notices/width.ts";
import {REPORTER_EVENTS} from "../../cases/notices/words.ts";
import type {NoticeSender, RenderedNotice} from "../../model/notification.ts";
import {type MailAddress, messageIds, strictAddress} from "./envelope.ts";
import {contactKey, MICALG, type PgpSigner, sealTo, signDetached} from "./pgp-write.ts";

const MOST_REFERENCES = 20;
const MOST_NAME = 80;

/** How mails are made. */
export interface ComposeSetting {
  readonly sender: NoticeSender;
  readonly from: string;
  /** Null: `from`. */
  readonly replyTo: string | null;
  readonly envelopeFrom: string | null;
  /** Null: mails go out unsigned. */
  readonly signer: PgpSigner | null;
  /** For these marks a mail goes out encrypted or not at all. */
  readonly encryptFor: readonly string[];
  /** When it is asked whether a key holds, where that is later than what the mail is dated: it waited meanwhile. */
  readonly keysAt?: Date;
  /** False when a person pressed the button: then it does not call itself automatic. */
  readonly isAutomatic: boolean;
}

/** A mail that can be sent. */
export interface ComposedMail {
  readonly kind: "mail";
  /** With angle brackets. */
  readonly messageId: string;
  readonly envelope: {readonly from: MailAddress; readonly to: MailAddress};
  readonly bytes: Buffer;
  readonly protection: "none" | "signed" | "encrypted" | "signed-and-encrypted";
  /** Why it is less protected than it could be; null when it is not. */
  readonly note: string | null;
}

/** What became of a notification that was to be a mail. */
export type Composed = ComposedMail | {readonly kind: "not-sent"; readonly reason: string};

/** Returns the mail, or why there is none: an address that is none, or a mark that demands a key that cannot be used. */
export async function composeMail(notice: RenderedNotice, setting: ComposeSetting, now: Date): Promise<Composed> {
  const to = strictAddress(notice.notification.contact.address);
  if (to === null) return {kind: "not-sent", reason: "The address of the contact is no plain mail address."};
  const from = strictAddress(setting.from);
  const bounces = strictAddress(setting.envelopeFrom ?? setting.from);
  const replies = strictAddress(setting.replyTo ?? setting.from);
  if (from === null || bounces === null || replies === null)
    return {kind: "not-sent", reason: "An address under mail in watchfloor.yaml is no plain mail address."};
  const key = await contactKey(notice.notification.contact.key, setting.keysAt ?? now);
  const mustEncrypt = notice.tlp !== null && setting.encryptFor.includes(notice.tlp);
  if (mustEncrypt && key.state !== "valid")
    return {kind: "not-sent", reason: `TLP:${notice.tlp} goes out encrypted only. ${key.reason}`};
  const content = await contentOf(notice);
  const {signer} = setting;
  const root =
    key.state === "valid"
      ? encrypted(await sealTo(content, {key: key.key, signer}, now), boundaryOf(notice))
      : signer === null
        ? filled(new MimeNode(contentType(notice), nodeOptions(notice)), notice)
        : signed(content, await signDetached(content, signer, now), boundaryOf(notice));
  setHeaders(root, {notice, setting, from, to, replies, isSealed: key.state === "valid", now});
  return {
    kind: "mail",
    messageId: notice.messageId,
    envelope: {from: bounces, to},
    bytes: await root.build(),
    protection: protectionOf(key.state === "valid", signer !== null),
    note: key.state === "valid" || key.state === "none" ? null : `Not encrypted. ${key.reason}`,
  };
}

function protectionOf(isSealed: boolean, isSigned: boolean): ComposedMail["protection"] {
  if (isSealed) return isSigned ? "signed-and-encrypted" : "encrypted";
  return isSigned ? "signed" : "none";
}

interface HeaderFacts {
  readonly notice: RenderedNotice;
  readonly setting: ComposeSetting;
  readonly from: MailAddress;
  readonly to: MailAddress;
  readonly replies: MailAddress;
  readonly isSealed: boolean;
  readonly now: Date;
}

function setHeaders(root: MimeNode, {notice, setting, from, to, replies, isSealed, now}: HeaderFacts): void {
  const {contact, event, thread} = notice.notification;
  const references = messageIds(thread, MOST_REFERENCES);
  root.setHeader("From", {name: headerName(setting.sender.name[contact.language]), address: from.address});
  root.setHeader("To", {name: headerName(contact.name ?? contact.party), address: to.address});
  if (replies.address !== from.address) root.setHeader("Reply-To", {name: "", address: replies.address});
  root.setHeader("Subject", isSealed ? sealedSubject(notice) : `${notice.token} ${notice.subject}`);
  root.setHeader("Date", now);
  root.setHeader("Message-ID", notice.messageId);
  if (references.length > 0) {
    root.setHeader("In-Reply-To", references.at(-1));
    root.setHeader("References", references.join(" "));
  }
  root.setHeader("Content-Language", contact.language === "zh" ? "zh-CN" : "en");
  if (setting.isAutomatic)
    root.setHeader("Auto-Submitted", event === "reporter-received" ? "auto-replied" : "auto-generated");
  // answers of machines are not wanted; bounces are
  root.setHeader("X-Auto-Response-Suppress", "OOF, AutoReply");
  // the public's vacation programs know nothing else; to parties it would look like mass mail and go unread
  if (REPORTER_EVENTS.includes(event)) root.setHeader("Precedence", "bulk");
}

/** No control or hidden character, whoever gave the name. */
function headerName(name: string): string {
  return cut(oneLine(name), MOST_NAME);
}

/** The text and its attachments as one MIME entity, without the headers of a mail: what is signed or encrypted. */
async function contentOf(notice: RenderedNotice): Promise<Buffer> {
  const options = nodeOptions(notice);
  const carrier = new MimeNode("multipart/mixed", options);
  return filled(carrier.createChild(contentType(notice), options), notice).build();
}

function contentType({files}: RenderedNotice): string {
  return files.length === 0 ? "text/plain; charset=utf-8" : "multipart/mixed";
}

function filled(node: MimeNode, notice: RenderedNotice): MimeNode {
  const {files, text, notification} = notice;
  const encoding = notification.contact.language === "zh" ? "base64" : "quoted-printable";
  const words = files.length === 0 ? node : node.createChild("text/plain; charset=utf-8", SAFE);
  words.setHeader("Content-Transfer-Encoding", encoding);
  words.setContent(crlf(text));
  for (const {name, type, text: inside} of files) {
    const part = node.createChild(`${type}; charset=utf-8`, {...SAFE, filename: name});
    part.setHeader("Content-Transfer-Encoding", "base64");
    part.setContent(Buffer.from(inside));
  }
  return node;
}

/** What is signed stands in the mail byte for byte. */
function signed(content: Buffer, signature: string, boundary: string): MimeNode {
  const type = `multipart/signed; micalg=${MICALG}; protocol="application/pgp-signature"`;
  const root = new MimeNode(type, {...SAFE, baseBoundary: boundary});
  root.createChild(undefined, SAFE).setRaw(content);
  armored(root, {type: "application/pgp-signature", name: "signature.asc", text: signature});
  return root;
}

function encrypted(message: string, boundary: string): MimeNode {
  const type = 'multipart/encrypted; protocol="application/pgp-encrypted"';
  const root = new MimeNode(type, {...SAFE, baseBoundary: boundary});
  const version = root.createChild("application/pgp-encrypted", SAFE);
  version.setHeader("Content-Transfer-Encoding", "7bit");
  version.setContent("Version: 1\r\n");
  armored(root, {type: "application/octet-stream", name: "encrypted.asc", text: message});
  return root;
}

function armored(root: MimeNode, {type, name, text}: {type: string; name: string; text: string}): void {
  const part = root.createChild(type, {...SAFE, filename: name});
  part.setHeader("Content-Transfer-Encoding", "7bit");
  part.setHeader("Content-Disposition", "inline");
  part.setContent(crlf(text));
}

const SAFE = {disableFileAccess: true, disableUrlAccess: true, textEncoding: "B"} as const;

function nodeOptions(notice: RenderedNotice): {baseBoundary: string; disableFileAccess: true; disableUrlAccess: true} {
  return {...SAFE, baseBoundary: `${boundaryOf(notice)}-in`};
}

/** Made from all that is in the mail, so nobody can write it into the mail beforehand. */
function boundaryOf({messageId, text, files}: RenderedNotice): string {
  const hash = createHash("sha256").update(JSON.stringify([messageId, text, files]));
  return hash.digest("hex").slice(0, 24);
}

function crlf(text: string): string {
  return text.replace(/\r?\n/g, "\r\n");
}
