/** What people stated for a week, with what became of each entry and the words of what is no number. */
import type {FigureEntry} from "../model/edition.ts";
import type {CodeName, IndicatorDefinition} from "../model/indicator.ts";
import type {Week} from "../model/week.ts";
import {type EntryState, entryStates, namesEntered} from "../situation/figures.ts";
import {figureHistory} from "../store/entries.ts";
import type {House} from "./house.ts";
import {situationOf} from "./situation.ts";

/** An entry of the history. `not-used`: it would hold, but the reports of the week give the number. */
export interface StatedFigure extends FigureEntry {
  readonly state: EntryState | "not-used";
  /** What a value that is no number stands for, first things first; null for numbers. */
  readonly names: readonly CodeName[] | null;
}

/** Returns every entry of figures for the week in the order of entering, of one indicator when it is given. */
export async function statedFigures(
  house: House,
  week: Week,
  choice: {readonly now: Date; readonly indicator?: string},
): Promise<StatedFigure[]> {
  const {db} = await house.database();
  const definitions = new Map((await house.definitions()).map((each) => [each.id, each]));
  const history = (await figureHistory(db, week.from)).filter(
    ({indicator}) => choice.indicator === undefined || choice.indicator === indicator,
  );
  const states = entryStates(history);
  const mayLose = history.some(
    (entry, index) => states[index] === "holds" && isCounted(definitions.get(entry.indicator)),
  );
  const indicators = mayLose ? (await situationOf(house, week, choice.now)).indicators : {};
  return history.map((entry, index) => {
    const state = states[index] ?? "holds";
    const definition = definitions.get(entry.indicator);
    const isLost = state === "holds" && indicators[entry.indicator]?.entered === null;
    const names = definition === undefined || entry.value === null ? null : namesEntered(definition, entry.value);
    return {...entry, state: isLost ? "not-used" : state, names};
  });
}

/** Such an indicator may be entered, but what is counted goes before it. */
function isCounted(definition: IndicatorDefinition | undefined): boolean {
  return definition !== undefined && (definition.counting.how !== "entered" || definition.cases !== undefined);
}

/** Returns codes as a person at a terminal reads them: Medium (中). */
export function namesText(names: readonly CodeName[]): string {
  return names.map(({zh, en}) => `${en} (${zh})`).join(", ");
}

/** Returns the value of an entry as a person at a terminal reads it. */
export function statedText({value, names}: StatedFigure): string {
  if (value === null) return "-";
  return names === null ? String(value) : namesText(names);
}

/** What each state means, as a person at a terminal reads it. */
export const STATE_TEXTS: Readonly<Record<StatedFigure["state"], string>> = {
  holds: "counts now",
  "not-used": "not used: reports or cases give the number",
  superseded: "superseded",
  "taken-back": "taken back",
  "takes-back": "takes the one before back",
};
