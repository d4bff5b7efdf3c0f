/** What each section is composed with: the input, the wording that holds for the week, and the words of one language. */
import type {Bilingual, Written} from "../../model/format.ts";
import type {Profile} from "../../model/profile.ts";
import type {Day} from "../../model/week.ts";
import type {Language, Paragraph, Span, Variant} from "../document.ts";
import type {EditionIndicator, EditionInput} from "../edition-input.ts";
import {countText, type Quantity, sampledText} from "../numbers.ts";
import {inMarks} from "../text/marks.ts";
import type {Text} from "../text/zh.ts";

/** The wording of a profile as it was in one week. */
export type Wording = Profile["bulletin"];

/** See the head of this file. `form` holds the sentences of the variant. */
export interface Context {
  readonly input: EditionInput;
  readonly profile: Profile;
  readonly wording: Wording;
  readonly text: Text;
  readonly form: Text["short"];
  readonly language: Language;
  readonly variant: Variant;
}

const NOTHING: EditionIndicator = {
  value: null,
  previous: null,
  change: null,
  by: {},
  previousBy: {},
  gaps: [],
  gapsBefore: [],
  isRounded: false,
  enteredBy: null,
};

/** Returns the wording that held in the week of that Monday, or on that day; the present one when it is not known. */
export function wordingOf(profile: Profile, day: Day | null): Wording {
  const wording = profile.bulletin;
  const earlier = day === null ? undefined : wording.earlier.find(({until}) => day <= until);
  const marks = earlier?.marks ?? wording.marks;
  const marked = ({zh, en}: Bilingual): Bilingual => ({zh: inMarks(zh, marks), en});
  return {
    ...wording,
    marks,
    markBeforeMobile: earlier?.markBeforeMobile ?? wording.markBeforeMobile,
    provinceMap: marked(earlier?.provinceMap ?? wording.provinceMap),
    vulnSource: marked(wording.vulnSource),
  };
}

/** Returns the indicator, or one without any value. */
export function indicatorOf(context: Context, id: string): EditionIndicator {
  return context.input.indicators[id] ?? NOTHING;
}

/** Returns the printed count of an indicator, null when it was not measured. */
export function countOf(context: Context, id: string): string | null {
  const {value} = indicatorOf(context, id);
  return value === null ? null : countText(value, context.language);
}

/** Returns a count of sampled hosts as printed, null when it was not measured. */
export function sampledOf(context: Context, id: string): Quantity | null {
  const {value} = indicatorOf(context, id);
  return value === null ? null : sampledText(value, context.language, context.wording.usesWan);
}

/** Makes a paragraph; one that the editor changed has the editor's text. Null when there is nothing to say. */
export function paragraph(context: Context, id: string, sentences: readonly (string | null)[]): Paragraph | null {
  const composed = present(sentences).join(context.text.title.gap);
  const text = context.input.texts[context.language]?.[id] ?? composed;
  return text === "" ? null : {kind: "paragraph", id, spans: [{text}]};
}

/** Returns a text of the editor as an edition in the language prints it; `isForeign`: it is in the other one only. */
export function editorsWords(written: Written, language: Language): {text: string; isForeign: boolean} {
  const own = written[language];
  return {text: own ?? written.zh ?? written.en ?? "", isForeign: own === null};
}

/** Returns a sentence as spans, words of the editor in it that are in the other language marked as such. */
export function spansWith(sentence: string, written: Written, language: Language): Span[] {
  const {text, isForeign} = editorsWords(written, language);
  const at = isForeign && text !== "" ? sentence.lastIndexOf(text) : -1;
  if (at < 0) return [{text: sentence}];
  const lang = language === "zh" ? "en" : "zh";
  const spans: Span[] = [{text: sentence.slice(0, at)}, {text, lang}, {text: sentence.slice(at + text.length)}];
  return spans.filter((span) => span.text !== "");
}

/** Returns the values that are not null. */
export function present<T>(values: readonly (T | null)[]): T[] {
  return values.filter((each) => each !== null);
}

/** Returns the name of an indicator that stands alone, as in a list: its label, else the title of its definition. */
export function indicatorTitle({input, text, wording, language}: Context, id: string): string {
  const definition = input.method?.definitions.find((each) => each.id === id);
  return text.figures.alone(id, wording.domestic[language]) ?? definition?.title[language] ?? id;
}
