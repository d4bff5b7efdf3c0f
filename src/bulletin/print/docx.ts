import {
  AlignmentType,
  Document,
  type FileChild,
  Footer,
  Header,
  HeadingLevel,
  ImageRun,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  TabStopType,
  TextRun,
} from "docx";
import type {Block, EditionDocument, Figure, Note, Span} from "../document.ts";
import {escapeMarkup, visible} from "../escape.ts";
import {mapText} from "../tree-text.ts";
import {BULLET_LIST, BULLETS, COLOR, NOTE_COLORS, STYLE, stylesFor} from "./docx-styles.ts";
import {dataTable, keyFigureTable, ratingTable, TEXT_WIDTH} from "./docx-tables.ts";
import {PAGE_OF} from "./page-words.ts";
import type {ChartImage} from "./png.ts";
import {withFixedTimes} from "./zip-times.ts";

/** What a Word file needs besides the document. `createdAt` is its date, so that equal input gives equal bytes. */
export interface DocxOptions {
  /** Pictures of the figures by id (renderFigures). A figure without one is left to its caption. */
  readonly images: ReadonlyMap<string, ChartImage>;
  readonly createdAt: Date;
}

/** Width of a chart on the page in pixels of 1/96 inch: 11.5 cm, so that its letters are 8 points. */
const CHART_WIDTH = 435;
const A4 = {width: 11906, height: 16838};
const MARGIN = {top: 1474, bottom: 1304, left: 1303, right: 1303, header: 700, footer: 620};

/**
 * Returns the document as a Word file: headings and captions as styles, real tables, charts with alternative text. It
 * refers to nothing outside itself, and its only fields are page numbers.
 */
export async function renderDocx(document: EditionDocument, {images, createdAt}: DocxOptions): Promise<Uint8Array> {
  const shown = mapText(document, visible);
  const file = new Document({
    styles: stylesFor(shown.language),
    numbering: {config: [BULLET_LIST]},
    sections: [
      {
        properties: {page: {size: A4, margin: MARGIN}},
        headers: {default: header(shown)},
        footers: {default: footer(shown)},
        children: [...masthead(shown), ...shown.sections.flatMap((section) => sectionOf(section, images))],
      },
    ],
  });
  const properties = {path: "docProps/core.xml", data: coreProperties(shown, createdAt)};
  return withFixedTimes(new Uint8Array(await Packer.toBuffer(file, undefined, [properties])), createdAt);
}

function masthead({series, issue, period, publisher, publishedOn}: EditionDocument): Paragraph[] {
  const when = publishedOn === null ? publisher : `${publisher}　${publishedOn}`;
  return [
    new Paragraph({heading: HeadingLevel.TITLE, children: [new TextRun(series)]}),
    new Paragraph({
      style: STYLE.issue,
      tabStops: [{type: TabStopType.RIGHT, position: TEXT_WIDTH}],
      children: [
        new TextRun({text: [issue, period].filter((part) => part !== "").join("　"), bold: true, size: 23}),
        new TextRun({text: `\t${when}`, color: COLOR.muted, size: 19}),
      ],
    }),
  ];
}

function header({series, issue, stamp}: EditionDocument): Header {
  const small = {size: 17, color: COLOR.muted};
  const children = [
    new TextRun({text: series, ...small}),
    ...(stamp === null
      ? [new TextRun("\t")]
      : [new TextRun({text: `\t${stamp}`, bold: true, size: 17, color: COLOR.accent})]),
    new TextRun({text: `\t${issue}`, ...small}),
  ];
  const tabStops = [
    {type: TabStopType.CENTER, position: TEXT_WIDTH / 2},
    {type: TabStopType.RIGHT, position: TEXT_WIDTH},
  ];
  const border = {bottom: {style: "single", size: 4, color: COLOR.hairline, space: 4}} as const;
  return new Header({children: [new Paragraph({tabStops, border, children})]});
}

function footer({publisher, language}: EditionDocument): Footer {
  const fields = {"{page}": PageNumber.CURRENT, "{pages}": PageNumber.TOTAL_PAGES} as const;
  const parts = PAGE_OF[language].split(/(\{page\}|\{pages\})/);
  const numbers = parts.map((part) => (part === "{page}" || part === "{pages}" ? fields[part] : part));
  const small = {size: 17, color: COLOR.muted};
  const children = [new TextRun({text: `${publisher}\t`, ...small}), new TextRun({children: numbers, ...small})];
  const tabStops = [{type: TabStopType.RIGHT, position: TEXT_WIDTH}];
  return new Footer({children: [new Paragraph({tabStops, children})]});
}

