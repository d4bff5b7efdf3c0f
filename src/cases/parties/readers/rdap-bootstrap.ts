/**
 * Which RDAP server answers for which top-level domain, address block or AS number. As parties: each server's operator is the
 * registry of its top-level domains.
 * Source: RFC 9224; IANA, Bootstrap Service Registry for Domain Name Space, and for IPv4, IPv6 and AS numbers.
 */
import type {PartyReject} from "../../../model/party.ts";
import {canonicalResponsibility} from "../spelling.ts";
import {isObject, listAt, parseJson} from "./json-values.ts";
import {type PartyFormat, type ReadRecord, recordWith, responsibleFor, unreadable} from "./reading.ts";

/** One entry: what it is for (top-level domains, prefixes, or ranges of AS numbers) and its servers. */
export interface RdapEntry {
  readonly of: readonly string[];
  readonly servers: readonly string[];
}

/** Returns the entries of a bootstrap file; null when it is none. */
export function rdapEntries(text: string): RdapEntry[] | null {
  const json = parseJson(text);
  if (!isObject(json) || !Array.isArray(json["services"])) return null;
  return listAt(json, "services").flatMap((service) => {
    const [of, servers] = Array.isArray(service) ? service : [];
    if (!Array.isArray(of) || !Array.isArray(servers)) return [];
    return [{of: of.filter(isText), servers: servers.filter(isText).filter(isWeb)}];
  });
}

const isText = (value: unknown): value is string => typeof value === "string";
const isWeb = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);

/** Registries as parties. Their names are not in the file: a person gives them, and a re-import leaves them alone. */
export const rdapBootstrap: PartyFormat = {
  name: "rdap-bootstrap",
  title: {zh: "IANA RDAP 引导表（顶级域）", en: "IANA RDAP bootstrap (top-level domains)"},
  isWhole: true,
  read: (text) => {
    const entries = rdapEntries(text);
    if (entries === null) return unreadable("is no RDAP bootstrap file");
    const rejects: PartyReject[] = [];
    const records = entries.flatMap(({of, servers}, index): ReadRecord[] => {
      const tlds = of.flatMap((each) => canonicalResponsibility("tld", each) ?? []);
      const reason = (why: string): void => void rejects.push({line: 0, reason: `service ${index + 1} ${why}`});
      if (tlds.length < of.length) reason("names what is no top-level domain");
      if (servers.length === 0) reason("has no server");
      const server = servers.find((each) => each.startsWith("https:")) ?? servers[0];
      if (server === undefined || tlds.length === 0) return [];
      const responsibilities = tlds.map((tld) => responsibleFor("tld", tld));
      return [{line: 0, record: recordWith({key: server, kind: "registry", names: namesOf(tlds), responsibilities})}];
    });
    return {records, rejects, skipped: 0};
  },
};

function namesOf(tlds: readonly string[]): {zh: string; en: string} {
  const some = `.${tlds.slice(0, 3).join(", .")}`;
  const isAll = tlds.length <= 3;
  return {
    zh: `${some} ${isAll ? "" : `等${tlds.length}个顶级域`}的注册管理机构`,
    en: `Registry of ${some}${isAll ? "" : ` and ${tlds.length - 3} more`}`,
  };
}
