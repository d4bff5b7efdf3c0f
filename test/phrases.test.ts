/**
 * The published editions, regenerated from their figures. Every stored phrase of a first-hand edition has to come out
 * character for character; the few that cannot are data in phrase-exceptions.json, each with its kind and reason.
 */
import assert from "node:assert/strict";
import {existsSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {z} from "zod";
import {compose} from "../src/bulletin/compose.ts";
import {renderJson} from "../src/bulletin/data/json.ts";
import {editionSchema} from "../src/bulletin/data/json-schema.ts";
import type {List} from "../src/bulletin/document.ts";
import {readFigures} from "../src/bulletin/figures.ts";
import {renderHtml} from "../src/bulletin/html.ts";
import {renderMarkdown} from "../src/bulletin/markdown.ts";
import {changeOf} from "../src/bulletin/numbers.ts";
import {shippedProfile} from "./edition-fixture.ts";
import {plainText} from "./plain-text.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const SHARED = path.resolve(ROOT, process.env.WATCHFLOOR_SHARED ?? "../shared", "domain");
const skip = existsSync(path.join(SHARED, "editions.json")) ? false : "skipped: no shared data";

const entrySchema = z.looseObject({
  year: z.number().nullable(),
  issue: z.number().nullable(),
  period: z.object({from: z.string().nullable(), to: z.string().nullable()}),
  rating: z.string().nullable(),
  variant: z.string(),
  source_kind: z.string(),
  source: z.string(),
  figures: z.record(z.string(), z.unknown()),
  wow: z.record(z.string(), z.number()),
  phrases: z.array(z.string()),
  issue_by_rule: z.number().optional(),
  implied_previous: z.record(z.string(), z.union([z.number(), z.array(z.number())])).optional(),
});
type Edition = z.infer<typeof entrySchema>;

const exceptionSchema = z.array(
  z.strictObject({
    edition: z.string(),
    phrase: z.string(),
    kind: z.enum(["misprint", "house-variant", "not-bulletin-text"]),
    reason: z.string(),
  }),
);

const desk = {profile: shippedProfile("cn"), overrides: {}};
const editions: Edition[] = skip ? [] : z.array(entrySchema).parse(readShared("editions.json"));
const exceptions = exceptionSchema.parse(
  JSON.parse(readFileSync(path.join(import.meta.dirname, "phrase-exceptions.json"), "utf8")),
);

function readShared(file: string): unknown {
  return JSON.parse(readFileSync(path.join(SHARED, file), "utf8"));
}

/** Dated editions are named by issue, the others by the address they were found at. */
function nameOf({year, issue, source}: Edition): string {
  return issue === null ? source : `${year}/${issue}`;
}

function isFirstHand({source_kind}: Edition): boolean {
  return source_kind.startsWith("primary");
}

function textOf(edition: Edition): string {
  const variant = edition.variant === "short" ? "short" : "long";
  return plainText(compose(readFigures(edition, desk).input, desk.profile, {language: "zh", variant}));
}

test("every phrase of the first-hand editions comes out as published, misprints and a repost's spacing excepted", {
  skip,
}, (t) => {
  const missing: string[] = [];
  let agreed = 0;
  for (const edition of editions.filter(isFirstHand)) {
    const text = textOf(edition);
    for (const phrase of edition.phrases) {
      if (text.includes(phrase)) agreed += 1;
      else missing.push(`${nameOf(edition)} ${phrase}`);
    }
  }
  t.diagnostic(`${agreed} of ${agreed + missing.length} phrases of first-hand editions come out as published`);
  assert.deepEqual(missing.sort(), exceptions.map(({edition, phrase}) => `${edition} ${phrase}`).sort());
});

test("an exception is a published error: with its letters mended, the sentence is the one we print", {skip}, () => {
  const mended: Record<string, string> = {
    [exceptions[0]?.phrase ?? ""]: "含跨境网络安全事件149起。",
    [exceptions[1]?.phrase ?? ""]: "重点处理332起仿冒投诉事件。",
    [exceptions[2]?.phrase ?? ""]: "共处理网络安全事件368起，含跨境网络安全事件168起。",
  };
  for (const {edition, phrase} of exceptions) {
    const found = editions.find((each) => nameOf(each) === edition);
    assert.ok(found, edition);
    assert.ok(textOf(found).includes(mended[phrase] ?? "no such sentence"), phrase);
  }
});

test("how many phrases of second-hand editions come out is counted, not required", {skip}, (t) => {
  const others = editions.filter((each) => !isFirstHand(each));
  const phrases = others.flatMap((edition) => edition.phrases.map((phrase) => ({edition, phrase})));
  const agreed = phrases.filter(({edition, phrase}) => textOf(edition).includes(phrase)).length;
  t.diagnostic(
    `${agreed} of ${phrases.length} phrases of ${others.length} second-hand editions come out as summarised`,
  );
});

test("all entries are read, and every dated one gets its published number from its period alone", {skip}, (t) => {
  let numbered = 0;
  for (const edition of editions) {
    const published = edition.issue ?? edition.issue_by_rule;
    const {input} = readFigures({...edition, issue: null}, desk);
    if (published === undefined || input.week === null) continue;
    numbered += 1;
    assert.deepEqual(input.issue, {year: edition.year, number: published}, edition.source);
  }
  t.diagnostic(`${numbered} of ${editions.length} editions numbered as published`);
  assert.ok(numbered >= 40);
});

test("where last week's value can be told, the printed change comes out of the raw counts", {skip}, (t) => {
  let agreed = 0;
  const differing: string[] = [];
  for (const edition of editions) {
    for (const [id, previous] of Object.entries(edition.implied_previous ?? {})) {
      const [value, printed] = [edition.figures[id], edition.wow[id]];
      if (typeof previous !== "number" || typeof value !== "number" || printed === undefined) continue;
      const change = changeOf({value, previous, change: null});
      const signed = change?.direction === "down" ? -Number(change.percent) : Number(change?.percent);
      const isWholePercent = Number.isInteger(printed) && Math.abs(Math.abs(signed) - Math.abs(printed)) <= 0.5;
      if (signed === printed || isWholePercent) agreed += 1;
      else differing.push(`${edition.source} ${id}: ${printed} printed, ${signed} computed`);
    }
  }
  t.diagnostic(`${agreed} printed changes come out of raw counts`);
  assert.deepEqual(differing, []);
  assert.ok(agreed > 25);
});

test("the reference edition 2023/9 is whole: title, sentences, and the five issues before it", {skip}, () => {
  const published = readFileSync(path.join(SHARED, "reference-edition-2023-09.txt"), "utf8");
  const edition = editions.find((each) => nameOf(each) === "2023/9");
  assert.ok(edition);
  const document = compose(readFigures(edition, desk).input, desk.profile, {language: "zh", variant: "short"});
  assert.ok(published.includes(`# ${document.title}\n`));
  for (const id of ["situation", "incidents"]) {
    const section = document.sections.find((each) => each.id === id);
    assert.ok(section && published.includes(`\n${section.heading}\n`));
    const words = section.blocks.find((block) => block.kind === "paragraph");
    assert.ok(words?.kind === "paragraph");
    assert.ok(published.includes(`\n${words.spans.map(({text}) => text).join("")}\n`), id);
  }
  const listed = [...published.matchAll(/^●\[(.+?)\]\(/gm)].map((found) => found[1]);
  const review = document.sections.find((each) => each.id === "review");
  const list = review?.blocks.find((block): block is List => block.kind === "list");
  assert.equal(listed.length, 5);
  assert.deepEqual(
    list?.items.map((item) => item.map(({text}) => text).join("")),
    listed,
  );
});

test("every entry makes a page, a Markdown text and a JSON of the published schema, in both languages and forms", {
  skip,
}, () => {
  for (const edition of editions) {
    const {input} = readFigures(edition, desk);
    for (const language of ["zh", "en"] as const) {
      for (const variant of ["short", "long"] as const) {
        const document = compose(input, desk.profile, {language, variant});
        const texts = [plainText(document), renderMarkdown(document), renderHtml(document)];
        for (const text of texts) assert.doesNotMatch(text, /undefined|NaN|\[object/, nameOf(edition));
        editionSchema.parse(JSON.parse(renderJson(document, input, desk.profile)));
      }
    }
  }
});
