/** What the sample's data folder has besides the reports: lists, formats, a baseline, a configuration that says "synthetic". */
import {parseDocument} from "yaml";
import {SYNTHETIC} from "./report.ts";

/** The alias is how the phishing reports call the brand. The last one is at home abroad, so its pages do not count. */
export const BRANDS = [
  {name: "样例银行 Sample Bank", alias: "sample bank", country: "CN", sector: "finance-bank"},
  {name: "样例商城 Sample Mall", alias: "sample mall", country: "CN", sector: "ecommerce"},
  {name: "样例速递 Sample Post", alias: "sample post", country: "CN", sector: "transport"},
  {name: "样例通信 Sample Telecom", alias: "sample telecom", country: "CN", sector: "telecom"},
  {name: "样例支付 Sample Pay", alias: "sample pay", country: "CN", sector: "ecommerce"},
  {name: "样例证券 Sample Securities", alias: "sample securities", country: "CN", sector: "finance-securities"},
  {name: "样例航空 Sample Airways", alias: "sample airways", country: "JP", sector: "aviation"},
] as const;

/** Feeds of the sample and their formats. All are for everybody, so that the editions name them. */
const FEEDS = {
  sinkhole: {format: "shadowserver", title: "合成样例：黑洞 / synthetic sample: sinkhole"},
  "control-servers": {format: "sample-servers", title: "合成样例：控制服务器 / synthetic sample: control servers"},
  "malware-urls": {format: "shadowserver", title: "合成样例：放马站点 / synthetic sample: malware URLs"},
  defacements: {format: "defacement", title: "合成样例：被篡改网站 / synthetic sample: defaced sites"},
  backdoors: {format: "backdoor", title: "合成样例：网站后门 / synthetic sample: backdoors"},
  phishing: {format: "sample-phishing", title: "合成样例：仿冒页面 / synthetic sample: phishing pages"},
  "mobile-apps": {format: "mobile-channel", title: "合成样例：移动恶意程序 / synthetic sample: mobile malware"},
  vulnerabilities: {format: "sample-vulnerabilities", title: "合成样例：漏洞 / synthetic sample: vulnerabilities"},
};

const NAME = {zh: "样例应急响应中心", en: "Sample CSIRT"};

/** The profile is that of a national CSIRT, but nobody's name stands on made-up numbers. */
const OVERRIDES = {
  territory: {tlds: ["cn", "xn--fiqs8s", "xn--fiqz9s", "xn--55qx5d", "xn--io0a7i", "example", "test"]},
  publisher: {
    name: NAME,
    short: NAME,
    about: {
      zh: "本刊为软件样例：全部数据由程序生成，不反映任何真实情况。",
      en: "This is a sample of the software: all data is made by a program and says nothing of the real world.",
    },
  },
  bulletin: {
    title: {zh: "网络安全信息与动态周报（样例）", en: "Weekly Network Security Bulletin (sample)"},
    vulnSource: {zh: "样例漏洞库", en: "the sample vulnerability database"},
    vulnSourceShort: {zh: "样例漏洞库", en: "the sample database"},
  },
};

const BASELINE = `# Made up for the sample: what is "usual" in a week of it.
signedBy: sample-editor
at: 2026-11-01
isSynthetic: true
values:
  host.infected: 24800
  web.defaced: 505
  web.gov_defaced: 13
  web.backdoored: 352
  web.gov_backdoored: 9
  web.phishing_pages: 1090
  vuln.high: 131
`;

const SERVERS_FORMAT = `name: sample-servers
title: {zh: 控制服务器清单（合成样例）, en: List of control servers (synthetic sample)}
reads: csv
class: mal.c2
fields: {seenAt: {columns: time, required: true}, ip: ip, port: port, country: country, family: family}
`;

const PHISHING_FORMAT = `name: sample-phishing
title: {zh: 仿冒页面清单（合成样例）, en: List of phishing pages (synthetic sample)}
reads: csv
class: web.phish
fields: {seenAt: {columns: time, required: true}, url: {columns: url, required: true}, ip: ip, country: country, brand: brand}
`;

const VULNERABILITIES_FORMAT = `name: sample-vulnerabilities
title: {zh: 漏洞清单（合成样例）, en: List of vulnerabilities (synthetic sample)}
reads: csv
zone: Asia/Shanghai
class: vuln.new
fields: {seenAt: {columns: time, required: true}, vuln: {columns: number, required: true}, severity: severity, vulnType: type}
`;

/** Returns the sample's own lists, formats and baseline. */
export function sampleFiles(): Record<string, string> {
  const brands = BRANDS.map(({name, alias, country, sector}) => `${name},${alias},${country},${sector},\n`);
  return {
    "tables/brands.csv": `# Synthetic sample.\nbrand,aliases,country,sector,domains\n${brands.join("")}`,
    "tables/government.txt": "# Synthetic sample.\ngov.example\n",
    "formats/sample-servers.yaml": SERVERS_FORMAT,
    "formats/sample-phishing.yaml": PHISHING_FORMAT,
    "formats/sample-vulnerabilities.yaml": VULNERABILITIES_FORMAT,
    "baseline.yaml": BASELINE,
  };
}

/** Returns the configuration of a new data folder as that of the sample, its remarks kept. */
export function sampleConfig(text: string, siteUrl: string): string {
  const document = parseDocument(text);
  document.set("isSample", true);
  const overrides = {...OVERRIDES, publisher: {...OVERRIDES.publisher, siteUrl}};
  document.set("overrides", document.createNode(overrides, {aliasDuplicateObjects: false}));
  for (const [name, feed] of Object.entries(FEEDS))
    document.setIn(["feeds", `${SYNTHETIC}${name}`], {...feed, tlp: "CLEAR"});
  return document.toString({lineWidth: 0});
}
