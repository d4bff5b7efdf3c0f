/**
 * What the archive knows of its editions, and where each page lies. The first language of the profile has the root, each
 * other one a folder; an edition has the folder of its Monday. All links between pages are relative, so that the archive
 * can lie anywhere on a web server.
 */
import type {Grade} from "../../model/indicator.ts";
import type {Profile} from "../../model/profile.ts";
import type {Day} from "../../model/week.ts";
import {languageFolder, siteRoot} from "../archive-links.ts";
import type {Language, Variant} from "../document.ts";
import type {History, MethodFacts, WeekDays} from "../edition-input.ts";
import type {Issue} from "../numbering.ts";
import {textOf} from "../text/index.ts";
import type {Text} from "../text/zh.ts";
import {titleOf} from "../titles.ts";
import type {NavLink, Page} from "./frame.ts";

/** A file of an edition in the archive; `path` is relative to the archive's root. */
export interface ArchiveFile {
  readonly path: string;
  readonly format: keyof Text["site"]["formats"];
  readonly language: Language | null;
  readonly variant: Variant | null;
}

/** A published edition, as lists and feeds show it. */
export interface ArchiveEdition {
  readonly week: WeekDays;
  readonly issue: Issue | null;
  readonly grade: Grade | null;
  /** The Weekly Situation Index, 0 to 100; null when the week had none. */
  readonly index: number | null;
  readonly summary: Readonly<Partial<Record<Language, string>>>;
  readonly publishedOn: Day;
  /** Instant of publication and of the last correction, ISO 8601 in UTC. */
  readonly publishedAt: string;
  readonly updatedAt: string;
  readonly isCorrected: boolean;
  /** Forms that have a page. The first one has the edition's own address. */
  readonly variants: readonly Variant[];
  readonly files: readonly ArchiveFile[];
}

/** The whole archive. `editions` in any order; `history` of all published weeks, oldest first. */
export interface Archive {
  readonly profile: Profile;
  readonly editions: readonly ArchiveEdition[];
  readonly history: History;
  readonly definitions: MethodFacts["definitions"];
  /** Marks an archive of synthetic samples on its lists, as the editions themselves are marked; null in a real one. */
  readonly stamp: Readonly<Record<Language, string>> | null;
}

/** A file of the site, its path relative to the root. */
export interface SiteFile {
  readonly path: string;
  readonly content: string;
}

/** Where the data file of all indicators lies. */
export const INDICATORS_PATH = "data/indicators.csv";

/** Returns the folder of the language, empty for the first of the profile. */
export function folderOf({profile}: Archive, language: Language): string {
  return languageFolder(profile, language);
}

/** Returns the path of an edition's page. */
export function editionPath(
  archive: Archive,
  edition: ArchiveEdition,
  {language, variant}: {language: Language; variant: Variant},
): string {
  const name = variant === edition.variants[0] ? "index.html" : `${variant}.html`;
  return `${folderOf(archive, language)}${edition.week.from}/${name}`;
}

/** Returns the address of one page seen from another; `index.html` is left out, as web servers give it by itself. */
export function linkBetween(from: string, to: string): string {
  const up = "../".repeat(from.split("/").length - 1);
  const down = to.replace(/(^|\/)index\.html$/, "$1");
  const folder = from.slice(0, from.lastIndexOf("/") + 1);
  if (folder !== "" && down.startsWith(folder)) return down.slice(folder.length) || "./";
  return `${up}${down}` || "./";
}

/** Returns the absolute address of a page, below the site address of the profile. */
export function absolute({profile}: Archive, path: string): string {
  return new URL(path.replace(/(^|\/)index\.html$/, "$1"), siteRoot(profile)).href;
}

/** Returns the editions, newest week first. */
export function newestFirst({editions}: Archive): ArchiveEdition[] {
  return editions.toSorted((a, b) => (a.week.from < b.week.from ? 1 : -1));
}

/** Returns the title of an edition in the language. */
export function editionTitle({profile}: Archive, edition: ArchiveEdition, language: Language): string {
  return titleOf(textOf(language), profile.bulletin.title[language], edition).full;
}

/** What every page of the archive has around it. */
export type Surroundings = Pick<Page, "home" | "nav" | "languages" | "feeds" | "canonical" | "foot">;

/** Returns what is around the page at `path`; `same` gives the path of the same page in another language. */
export function surroundings(
  archive: Archive,
  path: string,
  {language, same}: {language: Language; same: (language: Language) => string},
): Surroundings {
  const {site} = textOf(language);
  const {profile} = archive;
  const folder = folderOf(archive, language);
  const link = (to: string, label: string): NavLink => ({href: linkBetween(path, to), label, isHere: to === path});
  return {
    home: {label: profile.bulletin.title[language], href: linkBetween(path, `${folder}index.html`)},
    nav: [link(`${folder}index.html`, site.archive), link(`${folder}trends/index.html`, site.trends)],
    languages: profile.languages.map((each) => ({
      ...link(same(each), textOf(each).site.language),
      language: each,
    })),
    feeds: FEEDS.map(({file, type, key}) => ({
      href: linkBetween(path, `${folder}${file}`),
      type,
      title: site.feeds[key],
    })),
    canonical: absolute(archive, path),
    foot: [profile.publisher.about[language], profile.publisher.contact[language]],
  };
}

/** The feeds of each language. */
export const FEEDS = [
  {file: "feed.xml", type: "application/rss+xml", key: "rss"},
  {file: "atom.xml", type: "application/atom+xml", key: "atom"},
  {file: "feed.json", type: "application/feed+json", key: "json"},
] as const;
