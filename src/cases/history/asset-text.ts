import ipaddr from "ipaddr.js";
import type {AssetKey} from "../../model/cases/case.ts";

const HOST = /^(?:[a-z0-9_\u0080-\uffff-]{1,63}\.)+[a-z0-9\u0080-\uffff-]{2,63}$/;
const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;

/**
 * Returns the asset of a text of an old case. Disguise is taken off (hxxp, [.]); a URL otherwise keeps its text, a host
 * name is in lower case without `www.` and final dot, as in events. Null when the text is not of that kind; `auto` takes
 * the kind from the form.
 */
export function readAsset(text: string, kind: string): AssetKey | null {
  const plain = refang(text.trim());
  if (plain === "") return null;
  switch (kind) {
    case "auto":
      return readAsset(text, formOf(plain));
    case "url":
      return asUrl(plain);
    case "ip":
      return asAddress(plain);
    case "site":
    case "domain":
      return asHost(plain, kind);
    case "file":
      return HASH.test(plain) ? {kind, value: plain.toLowerCase()} : null;
    case "none":
      return null;
    default:
      return {kind, value: plain};
  }
}

function formOf(plain: string): string {
  if (/^(?:https?|ftp):\/\//i.test(plain)) return "url";
  if (asAddress(plain) !== null) return "ip";
  if (HASH.test(plain)) return "file";
  if (asHost(plain, "site") !== null) return "site";
  return asUrl(`http://${plain}`) !== null && plain.includes("/") ? "url" : "none";
}

function refang(text: string): string {
  return text
    .replaceAll("[.]", ".")
    .replaceAll("(.)", ".")
    .replaceAll("[:]", ":")
    .replace(/^h(?:xx|\*\*)p/i, "http");
}

function asUrl(plain: string): AssetKey | null {
  const value = /^[a-z][a-z0-9+.-]*:\/\//i.test(plain) ? plain : `http://${plain}`;
  const host = /^(?:https?|ftp):\/\/(?:[^/?#@]*@)?(\[[^\]]+\]|[^/?#:]+)/i.exec(value)?.[1];
  return host !== undefined && !/\s/.test(value) && /[.:]/.test(host) ? {kind: "url", value} : null;
}

function asAddress(plain: string): AssetKey | null {
  const bare = plain.replace(/^\[(.*)\]$/, "$1").replace(/\/(?:32|128)$/, "");
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return {kind: "ip", value: bare};
  return bare.includes(":") && ipaddr.IPv6.isValid(bare) ? {kind: "ip", value: ipaddr.parse(bare).toString()} : null;
}

function asHost(plain: string, kind: string): AssetKey | null {
  const host = plain.toLowerCase().replace(/\.$/, "");
  if (!HOST.test(host) || /\.\d+$/.test(host)) return null; // a name does not end in a number, an address does
  return {kind, value: kind === "site" ? host.replace(/^www\./, "") : host};
}
