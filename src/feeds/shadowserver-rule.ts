import type {AssetKind, ClassRule, FieldRule, TableRule} from "../model/format.ts";
import {asn, country, hash, host, hostOfUrl, ip, lookUp, lower, port, required, text, time, url} from "./rules.ts";
import {SHADOWSERVER_SECTORS} from "./shadowserver-sectors.ts";
import type {AssetPlace, ShadowserverType} from "./shadowserver-types.ts";

type Fields = TableRule["fields"];

/** Where the asset stands: its fields, which of them is the asset, and mapped columns of which a part would be lost. */
interface Place {
  readonly fields: Fields;
  readonly assets: readonly AssetKind[];
  readonly keep: readonly string[];
}

const PLACES: Readonly<Record<AssetPlace, Place>> = {
  ip: {fields: endpoint(""), assets: ["ip"], keep: ["sector"]},
  src: {fields: endpoint("src_"), assets: ["ip"], keep: ["src_sector"]},
  dst: {fields: endpoint("dst_"), assets: ["ip"], keep: ["dst_sector"]},
  referer: {fields: endpoint("http_referer_"), assets: ["ip"], keep: ["http_referer_sector"]},
  url: {
    fields: {...located(""), host: host("hostname", "host"), url: url("url"), file: hash("sha256", "sha1", "md5")},
    assets: ["url", "site", "ip"],
    keep: ["sector", "sha1", "md5"],
  },
  // its url is often a path of the host
  site: {
    fields: {...endpoint(""), host: host("http_host"), url: url("url")},
    assets: ["site", "ip"],
    keep: ["sector", "url"],
  },
  account: {fields: {account: lower("email", "username")}, assets: ["account"], keep: ["username"]},
  victim: {
    fields: {
      host: hostOfUrl("website"),
      country: country("geo"),
      family: lower("ransomware"),
      sector: sector("sector"),
      title: text("entity_name"),
    },
    assets: ["site"],
    keep: ["sector", "website"],
  },
  query: {
    fields: {host: host("request"), file: hash("sha256", "sha1", "md5")},
    assets: ["site"],
    keep: ["sha1", "md5"],
  },
};

const SEVERITIES = ["critical", "high", "medium", "low", "info"];

/** Where a row says more than its type: the first that holds, else the class of the type. */
interface SaidByRow {
  readonly of: (type: ShadowserverType) => boolean;
  readonly columns: readonly string[];
  readonly contains: readonly string[];
  readonly class: string;
}

const ABOUT_SITE = ["tag", "category", "detail"];
const SAID_BY_ROW: readonly SaidByRow[] = [
  {
    of: (type) => type.class === "mal.bot",
    columns: ["infection", "family", "tag"],
    contains: ["conficker", "downadup"],
    class: "mal.worm",
  },
  {
    of: (type) => type.asset === "site",
    columns: ABOUT_SITE,
    contains: ["webshell", "web shell", "backdoor"],
    class: "web.backdoor",
  },
  {of: (type) => type.asset === "site", columns: ABOUT_SITE, contains: ["deface"], class: "web.deface"},
  {of: (type) => type.class === "vuln.host", columns: ["tag"], contains: ["webshell"], class: "web.backdoor"},
];

/** Returns how the rows of a report type are read. */
export function ruleOfType(type: ShadowserverType): TableRule {
  const place = PLACES[type.asset];
  return {
    fields: {
      seenAt: required(time("UTC", "timestamp")),
      protocol: transport(type),
      family: namesActivity(type) ? lower("family") : lower("family", "infection"),
      tag: text("tag"),
      severity: severity(type.severity),
      ...place.fields,
    },
    classes: classesOf(type),
    assets: place.assets,
    keep: ["infection", ...place.keep],
  };
}

/** In reports of attacks the column "infection" names what was done ("ddos", "http-scan"), elsewhere a malware. */
export function namesActivity(type: ShadowserverType): boolean {
  return type.class === "net.ddos" || type.class.startsWith("att.");
}

/** Services that only speak TCP: their reports of before 2022 have no column that says so. */
const ONLY_TCP = ["scan_hadoop", "scan_rdp", "scan6_rdp", "scan_smb", "scan6_smb", "scan_vnc", "scan6_vnc"];

function transport({name}: ShadowserverType): FieldRule {
  if (!ONLY_TCP.includes(name)) return lower("protocol");
  return {columns: ["protocol"], conversion: {as: "look-up", table: {tcp: "tcp", udp: "udp"}, otherwise: "tcp"}};
}

function classesOf(type: ShadowserverType): ClassRule[] {
  const said = SAID_BY_ROW.filter(({of}) => of(type)).flatMap(({columns, contains, class: better}) =>
    columns.map((column) => ({when: [{column, contains}], class: better})),
  );
  return [...said, {when: [], class: type.class}];
}

function severity(usual: string | null): FieldRule {
  const table = Object.fromEntries(SEVERITIES.map((each) => [each, each]));
  return {columns: ["severity"], conversion: {as: "look-up", table, otherwise: usual}};
}

function sector(column: string): FieldRule {
  return lookUp(SHADOWSERVER_SECTORS, column);
}

/** An address with all that the report says of it. */
function endpoint(prefix: string): Fields {
  return {...located(prefix), hostname: lower(`${prefix}hostname`)};
}

function located(prefix: string): Fields {
  return {
    ip: ip(`${prefix}ip`),
    port: port(`${prefix}port`),
    asn: asn(`${prefix}asn`),
    country: country(`${prefix}geo`),
    sector: sector(`${prefix}sector`),
  };
}
