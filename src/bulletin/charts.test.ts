import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {XMLParser, XMLValidator} from "fast-xml-parser";
import {addDays} from "../model/week.ts";
import type {Chart} from "./chart.ts";
import {textWidth} from "./charts/text.ts";
import {drawChart, drawRatingStrip, type Look} from "./charts.ts";
import type {RatingStrip} from "./document.ts";

const PAGE: Look = {language: "zh", mode: "page", width: 640};
const ABOUT = {caption: "图1", description: "本周与上周"};
const draw = (chart: Chart, look: Look = PAGE): string => drawChart({chart, ...ABOUT}, look);

interface Placed {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Returns every text of an SVG with the box that it takes, groups moved to their places. */
function textsOf(svg: string): {texts: Placed[]; width: number; height: number} {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    preserveOrder: true,
    trimValues: false,
    parseTagValue: false,
    htmlEntities: true,
  });
  const texts: Placed[] = [];
  let size = {width: 0, height: 0};
  const visit = (nodes: readonly Record<string, unknown>[], down: number): void => {
    for (const node of nodes) {
      const at = (node[":@"] ?? {}) as Record<string, string>;
      if ("svg" in node) size = {width: Number(at.width), height: Number(at.height)};
      const moved = down + Number(/translate\(0 ([\d.]+)\)/.exec(at.transform ?? "")?.[1] ?? 0);
      if ("text" in node) {
        const [child] = node.text as {"#text"?: string}[];
        const text = child?.["#text"] ?? "";
        const type = {size: Number(at["font-size"]), isBold: at["font-weight"] === "700"};
        const width = textWidth(text, type);
        const shift = {start: 0, middle: 0.5, end: 1}[at["text-anchor"] ?? "start"] ?? 0;
        const left = Number(at.x) - width * shift;
        const base = Number(at.y) + moved;
        const box = {text, left, right: left + width, top: base - type.size * 0.8, bottom: base + type.size * 0.12};
        if (text !== "") texts.push(box);
      }
      for (const value of Object.values(node)) if (Array.isArray(value)) visit(value, moved);
    }
  };
  visit(parser.parse(svg), 0);
  return {texts, ...size};
}

function assertSound(svg: string): void {
  assert.equal(XMLValidator.validate(svg), true, svg.slice(0, 300));
  const markup = svg.replace(/>[^<]*</g, "><");
  assert.doesNotMatch(markup, /NaN|Infinity|undefined|null/);
  assert.doesNotMatch(markup, /<(script|style|foreignObject|image|a|use)\b|\son\w+=|\sid=|\sstyle=|href/i);
  const {texts, width, height} = textsOf(svg);
  for (const each of texts) {
    const isInside = each.left >= -0.6 && each.right <= width + 0.6 && each.top >= -0.6 && each.bottom <= height + 0.6;
    assert.ok(isInside, `"${each.text}" leaves the box ${width}×${height}: ${JSON.stringify(each)}`);
  }
  for (const [index, one] of texts.entries()) {
    for (const other of texts.slice(index + 1)) {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      assert.ok(across <= 0.6 || down <= 0.6, `"${one.text}" and "${other.text}" collide`);
    }
  }
}

const name = fc.oneof(
  fc.constantFrom("境内被篡改网站", "Phishing pages", "中国工商银行股份有限公司北京市分行营业部", ".COM", "a-b c", ""),
  fc.constantFrom(
    "</text><script>alert(1)</script>",
    "\u202Egnp.exe",
    '" onload="x',
    "\u0000\ud800",
    "]]>&#0;",
    "👩‍👩‍👧‍👦é́",
  ),
  fc.string({unit: "grapheme", maxLength: 60}),
);
const value = fc.oneof(
  fc.nat(3000),
  fc.constantFrom(0, 1, 9999, 10000, 99_999_999, 2 ** 53, 1e300, 0.5, 12.345, 999_999.5),
  fc.double({min: 0, max: 1e300, noNaN: true}),
);
const gap = fc.option(value, {nil: null, freq: 4});
const list = <T>(of: fc.Arbitrary<T>, most: number) => fc.array(of, {maxLength: most});
const series = fc.record({name, values: list(gap, 14)});
const chart: fc.Arbitrary<Chart> = fc.oneof(
  fc.record({kind: fc.constant("bars" as const), categories: list(name, 14), series: list(series, 8)}),
  fc.record({kind: fc.constant("rank" as const), items: list(fc.record({name, value}), 50), isShare: fc.boolean()}),
  fc.record({kind: fc.constant("shares" as const), parts: list(fc.record({name, value}), 12)}),
  fc.record({
    kind: fc.constant("lines" as const),
    points: list(fc.oneof(fc.constantFrom("2022-12-26", "2023-01-02", "2023-02-20"), name), 60),
    series: list(series, 20),
  }),
  fc.record({
    kind: fc.constant("tiles" as const),
    tiles: fc.uniqueArray(fc.record({key: fc.constantFrom("11", "44", "81", "71", "x", "y", "z"), name, value: gap}), {
      selector: (tile) => tile.key,
    }),
  }),
);
const look: fc.Arbitrary<Look> = fc.record({
  language: fc.constantFrom("zh" as const, "en" as const),
  mode: fc.constantFrom("page" as const, "print" as const),
  width: fc.integer({min: 300, max: 900}),
});

