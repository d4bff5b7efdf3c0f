/** What the data folder of the replayed week has besides what `init` makes: parties, tables, a format, the configuration. */
import {parseDocument} from "yaml";
import {brandTable} from "./brands.ts";
import {PLACES} from "./groups.ts";

/** Our own list of parties. Registrars are not in it: the registry names them. */
const PARTIES = `key,kind,name_zh,name_en,country,province,responsible_for,purpose,language,channel,address
cloud-home,cloud-provider,样例云 wfc,,CN,11,network:8.8.4.4/32,abuse,zh,mail,abuse@cloud-wfc.example
host-home,hosting-provider,样例托管 wfc,,CN,44,network:8.8.4.5/32; network:192.0.2.0/24,abuse,zh,mail,abuse@hosting-wfc.example
cloud-us,cloud-provider,,Sample Cloud wfc Inc.,US,,network:8.8.8.4/32; network:198.51.100.0/24,abuse,en,mail,abuse@cloud-us-wfc.example
host-de,hosting-provider,,Beispiel Hosting wfc GmbH,DE,,network:8.8.8.5/32; network:203.0.113.0/24,abuse,en,mail,abuse@hosting-de-wfc.example
store,app-store,样例应用市场 wfc,,CN,11,domain:store-wfc.example,abuse,zh,mail,report@appstore-wfc.example
ads,ad-platform,样例广告平台 wfc,,CN,31,domain:ads-wfc.example,abuse,zh,mail,report@ads-wfc.example
branch-31,provincial-branch,上海分中心 wfc,,CN,31,province:31,abuse,zh,mail,sh@branch-sh-wfc.example
branch-33,provincial-branch,浙江分中心 wfc,,CN,33,province:33,abuse,zh,mail,zj@branch-zj-wfc.example
branch-42,provincial-branch,湖北分中心 wfc,,CN,42,province:42,abuse,zh,mail,hb@branch-hb-wfc.example
branch-44,provincial-branch,广东分中心 wfc,,CN,44,province:44,abuse,zh,mail,gd@branch-gd-wfc.example
cert-jp,foreign-cert,,Sample CERT wfc JP,JP,,country:JP,abuse,en,mail,team@cert-jp-wfc.example
cert-hk,foreign-cert,,Sample CERT wfc HK,HK,,country:HK,abuse,en,mail,team@cert-hk-wfc.example
`;

/** A partner's list: pages, control servers, malware, each line with its kind. */
const LIST_FORMAT = `name: week-list
title: {zh: 样例威胁清单, en: Sample list of threats}
reads: {as: csv}
zone: Asia/Shanghai
classes:
  - {when: {column: kind, equals: phish}, class: web.phish}
  - {when: {column: kind, equals: malware}, class: mal.site}
  - {when: {column: kind, equals: c2}, class: mal.c2}
  - {when: {column: kind, equals: test}, class: test}
fields:
  seenAt: {columns: time, required: true}
  url: url
  ip: ip
  brand: brand
`;

const ranges = (tell: (place: (typeof PLACES)[keyof typeof PLACES]) => string): string =>
  Object.values(PLACES)
    .map((place) => `${place.ip},${place.ip},${tell(place)}\n`)
    .join("");

/** Files of the data folder by path. \`bootstrap\` says where the registry is. */
export function folderFiles(bootstrap: string): Record<string, string> {
  const provinces = Map.groupBy(Object.values(PLACES), ({province}) => province);
  return {
    "tables/brands.csv": brandTable(),
    "tables/rdap/dns.json": bootstrap,
    "formats/week-list.yaml": LIST_FORMAT,
    "tables/networks/asn-ipv4.csv": `${ranges(({asn}) => `${asn},sample network ${asn}`)}192.0.2.0,192.0.2.255,64497,sample\n198.51.100.0,198.51.100.255,64505,sample\n203.0.113.0,203.0.113.255,64506,sample\n`,
    "tables/networks/geo-whois-asn-country-ipv4.csv": `${ranges(({country}) => country)}192.0.2.0,192.0.2.255,CN\n198.51.100.0,198.51.100.255,US\n203.0.113.0,203.0.113.255,DE\n`,
    "tables/networks/asn-ipv6.csv": "2001:db8::,2001:db8::ffff,64500,sample\n",
    "tables/networks/geo-whois-asn-country-ipv6.csv": "2001:db8::,2001:db8::ffff,CN\n",
    ...Object.fromEntries(
      [...provinces].flatMap(([code, places]) =>
        code === null
          ? []
          : [
              [
                `tables/provinces/${code}0000.txt`,
                places.map(({ip}) => `${ip}/32\n`).join("") + (code === "44" ? "192.0.2.0/24\n" : ""),
              ],
            ],
      ),
    ),
  };
}

/** The list of parties, to be imported. */
export const partyList = PARTIES;

/** Returns the configuration of the data folder, made of that which \`init\` wrote. */
export function folderConfig(text: string, {smtpPort, database}: {smtpPort: number; database: string | null}): string {
  const config = parseDocument(text);
  config.setIn(["database", "url"], database);
  config.setIn(["overrides", "territory"], config.createNode({tlds: ["cn", "test"]}));
  config.set(
    "mail",
    config.createNode({
      from: "desk@csirt.example",
      domain: "csirt.example",
      smtp: {host: "127.0.0.1", port: smtpPort, secure: "none"},
    }),
  );
  config.set("notices", config.createNode({gatherMinutes: 0, intervalMinutes: 0, mailsPerDay: 200}));
  config.set("verification", config.createNode({watchSeconds: 172_800}));
  config.set("probe", config.createNode({screenshots: false}));
  config.setIn(["feeds", "week-list"], config.createNode({format: "week-list", tlp: "GREEN"}));
  for (const feed of ["mobile-channel", "defacement", "backdoor"])
    config.setIn(["feeds", feed], config.createNode({format: feed, tlp: "CLEAR"}));
  return config.toString();
}
