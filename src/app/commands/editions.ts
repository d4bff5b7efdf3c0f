import {readFile} from "node:fs/promises";
import path from "node:path";
import type {EditionDocument} from "../../bulletin/document.ts";
import type {EditionInput} from "../../bulletin/edition-input.ts";
import {readFigures} from "../../bulletin/figures.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {Week} from "../../model/week.ts";
import {verifyArchive} from "../../store/archive/verification.ts";
import {codeOf, writeAllDurably} from "../../store/durable.ts";
import {setNumber, setText, setVariant} from "../../store/editions/drafts.ts";
import {publications, withdrawDraft} from "../../store/editions.ts";
import {
  type Answer,
  type Call,
  type Command,
  choices,
  needed,
  optional,
  person,
  REASON_OPTIONS,
  REASON_USAGE,
  reasonOption,
  tableText,
  weekOption,
} from "../command.ts";
import {
  correctEdition,
  draftEdition,
  editionAtDesk,
  historyOfEdition,
  listEditions,
  publishEdition,
  submitEdition,
} from "../editions.ts";
import {environment} from "../environment.ts";
import type {House} from "../house.ts";
import {archivedEntry} from "../publish.ts";
import {documentsOf, EDITION_FORMATS, renderEdition} from "../rendering.ts";

const WEEK = {week: {type: "string"}} as const;
const BY = {by: {type: "string"}} as const;
const VARIANTS = ["short", "long"] as const;
const LANGUAGES = ["zh", "en"] as const;

const draft: Command = {
  name: "edition draft",
  summary: "Makes or refreshes the draft of a week's edition.",
  usage: "--week W [--variant short|long] [--by NAME]",
  options: {...WEEK, ...BY, variant: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const variant = optional(call, "variant") === undefined ? undefined : choices(call, "variant", VARIANTS)[0];
    const made = await draftEdition(house, {
      week: weekOption(call, house),
      by: person(call),
      now: call.now,
      ...(variant === undefined ? {} : {variant}),
    });
    const gaps = made.situation.gaps.map((gap) => ({...gap}));
    const json = {
      week: made.draft.week,
      version: made.draft.version,
      state: made.draft.state,
      variant: made.draft.variant,
      issue: made.input.issue,
      rating: made.situation.rating,
      gaps,
    };
    const issue = made.input.issue === null ? "no number" : `${made.input.issue.year}/${made.input.issue.number}`;
    return {
      json,
      text: [
        `${json.week} version ${json.version}: ${json.state}, ${issue}, rating ${json.rating.grade ?? "none"}`,
        ...gaps.map(
          (gap) => `gap: feed ${gap.feed} is ${gap.kind}: ${gap.delivered} events, usual ${gap.usual ?? "unknown"}`,
        ),
      ].join("\n"),
    };
  },
};

const render: Command = {
  name: "edition render",
  summary: "Writes an edition into a folder: a week's, or one from figures given by hand.",
  usage:
    "(--week W | --figures FILE) --to DIR [--formats html,wechat,pdf,docx,md,json] [--lang zh,en] [--variant short|long]",
  options: {
    ...WEEK,
    figures: {type: "string"},
    to: {type: "string"},
    formats: {type: "string"},
    lang: {type: "string"},
    variant: {type: "string"},
  },
  run: async (call, open) => {
    const house = await open();
    const to = path.resolve(needed(call, "to"));
    const formats = choices(call, "formats", EDITION_FORMATS);
    const languages = choices(call, "lang", LANGUAGES);
    const [wanted] = optional(call, "variant") === undefined ? [] : choices(call, "variant", VARIANTS);
    const source = await sourceOf(call, house);
    const {profile} = house.config;
    const documents = documentsOf(source.input, profile, {languages, variant: wanted ?? source.variant});
    const files = await renderEdition({
      input: source.input,
      profile,
      documents,
      formats,
      createdAt: source.at,
      cache: path.join(house.home, "tmp", "fonts"),
    });
    await writeInto(to, files);
    const json = {
      files: files.map(({name, format, language}) => ({file: path.join(to, name), format, language})),
      notes: source.notes,
    };
    return {json, text: [...json.files.map((each) => each.file), ...source.notes].join("\n")};
  },
};

interface Source {
  readonly input: EditionInput;
  readonly variant: (typeof VARIANTS)[number];
  readonly at: Date;
  readonly notes: readonly string[];
}

