/**
 * The reference edition, 2023/9, from the figures that CNCERT/CC published, in every format and both languages:
 *
 *     node examples/reference-edition.ts [TO]
 *
 * The same as `watchfloor edition render --figures examples/reference-edition-2023-09.json --to TO --variant short`, without
 * a data folder.
 */
import {mkdir, readFile, writeFile} from "node:fs/promises";
import path from "node:path";
import {check, parseYaml} from "../src/app/config.ts";
import {documentsOf, EDITION_FORMATS, type RenderedFile, renderEdition} from "../src/app/rendering.ts";
import {mindClosedPipes} from "../src/app/terminal/closed-pipe.ts";
import {readFigures} from "../src/bulletin/figures.ts";
import {profileSchema} from "../src/model/profile.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Renders the edition. `cache` is a folder for cut-down fonts. */
export async function renderReference(cache: string): Promise<RenderedFile[]> {
  const file = path.join(ROOT, "profiles/cn.yaml");
  const {value, lineOf} = parseYaml(await readFile(file, "utf8"), file);
  const profile = check(profileSchema, value, {file, lineOf});
  const figures: unknown = JSON.parse(
    await readFile(path.join(import.meta.dirname, "reference-edition-2023-09.json"), "utf8"),
  );
  const {input} = readFigures(figures, {profile, overrides: {}});
  const documents = documentsOf(input, profile, {languages: ["zh", "en"], variant: "short"});
  const createdAt = new Date("2023-02-27T00:00:00Z");
  return renderEdition({input, profile, documents, formats: EDITION_FORMATS, createdAt, cache});
}

if (import.meta.main) {
  mindClosedPipes();
  const to = path.resolve(process.argv[2] ?? "var/reference-edition");
  for (const {name, bytes} of await renderReference(path.join(to, "fonts"))) {
    await mkdir(path.dirname(path.join(to, name)), {recursive: true});
    await writeFile(path.join(to, name), bytes);
    process.stdout.write(`${path.join(to, name)}\n`);
  }
}
