import assert from "node:assert/strict";
import test from "node:test";
import {dryRun, dryRunText, type FactGroup} from "./dry-run.ts";
import {readCaseRules} from "./rules.ts";
import {caseAssetOf, type EventAsset} from "./unit.ts";

const page: EventAsset = {
  kind: "url",
  asset: "http://www.shop.bad.example/a",
  ip: "",
  host: "www.shop.bad.example",
  domain: "bad.example",
};

test("a case is about the page, its site without www., or its registered domain, as the rule says", () => {
  assert.deepEqual(caseAssetOf("asset", page), {kind: "url", value: page.asset});
  assert.deepEqual(caseAssetOf("site", page), {kind: "site", value: "shop.bad.example"});
  assert.deepEqual(caseAssetOf("platform", page), {kind: "domain", value: "bad.example"});
});

test("where there is no name a case is about the address, and a file or an app stays itself", () => {
  const direct: EventAsset = {kind: "url", asset: "http://192.0.2.7/a", ip: "192.0.2.7", host: "", domain: ""};
  assert.deepEqual(caseAssetOf("platform", direct), {kind: "ip", value: "192.0.2.7"});
  assert.deepEqual(caseAssetOf("site", direct), {kind: "ip", value: "192.0.2.7"});
  assert.deepEqual(caseAssetOf("asset", {kind: "ip", asset: "", ip: "192.0.2.7", host: "", domain: ""}), {
    kind: "ip",
    value: "192.0.2.7",
  });
  const internal: EventAsset = {kind: "site", asset: "intranet", ip: "", host: "intranet", domain: ""};
  assert.deepEqual(caseAssetOf("platform", internal), {kind: "site", value: "intranet"});
  assert.deepEqual(caseAssetOf("platform", {...page, kind: "app", asset: "com.bad"}), {kind: "app", value: "com.bad"});
});

const rules = readCaseRules({
  name: "rules",
  text: "rules:\n  - {id: test, match: {class: test}, do: ignore}\n  - {id: mobile, match: {class: mal.mobile}, do: open, unit: platform, parties: [registrar]}\n  - {id: phish, match: {class: [web.phish, mal.site]}, do: open, unit: asset, parties: [registrar]}\n  - {id: rest, match: {}, do: count}\n",
});
const group = (code: string, asset: EventAsset, events = 1): FactGroup => ({
  facts: {
    class: code,
    scope: "unknown",
    sector: null,
    severity: null,
    feed: "f",
    tlp: "RED",
    assetKind: asset.kind,
    channelKind: null,
    isGovernment: false,
    isAimedAtUs: false,
  },
  asset,
  events,
});

test("a dry run counts cases, not events: two URLs of one platform are one case, one URL with two problems is two", () => {
  const second = {...page, asset: "http://bad.example/b", host: "bad.example"};
  const run = dryRun(
    [
      group("mal.mobile", page, 5),
      group("mal.mobile", second, 2),
      group("web.phish", page),
      group("web.phish", page),
      group("mal.site", page),
      group("mal.bot", page, 210),
      group("test", page, 3),
    ],
    rules,
  );
  assert.equal(dryRunText(run), "would have opened 3 cases from 10 events, counted 210, ignored 3");
  assert.deepEqual(run.byRule, [
    {rule: "test", do: "ignore", events: 3, cases: 0},
    {rule: "mobile", do: "open", events: 7, cases: 1},
    {rule: "phish", do: "open", events: 3, cases: 2},
    {rule: "rest", do: "count", events: 210, cases: 0},
  ]);
});
