import type {ClassRule, Condition, TableFormat} from "../model/format.ts";
import {classOfRsit, TAXONOMY} from "../model/taxonomy.ts";
import {always, asn, country, hash, host, ip, lower, port, text, time, url} from "./rules.ts";

/** Types that IntelMQ has, or had, beside RSIT. */
const MORE_TYPES: Readonly<Record<string, string>> = {
  "dga-domain": "mal.dga",
  "unauthorized-use-of-resources": "other.res",
  blacklist: "other",
  blocklist: "other",
  "c&c": "mal.c2",
  ransomware: "mal.ransom",
  defacement: "web.deface",
};

/**
 * Events of IntelMQ, one JSON object a line. The class is that of classification.type; a line without a type that we
 * know is undetermined, one without any type is no event.
 */
export const intelmq: TableFormat = {
  kind: "table",
  name: "intelmq",
  title: {zh: "IntelMQ 事件（每行一个 JSON）", en: "IntelMQ events (JSON lines)"},
  source: "https://docs.intelmq.org/latest/dev/data-format/",
  reading: {as: "json-lines"},
  ruleFor: always({
    fields: {
      seenAt: time("UTC", "time.source", "time.observation"),
      ip: ip("source.ip"),
      port: port("source.port"),
      protocol: lower("protocol.transport"),
      asn: asn("source.asn"),
      country: country("source.geolocation.cc"),
      hostname: lower("source.reverse_dns"),
      host: host("source.fqdn"),
      url: url("source.url"),
      file: hash("malware.hash.sha256", "malware.hash.sha1", "malware.hash.md5"),
      account: text("source.account"),
      family: lower("malware.name"),
      tag: text("classification.identifier"),
    },
    classes: classes(),
    assets: ["url", "site", "ip", "file", "account"],
    keep: ["time.observation", "malware.hash.sha1", "malware.hash.md5"],
    drop: ["raw", "__type"],
  }),
};

function classes(): ClassRule[] {
  const ofType = (type: string): Condition => ({column: "classification.type", equals: [type]});
  const known = Object.values(TAXONOMY.rsit)
    .flat()
    .flatMap((type) => ({when: [ofType(type)], class: classOfRsit(type) ?? "undetermined"}));
  const worm: Condition = {column: "malware.name", contains: ["conficker", "downadup"]};
  const changed = ofType("unauthorised-information-modification");
  return [
    {when: [ofType("infected-system"), worm], class: "mal.worm"},
    {when: [changed, {column: "source.url", isEmpty: false}], class: "web.deface"},
    {when: [changed, {column: "source.fqdn", isEmpty: false}], class: "web.deface"},
    ...known,
    ...Object.entries(MORE_TYPES).map(([type, code]) => ({when: [ofType(type)], class: code})),
    {when: [{column: "classification.type", isEmpty: false}], class: "undetermined"},
  ];
}
