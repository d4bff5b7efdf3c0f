import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {
  fixtureDocument,
  fixtureIndicators,
  fixtureInput,
  indicator,
  referenceInput,
  shippedProfile,
} from "../../test/edition-fixture.ts";
import {plainText} from "../../test/plain-text.ts";
import {type BreakdownTable, GRADES} from "../model/indicator.ts";
import {compose} from "./compose.ts";
import type {Block, EditionDocument} from "./document.ts";
import {type EditionInput, EMPTY, NO_FACTS, statedRating, UNDISCLOSED} from "./edition-input.ts";

const blocksOf = (document: EditionDocument): Block[] => document.sections.flatMap((section) => section.blocks);

function paragraphOf(input: EditionInput, id: string, variant: "short" | "long" = "long"): string | null {
  const found = blocksOf(fixtureDocument("zh", variant, input)).find(
    (block) => block.kind === "paragraph" && block.id === id,
  );
  return found?.kind === "paragraph" ? found.spans.map(({text}) => text).join("") : null;
}

function withValues(values: Readonly<Record<string, number | null>>): EditionInput {
  return {
    ...EMPTY,
    indicators: Object.fromEntries(Object.entries(values).map(([id, value]) => [id, indicator(value)])),
  };
}

test("the long form has the sections of the published one in their order, then ours", () => {
  const ids = fixtureDocument("zh", "long").sections.map(({id}) => id);
  assert.deepEqual(ids, [
    "situation",
    "hosts",
    "websites",
    "vulnerabilities",
    "incidents",
    "news",
    "rating-basis",
    "review",
    "method",
    "about",
  ]);
});

test("in the short form sections 2 to 4 are pictures only, as published", () => {
  const document = fixtureDocument("zh", "short");
  for (const section of document.sections.filter(({id}) => ["hosts", "websites", "vulnerabilities"].includes(id))) {
    assert.ok(section.blocks.length > 0);
    assert.ok(section.blocks.every(({kind}) => kind === "figure"));
  }
});

test("figures are numbered through in the order of reading, and each has a caption, a description and its data", () => {
  for (const variant of ["short", "long"] as const) {
    const figures = blocksOf(fixtureDocument("zh", variant)).filter((block) => block.kind === "figure");
    figures.forEach((figure, index) => {
      assert.ok(figure.caption.startsWith(`图${index + 1} `), figure.caption);
      assert.ok(figure.description.length > 5);
      assert.ok(figure.data.rows.length > 0);
      assert.ok(figure.data.rows.every(({cells}) => cells.length === figure.data.columns.length));
    });
  }
});

test("the short form of a week without an app case has no mobile sentence and ends with a full stop", () => {
  const said = paragraphOf(
    {...referenceInput, indicators: {...referenceInput.indicators, "mobile.platforms": indicator(0)}},
    "incidents",
    "short",
  );
  assert.match(said ?? "", /1530起仿冒投诉事件。$/);
});

