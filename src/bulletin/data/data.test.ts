import assert from "node:assert/strict";
import test from "node:test";
import {z} from "zod";
import {
  fixtureDocument,
  fixtureInput,
  indicator,
  referenceInput,
  shippedProfile,
} from "../../../test/edition-fixture.ts";
import {EMPTY} from "../edition-input.ts";
import {renderHistoryCsv, renderIndicatorCsv} from "./csv.ts";
import {renderJson} from "./json.ts";
import {editionSchema, editionSchemaText} from "./json-schema.ts";

const profile = shippedProfile("cn");

/** Reads CSV as RFC 4180 has it. */
function cellsOf(csv: string): string[][] {
  const rows = csv
    .replace(/^\ufeff/, "")
    .split(/\r\n/)
    .filter((line) => line !== "");
  return rows.map((row) =>
    [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
    ),
  );
}

test("the JSON of every edition, form and language fits the published schema", () => {
  for (const input of [fixtureInput, referenceInput, EMPTY, {...fixtureInput, infraEvents: null, method: null}]) {
    for (const language of ["zh", "en"] as const) {
      for (const variant of ["short", "long"] as const) {
        const text = renderJson(fixtureDocument(language, variant, input), input, profile);
        editionSchema.parse(JSON.parse(text));
      }
    }
  }
});

test("the schema is published as JSON Schema and names the numbers' meaning", () => {
  const schema = z
    .looseObject({$schema: z.string(), properties: z.looseObject({})})
    .parse(JSON.parse(editionSchemaText()));
  assert.match(schema.$schema, /2020-12/);
  assert.ok("indicators" in schema.properties && "rating" in schema.properties);
});

test("numbers are raw in the JSON, and what was not measured is null", () => {
  const json = editionSchema.parse(JSON.parse(renderJson(fixtureDocument("zh", "short"), fixtureInput, profile)));
  assert.equal(json.indicators["host.infected"]?.value, 793_412);
  assert.equal(json.rating.index, 48.6);
  const empty = {...EMPTY, indicators: {"web.defaced": indicator(null)}};
  const none = editionSchema.parse(JSON.parse(renderJson(fixtureDocument("zh", "short", empty), empty, profile)));
  assert.equal(none.indicators["web.defaced"]?.value, null);
});

test("cells below the threshold and the names of who worked on it stay inside", () => {
  const entered = {
    ...fixtureInput,
    indicators: {...fixtureInput.indicators, "incident.total": {...indicator(5), enteredBy: "zhang-san"}},
  };
  const text = renderJson(fixtureDocument("zh", "long", entered), entered, profile);
  const json = editionSchema.parse(JSON.parse(text));
  const provinces = json.indicators["host.trojan_bot"]?.by.province;
  assert.ok(provinces?.cells.every(({value}) => value >= profile.mergeBelow));
  assert.equal(provinces?.other, 6);
  assert.doesNotMatch(text, /zhang-san/);
  assert.equal(json.indicators["incident.total"]?.isEntered, true);
  assert.doesNotMatch(renderIndicatorCsv(entered, profile), /zhang-san/);
});

test("the CSV has a row for each value and for each public cell, all with the same number of columns", () => {
  const rows = cellsOf(renderIndicatorCsv(fixtureInput, profile));
  const width = rows[0]?.length;
  assert.equal(width, 13);
  assert.ok(rows.every((row) => row.length === width));
  assert.ok(rows.some((row) => row[4] === "web.defaced" && row[5] === "" && row[9] === "2211"));
  assert.ok(rows.some((row) => row[4] === "host.trojan_bot" && row[6] === "44" && row[7] === "广东"));
  assert.ok(rows.some((row) => row[4] === "host.trojan_bot" && row[6] === "*" && row[9] === "6"));
});

test("the CSV of all weeks has a row for each week, and an empty cell where nothing was measured", () => {
  const rows = cellsOf(
    renderHistoryCsv({weeks: ["2023-02-13", "2023-02-20"], values: {"web.defaced": [null, 2211], a: [1, 1119 / 148]}}, [
      {week: {from: "2023-02-20"}, grade: "良", index: 48.5678},
    ]),
  );
  assert.deepEqual(rows, [
    ["week", "rating", "index", "a", "web.defaced"],
    ["2023-02-13", "", "", "1", ""],
    ["2023-02-20", "良", "48.6", "7.560811", "2211"],
  ]);
});
