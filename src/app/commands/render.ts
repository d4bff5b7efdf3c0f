import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import path from "node:path";
import type {Variant} from "../../bulletin/document.ts";
import type {EditionInput} from "../../bulletin/edition-input.ts";
import {readFigures} from "../../bulletin/figures.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {Profile} from "../../model/profile.ts";
import {codeOf, writeAllDurably} from "../../store/durable.ts";
import {type Call, type Command, choices, LANGUAGES, needed, optional, VARIANTS, WEEK, weekOption} from "../command.ts";
import {shippedProfile} from "../config.ts";
import {editionAtDesk} from "../editions.ts";
import {type House, isHome} from "../house.ts";
import {documentsOf, EDITION_FORMATS, renderEdition} from "../publish/rendering.ts";

/** Writes an edition into a folder. */
export const render: Command = {
  name: "edition render",
  summary:
    "Writes an edition into a folder: a week's, or one from figures given by hand, for which no data folder is needed.",
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
    const to = path.resolve(needed(call, "to"));
    const formats = choices(call, "formats", EDITION_FORMATS);
    const languages = choices(call, "lang", LANGUAGES);
    const [wanted] = optional(call, "variant") === undefined ? [] : choices(call, "variant", VARIANTS);
    const {input, profile, at, notes, ...source} = await sourceOf(call, open);
    const documents = documentsOf(input, profile, {languages, variant: wanted ?? source.variant});
    const files = await withCache(source.cache, (cache) =>
      renderEdition({input, profile, documents, formats, createdAt: at, cache}),
    );
    await writeInto(to, files);
    const json = {
      files: files.map(({name, format, language}) => ({file: path.join(to, name), format, language})),
      notes,
    };
    return {json, text: [...json.files.map((each) => each.file), ...notes].join("\n")};
  },
};

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

interface Source {
  readonly input: EditionInput;
  readonly profile: Profile;
  readonly variant: Variant;
  readonly at: Date;
  readonly notes: readonly string[];
  /** Folder for cut-down fonts; null where there is no data folder. */
  readonly cache: string | null;
}

/** A figures file needs no week in the lake; the date inside the files is then the end of its week. */
async function sourceOf(call: Call, open: () => Promise<House>): Promise<Source> {
  const file = optional(call, "figures");
  if (file === undefined) {
    const house = await open();
    const {input, draft: found} = await editionAtDesk(house, weekOption(call, house), call.now);
    const at = found.state === "published" && found.approved !== null ? new Date(found.approved.at) : call.now;
    return {...deskOf(house), input, variant: found.variant, at, notes: []};
  }
  const figures = await readJson(file);
  const desk = (await isHome(call.home))
    ? await ownDesk(await open())
    : {profile: await shippedProfile("cn"), cache: null};
  const {input, notes, variant} = readFigures(figures, {profile: desk.profile, overrides: {}});
  const at = new Date(`${input.week?.to ?? "2000-01-01"}T00:00:00Z`);
  return {...desk, input, variant: variant ?? "long", at, notes};
}

function deskOf({config, home}: House): Pick<Source, "profile" | "cache"> {
  return {profile: config.profile, cache: path.join(home, "tmp", "fonts")};
}

/** The invented team of the sample publishes its own editions only. */
async function ownDesk(house: House): Promise<Pick<Source, "profile" | "cache">> {
  const desk = deskOf(house);
  return house.config.isSample ? {...desk, profile: await shippedProfile("cn")} : desk;
}

async function withCache<T>(cache: string | null, work: (cache: string) => Promise<T>): Promise<T> {
  if (cache !== null) return work(cache);
  const folder = await mkdtemp(path.join(tmpdir(), "watchfloor-fonts-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
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
