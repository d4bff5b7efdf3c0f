/**
 * Addresses of mails that go out, checked by one strict function of ours. What it does not take is never handed to a mail
 * library: these read more into an address than it says.
 * Source: RFC 5321 4.1.2 (dot-string only), RFC 6531 (SMTPUTF8).
 */
import {domainToASCII} from "node:url";
import {hasHidden} from "../../model/visible.ts";

/** A checked address. */
export interface MailAddress {
  /** Local part as given, domain in ASCII and small letters. */
  readonly address: string;
  /** The local part is not ASCII: the server has to know SMTPUTF8. */
  readonly needsUtf8: boolean;
}

const MOST = 254;
const MOST_LOCAL = 64;
const MOST_LABEL = 63;
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
/** Nothing that ends a host name for the function that turns it into ASCII, such as a slash. */
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const MESSAGE_ID = /^<[\x21-\x3b\x3d\x3f\x41-\x7e]{1,200}@[\x21-\x3b\x3d\x3f\x41-\x7e]{1,200}>$/;

/** Returns the address when it is one plain address and nothing else; null for all other text. */
export function strictAddress(text: string): MailAddress | null {
  if (text.length > MOST || hasHidden(text) || /\s/u.test(text)) return null;
  const [local = "", domain = "", ...others] = text.split("@");
  if (others.length > 0 || !LOCAL.test(local) || Buffer.byteLength(local) > MOST_LOCAL) return null;
  if (!DOMAIN.test(domain)) return null;
  const ascii = domainToASCII(domain).toLowerCase();
  const labels = ascii.split(".");
  if (labels.length < 2 || ascii.length > MOST || /^\d+$/.test(labels.at(-1) ?? "")) return null;
  if (!labels.every((label) => label.length <= MOST_LABEL && LABEL.test(label))) return null;
  return {address: `${local}@${ascii}`, needsUtf8: !/^[\x21-\x7e]+$/.test(local)};
}

/** Returns those that are Message-IDs, each once, the last `most`. */
export function messageIds(texts: readonly string[], most: number): string[] {
  return [...new Set(texts.filter((text) => MESSAGE_ID.test(text)))].slice(-most);
}
