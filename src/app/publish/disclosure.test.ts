import assert from "node:assert/strict";
import test from "node:test";
import {EMPTY, statedRating} from "../../bulletin/edition-input.ts";
import type {Config} from "../config.ts";
import {publicInput} from "./disclosure.ts";

const FEED = {format: "x", enabled: true, isAimedAtConstituency: false} as const;
const CANARY = "secret-partner-feed";

function configWith(feeds: Config["feeds"]): Pick<Config, "feeds"> {
  return {feeds};
}

test("a feed that is not TLP:CLEAR is named nowhere in what is published, its reports stay countable by their hashes", () => {
  const {feeds} = configWith({[CANARY]: {...FEED, tlp: "AMBER"}, open: {...FEED, tlp: "CLEAR"}});
  const gap = {feed: CANARY, kind: "silent", delivered: 0, usual: 100} as const;
  const report = (feed: string) => ({
    id: `${feed}-0123456789abcdef`,
    feed,
    sha256: "ab".repeat(32),
    fetchedAt: "2023-02-21T00:00:00Z",
    events: 1,
  });
  const reason = {kind: "gap", zh: `数据源 ${CANARY} 未送达`, en: `feed ${CANARY} is silent`} as const;
  const input = {
    ...EMPTY,
    gaps: [gap],
    gapsBefore: [gap],
    indicators: {
      "web.defaced": {
        value: 1,
        previous: null,
        change: null,
        by: {},
        previousBy: {},
        gaps: [gap],
        gapsBefore: [gap],
        isRounded: false,
        enteredBy: null,
      },
    },
    rating: statedRating("良", [reason]),
    method: {
      definitions: [],
      toolVersion: "0",
      reports: [report(CANARY), report("open"), report("gone-from-the-configuration")],
      frozenAt: null,
      remarks: [],
    },
  };
  const shown = publicInput(input, {feeds} as Config);
  const text = JSON.stringify(shown);
  assert.doesNotMatch(text, new RegExp(CANARY));
  assert.doesNotMatch(text, /gone-from-the-configuration/);
  assert.match(text, /open-0123456789abcdef/);
  assert.deepEqual(
    shown.method?.reports.map((each) => each.sha256),
    input.method.reports.map((each) => each.sha256),
  );
});
