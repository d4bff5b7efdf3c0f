/**
 * What is not notified about without a second person: top domains, government, partners, ourselves. A wrong notice about
 * these does harm (TRUST.md lesson 62).
 */
import {WatchfloorError} from "../../model/errors.ts";
import type {AssetFacts} from "../../model/party.ts";
import {type AddressRange, canonicalAddressText, canonicalNetwork, rangeOf} from "./networks.ts";
import {canonicalHost} from "./spelling.ts";

/** The list, ready for look-ups. Names lead to their entry as it was written, with the remark behind it. */
export interface ProtectedList {
  readonly names: ReadonlyMap<string, Protection>;
  readonly suffixes: ReadonlyMap<string, Protection>;
  readonly networks: readonly (AddressRange & {readonly protection: Protection})[];
}

/** Why an asset is protected: which entry says so. `remark` is what stands behind the entry in the file. */
export interface Protection {
  readonly because: "listed" | "government" | "own-party";
  readonly entry: string;
  readonly remark: string | null;
}

/** What is protected besides the file: the profile's government suffixes, and domains of parties of ours. */
export interface ProtectedBesides {
  readonly governmentSuffixes: readonly string[];
  readonly ownDomains: readonly string[];
}

/**
 * Reads tables/protected.txt: `example.cn` is that name and its `www.`, `.example.cn` the name and all below it, or an address
 * or a prefix; one a line, a remark after `#`. Throws table_invalid with file and line.
 */
export function protectedList(
  file: {readonly name: string; readonly text: string},
  besides: ProtectedBesides,
): ProtectedList {
  const names = new Map<string, Protection>();
  const suffixes = new Map<string, Protection>();
  const networks: (AddressRange & {protection: Protection})[] = [];
  file.text.split("\n").forEach((line, index) => {
    const [entry = "", ...remark] = line.replace(/^\uFEFF/, "").split("#");
    const text = entry.trim();
    if (text === "") return;
    const protection: Protection = {because: "listed", entry: text, remark: remark.join("#").trim() || null};
    const network = canonicalNetwork(text);
    const range = network === null ? null : rangeOf(network);
    const host = range === null ? canonicalHost(text.replace(/^(\*\.|\.)/, "")) : null;
    if (range !== null) networks.push({...range, protection});
    else if (host === null)
      throw new WatchfloorError("table_invalid", `${file.name}:${index + 1} is no name or network: ${text}`);
    else (/^(\*\.|\.)/.test(text) ? suffixes : names).set(host, protection);
  });
  for (const suffix of besides.governmentSuffixes) put(suffixes, suffix, "government");
  for (const domain of besides.ownDomains) put(suffixes, domain, "own-party");
  return {names, suffixes, networks};
}

function put(into: Map<string, Protection>, text: string, because: Protection["because"]): void {
  const host = canonicalHost(text.replace(/^\./, ""));
  if (host !== null && !into.has(host)) into.set(host, {because, entry: `.${host}`, remark: null});
}

/** Returns why the asset is protected, or null. Its name counts, the host where there is one, and all its addresses. */
export function protectionOf(
  list: ProtectedList,
  {host, domain, ips}: Pick<AssetFacts, "host" | "domain" | "ips">,
): Protection | null {
  const name = host ?? domain; // below a protected provider's own name stand the pages of its customers
  const named = name === null ? null : protectedName(list, name);
  if (named !== null) return named;
  for (const ip of ips) {
    const at = rangeOf(canonicalAddressText(ip) ?? "");
    const found = list.networks.find(
      ({bits, first, last}) => at?.bits === bits && first <= at.first && at.first <= last,
    );
    if (found !== undefined) return found.protection;
  }
  return null;
}

function protectedName({names, suffixes}: ProtectedList, text: string): Protection | null {
  const name = canonicalHost(text);
  if (name === null) return null;
  const exact = names.get(name) ?? (name.startsWith("www.") ? names.get(name.slice(4)) : undefined);
  if (exact !== undefined) return exact;
  for (let rest = name; rest !== ""; rest = rest.includes(".") ? rest.slice(rest.indexOf(".") + 1) : "") {
    const found = suffixes.get(rest);
    if (found !== undefined) return found;
  }
  return null;
}
