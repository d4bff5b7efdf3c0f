/** How the week was rated: the reasons, the index against both bases, and what each indicator adds. Long form only. */
import type {Language, List, Paragraph, Section, Table} from "../document.ts";
import {countText, decimalText, shareText} from "../numbers.ts";
import {type Context, indicatorTitle, paragraph, present, spansWith} from "./context.ts";

/** Composes the section; null when there is neither an index nor a reason, as for figures given by hand. */
export function composeRating(context: Context): Section | null {
  const {rating} = context.input;
  if (rating.index === null && rating.because.length === 0 && rating.override === null) return null;
  const blocks = present([summary(context), reasons(context), contributions(context)]);
  return {id: "rating-basis", heading: context.text.headings.rating, blocks};
}

function summary(context: Context): Paragraph | null {
  const {notes} = context.text;
  const {index, fixedBaseIndex, base, weightPresent} = context.input.rating;
  const percent = weightPresent >= 1 ? null : shareText({part: Math.round(weightPresent * 1000), whole: 1000});
  return paragraph(context, "rating-basis", [
    index === null ? null : notes.ownMethod,
    index === null ? null : notes.index(decimalText(index, context.language), base),
    fixedBaseIndex === null ? null : notes.fixedBase(decimalText(fixedBaseIndex, context.language)),
    index === null ? null : notes.weightPresent(percent),
  ]);
}

function reasons({input, language}: Context): List | null {
  const {because, override} = input.rating;
  const items = because.map((reason) =>
    reason.kind === "override" && override !== null
      ? spansWith(reason[language], override.reason, language)
      : [{text: reason[language]}],
  );
  return items.length === 0 ? null : {kind: "list", id: "rating-reasons", items};
}

/** Largest contribution first, so that what drove the rating stands on top. */
function contributions(context: Context): Table | null {
  const {columns, captions} = context.text.figures;
  const all = context.input.rating.contributions.toSorted((a, b) => b.points - a.points);
  if (all.length === 0) return null;
  const column = (values: number[]): string[] => alike(values, context.language);
  const [values, bases, weights] = [
    column(all.map(({value}) => value)),
    column(all.map(({base}) => base)),
    column(all.map(({weight}) => weight)),
  ];
  const rows = all.map(({indicator, score, points}, index) => ({
    cells: [
      indicatorTitle(context, indicator),
      values[index] ?? "",
      bases[index] ?? "",
      decimalText(score, context.language),
      weights[index] ?? "",
      decimalText(points, context.language),
    ],
  }));
  const headings = [columns.thisWeek, columns.base, columns.score, columns.weight, columns.contribution];
  return {
    kind: "table",
    id: "contributions",
    caption: captions.contributions,
    columns: [
      {heading: columns.indicator, align: "start"},
      ...headings.map((heading) => ({heading, align: "end"}) as const),
    ],
    rows,
  };
}

/** The numbers of a column: all whole, or all with one decimal as soon as one of them is not. */
function alike(values: readonly number[], language: Language): string[] {
  const say = values.every(Number.isInteger) ? countText : decimalText;
  return values.map((value) => say(value, language));
}
