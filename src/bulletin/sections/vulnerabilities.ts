/** Section 4: the vulnerabilities published in the week, by severity and by the type of what they affect. */
import {TAXONOMY} from "../../model/taxonomy.ts";
import {topVulnTypes, vulnTypeCells} from "../derived.ts";
import type {Block, Paragraph, Section} from "../document.ts";
import {vulnTypeName} from "../names.ts";
import {type Context, countOf, paragraph, present} from "./context.ts";
import {barFigure, cellFigure} from "./plots.ts";

/** Composes the section; the short form has its pictures only. Null when nothing was measured. */
export function composeVulnerabilities(context: Context): Section | null {
  const {text, language, wording, variant, input, profile} = context;
  const {captions} = text.figures;
  const severities = barFigure(context, {id: "vulnerabilities", caption: captions.vulnerabilities}, [
    "vuln.high",
    "vuln.medium",
    "vuln.low",
  ]);
  const cells = vulnTypeCells(input, profile.mergeBelow);
  const caption = captions.vulnTypes(wording.vulnSourceShort[language]);
  const types = cellFigure(
    context,
    {id: "vulnerability-types", caption},
    {dimension: "vulnType", cells, most: 7, look: "ring"},
  );
  const words: (Block | null)[] = [totals(context), mostAffected(context), severities, types];
  const blocks = present(variant === "short" ? [severities, types] : words);
  return blocks.length === 0 ? null : {id: "vulnerabilities", heading: text.headings.vulnerabilities, blocks};
}

/** Source: BULLETIN.md a6: editions of 2014 say the counts by severity, those of 2018 the level. */
function totals(context: Context): Paragraph | null {
  const {text, language, wording, input} = context;
  const total = countOf(context, "vuln.total");
  if (total === null) return null;
  const counts = present(
    TAXONOMY.vulnSeverities.map((severity) => {
      const count = countOf(context, `vuln.${severity.code}`);
      const name = language === "zh" ? severity.zh : severity.en.toLowerCase();
      return count === null ? null : text.detail.severity(name, count);
    }),
  );
  const level = TAXONOMY.vulnWeekLevels.find(({code}) => code === input.facts.vulnLevel) ?? null;
  const levelName = level && (language === "zh" ? level.zh : level.en.toLowerCase());
  return paragraph(context, "vulnerabilities", [
    text.detail.vulnerabilities(wording.vulnSource[language], {total, counts, level: levelName}),
  ]);
}

function mostAffected(context: Context): Paragraph | null {
  const {text, language, wording, input, profile} = context;
  const types = topVulnTypes(input, profile.mergeBelow);
  if (!types) return null;
  const names = types.map((key) => vulnTypeName(key, language));
  const said = language === "zh" ? names : names.map((name) => name.toLowerCase());
  const sentence = text.detail.vulnerabilityTypes(wording.vulnSourceShort[language], said);
  return paragraph(context, "vulnerability-types", [sentence]);
}
