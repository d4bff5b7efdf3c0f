/** One spelling for what cases are about, so that everybody who tells of it joins the same case. */
import {domainToASCII} from "node:url";
import ipaddr from "ipaddr.js";
import type {AssetKey} from "../../model/cases/case.ts";
import {canonicalAddressText} from "../parties/networks.ts";
import {canonicalHost} from "../parties/spelling.ts";

/** Longer ones are no address of a page that a browser opens. */
const MOST_CHARACTERS = 8192;

/**
 * Returns whether a stated asset is what it says it is: a web address with a host, an address, a name. What is not can
 * neither be looked at nor be looked up: a person has to read it.
 */
export function isPlainAsset({kind, value}: AssetKey): boolean {
  const text = value.trim();
  if (text === "" || text.length > MOST_CHARACTERS) return false;
  switch (kind) {
    case "url":
      return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).hostname !== "";
    case "ip":
      return ipaddr.isValid(text) && canonicalAddressText(text) !== null;
    case "site":
    case "domain":
      return canonicalHost(text)?.includes(".") === true;
    default:
      return true;
  }
}

/**
 * Returns the asset in its one spelling: a URL as browsers send it, without what stays in the browser (#…) and without a
 * name and password before the host; names in ASCII and small letters; addresses in their short form. What cannot be read
 * that way stays as it is.
 */
export function canonicalAsset({kind, value}: AssetKey): AssetKey {
  const text = value.replaceAll("\0", "\uFFFD").toWellFormed().trim();
  switch (kind) {
    case "url":
      return {kind, value: canonicalUrl(value.trim()) ?? text};
    case "ip":
      return {kind, value: ipaddr.isValid(text) ? ipaddr.process(text).toString() : text};
    case "site":
    case "domain":
      return {kind, value: domainToASCII(text.replace(/\.$/, "")) || text.toLowerCase()};
    case "file":
      return {kind, value: text.toLowerCase()};
    default:
      return {kind, value: text};
  }
}

function canonicalUrl(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  url.hash = "";
  url.username = "";
  url.password = "";
  return url.href;
}
