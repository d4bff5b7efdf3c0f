/** A synthetic archive of many weeks, for tests of the static site. The numbers are those of edition-fixture.ts, waved. */

import {issueOf} from "../src/bulletin/numbering.ts";
import type {Archive, ArchiveEdition} from "../src/bulletin/site/archive.ts";
import {GRADES} from "../src/model/indicator.ts";
import {addDays} from "../src/model/week.ts";
import {fixtureIndicators, fixtureInput, historyOf, shippedProfile} from "./edition-fixture.ts";

const LAST = "2023-02-20";

/** Returns an archive whose last edition is the synthetic week. */
export function fixtureArchive(weeks: number): Archive {
  const editions = Array.from({length: weeks}, (_, index) => editionOf(addDays(LAST, -7 * index), index));
  return {
    profile: shippedProfile("cn"),
    editions,
    history: historyOf(LAST, weeks),
    definitions: fixtureInput.method?.definitions ?? [],
    stamp: {zh: "样例数据，非真实情况", en: "Synthetic sample, not real"},
  };
}

function editionOf(monday: string, index: number): ArchiveEdition {
  const publishedAt = `${addDays(monday, 12)}T02:00:00Z`;
  const total = fixtureIndicators["incident.total"]?.value ?? 0;
  return {
    week: {from: monday, to: addDays(monday, 6)},
    issue: issueOf(monday, {policy: "holds-1-january", overrides: {}}),
    grade: index % 17 === 9 ? null : (GRADES[[1, 1, 0, 1, 2, 1, 1, 3][index % 8] ?? 1] ?? null),
    index: index % 17 === 9 ? null : 42 + ((index * 37) % 23) / 2,
    summary: {
      zh: `本周，互联网网络安全态势整体评价为良。本周，CNCERT共处理网络安全事件${total}起。`,
      en: `This week, the overall internet security situation is rated good. ${total} incidents were handled.`,
    },
    publishedOn: addDays(monday, 12),
    publishedAt,
    updatedAt: publishedAt,
    isCorrected: index % 11 === 4,
    variants: ["long", "short"],
    files: (["pdf", "docx", "md", "json"] as const).flatMap((format) =>
      (["zh", "en"] as const).map((language) => ({
        path: `${monday}/edition.${language}.${format}`,
        format,
        language,
        variant: "long" as const,
      })),
    ),
  };
}
