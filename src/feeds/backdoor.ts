import {HOME_ZONE, type TableFormat} from "../model/format.ts";
import {always, hostOfUrl, ip, lower, required, time, url} from "./rules.ts";

/**
 * Sites that carry a backdoor, a list in our own form, one CSV line each: time,url and, where known, ip and family.
 * `url` is where the backdoor lies; its host is the site. Times without an offset are those of the data
 * folder's zone.
 */
export const backdoor: TableFormat = {
  kind: "table",
  name: "backdoor",
  title: {zh: "网站后门清单", en: "List of website backdoors"},
  source: "docs/feeds.md",
  reading: {as: "csv", header: "first-line", mustHave: ["time", "url"]},
  ruleFor: always(
    {
      fields: {
        seenAt: required(time(HOME_ZONE, "time")),
        url: required(url("url")),
        host: hostOfUrl("url"),
        ip: ip("ip"),
        family: lower("family"),
      },
      classes: [{when: [], class: "web.backdoor"}],
      assets: ["site", "ip"],
    },
    ["time", "url"],
  ),
};
