import type {AssetCondition, Counting, IndicatorDefinition} from "../../src/model/indicator.ts";
import {GAP_RULES} from "../../src/situation/gaps.ts";
import {INDICATORS, mayBeEntered} from "../../src/situation/indicators.ts";
import {code, page, table} from "./markdown.ts";

/** Returns docs/indicators.md: what each number of a week counts. */
export function indicatorsPage(): string {
  return page("Indicators", "src/situation/indicators.ts and gaps.ts", [
    "An indicator is one number of one week, with its change against the week before. A value that nobody measured is null and is printed nowhere; it is never 0. Nor does a week have a number because a few late events of a later report fall into it: the first weeks of a report that have less than a fifth of the events of its usual week are late events, which count, but do not mean that anybody looked at that week. A report of which no line could be read tells of no week. A definition whose meaning changes gets a higher version, and the method note of every edition prints it. A site adds its own in `indicators.yaml` of its data folder ([guide](guide.md#an-indicator-of-your-own)).",
    table(
      ["id", "version", "中文", "English", "unit", "may be entered"],
      INDICATORS.map((each) => [
        code(each.id),
        String(each.version),
        each.title.zh,
        each.title.en,
        `${each.unit.zh}, ${each.unit.en}`,
        mayBeEntered(each) ? "yes" : "",
      ]),
    ),
    gapSection(),
    ...INDICATORS.map(section),
  ]);
}

function gapSection(): string {
  const {weeksLooked, leastWeeksSilent, leastWeeksFarLess, regularShare, farLess, leastUsual} = GAP_RULES;
  const percent = (share: number): string => `${share * 100} %`;
  return [
    "## Gaps",
    `A gap says that numbers may be too low because a feed failed. For each feed the ${weeksLooked} weeks before are looked at; usual is the median of its events in those of them in which it delivered.`,
    [
      `- **silent**: it delivered nothing this week, though it did in at least ${leastWeeksSilent} of these weeks and in at least ${percent(regularShare)} of the weeks from the first to the last of them; or it is \`enabled\` in watchfloor.yaml and delivered in none of them.`,
      `- **far less than usual**: it delivered in at least ${leastWeeksFarLess} of these weeks, usual is ${leastUsual} events or more, and this week has less than ${percent(farLess)} of them.`,
      "- The indicators of a gap are those that count what the feed told of in these weeks. They keep their value and are marked; the draft, the method note and the reasons of the rating say so. A gap of the week before is told with the figures that are compared with it, for these may seem to have risen too much.",
    ].join("\n"),
  ].join("\n\n");
}

function section(definition: IndicatorDefinition): string {
  const {id, version, meaning, counting, isHandled} = definition;
  const facts = [
    countingText(counting),
    zeroText(definition),
    ...("by" in counting && counting.by.length > 0 ? [`Broken down by ${counting.by.join(", ")}.`] : []),
    ...(mayBeEntered(definition) && counting.how !== "entered"
      ? ["A person may enter it; what is counted goes before what is entered."]
      : []),
    ...(isHandled === true ? ["Counts what was done about threats, so it never enters the rating."] : []),
  ].filter((fact) => fact !== "");
  return `## ${id}\n\n${meaning.zh}\n\n${meaning.en}\n\n${facts.map((fact) => `- ${fact}`).join("\n")}\n- Version ${version}.`;
}

function countingText(counting: Counting): string {
  switch (counting.how) {
    case "counted": {
      const {known} = counting;
      const least =
        known === undefined
          ? ""
          : ` Null when ${code(known.share)} is less than ${known.least * 100} % of ${code(known.of)}.`;
      return `Exact number of distinct ${code(counting.distinct)} among the week's assets where ${whereText(counting.where)}.${least}`;
    }
    case "sum":
      return `Sum of ${counting.of.map(code).join(" and ")}; null as soon as one of them is.`;
    case "ratio":
      return `${code(counting.of)} divided by ${code(counting.to)}; null when either is, or when the divisor is 0.`;
    case "new":
      return `Distinct ${code(counting.distinct)} that no earlier week has, where ${whereText(counting.where)}; null in the first week.`;
    case "entered":
      return counting.codes === undefined
        ? "Entered by a person: `edition figures --set`."
        : `Entered by a person: up to ${counting.codes.most} of ${counting.codes.of.map((each) => `${code(each.code)} ${each.zh}`).join(", ")}.`;
    case "infra":
      return "Number of entries of the week in the register: `infra add`. Null when there is none and nothing else is known of the week either.";
  }
}

function whereText(where: readonly AssetCondition[]): string {
  return where
    .map((each) => {
      if ("is" in each) return `${code(each.column)} is ${each.is.join(" or ")}`;
      if ("isNot" in each) return `${code(each.column)} is not ${each.isNot.join(" or ")}`;
      return `${code(each.column)} is ${each.isFilled ? "known" : "not known"}`;
    })
    .join(" and ");
}

function zeroText({counting, zero}: IndicatorDefinition): string {
  if (counting.how !== "counted") return "";
  switch (zero?.when) {
    case undefined:
      return "0 is believed when a feed of these classes delivered in the week, otherwise the value is null.";
    case "fed":
      return `0 is believed when a feed of ${zero.classes.join(" or ")} delivered in the week, otherwise the value is null.`;
    case "part":
      return `0 is believed when ${code(zero.of)} was counted, otherwise the value is null.`;
    case "never":
      return "0 is never believed: the value is then null.";
  }
}
