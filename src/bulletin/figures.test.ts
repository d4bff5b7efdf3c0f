import assert from "node:assert/strict";
import test from "node:test";
import {shippedProfile} from "../../test/edition-fixture.ts";
import {WatchfloorError} from "../model/errors.ts";
import {readFigures} from "./figures.ts";

const desk = {profile: shippedProfile("cn"), overrides: {}};
const week = {year: 2023, period: {from: "2023-02-20", to: "2023-02-26"}};

function refusal(value: unknown): string {
  try {
    readFigures(value, desk);
  } catch (error) {
    if (error instanceof WatchfloorError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "";
}

test("printed 万 values and shares become raw values and ratios", () => {
  const {input, notes} = readFigures(
    {...week, figures: {"host.infected_wan": 18.4, "msite.domains_overseas_pct": 39.2, "vuln.level": "中"}},
    desk,
  );
  assert.equal(input.indicators["host.infected"]?.value, 184_000);
  assert.equal(input.indicators["host.infected"]?.isRounded, true);
  assert.deepEqual(input.facts.shares["msite.domains_overseas"], {part: 392, whole: 1000});
  assert.equal(input.facts.vulnLevel, "medium");
  assert.deepEqual(notes, []);
});

test("a figure that is not given stays unknown; it never becomes zero", () => {
  const {input} = readFigures({...week, figures: {"incident.total": 73}}, desk);
  assert.equal(input.indicators["mobile.urls"], undefined);
});

test("the issue follows from the period, and the period from the issue", () => {
  assert.deepEqual(readFigures({...week, figures: {}}, desk).input.issue, {year: 2023, number: 9});
  const {input} = readFigures({year: 2023, issue: 9, figures: {}}, desk);
  assert.deepEqual(input.week, {from: "2023-02-20", to: "2023-02-26"});
  assert.deepEqual(readFigures({...week, issue: 12, figures: {}}, desk).input.issue, {year: 2023, number: 12});
});

test("an edition whose period and number are lost is still an edition, without a review list", () => {
  const {input} = readFigures(
    {year: null, issue: null, period: {from: null, to: null}, figures: {"web.defaced": 1}},
    desk,
  );
  assert.equal(input.week, null);
  assert.deepEqual(input.review, []);
});

test("changes come from last week's value where it is given, else from the printed percentage", () => {
  const {input} = readFigures(
    {
      ...week,
      figures: {"web.gov_defaced": 9, "web.defaced": 100},
      wow: {"web.gov_defaced": -35.7, "web.defaced": 1},
      previous: {"web.defaced": 80},
    },
    desk,
  );
  assert.equal(input.indicators["web.gov_defaced"]?.change, -0.357);
  assert.equal(input.indicators["web.defaced"]?.change, 0.25);
});

test("a breakdown may be given by hand", () => {
  const {input} = readFigures(
    {...week, figures: {"host.trojan_bot": 30}, by: {"host.trojan_bot": {province: {"44": 20, "33": 10}}}},
    desk,
  );
  assert.deepEqual(input.indicators["host.trojan_bot"]?.by.province, [
    {key: "33", value: 10},
    {key: "44", value: 20},
  ]);
});

test("a figure of no indicator is kept and noted, so that a slip of the pen is seen", () => {
  const {input, notes} = readFigures({...week, figures: {"incidents.total": 5}}, desk);
  assert.equal(input.indicators["incidents.total"]?.value, 5);
  assert.match(notes.join(), /incidents\.total is no figure of the bulletin/);
});

test("what is wrong in the file is refused by name", () => {
  assert.match(refusal({...week, figures: {"web.defaced": -1}}), /figure_invalid.*figures\.web\.defaced/);
  assert.match(refusal({...week, figures: {"web.defaced": 1.5}}), /figure_invalid.*web\.defaced: 1\.5 is no whole/);
  assert.match(refusal({...week, figures: {"msite.tld_com_pct": 101}}), /figure_invalid.*0 to 100/);
  assert.match(refusal({...week, figures: {}, ratting: "良"}), /figure_invalid.*ratting/);
  assert.match(refusal({...week, figures: {}, rating: "好"}), /figure_invalid.*rating/);
  assert.match(refusal({year: 2023, period: {from: "2023-02-21", to: null}, figures: {}}), /week_invalid.*2023-02-20/);
  assert.match(refusal([]), /figure_invalid/);
});
