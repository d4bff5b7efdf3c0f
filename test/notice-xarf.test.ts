/** What we send as X-ARF is held against the published schemas, which are read from the shared data. */
import assert from "node:assert/strict";
import {existsSync, readdirSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {Ajv2020, type AnySchemaObject} from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import {xarfReport} from "../src/cases/notices/xarf.ts";
import {TAXONOMY} from "../src/model/taxonomy.ts";
import {caseOf, NOW, noticeOf, SENDER} from "./notice-samples.ts";
import {SHARED} from "./site.ts";

const SCHEMAS = path.join(SHARED, "data/1-reports/xarf/spec/schemas/v4");
const SAMPLES = path.join(SHARED, "data/1-reports/xarf/spec/samples/v4");
const skip = existsSync(SCHEMAS) ? false : "skipped: no shared data";

const ASSETS: readonly (readonly [string, string])[] = [
  ["url", "https://login.bank-1.example/account?id=1"],
  ["url", "http://例子.example/路径?q=“a”"],
  ["site", "www.city.example"],
  ["domain", "bank-1.example"],
  ["ip", "203.0.113.7"],
  ["ip", "2001:db8::7"],
  ["file", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["app", "example.app.fake"],
  ["account", "someone"],
  ["org", "Example City"],
  ["url", "no address at all"],
  ["url", 'http://a.example/100%/[x]|{y}^`?q="a"#one#two<>\\'],
  ["url", "https://user:p@ss@a.example:8443?x"],
  ["url", "http://[2001:db8::7]:8080/"],
  ["url", "HTTPS://A.example"],
];

function validator(): (value: unknown) => string {
  const ajv = new Ajv2020({strict: false, allErrors: true});
  addFormats.default(ajv);
  const read = (file: string): AnySchemaObject => JSON.parse(readFileSync(path.join(SCHEMAS, file), "utf8"));
  const files = ["xarf-core.json", ...readdirSync(path.join(SCHEMAS, "types")).map((name) => `types/${name}`)];
  for (const file of files) ajv.addSchema(read(file));
  const validate = ajv.compile(read("xarf-v4-master.json"));
  return (value) => {
    validate(value);
    return (validate.errors ?? []).map(({instancePath, message}) => `${instancePath} ${message}`).join("; ");
  };
}

test("the validator takes the publisher's own samples and refuses what is none", {skip}, () => {
  const faultsIn = validator();
  const names = readdirSync(SAMPLES);
  const taken = names.filter((name) => faultsIn(JSON.parse(readFileSync(path.join(SAMPLES, name), "utf8"))) === "");
  assert.ok(taken.length > names.length / 2, `${taken.length} of ${names.length}`);
  assert.notEqual(faultsIn({xarf_version: "4.2.0"}), "");
  assert.notEqual(
    faultsIn({...xarfReport({...facts("web.phish", "url", "https://a.example/"), now: NOW}), url: "x y"}),
    "",
  );
});

function facts(code: string, kind: string, value: string): Omit<Parameters<typeof xarfReport>[0], "now"> {
  const each = caseOf(1, {class: code});
  return {notification: noticeOf(), case: {...each, asset: {...each.asset, kind, value}}, sender: SENDER};
}

test("a report of every class and kind of asset fits the schema", {skip}, () => {
  const faultsIn = validator();
  const wrong: string[] = [];
  for (const {code} of TAXONOMY.incidentClasses) {
    for (const [kind, value] of ASSETS) {
      const full = facts(code, kind, value);
      const {asset} = full.case;
      const bare = {
        ...full.case,
        asset: {...asset, ip: null, asn: null, brand: null, country: null, registrar: null, service: null},
        evidence: null,
        firstSeen: null,
        lastSeen: null,
        dueAt: null,
      };
      for (const each of [full.case, bare]) {
        const fault = faultsIn(xarfReport({...full, case: each, now: NOW}));
        if (fault !== "") wrong.push(`${code} ${kind} ${value}: ${fault}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test("any address that a browser takes becomes one that the schema takes", {skip}, () => {
  const faultsIn = validator();
  fc.assert(
    fc.property(fc.webUrl(), fc.string({unit: "binary"}), (url, rest) => {
      assert.equal(faultsIn(xarfReport({...facts("web.phish", "url", url + rest), now: NOW})), "");
    }),
    {numRuns: 300},
  );
});

test("the exact value is in the report, and nobody is its reporter but us", () => {
  const report = xarfReport({...facts("web.phish", "url", "https://login.bank-1.example/account?id=1"), now: NOW});
  assert.equal(report["url"], "https://login.bank-1.example/account?id=1");
  assert.deepEqual(report["reporter"], report["sender"]);
  assert.deepEqual(
    xarfReport({...facts("web.phish", "url", "https://a.example/"), now: NOW}),
    xarfReport({...facts("web.phish", "url", "https://a.example/"), now: NOW}),
  );
});
