/**
 * Networks of one party: the lists that cloud providers publish of themselves (AWS, Google, Oracle, Azure), MISP warning
 * lists of the type cidr, and plain lists of prefixes, one a line. Whose they are, the import is told.
 */
import type {PartyReject} from "../../../model/party.ts";
import {type AddressRange, outermost, prefixesOf, rangeOf} from "../networks.ts";
import {at, isObject, listAt, parseJson, textAt, textsAt} from "./json-values.ts";
import {type PartyFormat, recordWith, responsibleFor, unreadable} from "./reading.ts";

/** A prefix as it was written, and its line; 0 in JSON. */
interface Written {
  readonly line: number;
  readonly text: string;
}

/** All networks of one party. */
export const networkList: PartyFormat = {
  name: "network-list",
  title: {
    zh: "一家单位的网段列表（云厂商公布、MISP warninglist、纯文本）",
    en: "Networks of one party (clouds' own lists, MISP warning lists, plain)",
  },
  isWhole: true,
  read: (text, {of}) => {
    if (of === null) return unreadable("a list of networks does not say whose they are: name the party");
    const written = /^\s*[{[]/.test(text) ? jsonPrefixes(parseJson(text)) : plainPrefixes(text);
    if (written === null) return unreadable("is none of the lists of networks that can be read");
    const rejects: PartyReject[] = [];
    const ranges: AddressRange[] = [];
    for (const {line, text: prefix} of written) {
      const range = rangeOf(prefix);
      if (range === null) rejects.push({line, reason: `is no prefix: ${prefix}`});
      else ranges.push(range);
    }
    const kept = outermost(ranges).flatMap(prefixesOf);
    const {key, party, kind, names, country} = of;
    const responsibilities = kept.map((each) => responsibleFor("network", each));
    const record = recordWith({key, party, kind, names, country, responsibilities});
    return {records: [{line: 0, record}], rejects, skipped: ranges.length - kept.length};
  },
};

function plainPrefixes(text: string): Written[] {
  return text.split("\n").flatMap((line, index) => {
    const plain = line.replace(/#.*/, "").trim();
    return plain === "" ? [] : [{line: index + 1, text: plain}];
  });
}

function jsonPrefixes(json: unknown): Written[] | null {
  const lists = [
    textsAt(json, "list"), // MISP
    inLists(json, "prefixes", ["ip_prefix", "ipv4Prefix", "ipv6Prefix"]), // AWS, Google
    inLists(json, "ipv6_prefixes", ["ipv6_prefix"]), // AWS
    listAt(json, "regions").flatMap((region) => inLists(region, "cidrs", ["cidr"])), // Oracle
    listAt(json, "values").flatMap((value) => textsAt(at(value, "properties"), "addressPrefixes")), // Azure
  ];
  const isKnown = isObject(json) && ["list", "prefixes", "regions", "values"].some((key) => Array.isArray(json[key]));
  return isKnown ? lists.flat().map((text) => ({line: 0, text})) : null;
}

function inLists(json: unknown, list: string, keys: readonly string[]): string[] {
  return listAt(json, list).flatMap((each) => keys.flatMap((key) => textAt(each, key) ?? []));
}
