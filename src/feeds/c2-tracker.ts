import type {ClassRule, TableFormat, TableRule} from "../model/format.ts";
import {address, always, constant, ip, lower, required, time} from "./rules.ts";

/** Lists of the project that name a tool on a server, not a server that controls others. */
const TOOLS = [
  "bloodhound",
  "burpsuite",
  "gophish",
  "hachcat cracking tool",
  "hashcat cracking tool",
  "xmrig monero cryptominer",
];
const SOURCE = "https://github.com/montysecurity/C2-Tracker";

/** The project's lists: a file for each family, named after it, an address a line, no times. */
export const c2Tracker: TableFormat = {
  kind: "table",
  name: "c2-tracker",
  title: {zh: "C2-Tracker 控制服务器清单", en: "C2-Tracker lists of control servers"},
  source: SOURCE,
  isStandingList: true,
  reading: {as: "list", comment: "#"},
  ruleFor: ({fileName}) => ({type: null, rule: ruleOf(familyOfFile(fileName)), warnings: []}),
};

/** The history of those lists: when each address was first and last seen in them. The time is the first. */
export const c2TrackerObservations: TableFormat = {
  kind: "table",
  name: "c2-tracker-observations",
  title: {zh: "C2-Tracker 控制服务器首末次出现时间", en: "C2-Tracker: control servers by first and last sight"},
  source: SOURCE,
  reading: {as: "csv", header: "first-line", mustHave: ["family", "ip", "first_seen"]},
  ruleFor: always(
    {
      fields: {seenAt: required(time("UTC", "first_seen")), ip: required(ip("ip")), family: lower("family")},
      classes: [
        {when: [{column: "family", equals: TOOLS}], class: "other"},
        {when: [], class: "mal.c2"},
      ],
      assets: ["ip"],
    },
    ["family", "ip", "first_seen"],
  ),
};

/** "Cobalt Strike C2 IPs.txt" is of Cobalt Strike; "all.txt" is of no family. */
function familyOfFile(fileName: string): string | null {
  const base = (fileName.split(/[/\\]/).at(-1) ?? "").replace(/(\.txt|\.gz)+$/i, "");
  const family = base
    .replace(/( C2)?( IPs)?$/i, "")
    .trim()
    .toLowerCase();
  return family === "" || family === "all" || family === "-" ? null : family;
}

function ruleOf(family: string | null): TableRule {
  const classes: ClassRule[] = [{when: [], class: TOOLS.includes(family ?? "") ? "other" : "mal.c2"}];
  const fields = {ip: required(address("value")), ...(family === null ? {} : {family: constant(family)})};
  return {fields, classes, assets: ["ip"]};
}
