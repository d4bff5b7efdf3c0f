/** The static archive: everything but the editions' own pages, which edition-pages.ts makes one by one. */
import {renderHistoryCsv} from "../data/csv.ts";
import {editionSchemaText} from "../data/json-schema.ts";
import {escapeMarkup} from "../escape.ts";
import {textOf} from "../text/index.ts";
import {
  type Archive,
  absolute,
  editionPath,
  folderOf,
  INDICATORS_PATH,
  newestFirst,
  type SiteFile,
  surroundings,
} from "./archive.ts";
import {renderFeeds} from "./feeds.ts";
import {renderPage} from "./frame.ts";
import {indexPage} from "./index-page.ts";
import {html} from "./markup.ts";
import {trendsPage} from "./trends-page.ts";

/** Where the schema of the editions' JSON lies. */
const SCHEMA_PATH = "schema/edition-1.json";

/** Returns all files of the archive that change whenever an edition is published. */
export function siteFiles(archive: Archive): SiteFile[] {
  const {languages} = archive.profile;
  return [
    ...languages.map((language) => indexPage(archive, language)),
    ...languages.map((language) => trendsPage(archive, language)),
    ...languages.flatMap((language) => renderFeeds(archive, language)),
    {path: INDICATORS_PATH, content: renderHistoryCsv(archive.history, archive.editions)},
    {path: SCHEMA_PATH, content: editionSchemaText()},
    {path: "sitemap.xml", content: sitemap(archive)},
    {path: "robots.txt", content: `User-agent: *\nAllow: /\nSitemap: ${absolute(archive, "sitemap.xml")}\n`},
    notFound(archive),
  ];
}

/** Every page with its languages, so that a search engine shows the right one. Source: sitemaps.org protocol 0.9. */
function sitemap(archive: Archive): string {
  const {languages} = archive.profile;
  const editions = newestFirst(archive);
  const updated =
    editions
      .map(({updatedAt}) => updatedAt)
      .toSorted()
      .at(-1) ?? null;
  const pages = [
    {pathIn: (folder: string) => `${folder}index.html`, updatedAt: updated},
    {pathIn: (folder: string) => `${folder}trends/index.html`, updatedAt: updated},
    ...editions.flatMap((edition) =>
      edition.variants.map((variant) => {
        const path = editionPath(archive, edition, {language: languages[0] ?? "zh", variant});
        return {pathIn: (folder: string) => `${folder}${path}`, updatedAt: edition.updatedAt};
      }),
    ),
  ];
  const entries = pages.flatMap(({pathIn, updatedAt}) => {
    const alternates = languages.map((language) => {
      const href = escapeMarkup(absolute(archive, pathIn(folderOf(archive, language))));
      return `<xhtml:link rel="alternate" hreflang="${textOf(language).site.tag}" href="${href}"/>`;
    });
    const modified = updatedAt === null ? "" : `<lastmod>${escapeMarkup(updatedAt)}</lastmod>`;
    return languages.map(
      (language) =>
        `<url><loc>${escapeMarkup(absolute(archive, pathIn(folderOf(archive, language))))}</loc>${modified}${alternates.join("")}</url>`,
    );
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${entries.join("\n")}
</urlset>
`;
}

/** Served at any depth, so its links are absolute. It speaks every language of the archive, for it does not know which. */
function notFound(archive: Archive): SiteFile {
  const {profile} = archive;
  const language = profile.languages[0] ?? "zh";
  const around = surroundings(archive, "404.html", {language, same: () => "404.html"});
  const main = html`<div class="desk alone"><div class="sheet">
${profile.languages.map((each, index) => {
  const {site} = textOf(each);
  const heading = index === 0 ? html`<h1>${site.notFound}</h1>` : html`<h2>${site.notFound}</h2>`;
  const href = absolute(archive, `${folderOf(archive, each)}index.html`);
  return html`<div lang="${site.tag}" class="plain-text">${heading}<p>${site.notFoundText}</p><p><a href="${href}">${site.archive}</a></p></div>
`;
})}</div></div>
`;
  const title = textOf(language).site.notFound;
  const home = {...around.home, href: absolute(archive, "index.html")};
  const page = {...around, home, nav: [], languages: [], feeds: [], canonical: null};
  return {path: "404.html", content: renderPage({language, title, description: title, ...page, main})};
}
