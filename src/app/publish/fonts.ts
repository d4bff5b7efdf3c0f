import {createHash} from "node:crypto";
import {access, readFile} from "node:fs/promises";
import {createRequire} from "node:module";
import path from "node:path";
import type {EditionDocument} from "../../bulletin/document.ts";
import {type Fonts, subsetFonts} from "../../bulletin/print/fonts.ts";
import type {FontFiles} from "../../bulletin/print/png.ts";
import {makeFolder, writeDurably} from "../../store/durable.ts";

const FILES = {regular: "400Regular/NotoSansSC_400Regular.ttf", bold: "700Bold/NotoSansSC_700Bold.ttf"} as const;

/** Reads the fonts that come with the product: Noto Sans SC, Regular and Bold. */
async function readFonts(): Promise<Fonts> {
  const folder = path.dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/noto-sans-sc/package.json"));
  const [regular, bold] = await Promise.all([
    readFile(path.join(folder, FILES.regular)),
    readFile(path.join(folder, FILES.bold)),
  ]);
  return {regular, bold};
}

/** Returns the fonts cut down to what the documents need, also as files in `cache`. */
export async function fontFilesFor(documents: readonly EditionDocument[], cache: string): Promise<FontFiles> {
  const fonts = await subsetFonts(await readFonts(), documents);
  const name = createHash("sha256").update(fonts.regular).update(fonts.bold).digest("hex").slice(0, 16);
  const paths = [path.join(cache, `${name}-regular.ttf`), path.join(cache, `${name}-bold.ttf`)] as const;
  await makeFolder(cache);
  await writeIfMissing(paths[0], fonts.regular);
  await writeIfMissing(paths[1], fonts.bold);
  return {fonts, paths};
}

async function writeIfMissing(file: string, bytes: Uint8Array): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) await writeDurably(file, bytes);
}
