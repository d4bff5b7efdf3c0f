import type {Condition, TableRule} from "../src/model/format.ts";

/** Returns the class that a table's rule gives a row of texts, as the engine does it; "" when none. */
export function classOf(rule: TableRule, row: Readonly<Record<string, string>>): string {
  return rule.classes.find(({when}) => when.every((condition) => holds(condition, row)))?.class ?? "";
}

function holds(condition: Condition, row: Readonly<Record<string, string>>): boolean {
  const text = (row[condition.column] ?? "").toLowerCase();
  if ("isEmpty" in condition) return condition.isEmpty === (text === "");
  if ("equals" in condition) return condition.equals.some((each) => each.toLowerCase() === text);
  return condition.contains.some((each) => text.includes(each.toLowerCase()));
}
