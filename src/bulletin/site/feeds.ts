/** The archive as RSS 2.0, Atom and JSON Feed 1.1, newest issue first. */
import {generateAtomFeed, generateJsonFeed, generateRssFeed} from "feedsmith";
import type {Language} from "../document.ts";
import {escapeMarkup, visible} from "../escape.ts";
import {textOf} from "../text/index.ts";
import {
  type Archive,
  type ArchiveEdition,
  absolute,
  editionPath,
  editionTitle,
  folderOf,
  newestFirst,
  type SiteFile,
} from "./archive.ts";

/** Readers that come by once in half a year still miss nothing. */
const MOST = 30;

/** One issue as all three feeds have it. */
interface Entry {
  readonly title: string;
  readonly link: string;
  readonly summary: string;
  readonly published: Date;
  readonly updated: Date;
}

/** Returns the three feeds of the language. */
export function renderFeeds(archive: Archive, language: Language): SiteFile[] {
  const folder = folderOf(archive, language);
  const {site} = textOf(language);
  const {profile} = archive;
  const entries = newestFirst(archive)
    .slice(0, MOST)
    .map((edition) => entryOf(archive, edition, language));
  const head = {
    title: visible(profile.bulletin.title[language]),
    home: absolute(archive, `${folder}index.html`),
    description: visible(site.intro(profile.bulletin.title[language], profile.publisher.name[language])),
    publisher: visible(profile.publisher.name[language]),
    tag: site.tag,
    updated: new Date(Math.max(0, ...entries.map(({updated}) => updated.getTime()))),
  };
  const address = (file: string): string => absolute(archive, `${folder}${file}`);
  return [
    {path: `${folder}feed.xml`, content: rss(head, entries, address("feed.xml"))},
    {path: `${folder}atom.xml`, content: atom(head, entries, address("atom.xml"))},
    {path: `${folder}feed.json`, content: json(head, entries, address("feed.json"))},
  ];
}

interface Head {
  readonly title: string;
  readonly home: string;
  readonly description: string;
  readonly publisher: string;
  readonly tag: string;
  readonly updated: Date;
}

function entryOf(archive: Archive, edition: ArchiveEdition, language: Language): Entry {
  const path = editionPath(archive, edition, {language, variant: edition.variants[0] ?? "long"});
  return {
    title: visible(editionTitle(archive, edition, language)),
    link: absolute(archive, path),
    summary: visible(edition.summary[language] ?? ""),
    published: new Date(edition.publishedAt),
    updated: new Date(edition.updatedAt),
  };
}

/** Readers take an RSS description for HTML, so it is escaped once for HTML and then, by the generator, for XML. */
function rss(head: Head, entries: readonly Entry[], self: string): string {
  return generateRssFeed({
    title: head.title,
    link: head.home,
    description: head.description,
    language: head.tag,
    lastBuildDate: head.updated,
    generator: "Watchfloor",
    atom: {links: [{href: self, rel: "self", type: "application/rss+xml"}]},
    items: entries.map(({title, link, summary, published}) => ({
      title: escapeMarkup(title),
      link,
      guid: {value: link, isPermaLink: true},
      pubDate: published,
      description: escapeMarkup(summary),
    })),
  });
}

function atom(head: Head, entries: readonly Entry[], self: string): string {
  return generateAtomFeed({
    id: head.home,
    title: {value: head.title, type: "text"},
    subtitle: {value: head.description, type: "text"},
    updated: head.updated,
    authors: [{name: head.publisher}],
    generator: {text: "Watchfloor"},
    links: [
      {href: head.home, rel: "alternate", type: "text/html", hreflang: head.tag},
      {href: self, rel: "self", type: "application/atom+xml"},
    ],
    entries: entries.map(({title, link, summary, published, updated}) => ({
      id: link,
      title: {value: title, type: "text"},
      links: [{href: link, rel: "alternate", type: "text/html"}],
      published,
      updated,
      summary: {value: summary, type: "text"},
    })),
  });
}

function json(head: Head, entries: readonly Entry[], self: string): string {
  const feed: unknown = generateJsonFeed({
    title: head.title,
    home_page_url: head.home,
    feed_url: self,
    description: head.description,
    language: head.tag,
    authors: [{name: head.publisher}],
    items: entries.map(({title, link, summary, published, updated}) => ({
      id: link,
      url: link,
      title,
      content_text: summary,
      date_published: published,
      date_modified: updated,
    })),
  });
  return `${JSON.stringify(feed, null, 2)}\n`;
}
