import type {Language} from "../document.ts";
import {en} from "./en.ts";
import type {Marks} from "./marks.ts";
import {type Text, zhIn} from "./zh.ts";

const CHINESE: Record<Marks, Text> = {full: zhIn("full"), half: zhIn("half")};

/** Returns every word of an edition and its pages in the language; `marks` are those of the Chinese long form. */
export function textOf(language: Language, marks: Marks = "full"): Text {
  return language === "zh" ? CHINESE[marks] : en;
}
