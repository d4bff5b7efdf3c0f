/** One spelling for one thing: what a party is responsible for, and the addresses of contacts. */
import {domainToASCII} from "node:url";
import type {ContactChannel, ResponsibilityKind} from "../../model/party.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {canonicalNetwork} from "./networks.ts";

const HOST = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
const SECTORS = new Set<string>(TAXONOMY.sectors.map(({code}) => code));
const PROVINCES = new Set<string>([...TAXONOMY.provinces, ...TAXONOMY.regions].map(({code}) => code));
const MOST_ASN = 0xffff_ffff;
/** What stands before the @ without quotes. Source: RFC 5322 dot-atom, as RFC 5321 lets servers be strict about it. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;

/** Returns a host name in lower-case ASCII without final dot; null when it is none, or an address. */
export function canonicalHost(text: string): string | null {
  const lower = text.trim().toLowerCase().replace(/\.$/, "");
  const ascii = HOST.test(lower) ? lower : domainToASCII(lower);
  return ascii.length <= 253 && HOST.test(ascii) && !/(^|\.)\d+$/.test(ascii) ? ascii : null;
}

/** Returns the number of an autonomous system, from `AS4134` or `4134`; null when it is none. */
export function asnOf(text: string): number | null {
  const found = /^(?:AS)?([1-9]\d{0,9})$/i.exec(text.trim())?.[1];
  return found === undefined || Number(found) > MOST_ASN ? null : Number(found);
}

/** Returns the name of a brand as names compare: without regard to case, width and repeated blanks. */
export function foldBrand(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

const SPELL: Readonly<Record<ResponsibilityKind, (text: string) => string | null>> = {
  domain: (text) => {
    const host = canonicalHost(text.replace(/^(\*\.|\.)/, ""));
    return host?.includes(".") ? host : null;
  },
  store: (text) => canonicalHost(text),
  network: canonicalNetwork,
  asn: (text) => {
    const asn = asnOf(text);
    return asn === null ? null : String(asn);
  },
  registrar: (text) => (/^[1-9]\d{0,8}$/.test(text) ? text : null),
  tld: (text) => {
    const host = canonicalHost(text.replace(/^(\*\.|\.)/, ""));
    return host !== null && !host.includes(".") ? host : null;
  },
  brand: (text) => foldBrand(text) || null,
  province: (text) => (PROVINCES.has(text) ? text : null),
  sector: (text) => (SECTORS.has(text) ? text : null),
  country: (text) => (/^[A-Z]{2}$/.test(text.toUpperCase()) ? text.toUpperCase() : null),
};

/**
 * Returns what a party is responsible for in its one spelling; null when the text is none of that kind. A domain stands for
 * itself and all names below it, and may be written `*.example.cn`.
 */
export function canonicalResponsibility(kind: ResponsibilityKind, text: string): string | null {
  return SPELL[kind](text.trim());
}

/**
 * Returns a contact's address in one spelling; null when it is none of the channel. Mail: one plain address without name,
 * quotes, line ends or blanks, the domain in lower-case ASCII. Interfaces are https, forms http or https.
 */
export function canonicalContactAddress(channel: ContactChannel, text: string): string | null {
  return channel === "mail" ? mailAddress(text) : webAddress(text, channel);
}

function mailAddress(text: string): string | null {
  const plain = text.trim().replace(/^mailto:/i, "");
  const at = plain.lastIndexOf("@");
  const [local, domain] = [plain.slice(0, at), canonicalHost(plain.slice(at + 1))];
  if (at < 1 || local.length > 64 || !LOCAL.test(local) || domain === null || !domain.includes(".")) return null;
  return `${local}@${domain}`;
}

function webAddress(text: string, channel: ContactChannel): string | null {
  if (/[\p{Cc}\p{Cf}\s]/u.test(text.trim()) || !URL.canParse(text.trim())) return null;
  const url = new URL(text.trim());
  const isRight = url.protocol === "https:" || (channel === "portal" && url.protocol === "http:");
  return isRight && url.username === "" && url.password === "" ? url.href : null;
}

/** Returns a fingerprint as 40 or 64 capital hex digits; null when it is none. Source: RFC 9580 section 5.5.4. */
export function canonicalFingerprint(text: string): string | null {
  const digits = text.replace(/^0x/i, "").replace(/[\s:]/g, "").toUpperCase();
  return /^[0-9A-F]{40}([0-9A-F]{24})?$/.test(digits) ? digits : null;
}

/** Returns a text of others on one line, without what cannot be seen; null when nothing is left. */
export function plainName(text: string | null | undefined): string | null {
  const kept = (text ?? "")
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}]/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 500);
  return kept === "" ? null : kept;
}
