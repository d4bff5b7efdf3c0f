/** The pages of one edition in the archive: each language and form, with links to all its files and its neighbours. */
import type {EditionDocument, Language} from "../document.ts";
import {renderHtml} from "../html.ts";
import {textOf} from "../text/index.ts";
import {
  type Archive,
  type ArchiveEdition,
  type ArchiveFile,
  editionPath,
  editionTitle,
  filesFor,
  linkBetween,
  newestFirst,
  type SiteFile,
  surroundings,
} from "./archive.ts";
import type {NavLink} from "./frame.ts";

/**
 * Returns the pages of the edition, one for each document. When an edition is published, those of the edition before
 * have to be made again too: they gain a link to the next issue.
 */
export function editionPages(
  archive: Archive,
  edition: ArchiveEdition,
  documents: readonly EditionDocument[],
): SiteFile[] {
  return documents.map((document) => ({
    path: editionPath(archive, edition, document),
    content: renderHtml(document, placeOf(archive, edition, document)),
  }));
}

function placeOf(
  archive: Archive,
  edition: ArchiveEdition,
  document: EditionDocument,
): Parameters<typeof renderHtml>[1] {
  const {language, variant} = document;
  const path = editionPath(archive, edition, document);
  const {site} = textOf(language);
  const around = surroundings(archive, path, {
    language,
    same: (each) => editionPath(archive, edition, {language: each, variant}),
  });
  const forms = edition.variants.map((each): NavLink => {
    const to = editionPath(archive, edition, {language, variant: each});
    return {href: linkBetween(path, to), label: site[each], isHere: each === variant};
  });
  const {previous, next} = neighbours(archive, edition);
  const turn = (to: ArchiveEdition | null): NavLink | null =>
    to && {
      href: linkBetween(path, editionPath(archive, to, {language, variant: to.variants[0] ?? "long"})),
      label: editionTitle(archive, to, language),
    };
  return {
    ...around,
    homeHref: around.home.href,
    forms: forms.length < 2 ? [] : forms,
    files: filesFor(edition, language).map((file) => ({
      href: linkBetween(path, file.path),
      label: fileLabel(file, language, edition.variants.length),
    })),
    previous: turn(previous),
    next: turn(next),
  };
}

/** The form is named only where there is more than one. */
function fileLabel({format, variant}: ArchiveFile, language: Language, forms: number): string {
  const {site} = textOf(language);
  const name = site.formats[format];
  return variant === null || forms < 2 ? name : `${name} · ${site[variant]}`;
}

function neighbours(
  archive: Archive,
  edition: ArchiveEdition,
): {previous: ArchiveEdition | null; next: ArchiveEdition | null} {
  const sorted = newestFirst(archive);
  const at = sorted.findIndex(({week}) => week.from === edition.week.from);
  return {previous: sorted[at + 1] ?? null, next: (at > 0 ? sorted[at - 1] : null) ?? null};
}