test("a number that is missing drops its clause: no sentence ever says null, undefined, NaN or a guessed 0", () => {
  const ids = Object.keys(fixtureIndicators);
  fc.assert(
    fc.property(
      fc.subarray(ids),
      fc.constantFrom("zh", "en"),
      fc.constantFrom("short", "long"),
      (kept, language, variant) => {
        const indicators = Object.fromEntries(
          ids.map((id) => [id, kept.includes(id) ? (fixtureIndicators[id] ?? indicator(null)) : indicator(null)]),
        );
        const input = {...fixtureInput, indicators, rating: statedRating("良"), history: null};
        const text = plainText(fixtureDocument(language, variant, input));
        assert.doesNotMatch(text, /null|undefined|NaN|\[object|(?<![\d.,-])0(个|起|万)|[,，;；]。|本周[,，]?。|中,。/);
      },
    ),
    {numRuns: 150},
  );
});

test("where no count of handled incidents is known, the next sentence names who acted", () => {
  const said = paragraphOf(withValues({"incident.phishing": 12}), "incidents", "short");
  assert.equal(said, "本周，CNCERT协调境内外域名注册机构、境外CERT等机构重点处理12起仿冒投诉事件。");
});

test("the change is said in the long form: 上升, 下降, 持平, and nothing when last week was zero", () => {
  const said = (value: number, previous: number): string =>
    paragraphOf({...EMPTY, indicators: {"web.gov_defaced": indicator(value, previous)}}, "government-sites") ?? "";
  assert.equal(said(9, 14), "本周境内被篡改政府网站（GOV类）数量为9个，较上周环比下降了35.7%。");
  assert.equal(said(440, 400), "本周境内被篡改政府网站（GOV类）数量为440个，较上周环比上升了10.0%。");
  assert.equal(said(22, 22), "本周境内被篡改政府网站（GOV类）数量为22个，与上周持平。");
  assert.equal(said(22, 0), "本周境内被篡改政府网站（GOV类）数量为22个。");
});

test("hosts below 万 are exact and lose their 约; malware sites are exact at any size", () => {
  const said = paragraphOf(withValues({"host.infected": 9000, "host.conficker": 4000}), "hosts");
  assert.equal(said, "本周境内感染网络病毒的主机数量为9000个，其中包括境内感染飞客（conficker）蠕虫的主机4000个。");
  assert.match(paragraphOf(withValues({"msite.domains": 324, "msite.ips": 17_172}), "malware-sites") ?? "", /17172个/);
});

test("a domain with sites in two places is in both parts, so the shares are of the domains and are drawn as bars", () => {
  const scope = [
    {key: "domestic", value: 80},
    {key: "overseas", value: 50},
  ];
  const input = {...EMPTY, indicators: {"msite.domains": {...indicator(100), by: {scope}}}};
  assert.match(paragraphOf(input, "malware-sites") ?? "", /在100个域名中，有50.0%指向境外站点/);
  const figure = blocksOf(fixtureDocument("zh", "long", input)).find(
    (block) => block.kind === "figure" && block.id === "malware-scope",
  );
  assert.ok(figure?.kind === "figure");
  assert.equal(figure.chart.kind, "rank");
  assert.match(figure.description, /境内80（80.0%）；境外50（50.0%）。同一对象可计入多项/);
});

test("what figures by hand say of registration stays said so", () => {
  const facts = {...NO_FACTS, shares: {"msite.domains_overseas": {part: 392, whole: 1000}}};
  const input = {...EMPTY, facts, indicators: {"msite.domains": indicator(324)}};
  assert.match(paragraphOf(input, "malware-sites") ?? "", /有39.2%为境外注册/);
});

test("the long form has the full-width marks of today, and half-width ones where it was printed so", () => {
  const indicators = {"host.infected": indicator(9000), "host.conficker": indicator(4000), "vuln.total": indicator(12)};
  const said = (id: string, edition: Partial<EditionInput>): string =>
    paragraphOf({...EMPTY, indicators, ...edition}, id) ?? "";
  const old = {week: {from: "2018-02-05", to: "2018-02-11"}};
  const half = "本周境内感染网络病毒的主机数量为9000个,其中包括境内感染飞客(conficker)蠕虫的主机4000个。";
  for (const edition of [old, {year: 2013}, {year: 2020}]) assert.equal(said("hosts", edition), half);
  assert.match(said("vulnerabilities", old), /^本周,国家信息安全漏洞共享平台\(CNVD\)新收录网络安全漏洞12个。$/);
  const today = {week: {from: "2026-03-02", to: "2026-03-08"}};
  assert.match(said("hosts", today), /^本周.*9000个，其中包括.*（conficker）/);
  assert.match(said("vulnerabilities", today), /^本周，国家信息安全漏洞共享平台（CNVD）新收录网络安全漏洞12个。$/);
  for (const variant of ["short", "long"] as const) {
    const text = plainText(fixtureDocument("zh", variant, {...fixtureInput, ...today}));
    assert.deepEqual(text.match(/.*(\p{Script=Han}[,;:(]|[,;:)]\p{Script=Han}).*/gu), null);
  }
});

test("most malware sites are said to be reached by name only when that is so", () => {
  const said = (direct: number): string =>
    paragraphOf(withValues({"msite.ips": 100, "msite.direct_ips": direct}), "direct-ips") ?? "";
  assert.match(said(49), /大部分/);
  assert.doesNotMatch(said(50), /大部分/);
});

test("an infrastructure event of national or provincial reach breaks the calm; one of a city does not", () => {
  const event = {
    id: "i-1",
    day: "2023-02-21",
    level: "III",
    title: {zh: "某省骨干网中断", en: "Backbone outage"},
    by: "x",
    at: "2023-02-21T00:00:00Z",
  } as const;
  const said = (reach: "province" | "city"): string =>
    paragraphOf({...fixtureInput, infraEvents: [{...event, reach}]}, "situation", "short") ?? "";
  assert.match(said("province"), /发生1起造成重大影响的互联网基础设施运行安全事件：某省骨干网中断。/);
  assert.match(said("city"), /运行整体平稳/);
  assert.doesNotMatch(paragraphOf({...fixtureInput, infraEvents: null}, "situation", "short") ?? "", /基础设施/);
});

test("a week that could not be rated says so on the strip and drops the sentence", () => {
  const input = {...fixtureInput, rating: statedRating(null)};
  assert.doesNotMatch(paragraphOf(input, "situation", "short") ?? "", /评价为/);
  const strip = blocksOf(fixtureDocument("zh", "short", input)).find((block) => block.kind === "rating");
  assert.equal(strip?.kind === "rating" && strip.grade, null);
});

test("each grade has its word in both languages", () => {
  for (const grade of GRADES) {
    const input = {...referenceInput, rating: statedRating(grade)};
    assert.ok(paragraphOf(input, "situation", "short")?.includes(`整体评价为${grade}。`));
  }
  assert.match(
    plainText(fixtureDocument("en", "short", {...referenceInput, rating: statedRating("危")})),
    /rated critical\./,
  );
});

test("the editor's words stand in place of the composed ones, in the language they were written for", () => {
  const input = {...fixtureInput, texts: {zh: {incidents: "本周处理情况见附件。"}}};
  assert.equal(paragraphOf(input, "incidents", "short"), "本周处理情况见附件。");
  assert.match(plainText(fixtureDocument("en", "short", input)), /1,777/);
});

test("provinces below the threshold stand in other, and not as tiles", () => {
  const map = blocksOf(fixtureDocument("zh", "long")).find(
    (block) => block.kind === "figure" && block.id === "provinces",
  );
  assert.ok(map?.kind === "figure" && map.chart.kind === "tiles");
  assert.equal(map.chart.tiles.find(({name}) => name === "广西")?.value, null);
  assert.deepEqual(map.data.rows.at(-1)?.cells.slice(0, 2), ["其他", "6"]);
  assert.match(map.description, /少于3的单元已并入“其他”/);
});

test("gaps are notes at the head of a draft, and remarks in the method note once published", () => {
  const draft = fixtureDocument("zh", "long", {...fixtureInput, publishedOn: null});
  const published = fixtureDocument("zh", "long");
  const isGap = (block: Block): boolean => block.kind === "note" && block.tone === "gap";
  assert.equal(blocksOf(draft).filter(isGap).length, 1);
  assert.equal(blocksOf(published).filter(isGap).length, 0);
  assert.match(
    plainText(published),
    /example-defacements本周仅送达212条数据（通常每周约1904条），以下指标可能偏低：境内被篡改政府网站。/,
  );
});

test("a gap of last week is told with the figures that are compared with it", () => {
  const gap = {feed: "bots", kind: "silent", delivered: 0, usual: 900} as const;
  const defaced = {...indicator(9, 3), gapsBefore: [gap]};
  const input = {...EMPTY, gapsBefore: [gap], indicators: {"web.defaced": defaced, "c2.ips": indicator(5)}};
  const texts = fixtureDocument("zh", "long", input).sections[0]?.blocks.flatMap((block) =>
    block.kind === "note" ? [block.spans.map(({text}) => text).join("")] : [],
  );
  assert.deepEqual(texts, [
    "数据源bots上周未送达数据（通常每周约900条），以下指标与上周的比较可能偏高：境内被篡改网站。",
  ]);
});

test("a correction is a note at the head with its day and reason, newest first", () => {
  const corrections = [
    {version: 2, day: "2023-03-10", reason: {zh: "更正数字。", en: "A number."}},
    {version: 3, day: "2023-03-12", reason: {zh: "更正标题。", en: "A title."}},
  ];
  const notes = blocksOf(fixtureDocument("zh", "short", {...fixtureInput, corrections})).filter(
    ({kind}) => kind === "note",
  );
  assert.deepEqual(
    notes.map((note) => note.kind === "note" && note.spans[0]?.text),
    ["更正（2023年3月12日，第3版）：更正标题。", "更正（2023年3月10日，第2版）：更正数字。"],
  );
});

test("another country's profile speaks of its own constituency and shows no Chinese provinces", () => {
  const document = compose(fixtureInput, shippedProfile("generic"), {language: "en", variant: "long"});
  const text = plainText(document);
  assert.doesNotMatch(text, /China|CNCERT|CNVD|province/i);
  assert.match(text, /The CSIRT/);
});

test("both languages have the same sections, figures and tables", () => {
  for (const variant of ["short", "long"] as const) {
    const shape = (document: EditionDocument): string[] =>
      document.sections.flatMap(({id, blocks}) => [id, ...blocks.map((block) => block.kind)]);
    assert.deepEqual(shape(fixtureDocument("en", variant)), shape(fixtureDocument("zh", variant)));
  }
});

test("the English text has no Chinese in it besides names that came with the data", () => {
  const input = {...fixtureInput, indicators: {...fixtureIndicators, "web.phishing_pages": indicator(1530, 1402)}};
  assert.doesNotMatch(plainText(fixtureDocument("en", "long", input)), /\p{Script=Han}|[，。；：（）]/u);
});

test("English counts and their nouns agree: nothing, one, two and many of everything", () => {
  const breakdown = (value: number): BreakdownTable => ({
    scope: [
      {key: "overseas", value},
      {key: "domestic", value: 0},
    ],
    tld: [{key: ".com", value}],
  });
  const everything = (value: number): EditionInput => ({
    ...fixtureInput,
    indicators: Object.fromEntries(
      Object.keys(fixtureIndicators).map((id) => [id, indicator(value, value, breakdown(value))]),
    ),
    gaps: [
      {feed: "f", kind: "far-less", delivered: value, usual: value + 1},
      {feed: UNDISCLOSED, kind: "far-less", delivered: value, usual: value + 1},
    ],
  });
  const said = (value: number, variant: "short" | "long"): string =>
    blocksOf(fixtureDocument("en", variant, everything(value)))
      .flatMap((block) => {
        if (block.kind === "paragraph" || block.kind === "note") return [block.spans];
        return block.kind === "list" ? block.items : [];
      })
      .map((spans) => spans.map(({text}) => text).join(""))
      .join("\n");
  const countable =
    "hosts|websites|pages|domains|addresses|incidents|complaints|platforms|URLs|vulnerabilities|names|families|events|reports";
  const counts = fc.oneof(fc.constantFrom(0, 1, 2), fc.integer({min: 3, max: 2_000_000}));
  fc.assert(
    fc.property(counts, fc.constantFrom("short", "long"), (value, variant) => {
      const text = said(value, variant);
      assert.doesNotMatch(text, new RegExp(`\\b1 (?:[\\w-]+ ){0,3}?(?:${countable})\\b(?! aimed| website)`));
      assert.doesNotMatch(
        text,
        /\b0 (?!to 100)[a-z]|\(0%\)|about (0|100)(\.0)?%|100\.0% of|(?<![\d,])1 [^.;]{0,40}\bwere\b/,
      );
      if (value > 1)
        assert.doesNotMatch(text, /\b(?!1 )\d+ (?:[\w-]+ ){0,3}?(?:host|website|page|domain|address|incident)\b(?! s)/);
      if (value < 50) assert.doesNotMatch(text, /\bmany\b/);
      assert.doesNotMatch(text, /(^|\. )[a-z]/m, "a sentence begins with a capital");
    }),
  );
  assert.match(said(1, "long"), /1 domestic host was infected by malware: 1 controlled/);
  assert.match(said(0, "long"), /observed no defaced domestic websites, no domestic websites with a backdoor and no/);
});

test("types of vulnerabilities are ranked only when the source says most of them; what is unknown has no rank", () => {
  const withTypes = (vulnType: BreakdownTable["vulnType"]): EditionInput => ({
    ...EMPTY,
    indicators: {"vuln.total": indicator(100, null, {vulnType: vulnType ?? []})},
  });
  const unknown = {key: "unknown", value: 40};
  const known = withTypes([unknown, {key: "web", value: 35}, {key: "os", value: 25}]);
  assert.match(paragraphOf(known, "vulnerability-types") ?? "", /WEB应用.*操作系统/);
  assert.doesNotMatch(paragraphOf(known, "vulnerability-types") ?? "", /unknown/);
  const hardly = withTypes([
    {key: "unknown", value: 60},
    {key: "web", value: 40},
  ]);
  for (const input of [hardly, withTypes([{key: "unknown", value: 100}])]) {
    assert.equal(paragraphOf(input, "vulnerability-types"), null);
    assert.equal(
      blocksOf(fixtureDocument("zh", "long", input)).some(
        ({kind, ...rest}) => "id" in rest && rest.id === "vulnerability-types",
      ),
      false,
    );
  }
});

test("sentences round what is sampled and say so; tables, charts and descriptions give the same number exactly", () => {
  const words = {zh: ["约为79.3万个", "793412", "651880"], en: ["about 793,000", "793,412", "651,880"]} as const;
  for (const language of ["zh", "en"] as const) {
    const document = fixtureDocument(language, "long");
    const [rounded, infected, bots] = words[language];
    const cells = blocksOf(document).flatMap((block) =>
      block.kind === "table" ? block.rows : block.kind === "figure" ? block.data.rows : [],
    );
    const front = cells.find((row) => row.trend !== undefined && row.cells[1] === infected);
    assert.ok(front, "the front table is exact");
    const figure = blocksOf(document).find((block) => block.kind === "figure");
    assert.ok(figure?.kind === "figure" && figure.description.includes(bots) && figure.data.rows[0]?.cells[1] === bots);
    const sentences = blocksOf(document).flatMap((block) =>
      block.kind === "paragraph" ? block.spans.map(({text}) => text) : [],
    );
    assert.ok(sentences.some((text) => text.includes(rounded)));
    assert.ok(sentences.every((text) => !text.includes(infected) && !text.includes(bots)));
    assert.ok(cells.every((row) => row.cells.every((cell) => !/万|约|about/.test(cell))));
  }
});

test("a number of which only the rounded one is known is printed as rounded everywhere", () => {
  const input = {...EMPTY, indicators: {"host.infected": {...indicator(793_000, 841_207), isRounded: true}}};
  for (const [language, words] of [
    ["zh", ["约79.3万", "841207"]],
    ["en", ["about 793,000", "841,207"]],
  ] as const) {
    const table = blocksOf(fixtureDocument(language, "long", input)).find((block) => block.kind === "table");
    assert.deepEqual(table?.kind === "table" && table.rows[0]?.cells.slice(1, 3), words);
  }
});

test("no new malware is neither said nor drawn", () => {
  const input = withValues({"malware.new_families": 0});
  assert.equal(paragraphOf(input, "new-malware"), null);
  assert.ok(blocksOf(fixtureDocument("zh", "long", input)).every((block) => block.kind !== "figure"));
  assert.match(paragraphOf(withValues({"malware.new_families": 3}), "new-malware") ?? "", /3/);
});

test("a breakdown of which all cells had to be merged is not drawn", () => {
  const tld = [".cn", ".com"].map((key) => ({key, value: 2}));
  const input = {...EMPTY, indicators: {"web.defaced": indicator(4, null, {tld})}};
  const captions = blocksOf(fixtureDocument("zh", "long", input)).flatMap((block) =>
    "caption" in block ? [block.caption] : [],
  );
  assert.deepEqual(
    captions.filter((caption) => /被篡改网站占比/.test(caption)),
    [],
  );
});
