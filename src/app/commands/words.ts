import {safeLink} from "../../bulletin/escape.ts";
import type {Draft, DraftNews, NewsItem} from "../../model/edition.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {Week} from "../../model/week.ts";
import {addNews, removeNews, setNumber, setText, setVariant} from "../../store/editions/drafts.ts";
import {draftOf} from "../../store/editions.ts";
import {
  BY,
  type Call,
  type Command,
  choices,
  LANGUAGES,
  needed,
  optional,
  person,
  tableText,
  VARIANTS,
  WEEK,
  weekOption,
  wholeNumber,
} from "../command.ts";
import {composedTexts} from "../edited-texts.ts";
import {editionAtDesk} from "../editions.ts";
import type {House} from "../house.ts";
import {historyAnswer} from "./history.ts";

const edit: Command = {
  name: "edition edit",
  summary:
    "Changes the draft: the text of a paragraph, the number, or the form; --keep says that a text still holds after its numbers changed.",
  usage:
    "--week W [--lang zh|en --paragraph ID (--text TEXT | --keep | --reset)] [--number YEAR/ISSUE] [--variant short|long] [--by NAME]",
  options: {
    ...WEEK,
    ...BY,
    lang: {type: "string"},
    paragraph: {type: "string"},
    text: {type: "string"},
    keep: {type: "boolean"},
    reset: {type: "boolean"},
    number: {type: "string"},
    variant: {type: "string"},
  },
  run: async (call, open) => {
    const house = await open();
    const week = weekOption(call, house);
    const {db} = await house.database();
    const step = {week: week.from, by: person(call)};
    checkWords(call);
    if (optional(call, "paragraph") !== undefined)
      await setText(db, {...step, ...(await textOf(call, {house, week}))}, call.now);
    const number = optional(call, "number");
    if (number !== undefined) await setNumber(db, {...step, number: numberOf(number)}, call.now);
    if (optional(call, "variant") !== undefined)
      await setVariant(db, {...step, variant: choices(call, "variant", VARIANTS)[0] ?? "long"}, call.now);
    return historyAnswer(house, call);
  },
};

const WORDS = ["text", "keep", "reset"] as const;

/** Words that go nowhere would be lost unseen. Throws usage. */
function checkWords(call: Call): void {
  const given = WORDS.filter((name) => call.options[name] !== undefined && call.options[name] !== false);
  const hasParagraph = optional(call, "paragraph") !== undefined;
  if (hasParagraph ? given.length !== 1 : given.length > 0 || optional(call, "lang") !== undefined)
    throw new WatchfloorError(
      "usage",
      "--paragraph takes one of --text, --keep and --reset, and they and --lang need it",
    );
  if (optional(call, "lang") !== undefined && choices(call, "lang", LANGUAGES).length !== 1)
    throw new WatchfloorError("usage", "--lang names one language here");
}

/** A name that no paragraph has would lose the editor's words unseen. Throws usage, with the names that there are. */
async function textOf(call: Call, {house, week}: {house: House; week: Week}) {
  const language = choices(call, "lang", LANGUAGES)[0] ?? "zh";
  const paragraph = needed(call, "paragraph");
  const {input, draft} = await editionAtDesk(house, week, call.now);
  const composed = composedTexts(input, house.config.profile, {language, variant: draft.variant});
  if (!composed.has(paragraph) && draft.texts[language][paragraph] === undefined)
    throw new WatchfloorError(
      "usage",
      `the edition has no paragraph "${paragraph}"; it has ${[...composed.keys()].join(", ")}`,
    );
  return {
    language,
    paragraph,
    text: wordsFor(call, draft.texts[language][paragraph]),
    composed: composed.get(paragraph) ?? "",
  };
}

function wordsFor(call: Call, before: string | undefined): string | null {
  if (call.options["reset"] === true) return null;
  if (call.options["keep"] !== true) return needed(call, "text");
  if (before === undefined) throw new WatchfloorError("usage", "--keep keeps an edited text, and there is none");
  return before;
}

function numberOf(text: string): {year: number; issue: number} {
  const found = /^(\d{4})\/(\d{1,2})$/.exec(text);
  if (found === null) throw new WatchfloorError("usage", `--number ${text} is not YEAR/ISSUE`);
  return {year: Number(found[1]), issue: Number(found[2])};
}

const news: Command = {
  name: "edition news",
  summary:
    "Adds a piece of news of the trade to the draft, in one language or both, or takes one out; lists what is in it.",
  usage: "--week W [--title-zh T --title-en T --zh TEXT --en TEXT --source NAME [--link URL]] [--remove N] [--by NAME]",
  options: {
    ...WEEK,
    ...BY,
    "title-zh": {type: "string"},
    "title-en": {type: "string"},
    zh: {type: "string"},
    en: {type: "string"},
    source: {type: "string"},
    link: {type: "string"},
    remove: {type: "string"},
  },
  run: async (call, open) => {
    const house = await open();
    const step = {week: weekOption(call, house).from, by: person(call)};
    const {db} = await house.database();
    const id = wholeNumber(call, "remove");
    if (id !== undefined) await removeNews(db, {...step, id}, call.now);
    if (NEWS_WORDS.some((name) => optional(call, name) !== undefined))
      await addNews(db, {...step, item: newsItem(call)}, call.now);
    const draft = await draftOf(db, step.week);
    return {json: draft.news, text: newsText(draft)};
  },
};

const NEWS_WORDS = ["title-zh", "title-en", "zh", "en", "source", "link"] as const;

function newsItem(call: Call): NewsItem {
  const word = (name: string): string | null => optional(call, name) ?? null;
  const asked = word("link");
  const link = asked !== null && /^https?:\/\//i.test(asked) ? safeLink(asked) : null;
  if (asked !== null && link === null) throw new WatchfloorError("usage", `--link ${asked} is no web address`);
  return {
    title: {zh: word("title-zh"), en: word("title-en")},
    text: {zh: word("zh"), en: word("en")},
    source: needed(call, "source"),
    link,
  };
}

function newsText({news: items}: Draft): string {
  const row = ({id, title, source, link}: DraftNews): string[] => [
    String(id),
    title.zh ?? title.en ?? "",
    source,
    link ?? "",
  ];
  return items.length === 0 ? "none" : tableText(items.map(row));
}

/** Commands about the words of an edition. */
export const WORD_COMMANDS: readonly Command[] = [edit, news];
