import ipaddr from "ipaddr.js";
import {parse} from "tldts";
import type {StatedComplaint} from "../../model/complaint.ts";

/** Finds what a complaint can be about in a text: web addresses, host names, addresses of machines, hashes, mail addresses. */

/** An asset as complaints name it. */
export type Asset = StatedComplaint["asset"];

const FINDINGS = 1000;
/** A web address ends at blanks, quotes and brackets, and at Chinese signs: these come right behind it. */
const URL_TEXT =
  /\b(?:https?|ftp):\/\/[^\s<>"'`{}|\\^\u3000-\u303f\uff00-\uffef，。；：！？（）【】《》“”‘’、]{3,2000}/gi;
const HOST_TEXT =
  /(?<![\w@./-])(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,10}(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59})(?![\w@-]|\.\w)/gi;
const IPV4_TEXT = /(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)/g;
const IPV6_TEXT = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi;
const HASH_TEXT = /(?<![0-9a-z])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-z])/gi;
const MAIL_TEXT = /(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?![\w-])/gi;

/** Returns the web addresses of a refanged text, each once, as a browser would write them. */
export function urlsIn(text: string): string[] {
  return once([...text.matchAll(URL_TEXT)].flatMap(([found]) => urlOf(withoutTail(found)) ?? []));
}

/** Signs of the sentence behind an address are not of it; a closing bracket is when one was opened. */
function withoutTail(url: string): string {
  let end = url.length;
  for (; end > 0; end--) {
    const last = url[end - 1] ?? "";
    const isLoose =
      last === ")" || last === "]" ? !url.slice(0, end).includes(last === ")" ? "(" : "[") : /[.,;:!?*_~]/.test(last);
    if (!isLoose) break;
  }
  return url.slice(0, end);
}

/** Returns a web address as a browser would write it; null when it is none. */
export function urlOf(text: string): string | null {
  if (!/^(?:https?|ftp):\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.hostname.includes(".") || url.hostname.startsWith("[") ? url.href : null;
}

/** Returns the host names of a refanged text that end in a public suffix, each once, those within web addresses left out. */
export function hostsIn(text: string): string[] {
  const bare = text.replace(URL_TEXT, " ");
  return once(
    [...bare.matchAll(HOST_TEXT)].map(([found]) => found.toLowerCase()).filter((name) => parse(name).isIcann === true),
  );
}

/** Returns the addresses of machines in a text, each once, those within web addresses left out. */
export function ipsIn(text: string): string[] {
  const bare = text.replace(URL_TEXT, " ");
  const found = [...bare.matchAll(IPV4_TEXT), ...bare.matchAll(IPV6_TEXT)].flatMap(([each]) => ipOf(each) ?? []);
  return once(found);
}

/** Returns an address as the standard writes it; null when it is none. A port or brackets are taken off. */
export function ipOf(text: string): string | null {
  const bare = /^\s*\[?([0-9a-f:.]+)\]?(?:\/(?:32|128))?\s*$/i.exec(text)?.[1] ?? "";
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return bare;
  return bare.includes(":") && ipaddr.IPv6.isValid(bare) && !/^:+$/.test(bare)
    ? ipaddr.IPv6.parse(bare).toRFC5952String()
    : null;
}

/** Returns the hashes of files in a text, lower case, each once. */
export function hashesIn(text: string): string[] {
  return once([...text.replace(URL_TEXT, " ").matchAll(HASH_TEXT)].map(([found]) => found.toLowerCase()));
}

/** Returns the mail addresses in a refanged text, lower case, each once. */
export function mailsIn(text: string): string[] {
  return once([...text.matchAll(MAIL_TEXT)].map(([found]) => found.toLowerCase()));
}

/** Returns the asset that a text is: a web address, an address of a machine or a host name; null when none of them. */
export function assetOf(text: string): Asset | null {
  const bare = text.trim().replace(/^<|>$/g, "");
  const url = urlOf(bare);
  if (url !== null) return {kind: "url", value: url};
  const ip = ipOf(bare);
  if (ip !== null) return {kind: "ip", value: ip};
  const host = hostOf(bare);
  return host === null ? null : {kind: "site", value: host};
}

/** Returns a host name in lower case without `www.`; null when the text is none. */
export function hostOf(text: string): string | null {
  const bare = text
    .trim()
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^www\.(?=.*\.)/, "");
  return /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.){1,10}[a-z][a-z0-9-]{1,62}$/.test(bare) ? bare : null;
}

function once(found: readonly string[]): string[] {
  return [...new Set(found)].slice(0, FINDINGS);
}
