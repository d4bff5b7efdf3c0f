import assert from "node:assert/strict";
import test from "node:test";
import type {CaseCounts, Indicator, Situation} from "../model/indicator.ts";
import {frozenCases} from "./frozen.ts";
import {INDICATORS} from "./indicators.ts";

const indicator = (over: Partial<Indicator>): Indicator => ({
  ...{value: null, previous: null, change: null, by: {}, previousBy: {}, reports: [], gaps: [], gapsBefore: []},
  ...{entered: null, version: 2},
  ...over,
});

const party = (value: number) => ({partyKind: [{key: "registrar", value}]});
const situation: Situation = {
  week: {from: "2023-02-20", to: "2023-02-26", zone: "Asia/Shanghai"},
  indicators: {
    "incident.total": indicator({value: 1777, by: party(1777), previous: 2410, previousBy: party(2410)}),
    "incident.cross_border": indicator({value: 3, entered: {by: "Li", at: "2023-02-27T00:00:00Z"}}),
    "mobile.platforms": indicator({value: 61, reports: ["mobile-1"]}),
    "takedown.median_hours": indicator({value: null}),
  },
  rating: {
    ...{grade: "良", byRule: null, index: null, fixedBaseIndex: null, weightPresent: 0, base: null},
    ...{contributions: [], because: [], override: null},
  },
  ...{infraEvents: [], gaps: [], gapsBefore: [], reports: [], computedAt: "2023-02-27T00:00:00Z"},
};
const plain = (value: number | null) => ({value, by: {}, reports: []});
const NOW: CaseCounts = {
  handled: plain(1776),
  crossBorder: plain(1183),
  platforms: plain(60),
  medianHours: plain(11),
  complaints: plain(9),
};

test("what cases said when the edition was submitted stays, also that they said nothing yet", () => {
  const frozen = frozenCases(NOW, {situation, definitions: INDICATORS, of: "week"});
  assert.deepEqual(frozen.handled, {value: 1777, by: party(1777), reports: []});
  assert.equal(frozen.medianHours?.value, null);
});

test("what a person or a feed gave then is as cases say now, so that the change is seen", () => {
  const frozen = frozenCases(NOW, {situation, definitions: INDICATORS, of: "week"});
  assert.deepEqual([frozen.crossBorder?.value, frozen.platforms?.value, frozen.complaints?.value], [1183, 60, 9]);
});

test("the week before is that which the edition was compared with; a figure that cases do not give stays away", () => {
  const frozen = frozenCases({handled: plain(2400)}, {situation, definitions: INDICATORS, of: "before"});
  assert.deepEqual(frozen, {handled: {value: 2410, by: party(2410), reports: []}});
});
