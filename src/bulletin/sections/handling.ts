/** What became of the handled incidents: what they were, who handled them, whom they were aimed at, and how long it took. */
import {type Dimension, UNKNOWN_KEY} from "../../model/indicator.ts";
import {publicParts} from "../breakdowns.ts";
import type {Block, Figure, Paragraph} from "../document.ts";
import {decimalText, shareText} from "../numbers.ts";
import {type Context, countOf, indicatorOf, paragraph, present} from "./context.ts";
import {cellFigure, type Heading} from "./plots.ts";

/** How many bars are drawn. */
const MOST = 8;

/** Returns the blocks of the long form about handling; none when cases gave no such numbers. */
export function handlingBlocks(context: Context): Block[] {
  const {captions} = context.text.figures;
  const draw = (id: string, caption: string, of: readonly [string, Dimension]): Figure | null =>
    breakdown(context, {id, caption}, of);
  return present<Block>([
    complaints(context),
    takedowns(context),
    draw("incident-classes", captions.incidentClasses, ["incident.total", "class"]),
    draw("incident-parties", captions.incidentParties, ["incident.total", "partyKind"]),
    draw("incident-borders", captions.borderTests, ["incident.cross_border", "borderTest"]),
    draw("incident-sectors", captions.phishingIndustries, ["incident.phishing", "sector"]),
    draw("mobile-channels", captions.mobileChannels, ["mobile.platforms", "channelKind"]),
    provinces(context),
  ]);
}

/** Complaints stand beside the incidents, for they are no part of them. */
function complaints(context: Context): Paragraph | null {
  const received = countOf(context, "complaint.received");
  return received === null ? null : paragraph(context, "complaints", [context.text.detail.complaints(received)]);
}

function takedowns(context: Context): Paragraph | null {
  const {text, language} = context;
  const verified = countOf(context, "takedown.verified");
  const [{value: gone}, {value: total}] = [
    indicatorOf(context, "takedown.verified"),
    indicatorOf(context, "incident.total"),
  ];
  if (verified === null || gone === null || total === null || total === 0) return null;
  const hours = (id: string): string | null => {
    const {value} = indicatorOf(context, id);
    return value === null ? null : decimalText(value, language);
  };
  const share = gone > total ? null : shareText({part: gone, whole: total});
  const [median, p90] = [hours("takedown.median_hours"), hours("takedown.p90_hours")];
  return paragraph(context, "takedowns", [text.detail.takedowns({verified, share, median, p90})]);
}

function breakdown(context: Context, heading: Heading, [id, dimension]: readonly [string, Dimension]): Figure | null {
  const {value, by} = indicatorOf(context, id);
  const cells = publicParts(value, by[dimension] ?? [], context.profile.mergeBelow);
  return cellFigure(context, heading, {dimension, cells, most: MOST, look: "rank"});
}

/** Only of those that are known to lie in a province: of what is abroad, or nowhere, there is no province to name. */
function provinces(context: Context): Figure | null {
  const known = (indicatorOf(context, "incident.total").by.province ?? []).filter(({key}) => key !== UNKNOWN_KEY);
  const cells = publicParts(null, known, context.profile.mergeBelow);
  const heading = {id: "incident-provinces", caption: context.text.figures.captions.incidentProvinces};
  return cellFigure(context, heading, {dimension: "province", cells, most: MOST, look: "rank"});
}
