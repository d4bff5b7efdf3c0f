import {HOME_ZONE, type TableFormat} from "../model/format.ts";
import {TAXONOMY} from "../model/taxonomy.ts";
import {address, always, hash, host, lookUp, required, text, time, url} from "./rules.ts";

/** Kinds by code and by their names in both languages. */
const KINDS = Object.fromEntries(
  TAXONOMY.mobileChannelKinds.flatMap(({code, zh, en}) =>
    [code, zh, en.toLowerCase()].map((name) => [name, code] as const),
  ),
);
const COLUMNS = ["time", "platform_kind", "platform", "url", "responsible"];

/**
 * Where malicious mobile apps were offered, in our own form, one CSV line each:
 * time,platform_kind,platform,url,responsible and, where known, apk_sha256 and app_name. `platform` is the site that offers
 * the app, a host name or an address: the bulletin counts distinct sites, not companies. `responsible` is the provincial
 * branch or the registrar that acts. Times without an offset are those of the data folder's zone.
 * Source: the weekly mobile report of the Anti Network-Virus Alliance; BULLETIN.md (c).
 */
export const mobileChannel: TableFormat = {
  kind: "table",
  name: "mobile-channel",
  title: {zh: "移动恶意程序传播渠道", en: "Channels of mobile malware"},
  source: "docs/feeds.md",
  reading: {as: "csv", header: "first-line", mustHave: COLUMNS},
  ruleFor: always(
    {
      fields: {
        seenAt: required(time(HOME_ZONE, "time")),
        channelKind: lookUp(KINDS, "platform_kind"),
        host: host("platform"),
        ip: address("platform"),
        url: required(url("url")),
        responsible: text("responsible"),
        file: hash("apk_sha256"),
        title: text("app_name"),
      },
      classes: [{when: [], class: "mal.mobile"}],
      assets: ["url"],
      keep: ["platform", "platform_kind"],
    },
    COLUMNS,
  ),
};
