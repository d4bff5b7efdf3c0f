/**
 * From what an edition is made of to its document tree, for one language and variant. Each section is a file in
 * sections/; one that has nothing to say is left out. Figures and tables are numbered here, in the order of reading.
 */
import type {Profile} from "../model/profile.ts";
import type {Block, EditionDocument, Language, Section, Variant} from "./document.ts";
import type {EditionInput} from "./edition-input.ts";
import {visible} from "./escape.ts";
import {type Context, present, wordingOf} from "./sections/context.ts";
import {composeHosts} from "./sections/hosts.ts";
import {composeIncidents} from "./sections/incidents.ts";
import {composeMethod} from "./sections/method.ts";
import {composeNews} from "./sections/news.ts";
import {composeRating} from "./sections/rating.ts";
import {composeAbout, composeReview} from "./sections/review.ts";
import {composeSituation} from "./sections/situation.ts";
import {composeVulnerabilities} from "./sections/vulnerabilities.ts";
import {composeWebsites} from "./sections/websites.ts";
import {textOf} from "./text/index.ts";
import type {Text} from "./text/zh.ts";
import {titleOf} from "./titles.ts";
import {mapText} from "./tree-text.ts";

/** Which of the texts is composed. */
export interface Choice {
  readonly language: Language;
  readonly variant: Variant;
}

/** Returns the document tree of the edition. */
export function compose(input: EditionInput, profile: Profile, {language, variant}: Choice): EditionDocument {
  const wording = wordingOf(profile, input.week?.from ?? (input.year === null ? null : `${input.year}-12-31`));
  const text = textOf(language, wording.marks);
  const context: Context = {input, profile, wording, text, form: text[variant], language, variant};
  const series = wording.title[language];
  const title = titleOf(text, series, input);
  const sections = numbered(present(sectionsOf(context)), text);
  const document: EditionDocument = {
    language,
    variant,
    title: title.full,
    series,
    issue: title.issue,
    period: title.period,
    publisher: profile.publisher.name[language],
    summary: summaryOf(sections, text.title.gap),
    sections,
    publishedOn: input.publishedOn,
    stamp: input.stamp?.[language] ?? null,
  };
  return mapText(document, visible);
}

/** The order of reading. Source: BULLETIN.md a2; the basis of the rating and the method note are ours. */
function sectionsOf(context: Context): (Section | null)[] {
  return [
    composeSituation(context),
    composeHosts(context),
    composeWebsites(context),
    composeVulnerabilities(context),
    composeIncidents(context),
    composeNews(context),
    context.variant === "long" ? composeRating(context) : null,
    composeReview(context),
    composeMethod(context),
    composeAbout(context),
  ];
}

/** The first sentence of the situation and the first of the handled incidents: what a feed reader shows. */
function summaryOf(sections: readonly Section[], gap: string): string {
  const sentences = ["situation", "incidents"].map((id) => {
    const block = sections.find((section) => section.id === id)?.blocks.find(({kind}) => kind === "paragraph");
    const words = block?.kind === "paragraph" ? block.spans.map((span) => span.text).join("") : "";
    return /^.*?(?:。|\.(?=\s|$))/s.exec(words)?.[0] ?? words;
  });
  return sentences.filter((sentence) => sentence !== "").join(gap);
}

function numbered(sections: readonly Section[], text: Text): Section[] {
  const counts = {figure: 0, table: 0};
  const withNumber = (block: Block): Block => {
    if (block.kind === "figure") {
      counts.figure += 1;
      return {...block, caption: text.figures.figure(counts.figure, block.caption)};
    }
    if (block.kind !== "table") return block;
    counts.table += 1;
    return {...block, caption: text.figures.table(counts.table, block.caption)};
  };
  return sections.map((section) => ({...section, blocks: section.blocks.map(withNumber)}));
}
