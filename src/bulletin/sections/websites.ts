/** Section 3: defaced, backdoored and imitated websites, and the government ones among them. */
import {cellsOf, pagesPerIp, type ShareKey, shareOf} from "../derived.ts";
import type {Block, Figure, Paragraph, Section} from "../document.ts";
import {averageText, changeOf, isExactlySame, type Quantity, saidShare} from "../numbers.ts";
import {type Context, countOf, indicatorOf, paragraph, present} from "./context.ts";
import {barFigure, cellFigure, lineFigure} from "./plots.ts";

/** Composes the section; the short form has its picture only. Null when nothing was measured. */
export function composeWebsites(context: Context): Section | null {
  const {text, language, wording, variant} = context;
  const domestic = wording.domestic[language];
  const {captions} = text.figures;
  const sites = ["web.defaced", "web.backdoored", "web.phishing_pages"] as const;
  const bars = barFigure(context, {id: "websites", caption: captions.websites(domestic)}, sites);
  const words: (Block | null)[] = [
    counts(context),
    bars,
    governmentAndPhishing(context),
    siteFigure(context, "web.defaced"),
    siteFigure(context, "web.backdoored"),
    phishingFigure(context, "brand"),
    phishingFigure(context, "sector"),
    lineFigure(context, {id: "websites-trend", caption: captions.websitesTrend(domestic)}, sites),
  ];
  const blocks = present(variant === "short" ? [bars] : words);
  return blocks.length === 0 ? null : {id: "websites", heading: text.headings.websites, blocks};
}

function counts(context: Context): Paragraph | null {
  const [defaced, backdoored, phishing] = [
    countOf(context, "web.defaced"),
    countOf(context, "web.backdoored"),
    countOf(context, "web.phishing_pages"),
  ];
  if (defaced === null && backdoored === null && phishing === null) return null;
  const us = context.profile.publisher.short[context.language];
  const domestic = context.wording.domestic[context.language];
  return paragraph(context, "websites", [context.text.detail.websites(us, domestic, {defaced, backdoored, phishing})]);
}

/** Clauses of one sentence, as published: government sites, then what the phishing pages use. */
function governmentAndPhishing(context: Context): Paragraph | null {
  const {detail} = context.text;
  const clauses = present([
    governmentClause(context, "web.gov_defaced", detail.govDefaced),
    governmentClause(context, "web.gov_backdoored", detail.govBackdoored),
    phishingClause(context),
  ]);
  return clauses.length === 0 ? null : paragraph(context, "government-sites", [detail.clauses(clauses)]);
}

function governmentClause(
  context: Context,
  id: "web.gov_defaced" | "web.gov_backdoored",
  say: (domestic: string, count: string, share: Quantity | null) => string,
): string | null {
  const {input, profile, wording, language, text} = context;
  const count = countOf(context, id);
  if (count === null) return null;
  const share = shareOf(input, id satisfies ShareKey, profile.mergeBelow);
  const indicator = indicatorOf(context, id);
  const change = changeOf(indicator);
  return text.detail.joined(
    say(wording.domestic[language], count, share && saidShare(share)),
    change && text.detail.changed(change, isExactlySame(indicator)),
  );
}

function phishingClause(context: Context): string | null {
  const domains = countOf(context, "phish.domains");
  const ips = countOf(context, "phish.ips");
  if (domains === null && ips === null) return null;
  const average = pagesPerIp(context.input);
  const each = average === null ? null : averageText(average, context.language);
  return context.text.detail.phishing(context.wording.domestic[context.language], {domains, ips, each});
}

function siteFigure(context: Context, id: "web.defaced" | "web.backdoored"): Figure | null {
  const {input, profile, wording, language} = context;
  const {captions} = context.text.figures;
  const [ours, domestic] = [wording.ours[language], wording.domestic[language]];
  const say = id === "web.defaced" ? captions.defacedTld : captions.backdooredTld;
  const cells = cellsOf(input, id, {dimension: "tld", mergeBelow: profile.mergeBelow});
  const heading = {
    id: `${id.replace("web.", "")}-tld`,
    caption: say(ours === domestic ? domestic : `${ours}${domestic}`),
  };
  return cellFigure(context, heading, {dimension: "tld", cells, most: 5, look: "ring"});
}

function phishingFigure(context: Context, dimension: "brand" | "sector"): Figure | null {
  const {captions} = context.text.figures;
  const caption = dimension === "brand" ? captions.phishingBrands : captions.phishingSectors;
  const cells = cellsOf(context.input, "web.phishing_pages", {dimension, mergeBelow: context.profile.mergeBelow});
  return cellFigure(context, {id: `phishing-${dimension}`, caption}, {dimension, cells, most: 10, look: "rank"});
}
