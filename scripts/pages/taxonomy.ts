import {TAXONOMY} from "../../src/model/taxonomy.ts";
import {code, page, table} from "./markdown.ts";

/** Returns docs/taxonomy.md: the classes of events and the other lists of codes. */
export function taxonomyPage(): string {
  const named = (rows: readonly {code: string; zh: string; en: string}[]): string =>
    table(
      ["code", "中文", "English"],
      rows.map((row) => [code(row.code), row.zh, row.en]),
    );
  return page("Classes and other lists", "src/model/taxonomy.json", [
    "Class codes are ours. Each is mapped to the Reference Security Incident Taxonomy (RSIT) and to GB/T 20986-2023 where these have a name for it.",
    `## Classes of events\n\n${table(
      ["code", "中文", "English", "RSIT", "GB/T 20986-2023"],
      TAXONOMY.incidentClasses.map(({code: name, zh, en, rsit, gbt}) => [
        code(name),
        zh,
        en,
        rsit === null ? "" : `${rsit.predicate} / ${rsit.value}`,
        gbt === null ? "" : [gbt.class, gbt.subclass].filter((word) => word !== null).join(" / "),
      ]),
    )}`,
    `## Sectors\n\n${named(TAXONOMY.sectors)}`,
    `## Kinds of parties\n\n${named(TAXONOMY.partyKinds)}`,
    `## Provinces\n\nFirst two digits of the GB/T 2260 code.\n\n${named(TAXONOMY.provinces)}`,
    `## Types of affected objects\n\n${named(TAXONOMY.vulnTypes)}`,
    `## Kinds of mobile channels\n\n${named(TAXONOMY.mobileChannelKinds)}`,
  ]);
}
