/** How indicators look in the cells of tables. */
import {type Change, countText, sampledText} from "../numbers.ts";
import {type Context, indicatorOf} from "./context.ts";

/** Stands in a cell where nothing was measured. */
export const NO_VALUE = "—";

const ARROWS = {up: "↑", down: "↓", same: "→"} as const;

/** Returns the printed value of this week; null when it was not measured. */
export function valueCell(context: Context, id: string): string | null {
  const {value} = indicatorOf(context, id);
  return value === null ? null : cellOf(context, id, value);
}

/** Returns the printed value of last week, a dash when it is missing. */
export function previousCell(context: Context, id: string): string {
  const {previous} = indicatorOf(context, id);
  return previous === null ? NO_VALUE : cellOf(context, id, previous);
}

/** Returns the change with its arrow, such as `↓ 35.7%`; a dash when there is nothing to compare with. */
export function trendCell(change: Change | null): string {
  return change === null ? NO_VALUE : `${ARROWS[change.direction]} ${change.percent}%`;
}

/** Hosts are sampled and so rounded; everything else is printed in full. */
function cellOf({language, wording}: Context, id: string, value: number): string {
  return id.startsWith("host.") ? sampledText(value, language, wording.usesWan).text : countText(value, language);
}
