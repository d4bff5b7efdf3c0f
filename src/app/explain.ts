import type {EventView} from "../model/event.ts";
import type {Counting, IndicatorDefinition, InfraEvent} from "../model/indicator.ts";
import type {Week} from "../model/week.ts";
import {definitionOf} from "../situation/indicators.ts";
import {infraEventsOf} from "../store/entries.ts";
import {explainIndicator} from "../store/events/explain.ts";
import type {CountedDefinition} from "../store/events/week-rows.ts";
import {findReport} from "../store/report-records.ts";
import {linesOf} from "../store/reports.ts";
import type {House} from "./house.ts";
import {countWorkOf} from "./situation.ts";
import {type StatedFigure, statedFigures} from "./stated.ts";

/** What is behind a number: events with the line they came from, what people stated, or entries of the register. */
export interface Explanation {
  readonly indicator: string;
  readonly version: number;
  readonly meaning: string;
  readonly events: readonly (EventView & {readonly text: string | null})[];
  readonly entered: readonly StatedFigure[];
  readonly infra: readonly InfraEvent[];
  /** The indicators that this one is made of. */
  readonly parts: readonly Explanation[];
}

/** Leads from a number to its events and from each event to its report and line. Throws indicator_unknown. */
export async function explain(
  house: House,
  week: Week,
  question: {indicator: string; limit: number; now: Date},
): Promise<Explanation> {
  const definitions = await house.definitions();
  const definition = definitionOf(definitions, question.indicator);
  const {counting} = definition;
  const events = isCounted(definition)
    ? await eventsBehind(house, week, {definition, definitions, limit: question.limit})
    : [];
  const isStated = counting.how === "entered" || definition.mayBeEntered === true;
  const entered = isStated ? await statedFigures(house, week, question) : [];
  const infra = counting.how === "infra" ? await infraEventsOf((await house.database()).db, week) : [];
  const parts = [];
  for (const part of partsOf(counting)) parts.push(await explain(house, week, {...question, indicator: part}));
  return {
    indicator: definition.id,
    version: definition.version,
    meaning: definition.meaning.en,
    events,
    entered,
    infra,
    parts,
  };
}

function isCounted(definition: IndicatorDefinition): definition is CountedDefinition {
  return definition.counting.how === "counted" || definition.counting.how === "new";
}

function partsOf(counting: Counting): readonly string[] {
  if (counting.how === "sum") return counting.of;
  return counting.how === "ratio" ? [counting.of, counting.to] : [];
}

interface EventQuestion {
  readonly definition: CountedDefinition;
  readonly definitions: readonly IndicatorDefinition[];
  readonly limit: number;
}

async function eventsBehind(
  house: House,
  week: Week,
  {definition, definitions, limit}: EventQuestion,
): Promise<Explanation["events"]> {
  const {engine, lake, context} = countWorkOf(house, definitions);
  const {dictionaries} = await house.placing();
  const events = await explainIndicator({
    engine,
    lake,
    week,
    definition,
    context,
    limit,
    operators: dictionaries.operators,
  });
  const texts = new Map<string, Map<number, string>>();
  for (const report of new Set(events.map((event) => event.report))) {
    const kept = await findReport(house.home, report);
    const lines = events.filter((event) => event.report === report).map((event) => event.line);
    if (kept !== null) texts.set(report, await linesOf(house.home, kept, lines));
  }
  return events.map((event) => ({...event, text: texts.get(event.report)?.get(event.line) ?? null}));
}
