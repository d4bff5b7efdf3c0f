import type {Language} from "../document.ts";
import {en} from "./en.ts";
import {type Text, zh} from "./zh.ts";

const TEXTS: Record<Language, Text> = {zh, en};

/** Returns every word of an edition and its pages in the language. */
export function textOf(language: Language): Text {
  return TEXTS[language];
}
