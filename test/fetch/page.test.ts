/** docs/fetching.md: its examples are right, and it lists what may be wrong. */
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {parse} from "yaml";
import {configSchema} from "../../src/app/config.ts";
import {FAILURES} from "../../src/app/fetch/failures.ts";
import {fetchSchema} from "../../src/app/fetch/schema.ts";
import {FORMATS} from "../../src/feeds/index.ts";
import {codeBlocks} from "../markdown.ts";
import {ROOT} from "../site.ts";

const PAGE = readFileSync(path.join(ROOT, "docs/fetching.md"), "utf8");
const examples = codeBlocks(PAGE).filter(({language}) => language === "yaml");

test("every example of the page is a right configuration, and there is one of each kind", () => {
  const kinds = new Set<string>();
  for (const {text} of examples) {
    const {feeds} = configSchema.parse({profile: "cn", ...parse(text)});
    for (const [name, feed] of Object.entries(feeds)) {
      assert.ok(
        FORMATS.some((format) => format.name === feed.format),
        name,
      );
      assert.ok(feed.enabled && feed.fetch, name);
      for (const kind of Object.keys(feed.fetch.from)) kinds.add(kind);
    }
  }
  assert.deepEqual([...kinds].sort(), Object.keys(fetchSchema.shape.from.shape).sort());
});

test("the page lists every failure by its code, and no other", () => {
  const listed = [...PAGE.matchAll(/^\| `([a-z-]+)` \|/gm)].map((found) => found[1] ?? "");
  assert.deepEqual(listed.sort(), Object.keys(FAILURES).sort());
});

test("a wrong way of fetching is refused", () => {
  const http = {http: {url: "https://feeds.example/a.csv"}};
  const isRight = (every: unknown, from: unknown): boolean => fetchSchema.safeParse({every, from}).success;
  assert.ok(isRight(60, http) && isRight("Mon-Fri 06:30,18:00", http));
  for (const every of [0, -5, 20_000, 1.5, "25:00", "6:30", "Monday 06:30", "* * * * *", "", "06:30 "])
    assert.ok(!isRight(every, http), String(every));
  for (const from of [
    {},
    {...http, folder: {path: "x"}},
    {http: {url: "ftp://feeds.example/"}},
    {http: {url: "https://user:password@feeds.example/"}},
    {http: {url: "https://feeds.example/", secretFrom: "PASSWORD"}},
    {http: {url: "https://feeds.example/", password: "x"}},
    {imap: {host: "mail.example", user: "x", password: "y"}},
    {folder: {path: ""}},
    {shadowserver: {keyFrom: "WATCHFLOOR_SECRET_A"}},
  ])
    assert.ok(!isRight(60, from), JSON.stringify(from));
});