test("whatever a chart shows, no label leaves the box or meets another, and nothing of a name becomes markup", () => {
  fc.assert(
    fc.property(chart, look, name, (shown, drawn, caption) => {
      assertSound(drawChart({chart: shown, caption, description: caption}, drawn));
    }),
    {numRuns: 500},
  );
});

test("a rating strip fits whatever its names and width", () => {
  fc.assert(
    fc.property(fc.tuple(name, name, name, name, name), name, look, (names, label, drawn) => {
      const strip: RatingStrip = {kind: "rating", grade: "良", label, names, description: label};
      assertSound(drawRatingStrip(strip, drawn));
    }),
    {numRuns: 200},
  );
});

test("a chart says what it is to a reader who cannot see it", () => {
  const svg = draw({kind: "rank", items: [{name: ".COM", value: 0.743}], isShare: true});
  assert.match(svg, /^<svg [^>]*role="img"[^>]*><title>图1<\/title><desc>本周与上周<\/desc>/);
  assert.match(svg, />74\.3%</);
});

test("a number that was not measured is a dash, a zero is a zero with a mark of its own", () => {
  const svg = draw({
    kind: "bars",
    categories: ["境内"],
    series: [
      {name: "上周", values: [null]},
      {name: "本周", values: [0]},
    ],
  });
  const words = textsOf(svg).texts.map(({text}) => text);
  assert.ok(words.includes("—"));
  assert.equal(words.filter((text) => text === "0").length, 2, "one on the axis, one on the bar");
  assert.equal(svg.match(/<rect[^>]*height="1.5"/g)?.length, 1);
});

test("a week without a number breaks the line, and a week between two gaps is a dot", () => {
  const points = Array.from({length: 14}, (_, index) => addDays("2023-01-30", 7 * index));
  const values = [1, 2, 3, 4, 5, 9, 6, 5, 4, 3, 2, null, 7, null];
  const svg = draw({kind: "lines", points, series: [{name: "本周", values}]});
  const path = /d="(M[^"]*)" fill="none" stroke="var\(--wf-s1/.exec(svg)?.[1] ?? "";
  assert.equal(path.match(/M/g)?.length, 2);
  assert.equal(svg.match(/r="2.5"/g)?.length, 2, "the lone week and the highest");
  assert.match(svg, />—</);
});

test("of a few weeks each has its dot, and every axis begins at zero, however far from it the values are", () => {
  const points = ["2023-02-13", "2023-02-20", "2023-02-27"];
  const svg = draw({kind: "lines", points, series: [{name: "本周", values: [901_234, 899_876, 900_500]}]});
  assert.equal(svg.match(/r="2.5"/g)?.length, 4, "three weeks, and the highest once more");
  assert.match(svg, />0</);
});

test("bands name the ranges of a value along the axis, which then ends with the last", () => {
  const points = ["2023-02-13", "2023-02-20"];
  const bands = ["优", "良", "中", "差", "危"].map((name, index) => ({name, to: [35, 54, 70, 85, 100][index] ?? 0}));
  const svg = draw({kind: "lines", points, series: [{name: "指数", values: [40, 48.6]}], bands});
  const words = textsOf(svg).texts.map(({text}) => text);
  for (const word of ["优", "良", "中", "差", "危", "0", "35", "54", "70", "85", "100", "48.6"])
    assert.ok(words.includes(word), word);
});

test("bars whose names or values have no room beside each other are drawn lying", () => {
  const wide = {kind: "bars", categories: ["甲", "乙"], series: [{name: "本周", values: [1, 2]}]} as const;
  const dense = {...wide, categories: Array.from({length: 12}, (_, index) => `移动互联网恶意程序${index}`)};
  const lying = /text-anchor="end"[^>]*>移动/;
  assert.doesNotMatch(draw(wide), lying);
  assert.match(draw(dense), lying);
});

test("the tile grid has all 34 province-level units, those without a number as a dash", () => {
  const svg = draw({kind: "tiles", tiles: [{key: "44", name: "广东", value: 12}]});
  const words = textsOf(svg).texts.map(({text}) => text);
  for (const unit of ["广东", "台湾", "香港", "澳门", "内蒙古", "黑龙江"]) assert.ok(words.includes(unit), unit);
  assert.equal(words.filter((text) => text === "—").length, 33);
});

test("units that are not Chinese provinces get tiles of their own and no Chinese ones", () => {
  const svg = draw({kind: "tiles", tiles: [{key: "JP-13", name: "東京", value: 3}]});
  assert.match(svg, />東京</);
  assert.doesNotMatch(svg, />广东</);
});

test("parts beyond the colours are drawn as one rest, and their sum is kept", () => {
  const parts = Array.from({length: 10}, (_, index) => ({name: `类型${index}`, value: 10}));
  const svg = draw({kind: "shares", parts});
  assert.match(svg, />其余</);
  assert.match(svg, />40\.0%</);
  assert.match(svg, />100</);
});

test("a page's chart takes its colours from the style sheet, a printed one has them fixed", () => {
  const one = {kind: "rank", items: [{name: "a", value: 1}], isShare: false} as const;
  assert.match(draw(one), /fill="var\(--wf-s1,#[0-9a-f]{6}\)"/);
  assert.doesNotMatch(draw(one, {...PAGE, mode: "print"}), /var\(/);
});

test("the same figure gives the same bytes", () => {
  fc.assert(
    fc.property(chart, (shown) => {
      assert.equal(draw(structuredClone(shown)), draw(shown));
    }),
    {numRuns: 30},
  );
});
