import {changeOf} from "../../bulletin/numbers.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {GRADES, type Grade, type Indicator, type IndicatorDefinition, type Situation} from "../../model/indicator.ts";
import {oneDecimal} from "../../model/rounding.ts";
import {localTime} from "../../model/week.ts";
import {checkFigures, namedCodes, readFigure} from "../../situation/figures.ts";
import {definitionOf} from "../../situation/indicators.ts";
import {enterFigures, figuresOf, overrideRating} from "../../store/entries.ts";
import {
  BY,
  type Command,
  needed,
  person,
  REASON_OPTIONS,
  REASON_USAGE,
  reasonOption,
  several,
  tableText,
  WEEK,
  weekOption,
  wholeNumber,
} from "../command.ts";
import {listEditions} from "../editions.ts";
import {type Explanation, explain} from "../explain.ts";
import {situationOf} from "../situation.ts";
import {namesText, STATE_TEXTS, statedFigures, statedText} from "../stated.ts";

const EXPLAINED = 20;

const situation: Command = {
  name: "situation",
  summary: "Computes the indicators and the rating of a week.",
  usage: "--week YYYY-MM-DD",
  options: WEEK,
  run: async (call, open) => {
    const house = await open();
    const found = await situationOf(house, weekOption(call, house), call.now);
    return {json: found, text: situationText(found, await house.definitions())};
  },
};

function situationText({week, indicators, rating}: Situation, definitions: readonly IndicatorDefinition[]): string {
  const rows = Object.entries(indicators).map(([id, each]) => {
    const definition = definitions.find((one) => one.id === id);
    return [
      id,
      valueText(each),
      each.previous === null ? "" : `last week ${numberText(each.previous)}`,
      changeText(each),
      each.gaps.length > 0 ? "GAP" : "",
      `${definition?.title.en ?? ""}${wordsOf(each, definition)}`,
    ];
  });
  const because = rating.because.map((reason) => `  ${reason.zh}\n  ${reason.en}`);
  return [
    `${week.from} to ${week.to} (${week.zone})`,
    tableText(rows),
    `rating: ${rating.grade ?? "none"}${rating.index === null ? "" : `, index ${oneDecimal(rating.index)}`}`,
    ...because,
  ].join("\n");
}

function valueText({value, codes = []}: Indicator): string {
  if (codes.length > 0) return "";
  return value === null ? "-" : numberText(value);
}

/** What is no number stands after the title: as a column it would push the numbers apart. */
function wordsOf({codes = []}: Indicator, definition: IndicatorDefinition | undefined): string {
  const names = definition === undefined ? null : namedCodes(definition, codes);
  return names === null || names.length === 0 ? "" : `: ${namesText(names)}`;
}

/** As the bulletin prints it: rounded half up on the counts themselves, and the same where it rounds to nothing. */
function changeText(indicator: Indicator): string {
  const change = changeOf(indicator);
  if (change === null) return "";
  return change.direction === "same" ? "0.0 %" : `${change.direction === "up" ? "+" : "-"}${change.percent} %`;
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : oneDecimal(value);
}

const explainCommand: Command = {
  name: "explain",
  summary:
    "Shows what is behind a number: events, cases or complaints, each with the lines of reports that it came from.",
  usage: "--week W --indicator ID [--limit N]",
  options: {...WEEK, indicator: {type: "string"}, limit: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const week = weekOption(call, house);
    const explanation = await explain(house, week, {
      indicator: needed(call, "indicator"),
      limit: wholeNumber(call, "limit") ?? EXPLAINED,
      now: call.now,
    });
    return {json: explanation, text: explanationText(explanation, week.zone)};
  },
};

function explanationText(explanation: Explanation, zone: string): string {
  const {indicator, version, title, meaning} = explanation;
  const at = (time: string): string => localTime(new Date(time), zone);
  const events = explanation.events.map(
    (event) =>
      `  ${at(event.seenAt)}  ${event.class}  ${event.asset}\n    ${event.report} line ${event.line}: ${(event.text ?? "").slice(0, 160)}`,
  );
  const entered = explanation.entered.map(
    (entry) => `  ${statedText(entry)}, entered by ${entry.by} at ${at(entry.at)}: ${STATE_TEXTS[entry.state]}`,
  );
  const infra = explanation.infra.map((event) => `  ${event.id} ${event.day} level ${event.level}: ${event.title.zh}`);
  return [
    `${indicator} v${version}: ${title.zh} / ${title.en}`,
    `  ${meaning.zh}`,
    `  ${meaning.en}`,
    `  ${explainedValue(explanation)}`,
    ...events,
    ...casesText(explanation, at),
    ...entered,
    ...infra,
    ...explanation.parts.map((part) => explanationText(part, zone)),
  ].join("\n");
}

