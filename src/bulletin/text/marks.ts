/** The style of Chinese punctuation marks: those of the long form were half-width as long as it was published. */
import type {Profile} from "../../model/profile.ts";

export type Marks = Profile["bulletin"]["marks"];

const HALF: Readonly<Record<string, string>> = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")"};

/** A template tag: a sentence in the style of the marks. What is put into it stays as it is. */
export type Say = (parts: TemplateStringsArray, ...values: readonly (string | number)[]) => string;

/** Returns a text that is written with full-width marks in the style. */
export function inMarks(text: string, marks: Marks): string {
  return marks === "full" ? text : text.replace(/[，；：（）]/g, (mark) => HALF[mark] ?? mark);
}

/** Returns the template tag for the style. */
export function sayIn(marks: Marks): Say {
  return (parts, ...values) => parts.map((part, index) => inMarks(part, marks) + (values[index] ?? "")).join("");
}
