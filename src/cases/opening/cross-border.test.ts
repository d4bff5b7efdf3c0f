import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {BORDER_TESTS} from "../../model/cases/case.ts";
import {type BorderCountries, crossBorderTests} from "./cross-border.ts";

const china = {country: "CN", overseasRegions: ["HK", "MO", "TW"]};
const home: BorderCountries = {party: "CN", hosting: "CN", registrar: "CN", brand: "CN"};

test("a case is cross-border when one of party, hosting, registrar and brand lies abroad, and it is told which", () => {
  for (const each of BORDER_TESTS) {
    const found = crossBorderTests({...home, [each]: "US"}, china);
    assert.deepEqual(found, {fired: [each], unknown: [], isCrossBorder: true});
  }
  assert.deepEqual(crossBorderTests(home, china), {fired: [], unknown: [], isCrossBorder: false});
});

test("Hong Kong, Macao and Taiwan count as overseas in the profile of mainland China", () => {
  for (const region of ["HK", "MO", "TW"])
    assert.deepEqual(crossBorderTests({...home, hosting: region}, china).fired, ["hosting"]);
});

test("what is not known fires nothing and is listed; then the case is not said to be domestic", () => {
  assert.deepEqual(crossBorderTests({...home, registrar: null}, china), {
    fired: [],
    unknown: ["registrar"],
    isCrossBorder: null,
  });
  assert.deepEqual(crossBorderTests({...home, registrar: null, party: "JP"}, china), {
    fired: ["party"],
    unknown: ["registrar"],
    isCrossBorder: true,
  });
});

test("a constituency that is no country has no border, but for the regions that it counts as overseas", () => {
  const countries = fc.record({
    party: fc.constantFrom("CN", "US", null),
    hosting: fc.constantFrom("JP", null),
    registrar: fc.constant("DE"),
    brand: fc.constant(null),
  });
  fc.assert(
    fc.property(countries, (made) => crossBorderTests(made, {country: null, overseasRegions: []}).fired.length === 0),
  );
  assert.deepEqual(crossBorderTests({...home, party: "XK"}, {country: null, overseasRegions: ["XK"]}).fired, ["party"]);
});
