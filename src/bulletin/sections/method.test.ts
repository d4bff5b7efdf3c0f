import assert from "node:assert/strict";
import test from "node:test";
import {fixtureDocument, fixtureInput, indicator} from "../../../test/edition-fixture.ts";
import type {Block, Language, Variant} from "../document.ts";
import type {EditionInput} from "../edition-input.ts";

const input: EditionInput = {
  ...fixtureInput,
  indicators: Object.fromEntries(
    Object.entries(fixtureInput.indicators).map(([id, each]) => [
      id,
      id.startsWith("incident.") ? {...each, enteredBy: "chen"} : each,
    ]),
  ),
};

function methodOf(language: Language, variant: Variant, edition = input): readonly Block[] {
  return fixtureDocument(language, variant, edition).sections.find(({id}) => id === "method")?.blocks ?? [];
}

function wordsOf(block: Block | undefined): string {
  if (block?.kind === "paragraph") return block.spans.map(({text}) => text).join("");
  return block?.kind === "list" ? block.items.map((item) => item.map(({text}) => text).join("")).join("\n") : "";
}

test("the method note goes from the week to its sources, how they were counted, and what limits the numbers", () => {
  const [zh, en] = [methodOf("zh", "long"), methodOf("en", "long")];
  assert.match(
    wordsOf(zh[0]),
    /^本期统计时段.*。本期数据来自2份报告.*。由值班人员录入的指标：.*。数据冻结时间.*。环比按原始数值.*。为保护个体.*。由Watchfloor 0\.1\.0生成。$/,
  );
  assert.match(
    wordsOf(en[0]),
    /^The week runs .*\. The figures rest on 2 reports .*\. The duty desk entered: incidents handled, .*\. The figures were frozen .*\. Changes are .*\. To protect .*\. Made with Watchfloor 0\.1\.0\.$/,
  );
  assert.match(wordsOf(zh[1]), /^数据源example-defacements.*可能偏低.*\n漏洞数取自共享数据，非全量。$/);
  assert.deepEqual(
    zh.map(({kind}) => kind),
    ["paragraph", "list", "table", "table"],
  );
});

test("the short form says the same limits, and how the week was rated, without the lists", () => {
  const blocks = methodOf("en", "short");
  assert.deepEqual(
    blocks.map(({kind}) => kind),
    ["paragraph", "list"],
  );
  assert.match(
    wordsOf(blocks[1]),
    /^The feed example-defacements.*\nThe rating follows the open Weekly Situation Index/,
  );
});

test("the definitions are those of the indicators that the edition prints, under the names it prints them by", () => {
  const given = ["msite.urls_with_ip", "web.defaced", "incident.total", "site.own", "vuln.level", "web.backdoored"];
  const definitions = given.map((id) => ({
    id,
    version: 1,
    title: {zh: id, en: id},
    meaning: {zh: `${id}。`, en: `${id}.`},
    unit: {zh: "个", en: "items"},
  }));
  const indicators = {
    ...input.indicators,
    "msite.urls_with_ip": indicator(5),
    "site.own": indicator(7),
    "web.backdoored": indicator(null),
  };
  const method = fixtureInput.method && {...fixtureInput.method, definitions};
  const table = methodOf("en", "long", {...input, method, indicators}).find(
    (block) => block.kind === "table" && block.id === "definitions",
  );
  assert.ok(table?.kind === "table");
  assert.deepEqual(
    table.rows.map(({cells}) => cells[0]),
    ["Defaced domestic websites", "Incidents handled", "vuln.level"],
  );
});

test("reports are listed by feed, each feed's in the order in which they were fetched", () => {
  const report = (feed: string, day: string) => {
    return {id: `${feed}-${day}`, feed, sha256: "ab".repeat(32), fetchedAt: `2023-02-${day}T02:00:00Z`, events: 1};
  };
  const reports = [report("b", "23"), report("a", "24"), report("b", "21")];
  const method = fixtureInput.method && {...fixtureInput.method, reports};
  const table = methodOf("en", "long", {...input, method}).find(
    (block) => block.kind === "table" && block.id === "reports",
  );
  assert.ok(table?.kind === "table");
  assert.deepEqual(
    table.rows.map(({cells}) => `${cells[0]} ${cells[1]?.slice(0, 10)}`),
    ["a 2023-02-24", "b 2023-02-21", "b 2023-02-23"],
  );
});
