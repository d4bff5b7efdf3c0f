/** An indicator has one name, wherever a reader meets it: in its definition, in reasons, in tables and in the trends. */
import assert from "node:assert/strict";
import test from "node:test";
import {textOf} from "../src/bulletin/text/index.ts";
import {INDICATORS} from "../src/situation/indicators.ts";

test("tables call an indicator what its definition calls it", () => {
  for (const {id, title} of INDICATORS) {
    for (const [language, domestic] of [
      ["zh", "境内"],
      ["en", "domestic"],
    ] as const) {
      const name = textOf(language).figures.alone(id, domestic);
      assert.ok(name === null || name === title[language], `${id}: ${name} is ${title[language]} in its definition`);
    }
  }
});