/** Each case with what it was handled by, and below it what it came from: lines of reports, complaints, and its URLs. */
function casesText({cases, complaints}: Explanation, at: (time: string) => string): string[] {
  return [
    ...cases.flatMap((each) => [
      `  ${each.id}  ${at(each.handledAt)}  ${each.class}  ${each.asset}  ${[each.partyKind ?? "-", ...each.borderTests].join(" ")}`,
      ...each.lines.map(({report, line, text}) => `    ${report} line ${line}: ${(text ?? "").slice(0, 160)}`),
      ...(each.complaints.length === 0 ? [] : [`    ${each.complaints.join(", ")}`]),
      ...each.urls.map((url) => `    ${url}`),
    ]),
    ...complaints.map(
      (each) =>
        `  ${each.id}  ${at(each.receivedAt)}  ${each.class ?? "-"}  ${each.asset ?? "-"}  ${each.case ?? each.state}`,
    ),
  ];
}

/** The number itself, and how many of the events behind it are shown. */
function explainedValue({value, names, eventCount, events, caseCount, cases, complaints}: Explanation): string {
  const known = value === null ? "-" : numberText(value);
  const said = names === null || names.length === 0 ? known : namesText(names);
  if (caseCount !== null) {
    const shown = cases.length + complaints.length;
    return `数值 ${said}，共 ${caseCount} 条，列出 ${shown} 条 / value ${said}, ${shown} of ${caseCount} cases or complaints`;
  }
  if (eventCount === null) return `数值 ${said} / value ${said}`;
  return `数值 ${said}，共 ${eventCount} 个事件，列出 ${events.length} 个 / value ${said}, ${events.length} of ${eventCount} events`;
}

const figures: Command = {
  name: "edition figures",
  summary:
    "Enters figures that no feed carries, kept with who and when; lists all entries, each with whether it counts now.",
  usage: "--week W [--set ID=VALUE ...] [--unset ID ...] [--by NAME]",
  options: {...WEEK, ...BY, set: {type: "string", multiple: true}, unset: {type: "string", multiple: true}},
  run: async (call, open) => {
    const house = await open();
    const week = weekOption(call, house);
    const definitions = await house.definitions();
    const by = person(call);
    const set = several(call, "set").map((text) => {
      const [id = "", value] = text.split(/=(.*)/s);
      if (value === undefined) throw new WatchfloorError("usage", `--set ${text} is not ID=VALUE`);
      return {week: week.from, indicator: id, value: readFigure(definitionOf(definitions, id), value), by};
    });
    const {db} = await house.database();
    const standing = new Map([...(await figuresOf(db, week.from))].map(([id, {value}]) => [id, value] as const));
    const unset = several(call, "unset").map((id) => {
      const indicator = definitionOf(definitions, id).id;
      if (!standing.has(indicator))
        throw new WatchfloorError("usage", `--unset ${id}: no such figure is entered for ${week.from}`);
      return {week: week.from, indicator, value: null, by};
    });
    for (const {indicator, value} of [...set, ...unset]) standing.set(indicator, value);
    checkFigures(standing);
    const isChanged = set.length + unset.length > 0;
    if (isChanged) await enterFigures(db, [...set, ...unset], call.now);
    const all = await statedFigures(house, week, {now: call.now});
    const rows = all.map((each) => {
      const [number, words] = each.names === null ? [statedText(each), ""] : ["", statedText(each)];
      return [each.indicator, number, STATE_TEXTS[each.state], each.by, each.at, words];
    });
    const editions = isChanged ? await listEditions(house) : [];
    const isOut = editions.some((each) => each.week === week.from && each.state === "published");
    return {
      json: all,
      text: `${rows.length === 0 ? "none" : tableText(rows)}${isOut ? afterPublication(week.from) : ""}`,
    };
  },
};

function afterPublication(week: string): string {
  return `\nThe edition of ${week} is published and keeps its numbers. To publish these, open a correction: edition correct --week ${week} ${REASON_USAGE}`;
}

const rating: Command = {
  name: "edition rating",
  summary:
    "Enters a rating in place of the rule's, with a reason that is printed, in each language as it was given; --unset takes it back.",
  usage: `--week W (--set 优|良|中|差|危 | --unset) ${REASON_USAGE} [--by NAME]`,
  options: {...WEEK, ...BY, ...REASON_OPTIONS, set: {type: "string"}, unset: {type: "boolean"}},
  run: async (call, open) => {
    const house = await open();
    const week = weekOption(call, house);
    const grade = call.options["unset"] === true ? null : gradeOf(needed(call, "set"));
    const {db} = await house.database();
    await overrideRating(db, {week: week.from, grade, reason: reasonOption(call), by: person(call)}, call.now);
    const {rating: now} = await situationOf(house, week, call.now);
    return {json: now, text: `rating: ${now.grade ?? "none"} (by rule ${now.byRule ?? "none"})`};
  },
};

function gradeOf(text: string): Grade {
  const grade = GRADES.find((each) => each === text);
  if (grade === undefined) throw new WatchfloorError("usage", `--set knows ${GRADES.join(", ")}, not ${text}`);
  return grade;
}

/** Commands about a week's numbers. */
export const WEEK_COMMANDS: readonly Command[] = [situation, explainCommand, figures, rating];