/** A figures file needs no week in the lake; the date inside the files is then the end of its week. */
async function sourceOf(call: Call, house: House): Promise<Source> {
  const file = optional(call, "figures");
  if (file === undefined) {
    const {input, draft: found} = await editionAtDesk(house, weekOption(call, house), call.now);
    const at = found.state === "published" && found.approved !== null ? new Date(found.approved.at) : call.now;
    return {input, variant: found.variant, at, notes: []};
  }
  const {input, notes} = readFigures(await readJson(file), {profile: house.config.profile, overrides: {}});
  return {input, variant: "long", at: new Date(`${input.week?.to ?? "2000-01-01"}T00:00:00Z`), notes};
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const why = codeOf(cause) === "ENOENT" ? "there is no such file" : `it cannot be read (${codeOf(cause)})`;
    throw new WatchfloorError("usage", `--figures ${file}: ${why}`, cause);
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WatchfloorError("figure_invalid", `${file} is no JSON file`, cause);
  }
}

/** The folder is the caller's, not the data folder: what is wrong with it is said of it. */
async function writeInto(to: string, files: readonly {name: string; bytes: Uint8Array | string}[]): Promise<void> {
  try {
    await writeAllDurably(files.map(({name, bytes}) => ({path: path.join(to, name), bytes})));
  } catch (error) {
    const code = codeOf(error instanceof WatchfloorError ? error.cause : error);
    if (code === "ENOTDIR" || code === "EEXIST")
      throw new WatchfloorError("usage", `--to ${to}: a part of this path is a file, not a folder`, error);
    if (error instanceof WatchfloorError && error.code === "home_not_writable")
      throw new WatchfloorError("folder_not_writable", to, error);
    throw error;
  }
}

const publish: Command = {
  name: "edition publish",
  summary:
    "Submits a week's edition for review (--by), or approves it as a second person and publishes it (--approve).",
  usage: "--week W [--by NAME] [--approve NAME]",
  options: {...WEEK, ...BY, approve: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const week = weekOption(call, house);
    const second = optional(call, "approve");
    const first = optional(call, "by");
    if (first === undefined && second === undefined)
      throw new WatchfloorError("usage", "name who submits (--by) or who approves (--approve)");
    if (first !== undefined) await submitEdition(house, {week, by: first, now: call.now});
    if (second === undefined)
      return {
        json: {week: week.from, state: "in_review", by: first},
        text: `${week.from} is in review; a second person publishes it: edition publish --week ${week.from} --approve NAME`,
      };
    const {draft: done, entry} = await publishEdition(
      house,
      {week, by: second, now: call.now},
      environment("WATCHFLOOR_KEY_PASSPHRASE") ?? null,
    );
    const json = {
      week: week.from,
      version: done.version,
      state: done.state,
      entry,
      site: path.join(house.home, "archive", "site"),
    };
    return {json, text: `${week.from} version ${done.version} is published: ${json.site}\nentry ${entry}`};
  },
};

const withdraw: Command = {
  name: "edition withdraw",
  summary: "Takes an edition back from review to the draft.",
  usage: "--week W --reason TEXT [--by NAME]",
  options: {...WEEK, ...BY, reason: {type: "string"}},
  run: async (call, open) => {
    const house = await open();
    const week = weekOption(call, house);
    const {db} = await house.database();
    const {draft: now} = await historyOfEdition(house, week);
    const isArchived = (await archivedEntry(house, week.from, now.version)) !== null;
    const back = await withdrawDraft(
      db,
      {week: week.from, by: person(call), reason: needed(call, "reason"), isArchived},
      call.now,
    );
    return {json: {week: back.week, version: back.version, state: back.state}, text: `${back.week} is a draft again`};
  },
};

const correct: Command = {
  name: "edition correct",
  summary:
    "Opens a correction of a published edition: a new version with a reason that is printed, in each language as it was given.",
  usage: `--week W ${REASON_USAGE} [--by NAME]`,
  options: {...WEEK, ...BY, ...REASON_OPTIONS},
  run: async (call, open) => {
    const house = await open();
    const opened = await correctEdition(
      house,
      {week: weekOption(call, house), by: person(call), now: call.now},
      reasonOption(call),
    );
    return {
      json: {week: opened.week, version: opened.version, state: opened.state, reason: opened.reason},
      text: `${opened.week} version ${opened.version} is open; publish it like an edition`,
    };
  },
};

