import type {TableFormat} from "../model/format.ts";
import {always, required, time, url} from "./rules.ts";

const SOURCE = "https://openphish.com/";

/** The community feed: a phishing page a line, no times. */
export const openphish: TableFormat = {
  kind: "table",
  name: "openphish",
  title: {zh: "OpenPhish 仿冒网页清单", en: "OpenPhish list of phishing pages"},
  source: SOURCE,
  isStandingList: true,
  reading: {as: "list", comment: "#"},
  ruleFor: always({
    fields: {url: required(url("value"))},
    classes: [{when: [], class: "web.phish"}],
    assets: ["url"],
  }),
};

/** The history of that list: when each page was first and last seen in it. The time is the first. */
export const openphishObservations: TableFormat = {
  kind: "table",
  name: "openphish-observations",
  title: {zh: "OpenPhish 仿冒网页首末次出现时间", en: "OpenPhish: phishing pages by first and last sight"},
  source: SOURCE,
  reading: {as: "csv", header: "first-line", mustHave: ["url", "first_seen"]},
  ruleFor: always(
    {
      fields: {seenAt: required(time("UTC", "first_seen")), url: required(url("url"))},
      classes: [{when: [], class: "web.phish"}],
      assets: ["url"],
    },
    ["url", "first_seen"],
  ),
};
