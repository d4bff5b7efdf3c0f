import assert from "node:assert/strict";
import test from "node:test";
import {fixtureDocument, fixtureIndicators, fixtureInput, indicator} from "../../../test/edition-fixture.ts";
import {plainText} from "../../../test/plain-text.ts";
import type {EditionIndicator} from "../edition-input.ts";

const cells = (values: Readonly<Record<string, number>>) =>
  Object.entries(values).map(([key, value]) => ({key, value}));

const CASES: Readonly<Record<string, EditionIndicator>> = {
  ...fixtureIndicators,
  "incident.total": indicator(1777, null, {
    class: cells({"web.phish": 1530, "mal.site": 184, "mal.mobile": 61, "web.fakeapp": 2}),
    partyKind: cells({registrar: 1700, "foreign-cert": 77}),
    province: cells({unknown: 1600, "44": 170, "33": 5, "54": 2}),
  }),
  "complaint.received": indicator(2065),
};
const figuresOf = (indicators: typeof CASES) => {
  const section = fixtureDocument("zh", "long", {...fixtureInput, indicators}).sections.find(
    ({id}) => id === "incidents",
  );
  return section?.blocks.flatMap((block) => (block.kind === "figure" ? [block] : [])) ?? [];
};
const rowsOf = (id: string) =>
  figuresOf(CASES)
    .find((each) => each.id === id)
    ?.data.rows.map(({cells}) => cells);

test("complaints stand beside the incidents, in the long form only, and are not said when nobody counted them", () => {
  const text = (variant: "long" | "short", indicators = CASES): string =>
    plainText(fixtureDocument("zh", variant, {...fixtureInput, indicators}));
  assert.match(text("long"), /本周共收到投诉2065件/);
  assert.doesNotMatch(text("short"), /投诉2065/);
  assert.doesNotMatch(text("long", fixtureIndicators), /收到投诉/);
  const english = plainText(fixtureDocument("en", "long", {...fixtureInput, indicators: CASES}));
  assert.match(english, /2,065 complaints were received\. Complaints are counted apart from incidents/);
});

test("incidents are told apart by class and party; small classes are merged so that no total gives them away", () => {
  assert.deepEqual(rowsOf("incident-classes"), [
    ["网页仿冒（网络钓鱼）", "1530", "86.1%"],
    ["放马站点", "184", "10.4%"],
    ["其他", "63", "3.5%"],
  ]);
  assert.deepEqual(
    rowsOf("incident-parties")?.map(([name]) => name),
    ["域名注册服务机构", "境外CERT"],
  );
});

test("provinces are those of incidents that are known to lie in one: there is no bar for the unknown", () => {
  assert.deepEqual(rowsOf("incident-provinces"), [
    ["广东", "170", "96.0%"],
    ["其他", "7", "4.0%"],
  ]);
});

test("what cases do not tell of has no figure", () => {
  assert.deepEqual(figuresOf(fixtureIndicators), []);
});
