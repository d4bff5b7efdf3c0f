/** An edition as JSON. Who entered or changed what stays inside; cells below the threshold are merged as everywhere. */
import {DIMENSIONS} from "../../model/indicator.ts";
import type {Profile} from "../../model/profile.ts";
import {publicCells} from "../breakdowns.ts";
import type {Block, EditionDocument, Language} from "../document.ts";
import type {EditionIndicator, EditionInput, MethodFacts} from "../edition-input.ts";
import {safeLink, visible} from "../escape.ts";
import {editorsWords} from "../sections/context.ts";
import {type EditionJson, VERSION} from "./json-schema.ts";

/** Returns the JSON text of the edition, as editionSchema describes it. */
export function renderJson(document: EditionDocument, input: EditionInput, profile: Profile): string {
  const shown = (_key: string, value: unknown): unknown => (typeof value === "string" ? visible(value) : value);
  return `${JSON.stringify(editionJson(document, input, profile), shown, 2)}\n`;
}

function editionJson(document: EditionDocument, input: EditionInput, profile: Profile): EditionJson {
  const {language, variant, title, series, publisher, stamp} = document;
  const indicators = Object.entries(input.indicators).map(([id, each]) => [
    id,
    indicatorJson(each, profile.mergeBelow),
  ]);
  return {
    format: "watchfloor-edition",
    version: VERSION,
    ...{language, variant, title, series, publisher},
    issue: input.issue,
    week: input.week && {from: input.week.from, to: input.week.to},
    zone: profile.zone,
    publishedOn: input.publishedOn,
    stamp,
    rating: ratingJson(input, language),
    indicators: Object.fromEntries(indicators),
    facts: {
      shares: input.facts.shares,
      pagesPerIp: input.facts.pagesPerIp,
      vulnLevel: input.facts.vulnLevel,
      vulnTypes: copied(input.facts.vulnTypes),
      topProvinces: copied(input.facts.topProvinces),
    },
    infraEvents:
      input.infraEvents?.map(({day, level, reach, title: {zh, en}}) => ({day, level, reach, title: {zh, en}})) ?? null,
    review: input.review.map(({issue, week: {from, to}, link}) => ({
      issue,
      week: {from, to},
      link: link && safeLink(link),
    })),
    corrections: input.corrections.map(({version, day, reason}) => ({version, day, reason})),
    method: input.method && methodJson(input.method),
    sections: document.sections.map(({id, heading, blocks}) => ({id, heading, blocks: blocks.map(blockJson)})),
  };
}

function methodJson(method: MethodFacts): EditionJson["method"] {
  return {
    toolVersion: method.toolVersion,
    frozenAt: method.frozenAt,
    definitions: method.definitions.map(({id, version, title, meaning, unit}) => ({id, version, title, meaning, unit})),
    reports: method.reports.map(({id, feed, sha256, fetchedAt, events}) => ({id, feed, sha256, fetchedAt, events})),
    remarks: [...method.remarks],
  };
}

function indicatorJson(
  {value, previous, change, isRounded, enteredBy, gaps, gapsBefore, by}: EditionIndicator,
  mergeBelow: number,
): EditionJson["indicators"][string] {
  const breakdowns = DIMENSIONS.flatMap((dimension) => {
    const {cells, other} = publicCells(by[dimension] ?? [], mergeBelow);
    return cells.length === 0 && other === null ? [] : [[dimension, {cells, other}] as const];
  });
  return {
    ...{value, previous, change, isRounded},
    isEntered: enteredBy !== null,
    gaps: gaps.map(({feed}) => feed),
    gapsBefore: gapsBefore.map(({feed}) => feed),
    by: Object.fromEntries(breakdowns),
  };
}

function ratingJson({rating}: EditionInput, language: Language): EditionJson["rating"] {
  const {grade, byRule, index, fixedBaseIndex, weightPresent, base, contributions, because, override} = rating;
  return {
    ...{grade, byRule, index, fixedBaseIndex, weightPresent, base},
    contributions: [...contributions],
    because: because.map(({kind, zh, en}) => ({kind, zh, en})),
    overrideReason: override === null ? null : editorsWords(override.reason, language).text,
  };
}

/** The chart of a figure is left out: its data says the same. */
function blockJson(block: Block): EditionJson["sections"][number]["blocks"][number] {
  switch (block.kind) {
    case "table":
      return tableJson(block);
    case "figure":
      return {
        ...{kind: block.kind, id: block.id, caption: block.caption, description: block.description},
        data: tableJson(block.data),
      };
    case "list":
      return {...block, items: block.items.map((item) => [...item])};
    case "rating":
      return {...block, names: [...block.names]};
    default:
      return {...block, spans: [...block.spans]};
  }
}

function tableJson(table: Extract<Block, {kind: "table"}>): Extract<ReturnType<typeof blockJson>, {kind: "table"}> {
  return {
    ...table,
    columns: [...table.columns],
    rows: table.rows.map((row) => ({...row, cells: [...row.cells]})),
  };
}

function copied(list: readonly string[] | null): string[] | null {
  return list && [...list];
}
