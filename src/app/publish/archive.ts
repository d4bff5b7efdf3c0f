import path from "node:path";
import {withLinksTo} from "../../bulletin/archive-links.ts";
import {renderIndicatorCsv} from "../../bulletin/data/csv.ts";
import type {EditionDocument, Language, Variant} from "../../bulletin/document.ts";
import type {EditionInput, History, MethodFacts} from "../../bulletin/edition-input.ts";
import type {Issue} from "../../bulletin/numbering.ts";
import type {Archive, ArchiveEdition, ArchiveFile} from "../../bulletin/site/archive.ts";
import {editionPages} from "../../bulletin/site/edition-pages.ts";
import {siteFiles} from "../../bulletin/site/site.ts";
import type {ArchiveManifest, Draft} from "../../model/edition.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {Situation} from "../../model/indicator.ts";
import {dayOf} from "../../model/week.ts";
import {
  finishPublication,
  publishEdition,
  readLinks,
  readManifest,
  readObject,
  restoreSite,
  type SiteFile,
  writeSite,
} from "../../store/archive.ts";
import {inOneLine} from "../../store/editions/reasons.ts";
import type {SigningKey} from "../../store/keys.ts";
import type {House} from "../house.ts";
import {TOOL_VERSION} from "../version.ts";
import {documentsOf, EDITION_FORMATS, type EditionFormat, renderEdition} from "./rendering.ts";

/** What is frozen with an edition: the numbers, and its text as it was composed then. It is kept apart from the public site. */
interface Frozen {
  readonly situation: Situation;
  readonly input: EditionInput;
  readonly documents: readonly EditionDocument[];
}

/** What a publication is made of. `at` is the moment of its approval, so that doing it again gives the same. */
export interface VersionWork {
  readonly draft: Draft;
  readonly situation: Situation;
  readonly input: EditionInput;
  readonly number: Issue;
  readonly at: Date;
  readonly key: SigningKey;
}

/** How a format of ours is called on the archive's pages. */
const LABELS = {
  html: "html",
  wechat: "wechat",
  pdf: "pdf",
  docx: "docx",
  md: "md",
  json: "json",
} as const satisfies Record<EditionFormat, string>;

/** Renders a version in all formats and puts it into the archive: frozen, chained, signed. Returns the entry's hash. */
export async function publishVersion(house: House, work: VersionWork): Promise<string> {
  const {draft, situation, input, number, at} = work;
  const {profile} = house.config;
  if (draft.submitted === null || draft.approved === null)
    throw new WatchfloorError("edition_not_in_review", draft.week);
  const languages = profile.languages;
  const main = documentsOf(input, profile, {languages, variant: draft.variant});
  const other = documentsOf(input, profile, {languages, variant: draft.variant === "long" ? "short" : "long"});
  const rendered = await renderEdition({
    input,
    profile,
    documents: main,
    formats: EDITION_FORMATS,
    createdAt: at,
    cache: path.join(house.home, "tmp", "fonts"),
    root: "../../",
  });
  const folder = `${draft.week}/v${draft.version}`; // two below the root
  const files: SiteFile[] = [
    ...rendered.map((file) => ({path: `${folder}/${file.name}`, bytes: file.bytes})),
    {path: `${folder}/${draft.week}.indicators.csv`, bytes: renderIndicatorCsv(input, profile)},
  ];
  const frozen: Frozen = {situation, input, documents: [...main, ...other]};
  const link = await publishEdition(
    house.home,
    {
      week: draft.week,
      year: number.year,
      issue: number.number,
      version: draft.version,
      kind: draft.version === 1 ? "edition" : "correction",
      reason: draft.reason && inOneLine(draft.reason),
      situation: JSON.stringify(frozen),
      files,
      reports: situation.reports.map(({id, sha256}) => ({id, sha256})),
      tool: TOOL_VERSION,
      submitted: draft.submitted,
      approved: draft.approved,
    },
    work.key,
  );
  return link.hash;
}

/**
 * Finishes the publication of an approved version that was broken off, and returns the entry's hash; null when the archive
 * does not have it. Throws edition_published when it was approved otherwise.
 */
export async function finishVersion(house: House, draft: Draft, key: SigningKey): Promise<string | null> {
  const {week, version, submitted, approved} = draft;
  if (submitted === null || approved === null) throw new WatchfloorError("edition_not_in_review", week);
  return (await finishPublication(house.home, {week, version, submitted, approved}, key))?.hash ?? null;
}

