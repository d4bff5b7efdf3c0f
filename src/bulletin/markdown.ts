/** An edition as Markdown (CommonMark with the tables of GitHub). Charts are given as their data. */

import {GRADES} from "../model/indicator.ts";
import type {Block, EditionDocument, Figure, Language, Note, RatingStrip, Span, Table} from "./document.ts";
import {safeLink, visible} from "./escape.ts";
import {textOf} from "./text/index.ts";

/** Returns the edition as Markdown. */
export function renderMarkdown(document: EditionDocument): string {
  const {site} = textOf(document.language);
  const published =
    document.publishedOn === null
      ? site.draft
      : site.publishedOn(textOf(document.language).title.date(document.publishedOn.split("-").map(Number)));
  const parts = [
    `# ${escapeMarkdown(document.title)}`,
    `${escapeMarkdown(document.publisher)} · ${escapeMarkdown(published)}`,
    ...(document.stamp === null ? [] : [`> **${escapeMarkdown(document.stamp)}**`]),
    ...document.sections.flatMap(({heading, blocks}) => [
      `## ${escapeMarkdown(heading)}`,
      ...blocks.map((block) => renderBlock(block, document.language)),
    ]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function renderBlock(block: Block, language: Language): string {
  switch (block.kind) {
    case "paragraph":
      return atLineStart(block.spans.map(renderSpan).join(""));
    case "table":
      return `${renderTable(block)}\n\n${escapeMarkdown(block.caption)}`;
    case "figure":
      return renderFigure(block);
    case "list":
      return block.items.map((item) => `- ${atLineStart(item.map(renderSpan).join(""))}`).join("\n");
    case "rating":
      return renderRating(block, language);
    case "note":
      return renderNote(block);
  }
}

function renderFigure({caption, description, data}: Figure): string {
  return [`**${escapeMarkdown(caption)}**`, atLineStart(escapeMarkdown(description)), renderTable(data)].join("\n\n");
}

function renderRating({grade, label, names, description}: RatingStrip, language: Language): string {
  const steps = names.map((name, index) => {
    const isMarked = grade !== null && GRADES.indexOf(grade) === index;
    return isMarked ? `**【${escapeMarkdown(name)}】**` : escapeMarkdown(name);
  });
  const [mark, gap] = language === "zh" ? ["：", ""] : [": ", " "];
  const unrated = grade === null ? `${language === "zh" ? "。" : "."}${gap}${escapeMarkdown(description)}` : "";
  return `${escapeMarkdown(label)}${mark}${steps.join(" · ")}${unrated}`;
}

function renderNote({spans}: Note): string {
  return `> ${atLineStart(spans.map(renderSpan).join(""))}`;
}

function renderTable({columns, rows}: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({heading}) => escapeMarkdown(heading))),
    line(columns.map(({align}) => (align === "end" ? "---:" : ":---"))),
    ...rows.map(({cells, isIndented}) =>
      line(cells.map((cell, index) => `${index === 0 && isIndented ? "– " : ""}${escapeMarkdown(cell)}`)),
    ),
  ].join("\n");
}

function renderSpan({text, strong, link}: Span): string {
  const words = strong ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text);
  const safe = link === undefined ? null : safeLink(link);
  return safe === null
    ? words
    : `[${words}](${safe.replaceAll("(", "%28").replaceAll(")", "%29").replace(/[<>]/g, encodeURIComponent)})`;
}

/**
 * Returns the text so that Markdown shows it as it is: no emphasis, links, HTML, table cells or code out of it, and no
 * address that becomes a link by itself. Line breaks become spaces: a text is always within one line.
 */
function escapeMarkdown(text: string): string {
  return visible(text)
    .replace(/\s*[\r\n]+\s*/g, " ")
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("://", ":\\//")
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`);
}

/** A text at the start of a line must not become a heading, a list or a rule. */
function atLineStart(text: string): string {
  return text
    .replace(/^(\s*)([#+=-])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/, "$1\\$2")
    .trimStart();
}
