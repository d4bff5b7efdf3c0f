/** Section 5: the incidents that were handled. The only section besides the first that the short form has in words. */
import type {Section, Table} from "../document.ts";
import {KEY_FIGURES} from "../printed.ts";
import {type Context, countOf, paragraph, present} from "./context.ts";
import {handlingBlocks} from "./handling.ts";

/** Composes the section; null when no count was entered. */
export function composeIncidents(context: Context): Section | null {
  const handling = context.variant === "long" ? handlingBlocks(context) : [];
  const blocks = present([paragraph(context, "incidents", sentences(context)), keyFigures(context), ...handling]);
  return blocks.length === 0 ? null : {id: "incidents", heading: context.text.headings.incidents, blocks};
}

/** The first sentence that is there names who acted; those after it lean on it. */
function sentences(context: Context): string[] {
  const {form, wording, profile, language} = context;
  const us = profile.publisher.short[language];
  const total = countOf(context, "incident.total");
  const complaints = handledCount(context, "incident.phishing");
  const platforms = handledCount(context, "mobile.platforms");
  const parties = context.variant === "short" ? wording.partiesShort : wording.partiesLong;
  const said: string[] = [];
  const isFirst = (): boolean => said.length === 0;
  if (total !== null)
    said.push(
      form.handled({us, parties: parties[language], total, crossBorder: countOf(context, "incident.cross_border")}),
    );
  if (complaints !== null) {
    const mark = platforms === null ? "。" : wording.markBeforeMobile;
    said.push(form.phishing({us, isFirst: isFirst(), parties: wording.phishingParties[language], complaints, mark}));
  }
  if (platforms !== null)
    said.push(form.mobile({us, isFirst: isFirst(), platforms, urls: handledCount(context, "mobile.urls")}));
  return said;
}

/** A sentence about nothing is left out, as in edition 2024/40, which had no app case. */
function handledCount(context: Context, id: string): string | null {
  return context.input.indicators[id]?.value === 0 ? null : countOf(context, id);
}

function keyFigures(context: Context): Table | null {
  const {labels, captions, columns} = context.text.figures;
  const domestic = context.wording.domestic[context.language];
  const rows = present(
    KEY_FIGURES.map((id) => {
      const count = countOf(context, id);
      return count === null ? null : {cells: [labels[id](domestic), count]};
    }),
  );
  if (rows.length === 0) return null;
  return {
    kind: "table",
    id: "handled",
    caption: captions.handled,
    look: "key-figures",
    columns: [
      {heading: columns.indicator, align: "start"},
      {heading: columns.thisWeek, align: "end"},
    ],
    rows,
  };
}