const edit: Command = {
  name: "edition edit",
  summary: "Changes the draft: the text of a paragraph, the number, or the form.",
  usage:
    "--week W [--lang zh|en --paragraph ID (--text TEXT | --reset)] [--number YEAR/ISSUE] [--variant short|long] [--by NAME]",
  options: {
    ...WEEK,
    ...BY,
    lang: {type: "string"},
    paragraph: {type: "string"},
    text: {type: "string"},
    reset: {type: "boolean"},
    number: {type: "string"},
    variant: {type: "string"},
  },
  run: async (call, open) => {
    const house = await open();
    const week = weekOption(call, house);
    const {db} = await house.database();
    const step = {week: week.from, by: person(call)};
    if (optional(call, "paragraph") !== undefined) {
      const text = call.options["reset"] === true ? null : needed(call, "text");
      const language = choices(call, "lang", LANGUAGES)[0] ?? "zh";
      const paragraph = needed(call, "paragraph");
      await checkParagraph(house, {week, language, paragraph, now: call.now});
      await setText(db, {...step, language, paragraph, text}, call.now);
    }
    const number = optional(call, "number");
    if (number !== undefined) await setNumber(db, {...step, number: numberOf(number)}, call.now);
    if (optional(call, "variant") !== undefined)
      await setVariant(db, {...step, variant: choices(call, "variant", VARIANTS)[0] ?? "long"}, call.now);
    return historyAnswer(house, call);
  },
};

/** A name that no paragraph has would lose the editor's words unseen. Throws usage, with the names that there are. */
async function checkParagraph(
  house: House,
  asked: {week: Week; language: (typeof LANGUAGES)[number]; paragraph: string; now: Date},
): Promise<void> {
  const {input} = await editionAtDesk(house, asked.week, asked.now);
  const plain = {...input, texts: {}};
  const ids = VARIANTS.flatMap((variant) =>
    documentsOf(plain, house.config.profile, {languages: [asked.language], variant}).flatMap(paragraphIds),
  );
  if (ids.includes(asked.paragraph)) return;
  const known = [...new Set(ids)].join(", ");
  throw new WatchfloorError("usage", `the edition has no paragraph "${asked.paragraph}"; it has ${known}`);
}

function paragraphIds({sections}: EditionDocument): string[] {
  return sections.flatMap(({blocks}) => blocks.flatMap((block) => (block.kind === "paragraph" ? [block.id] : [])));
}

function numberOf(text: string): {year: number; issue: number} {
  const found = /^(\d{4})\/(\d{1,2})$/.exec(text);
  if (found === null) throw new WatchfloorError("usage", `--number ${text} is not YEAR/ISSUE`);
  return {year: Number(found[1]), issue: Number(found[2])};
}

const show: Command = {
  name: "edition show",
  summary: "Shows the state of a week's edition and everything that happened to it.",
  usage: "--week W",
  options: WEEK,
  run: async (call, open) => historyAnswer(await open(), call),
};

async function historyAnswer(house: House, call: Call): Promise<Answer> {
  const {draft: found, steps} = await historyOfEdition(house, weekOption(call, house));
  const {situation: _, ...json} = found;
  const rows = steps.map((step) => [step.at, step.step, `${step.from ?? ""} → ${step.to}`, step.by, step.note ?? ""]);
  return {json: {...json, steps}, text: `${found.week} version ${found.version}: ${found.state}\n${tableText(rows)}`};
}

const list: Command = {
  name: "edition list",
  summary: "Lists the editions with their states.",
  usage: "",
  options: {},
  run: async (_call, open) => {
    const all = await listEditions(await open());
    return {
      json: all,
      text:
        all.length === 0 ? "none" : tableText(all.map((each) => [each.week, `version ${each.version}`, each.state])),
    };
  },
};

const verify: Command = {
  name: "edition verify",
  summary: "Recomputes hashes, chain and signatures of the archive and names what was altered.",
  usage: "[--all]",
  options: {all: {type: "boolean"}},
  run: async (call, open) => {
    const house = await open();
    const known =
      call.options["all"] === true ? (await publications((await house.database()).db)).map((each) => each.entry) : [];
    const found = await verifyArchive(house.home, known);
    const rows = found.problems.map((problem) => [problem.path, problem.what]);
    return {
      json: found,
      text: found.ok ? `${found.entries} publications, nothing altered` : tableText(rows),
      isFailed: !found.ok,
    };
  },
};

/** Commands about editions. */
export const EDITION_COMMANDS: readonly Command[] = [
  draft,
  edit,
  render,
  publish,
  withdraw,
  correct,
  show,
  list,
  verify,
];
