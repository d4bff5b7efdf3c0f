import {WatchfloorError} from "../model/errors.ts";
import type {EventDimension, IndicatorDefinition} from "../model/indicator.ts";
import {THREATS} from "./indicators-threats.ts";
import {WORK} from "./indicators-work.ts";

/**
 * The one table of indicators, in the order of the bulletin. A definition whose meaning changes gets a higher version.
 * Source: PRODUCT "the numbers of a week"; BULLETIN a3, a4. store/count.ts counts by it, compute.ts adds and compares.
 */
export const INDICATORS: readonly IndicatorDefinition[] = [...THREATS, ...WORK];

/** Returns whether a person may state the indicator; what is counted wins over what is stated. */
export function mayBeEntered(definition: IndicatorDefinition): boolean {
  return definition.counting.how === "entered" || definition.mayBeEntered === true;
}

/** Returns the definition of that id. Throws indicator_unknown. */
export function definitionOf(definitions: readonly IndicatorDefinition[], id: string): IndicatorDefinition {
  const definition = definitions.find((each) => each.id === id);
  if (definition === undefined) throw new WatchfloorError("indicator_unknown", id);
  return definition;
}

/**
 * Checks that ids are unique, that an indicator builds only on indicators above it, and that a sum is broken down only
 * as its parts are. Throws config_invalid with the id.
 */
export function checkDefinitions(definitions: readonly IndicatorDefinition[]): void {
  const above = new Map<string, IndicatorDefinition>();
  for (const definition of definitions) {
    const {id} = definition;
    if (above.has(id)) throw new WatchfloorError("config_invalid", `indicator ${id} is defined twice`);
    for (const part of partsOf(definition)) {
      const found = above.get(part);
      if (found === undefined)
        throw new WatchfloorError("config_invalid", `indicator ${id} builds on ${part}, which is not above it`);
      const lacking = dimensionsOf(definition).find((dimension) => !dimensionsOf(found).includes(dimension));
      if (definition.counting.how === "sum" && lacking !== undefined)
        throw new WatchfloorError("config_invalid", `indicator ${id} is broken down by ${lacking}, but ${part} is not`);
    }
    above.set(id, definition);
  }
}

/** Returns the ids of the indicators that must be known before this one. */
export function partsOf({counting, zero}: IndicatorDefinition): readonly string[] {
  const whole = zero?.when === "part" ? [zero.of] : [];
  if (counting.how === "sum") return counting.of;
  if (counting.how === "ratio") return [counting.of, counting.to];
  if (counting.how === "counted" && counting.known !== undefined)
    return [counting.known.share, counting.known.of, ...whole];
  return whole;
}

function dimensionsOf({counting}: IndicatorDefinition): readonly EventDimension[] {
  return counting.how === "counted" || counting.how === "sum" ? counting.by : [];
}
