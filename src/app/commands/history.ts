import type {StaleText} from "../../bulletin/edition-input.ts";
import {type Answer, type Call, tableText, weekOption} from "../command.ts";
import {editionAtDesk, historyOfEdition} from "../editions.ts";
import type {House} from "../house.ts";

/** Returns the state of the week's edition, its words that have to be looked at, and everything that happened to it. */
export async function historyAnswer(house: House, call: Call): Promise<Answer> {
  const week = weekOption(call, house);
  const {draft, steps} = await historyOfEdition(house, week);
  const isOpen = draft.state === "draft" || draft.state === "in_review";
  const staleTexts = isOpen ? (await editionAtDesk(house, week, call.now)).input.staleTexts : [];
  const {situation: _, ...json} = draft;
  const rows = steps.map(({at, step, from, to, by, note}) => {
    return [at, step, from === null || from === to ? to : `${from} → ${to}`, by, note ?? ""];
  });
  return {
    json: {...json, staleTexts, steps},
    text: [
      `${draft.week} version ${draft.version}: ${draft.state}`,
      ...staleTexts.map(staleLine),
      tableText(rows),
    ].join("\n"),
  };
}

/** Returns how a terminal says that the numbers under a text of the editor have changed. */
export function staleLine({language, paragraph, composed}: StaleText): string {
  return `look again: ${language} ${paragraph} was edited, and its numbers have changed since; generated now: ${composed ?? "nothing"}`;
}
