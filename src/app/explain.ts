import type {EventView} from "../model/event.ts";
import type {Bilingual} from "../model/format.ts";
import type {CodeName, Counting, IndicatorDefinition, InfraEvent, Situation} from "../model/indicator.ts";
import type {Week} from "../model/week.ts";
import {namedCodes} from "../situation/figures.ts";
import {definitionOf} from "../situation/indicators.ts";
import {type CaseBehind, type ComplaintBehind, casesBehind, complaintsBehind} from "../store/cases/behind.ts";
import {countCases} from "../store/cases/counting.ts";
import {infraEventsOf} from "../store/entries.ts";
import {explainIndicator} from "../store/events/explain.ts";
import type {CountedDefinition} from "../store/events/weeks/week-rows.ts";
import {findReport} from "../store/report-records.ts";
import {linesOf} from "../store/reports.ts";
import {countedHistory} from "./cases/history.ts";
import type {House} from "./house.ts";
import {countWorkOf, situationOf} from "./situation.ts";
import {type StatedFigure, statedFigures} from "./stated.ts";

/** What is behind a number: events with the line they came from, what people stated, or entries of the register. */
export interface Explanation {
  readonly indicator: string;
  readonly version: number;
  readonly title: Bilingual;
  readonly meaning: Bilingual;
  /** The number of the week; null when it was not measured, or is no number. */
  readonly value: number | null;
  /** What a figure that is no number stands for, first things first. */
  readonly names: readonly CodeName[] | null;
  /** How many events are behind the number; null when it is not counted from events. */
  readonly eventCount: number | null;
  /** The first of them. */
  readonly events: readonly (EventView & {readonly text: string | null})[];
  /** How many cases or complaints are behind it; null when it is not counted from them. */
  readonly caseCount: number | null;
  readonly cases: readonly ExplainedCase[];
  readonly complaints: readonly ComplaintBehind[];
  readonly entered: readonly StatedFigure[];
  readonly infra: readonly InfraEvent[];
  /** The indicators that this one is made of. */
  readonly parts: readonly Explanation[];
}

/** A case behind a number; the lines of reports that told of it with their text, null when the report is not kept. */
export interface ExplainedCase extends Omit<CaseBehind, "lines"> {
  readonly lines: readonly (CaseBehind["lines"][number] & {readonly text: string | null})[];
}

/** Leads from a number to its events and from each event to its report and line. Throws indicator_unknown, week_empty. */
export async function explain(
  house: House,
  week: Week,
  question: {indicator: string; limit: number; now: Date},
): Promise<Explanation> {
  const definitions = await house.definitions();
  definitionOf(definitions, question.indicator); // what is asked wrongly is said before anything is counted
  const {indicators, casesUntil} = await situationOf(house, week, question.now);
  return explainOne({house, week, definitions, indicators, casesUntil, ...question}, question.indicator);
}

/** All that an indicator and its parts are explained by. */
interface Desk {
  readonly house: House;
  readonly week: Week;
  readonly definitions: readonly IndicatorDefinition[];
  readonly indicators: Situation["indicators"];
  readonly limit: number;
  readonly now: Date;
  readonly casesUntil: string | undefined;
}

async function explainOne(desk: Desk, indicator: string): Promise<Explanation> {
  const {house, week, now} = desk;
  const definition = definitionOf(desk.definitions, indicator);
  const {counting} = definition;
  const work = await workBehind(desk, definition);
  const found = work === null && isCounted(definition) ? await eventsBehind(desk, definition) : null;
  const isStated = counting.how === "entered" || definition.mayBeEntered === true;
  const entered = isStated ? await statedFigures(house, week, {indicator, now}) : [];
  const infra = counting.how === "infra" ? await infraEventsOf((await house.database()).db, week) : [];
  const parts = [];
  for (const part of partsOf(counting)) parts.push(await explainOne(desk, part));
  const {value = null, codes = []} = desk.indicators[definition.id] ?? {};
  return {
    indicator: definition.id,
    version: definition.version,
    title: definition.title,
    meaning: definition.meaning,
    value,
    names: namedCodes(definition, codes),
    eventCount: found?.count ?? null,
    events: found?.events ?? [],
    caseCount: work?.count ?? null,
    cases: work?.cases ?? [],
    complaints: work?.complaints ?? [],
    entered,
    infra,
    parts,
  };
}

interface Work {
  readonly count: number;
  readonly cases?: readonly ExplainedCase[];
  readonly complaints?: readonly ComplaintBehind[];
}

/** Null when the number does not come from cases: there are none yet, or they are not counted for it. */
async function workBehind({house, week, limit, casesUntil}: Desk, {cases}: IndicatorDefinition): Promise<Work | null> {
  if (cases === undefined || casesUntil === undefined) return null;
  const {db} = await house.database();
  const {handledWhen} = house.config.cases;
  const {figure} = cases;
  const until = new Date(casesUntil);
  const history = countedHistory(house);
  const counted = await countCases(db, {weeks: [week], handledWhen, until, history});
  if (counted.get(week.from)?.[figure] === undefined) return null;
  if (figure === "complaints") return complaintsBehind(db, {week, until, limit, history});
  const {count, cases: found} = await casesBehind(db, {week, figure, handledWhen, until, limit, history});
  const textOf = await textsOf(
    house,
    found.flatMap(({lines}) => lines),
  );
  return {
    count,
    cases: found.map((each) => ({...each, lines: each.lines.map((line) => ({...line, text: textOf(line)}))})),
  };
}

function isCounted(definition: IndicatorDefinition): definition is CountedDefinition {
  return definition.counting.how === "counted" || definition.counting.how === "new";
}

function partsOf(counting: Counting): readonly string[] {
  if (counting.how === "sum") return counting.of;
  return counting.how === "ratio" ? [counting.of, counting.to] : [];
}

/** Events of a number with the lines that they came from, and how many there are. */
interface Found {
  readonly events: Explanation["events"];
  readonly count: number;
}

async function eventsBehind({house, week, definitions, limit}: Desk, definition: CountedDefinition): Promise<Found> {
  const {engine, lake, context} = countWorkOf(house, definitions);
  const {operators} = (await house.placing()).dictionaries;
  const {events, count} = await explainIndicator({engine, lake, week, definition, context, limit, operators});
  const textOf = await textsOf(house, events);
  return {events: events.map((event) => ({...event, text: textOf(event)})), count};
}

type Line = Pick<EventView, "report" | "line">;

/** The lines of reports as they came. */
async function textsOf(house: House, lines: readonly Line[]): Promise<(at: Line) => string | null> {
  const texts = new Map<string, Map<number, string>>();
  for (const [report, own] of Map.groupBy(lines, (each) => each.report)) {
    const kept = await findReport(house.home, report);
    const numbers = own.map(({line}) => line);
    if (kept !== null) texts.set(report, await linesOf(house.home, kept, numbers));
  }
  return ({report, line}) => texts.get(report)?.get(line) ?? null;
}
