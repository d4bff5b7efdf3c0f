import type {TableFormat} from "../model/format.ts";
import {always, required, text, url} from "./rules.ts";

/** Phishing pages that JPCERT/CC confirmed, with the brand they imitate. Times are those of Japan. */
export const jpcertPhishurl: TableFormat = {
  kind: "table",
  name: "jpcert-phishurl",
  title: {zh: "JPCERT/CC 仿冒网页清单", en: "JPCERT/CC phishing URL list"},
  source: "https://github.com/JPCERTCC/phishurl-list",
  reading: {as: "csv", header: "first-line", mustHave: ["date", "URL", "description"]},
  ruleFor: always(
    {
      fields: {
        seenAt: required({
          columns: ["date"],
          conversion: {as: "time", pattern: "%Y/%m/%d %H:%M:%S", zone: "Asia/Tokyo"},
        }),
        url: required(url("URL")),
        brand: text("description"),
      },
      classes: [{when: [], class: "web.phish"}],
      assets: ["url"],
    },
    ["date", "URL", "description"],
  ),
};
