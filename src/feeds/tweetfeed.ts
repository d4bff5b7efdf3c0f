import type {ClassRule, Condition, FieldRule, TableFormat} from "../model/format.ts";
import {always, hash, host, ip, lookUp, only, required, text, time, url} from "./rules.ts";

/** Families that the feed's tags name, and how we write them. A host that one of them names is a control server. */
const FAMILIES: Readonly<Record<string, string>> = {
  agenttesla: "agent tesla",
  asyncrat: "asyncrat",
  batloader: "batloader",
  bumblebee: "bumblebee",
  cobaltstrike: "cobalt strike",
  dcrat: "dcrat",
  emotet: "emotet",
  formbook: "formbook",
  gootloader: "gootloader",
  guloader: "guloader",
  icedid: "icedid",
  lokibot: "lokibot",
  njrat: "njrat",
  qakbot: "qakbot",
  raccoon: "raccoon",
  raspberryrobin: "raspberry robin",
  redline: "redline",
  remcos: "remcos",
  socgholish: "socgholish",
  ursnif: "ursnif",
};
const FAMILY_TAGS = Object.keys(FAMILIES).map((name) => `#${name}`);
const MALWARE_TAGS = ["#malware", "#ransomware", "#maldoc", "#banker", "#infostealer", "#follina", ...FAMILY_TAGS];

const isType = (...types: string[]): Condition => ({column: "type", equals: types});
const hasTag = (...tags: string[]): Condition => ({column: "tags", contains: tags});

/**
 * What a row is about, by its tags and the type of its value. A page that tricks people comes first, since it is tagged
 * "malware" as well. An address or domain that is only called malware may serve it or control it: undetermined.
 */
const CLASSES: readonly ClassRule[] = [
  {when: [isType("md5", "sha256")], class: "other"}, // a sample harms nobody yet
  {when: [hasTag("#phishing")], class: "web.phish"},
  {when: [hasTag("#scam")], class: "abuse.fraud"},
  {when: [hasTag("#cobaltstrike", "#c2")], class: "mal.c2"},
  {when: [hasTag("#log4j", "#log4shell")], class: "att.exploit"},
  {when: [isType("url"), hasTag(...MALWARE_TAGS)], class: "mal.site"},
  {when: [hasTag(...FAMILY_TAGS)], class: "mal.c2"},
  {when: [], class: "undetermined"},
];

/** Finds what security people post on social media. No header line. */
export const tweetfeed: TableFormat = {
  kind: "table",
  name: "tweetfeed",
  title: {zh: "TweetFeed 社交媒体威胁线索", en: "TweetFeed: indicators from social media"},
  source: "https://github.com/0xDanielLopez/TweetFeed",
  reading: {as: "csv", header: ["date", "user", "type", "value", "tags", "tweet"], firstLineMayBeHeader: true},
  ruleFor: always({
    fields: {
      seenAt: required(time("UTC", "date")),
      ip: only(isType("ip"), ip("value")),
      host: only(isType("domain"), host("value")),
      url: only(isType("url"), url("value")),
      file: only(isType("md5", "sha256"), hash("value")),
      family: family(),
      tag: text("tags"),
    },
    classes: CLASSES,
    assets: ["url", "site", "ip", "file"], // a page has a host and may have an address, which are not what the row names
  }),
};

/** A row of one family, called malware or not. Rows of several families have none: the tags say them. */
function family(): FieldRule {
  const table: Record<string, string> = {};
  for (const [name, written] of Object.entries(FAMILIES)) {
    for (const tags of [`#${name}`, `#malware #${name}`, `#${name} #malware`]) table[tags] = written;
  }
  return lookUp(table, "tags");
}
