/** Section 1: the rating, the infrastructure, the threats, and the front table. */
import type {Paragraph, Section, Table} from "../document.ts";
import {gradeName, ratingStrip} from "../grades.ts";
import {changeOf} from "../numbers.ts";
import {type Context, indicatorOf, paragraph, present} from "./context.ts";
import {correctionNotes, gapNotes, staleNotes} from "./notices.ts";
import {comparisonTable, previousCell, trendCell, valueCell} from "./tables.ts";

/** Composes the section; it is there in every edition. */
export function composeSituation(context: Context): Section {
  const blocks = present([
    ...correctionNotes(context),
    ...(context.input.publishedOn === null ? [...gapNotes(context), ...staleNotes(context)] : []),
    ratingStrip(context.input.rating.grade, context.language),
    sentences(context),
    frontTable(context),
  ]);
  return {id: "situation", heading: context.text.headings.situation, blocks};
}

function sentences(context: Context): Paragraph | null {
  const {form, input} = context;
  const {grade} = input.rating;
  return paragraph(context, "situation", [
    grade === null
      ? null
      : form.rating(context.language === "zh" ? grade : gradeName(grade, context.language).toLowerCase()),
    infrastructure(context),
    form.threats,
  ]);
}

/** Only events whose effect reaches a province or more break the calm; nobody having looked drops the sentence. */
function infrastructure({form, input, wording, language, text}: Context): string | null {
  if (input.infraEvents === null) return null;
  const major = input.infraEvents.filter(({reach}) => reach === "nation" || reach === "province");
  if (major.length === 0) return form.infraQuiet(wording.ours[language], wording.infraReach[language]);
  const titles = major.map((event) => event.title[language]).join(text.figures.listMark);
  return form.infraEvents(wording.infraReach[language], major.length, titles);
}

const FRONT_ROWS = [
  {id: "host.infected", isIndented: false},
  {id: "web.defaced", isIndented: false},
  {id: "web.gov_defaced", isIndented: true},
  {id: "web.backdoored", isIndented: false},
  {id: "web.gov_backdoored", isIndented: true},
  {id: "web.phishing_pages", isIndented: false},
  {id: "vuln.total", isIndented: false},
  {id: "vuln.high", isIndented: true},
] as const;

/** Source: BULLETIN.md a3.1. A row without a value is left out. */
function frontTable(context: Context): Table | null {
  const {labels, captions, columns} = context.text.figures;
  const domestic = context.wording.domestic[context.language];
  const rows = present(
    FRONT_ROWS.map(({id, isIndented}) => {
      const now = valueCell(context, id);
      if (now === null) return null;
      const trend = changeOf(indicatorOf(context, id))?.direction ?? null;
      return {
        cells: [labels[id](domestic), now, previousCell(context, id), trendCell(context, id)],
        isIndented,
        trend,
      };
    }),
  );
  if (rows.length === 0) return null;
  const table = comparisonTable(context, {id: "front", caption: captions.front, heading: columns.indicator}, rows);
  return {...table, look: "front"};
}
