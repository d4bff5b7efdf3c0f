/**
 * HTML by template. Every value that goes into a template is escaped, so that this is how text becomes HTML; only
 * what this file made itself, and drawings, go in as they are. Attributes are always written in double quotes.
 */
import {escapeMarkup} from "../escape.ts";

/** A piece of HTML that is safe to put into another. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template. Null and false stand for nothing. */
export type Content = Markup | string | number | null | false | readonly Content[];

/** Template tag: `html\`<p>${text}</p>\``. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return {
    markup: parts.map((part, index) => (index === 0 ? part : written(values[index - 1] ?? null) + part)).join(""),
  };
}

/** Takes a drawing of charts.ts, which has escaped its own texts, as it is. Nothing else may come in by this door. */
export function drawing(svg: string): Markup {
  return {markup: svg};
}

function written(content: Content): string {
  if (content === null || content === false) return "";
  if (typeof content === "string") return escapeMarkup(content);
  if (typeof content === "number") return String(content);
  return "markup" in content ? content.markup : content.map(written).join("");
}