function sectionOf(section: EditionDocument["sections"][number], images: DocxOptions["images"]): FileChild[] {
  const heading = new Paragraph({heading: HeadingLevel.HEADING_1, children: [new TextRun(section.heading)]});
  return [heading, ...section.blocks.flatMap((block) => childrenOf(block, images))];
}

function childrenOf(block: Block, images: DocxOptions["images"]): FileChild[] {
  switch (block.kind) {
    case "paragraph":
      return [new Paragraph({style: STYLE.text, children: runsOf(block.spans)})];
    case "list":
      return listOf(block.items);
    case "note":
      return [noteOf(block)];
    case "rating":
      return [
        ratingTable(block),
        new Paragraph({style: "Caption", alignment: AlignmentType.LEFT, children: [new TextRun(block.description)]}),
      ];
    case "table":
      return [
        captionOf(block.caption, true),
        block.look === "key-figures" ? keyFigureTable(block) : dataTable(block),
        // Word joins two tables that touch
        new Paragraph({style: STYLE.bare, spacing: {line: 160}}),
      ];
    case "figure":
      return figureOf(block, images);
  }
}

/** A short list stays on one page. */
function listOf(items: readonly (readonly Span[])[]): Paragraph[] {
  const isShort = items.length <= 10;
  return items.map(
    (spans, index) =>
      new Paragraph({
        style: STYLE.bare,
        numbering: {reference: BULLETS, level: 0},
        keepNext: isShort && index < items.length - 1,
        children: runsOf(spans),
      }),
  );
}

function captionOf(text: string, keepNext: boolean): Paragraph {
  return new Paragraph({style: "Caption", keepNext, children: [new TextRun(text)]});
}

function figureOf(figure: Figure, images: DocxOptions["images"]): Paragraph[] {
  const image = images.get(figure.id);
  if (image === undefined) return [captionOf(figure.caption, false)];
  const height = Math.round((CHART_WIDTH * image.height) / image.width);
  // the library would number drawings through all documents of the process
  const id = String([...images.keys()].indexOf(figure.id) + 1);
  const run = new ImageRun({
    type: "png",
    data: image.png,
    transformation: {width: CHART_WIDTH, height},
    altText: {id, title: figure.caption, description: figure.description, name: figure.id},
  });
  return [new Paragraph({style: STYLE.figure, keepNext: true, children: [run]}), captionOf(figure.caption, false)];
}

function noteOf({tone, spans}: Note): Paragraph {
  const {bar, ground} = NOTE_COLORS[tone];
  return new Paragraph({
    style: STYLE.note,
    shading: {type: ShadingType.CLEAR, color: "auto", fill: ground},
    border: {left: {style: "single", size: 18, color: bar, space: 8}},
    indent: {left: 180},
    children: runsOf(spans),
  });
}

/** Links would be references to outside: the address is printed after the words instead. */
function runsOf(spans: readonly Span[]): TextRun[] {
  return spans.flatMap(({text, strong = false, link, lang}) => {
    const tag = lang && (lang === "zh" ? {eastAsia: "zh-CN"} : {value: "en-US"});
    const run = new TextRun({text, bold: strong, ...(tag === undefined ? {} : {language: tag})});
    if (link === undefined || !/^https?:\/\//.test(link) || link === text) return [run];
    return [run, new TextRun({text: ` (${link})`, color: COLOR.muted, size: 18})];
  });
}

/** Written by us, because the library's has the time of the clock in it. */
function coreProperties({title, publisher, summary, language}: EditionDocument, createdAt: Date): string {
  const names = [
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"',
    'xmlns:dc="http://purl.org/dc/elements/1.1/"',
    'xmlns:dcterms="http://purl.org/dc/terms/"',
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  ];
  const at = createdAt.toISOString().replace(/\.\d+Z$/, "Z");
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    `<cp:coreProperties ${names.join(" ")}>`,
    `<dc:title>${escapeMarkup(title)}</dc:title><dc:creator>${escapeMarkup(publisher)}</dc:creator>`,
    `<dc:description>${escapeMarkup(summary)}</dc:description><dc:language>${language === "zh" ? "zh-CN" : "en"}</dc:language>`,
    `<dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created>`,
    `<dcterms:modified xsi:type="dcterms:W3CDTF">${at}</dcterms:modified>`,
    "</cp:coreProperties>",
  ].join("");
}
