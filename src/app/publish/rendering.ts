import {seenFrom, siteRoot} from "../../bulletin/archive-links.ts";
import {compose} from "../../bulletin/compose.ts";
import {renderJson} from "../../bulletin/data/json.ts";
import type {EditionDocument, Language, Variant} from "../../bulletin/document.ts";
import type {EditionInput} from "../../bulletin/edition-input.ts";
import {renderHtml} from "../../bulletin/html.ts";
import {renderMarkdown} from "../../bulletin/markdown.ts";
import {renderDocx} from "../../bulletin/print/docx.ts";
import {renderPdf} from "../../bulletin/print/pdf.ts";
import {type FontFiles, renderFigures} from "../../bulletin/print/png.ts";
import {renderWechat} from "../../bulletin/wechat/wechat.ts";
import type {Profile} from "../../model/profile.ts";
import {fontFilesFor} from "./fonts.ts";

/** The formats of an edition. */
export const EDITION_FORMATS = ["html", "wechat", "pdf", "docx", "md", "json"] as const;
export type EditionFormat = (typeof EDITION_FORMATS)[number];

/** A rendered file; `name` is a path relative to where the edition's files go. */
export interface RenderedFile {
  readonly name: string;
  readonly format: EditionFormat;
  readonly language: Language;
  readonly bytes: Uint8Array | string;
}

/** What to render, and how. `createdAt` is the date inside PDF and Word files: the same input gives the same bytes. */
export interface RenderChoice {
  readonly input: EditionInput;
  readonly profile: Profile;
  readonly documents: readonly EditionDocument[];
  readonly formats: readonly EditionFormat[];
  readonly createdAt: Date;
  /** Folder for cut-down fonts. */
  readonly cache: string;
  /** The way from the files to the root of the archive; its address when it is not given. Links to other editions take it. */
  readonly root?: string;
}

/** Returns the document trees of an edition, one for each language. */
export function documentsOf(
  input: EditionInput,
  profile: Profile,
  choice: {languages: readonly Language[]; variant: Variant},
): EditionDocument[] {
  return choice.languages.map((language) => compose(input, profile, {language, variant: choice.variant}));
}

/** Renders an edition in the formats, file names by `2023-02-20.zh.long.pdf`. */
export async function renderEdition(choice: RenderChoice): Promise<RenderedFile[]> {
  const needsFonts = choice.formats.some((format) => format === "pdf" || format === "docx" || format === "wechat");
  const fonts = needsFonts ? await fontFilesFor(choice.documents, choice.cache) : null;
  const files = [];
  for (const document of choice.documents) {
    for (const format of choice.formats) files.push(...(await renderFormat(choice, {document, format, fonts})));
  }
  return files;
}

interface One {
  readonly document: EditionDocument;
  readonly format: EditionFormat;
  readonly fonts: FontFiles | null;
}

async function renderFormat(
  {input, profile, createdAt, root}: RenderChoice,
  {document, format, fonts}: One,
): Promise<RenderedFile[]> {
  const {language} = document;
  const here = seenFrom({document, input}, root ?? siteRoot(profile), profile);
  const base = `${input.week?.from ?? "edition"}.${language}.${document.variant}`;
  const file = (extension: string, bytes: Uint8Array | string): RenderedFile => ({
    name: `${base}.${extension}`,
    format,
    language,
    bytes,
  });
  if (format === "html") return [file("html", renderHtml(here.document))];
  if (format === "md") return [file("md", renderMarkdown(here.document))];
  if (format === "json") return [file("json", renderJson(here.document, here.input, profile))];
  if (fonts === null) throw new TypeError(`${format} needs fonts`);
  if (format === "pdf") return [file("pdf", renderPdf(document, {fonts: fonts.fonts, createdAt}))];
  if (format === "docx")
    return [file("docx", await renderDocx(document, {images: renderFigures(document, fonts, "page"), createdAt}))];
  const article = renderWechat(document, renderFigures(document, fonts, "phone"));
  const folder = `${base}.wechat`;
  const about = {title: article.title, digest: article.digest, images: article.images.map((image) => image.name)};
  return [
    {name: `${folder}/article.html`, format, language, bytes: article.html},
    {name: `${folder}/article.json`, format, language, bytes: `${JSON.stringify(about, null, 1)}\n`},
    ...article.images.map((image) => ({name: `${folder}/${image.name}`, format, language, bytes: image.png})),
  ];
}