interface Published {
  readonly manifest: ArchiveManifest;
  readonly frozen: Frozen;
}

/** Makes the pages of the public site anew from what is frozen: index, editions with their neighbours, trends, feeds, sitemap. */
export async function rebuildSite(house: House, key: SigningKey): Promise<void> {
  await restoreSite(house.home);
  const published = await readPublished(house);
  const archive = archiveOf(house, published);
  const pages = [...published.values()].flatMap((versions) => {
    const last = versions.at(-1);
    const edition = archive.editions.find((each) => each.week.from === last?.manifest.week);
    if (last === undefined || edition === undefined) return [];
    const {documents, input} = last.frozen;
    const weeks = new Set(published.keys()); // an issue that came out late is linked to from then on
    return editionPages(
      archive,
      edition,
      documents.map((document) => withLinksTo(document, input.review, weeks)),
    );
  });
  const files = [...pages, ...siteFiles(archive)].map(({path: name, content}) => ({path: name, bytes: content}));
  await writeSite(house.home, files, key);
}

/** The versions of each week, oldest first. */
async function readPublished(house: House): Promise<Map<string, Published[]>> {
  const weeks = new Map<string, Published[]>();
  for (const {entry} of await readLinks(house.home)) {
    const manifest = await readManifest(house.home, entry);
    const frozen: Frozen = JSON.parse((await readObject(house.home, manifest.situation)).toString("utf8"));
    weeks.set(entry.week, [...(weeks.get(entry.week) ?? []), {manifest, frozen}]);
  }
  return weeks;
}

function archiveOf(house: House, published: ReadonlyMap<string, readonly Published[]>): Archive {
  const {profile} = house.config;
  const editions = [...published.values()].map((versions) => editionOf(versions, profile.zone));
  const newest = [...published.keys()].sort().at(-1);
  const definitions: MethodFacts["definitions"] =
    published.get(newest ?? "")?.at(-1)?.frozen.input.method?.definitions ?? [];
  const stamp = house.config.isSample ? (published.get(newest ?? "")?.at(-1)?.frozen.input.stamp ?? null) : null;
  return {profile, editions, history: historyOf(published), definitions, stamp};
}

function editionOf(versions: readonly Published[], zone: string): ArchiveEdition {
  const first = versions[0];
  const last = versions.at(-1);
  if (first === undefined || last === undefined) throw new TypeError("a week without a version");
  const {manifest, frozen} = last;
  const variants = [...new Set(frozen.documents.map((document) => document.variant))];
  const summaries = frozen.documents
    .filter((document) => document.variant === variants[0])
    .map((document) => [document.language, document.summary]);
  return {
    week: frozen.input.week ?? {from: manifest.week, to: manifest.week},
    issue: {year: manifest.year, number: manifest.issue},
    grade: frozen.situation.rating.grade,
    index: frozen.situation.rating.index,
    summary: Object.fromEntries(summaries),
    publishedOn: dayOf(new Date(first.manifest.approved.at), zone),
    publishedAt: first.manifest.approved.at,
    updatedAt: manifest.approved.at,
    isCorrected: versions.length > 1,
    variants,
    files: manifest.files.flatMap((file) => linkOf(file.path)),
  };
}

/** Which link a file of an edition gets on its page; pictures get none. */
function linkOf(file: string): ArchiveFile[] {
  const found = /\.(zh|en)\.(short|long)\.(?:(pdf|docx|md|json|html)|wechat\/(article)\.html)$/.exec(file);
  if (found === null)
    return file.endsWith(".indicators.csv") ? [{path: file, format: "csv", language: null, variant: null}] : [];
  const language: Language = found[1] === "zh" ? "zh" : "en";
  const variant: Variant = found[2] === "long" ? "long" : "short";
  const format = EDITION_FORMATS.find((each) => each === (found[4] === undefined ? found[3] : "wechat"));
  return format === undefined || format === "html" ? [] : [{path: file, format: LABELS[format], language, variant}];
}

/** Trends show what was published, not what would be computed today. */
function historyOf(published: ReadonlyMap<string, readonly Published[]>): History {
  const weeks = [...published.keys()].sort();
  const values = weeks.map((week) => published.get(week)?.at(-1)?.frozen.input.indicators ?? {});
  const ids = [...new Set(values.flatMap((each) => Object.keys(each)))];
  return {weeks, values: Object.fromEntries(ids.map((id) => [id, values.map((each) => each[id]?.value ?? null)]))};
}
