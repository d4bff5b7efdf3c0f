import {NodeCompiler} from "@myriaddreamin/typst-ts-node-compiler";
import {drawChart, drawRatingStrip} from "../charts.ts";
import type {Block, EditionDocument, Figure, Paragraph, Span} from "../document.ts";
import {spansText} from "../tree-text.ts";
import {type Fonts, printable} from "./fonts.ts";
import {PAGE_OF, widthInHalfEms} from "./page-words.ts";
import {PDF_TEMPLATE} from "./pdf-template.ts";

/** What a PDF needs besides the document. `createdAt` is its date, so that the same input gives the same bytes. */
export interface PdfOptions {
  readonly fonts: Fonts;
  readonly createdAt: Date;
}

/** A folder that does not exist: the template can read nothing but what is put there in memory. */
const WORKSPACE = "/nonexistent/watchfloor";

/**
 * Returns the document as a tagged PDF (PDF/UA-1) on A4 that embeds the given fonts and no others. Byte-identical for
 * equal input. Blocks the thread for about 0.1 s, because the compiler is synchronous.
 */
export function renderPdf(document: EditionDocument, {fonts, createdAt}: PdfOptions): Uint8Array {
  const compiler = NodeCompiler.create({
    workspace: WORKSPACE,
    fontArgs: [{fontBlobs: [Buffer.from(fonts.regular), Buffer.from(fonts.bold)]}],
  });
  const {edition, pictures} = printed(printable(document, fonts));
  const put = (name: string, text: string) => compiler.mapShadow(WORKSPACE + name, Buffer.from(text));
  put("/edition.json", JSON.stringify(edition));
  for (const [name, svg] of pictures) put(name, svg);
  const compiled = compiler.compile({mainFileContent: PDF_TEMPLATE});
  const error = compiled.takeError();
  if (error !== null || compiled.result === null) {
    const reasons = error === null ? "no document" : JSON.stringify(compiler.fetchDiagnostics(error));
    throw new Error(`Typst did not set the edition: ${reasons}`);
  }
  const creationTimestamp = Math.floor(createdAt.getTime() / 1000);
  return new Uint8Array(compiler.pdf(compiled.result, {pdfStandard: "ua-1", creationTimestamp}));
}

/** Pictures by the name under which the template reads them. */
type Pictures = Map<string, string>;

/** Widths at which charts are drawn: for the whole page, half of it, and a compact one alone. */
const FULL = 700;
const HALF = 335;
const ALONE = 0.64;
const COMPACT_ROWS = 10;
/** Room for words beside a chart, in half ems: about eight lines. */
const BESIDE = 400;

/** The document as the template takes it, and its charts as SVG. */
function printed(document: EditionDocument): {edition: object; pictures: Pictures} {
  const pictures: Pictures = new Map();
  const sections = document.sections.map((section) => ({
    heading: section.heading,
    parts: besides(paired(section.blocks)).map((part) => partOf(part, document, pictures)),
  }));
  const {language, title, series, issue, period, publisher, publishedOn, stamp} = document;
  const words = {page: PAGE_OF[language]};
  return {
    edition: {language, title, series, issue, period, publisher, publishedOn, stamp, words, sections},
    pictures,
  };
}

/** Paragraphs with a compact figure beside them. */
interface Beside {
  readonly kind: "beside";
  readonly words: readonly Paragraph[];
  readonly figure: Figure;
}

/** One block, or two compact figures that stand beside each other. */
type Part = Block | Beside | readonly [Figure, Figure];

function paired(blocks: readonly Block[]): Part[] {
  const parts: Part[] = [];
  for (const block of blocks) {
    const before = parts.at(-1);
    const isPair = before !== undefined && isCompact(before) && isCompact(block);
    if (isPair) parts.splice(-1, 1, [before, block]);
    else parts.push(block);
  }
  return parts;
}

/** A compact figure stands beside the paragraphs before it, as many as are no longer than it is high. */
function besides(parts: readonly Part[]): Part[] {
  const set: Part[] = [];
  for (const part of parts) {
    const words: Paragraph[] = [];
    let length = 0;
    for (let last = set.at(-1); isCompact(part) && isParagraph(last); last = set.at(-1)) {
      length += widthInHalfEms(spansText(last.spans));
      if (length > BESIDE) break;
      words.unshift(last);
      set.pop();
    }
    set.push(isCompact(part) && words.length > 0 ? {kind: "beside", words, figure: part} : part);
  }
  return set;
}

function isParagraph(part: Part | undefined): part is Paragraph {
  return part !== undefined && "kind" in part && part.kind === "paragraph";
}

function isCompact(part: Part): part is Figure {
  if (!("kind" in part) || part.kind !== "figure") return false;
  const {chart} = part;
  if (chart.kind === "bars") return chart.categories.length <= 4;
  if (chart.kind === "rank") return chart.items.length <= COMPACT_ROWS;
  return chart.kind === "shares";
}

function partOf(part: Part, document: EditionDocument, pictures: Pictures): object {
  const look = {language: document.language, mode: "print"} as const;
  const addPicture = (svg: string): string => {
    const name = `/${pictures.size}.svg`;
    pictures.set(name, svg);
    return name;
  };
  const drawn = (shown: readonly Figure[], width: number) => {
    const charts = shown.map((figure) => drawChart(figure, {...look, width}));
    const tall = Math.max(...charts.map(heightOf)) / width;
    return shown.map(({description, caption}, index) => {
      return {image: addPicture(charts[index] ?? ""), alt: description, caption, tall};
    });
  };
  const alone = (figure: Figure) => {
    const share = isCompact(figure) ? ALONE : 1;
    return {kind: "figures", share, items: drawn([figure], FULL * share)};
  };
  if (!("kind" in part)) return {kind: "figures", share: 1, items: drawn(part, HALF)};
  switch (part.kind) {
    case "beside":
      return {
        kind: "beside",
        words: part.words.map(({spans}) => spans.map(spanOf)),
        item: drawn([part.figure], HALF)[0],
      };
    case "figure":
      return alone(part);
    case "rating":
      return {kind: "rating", image: addPicture(drawRatingStrip(part, {...look, width: FULL})), alt: part.description};
    case "paragraph":
    case "note":
      return {...part, spans: part.spans.map(spanOf)};
    case "list":
      return {...part, items: part.items.map((spans) => spans.map(spanOf))};
    case "table":
      return {...part, kind: part.look === "key-figures" ? "keyFigures" : "table"};
  }
}

/** The height that the drawing says it has. */
function heightOf(svg: string): number {
  return Number(/^<svg[^>]* height="([\d.]+)"/.exec(svg)?.[1] ?? 0);
}

/** Links inside the archive lead nowhere from a file on a desk. */
function spanOf({link, ...span}: Span): Span {
  return link !== undefined && /^https?:\/\//.test(link) ? {...span, link} : span;
}
