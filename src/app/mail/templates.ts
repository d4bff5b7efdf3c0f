import {readdir, readFile} from "node:fs/promises";
import path from "node:path";
import {mergeTemplates, type NoticeTemplates, readTemplateFile} from "../../cases/notices/template.ts";
import {type Tried, tried} from "../site/faults.ts";

const SHIPPED = path.resolve(import.meta.dirname, "../../../profiles/notices");
/** Folder of a site's own templates inside its data folder. */
const SITE_NOTICES = "notices";
/** What their names begin with, where rules name them. */
const SITE_PREFIX = "site:";

/**
 * Returns the templates of a data folder, its own before ours; null gives ours. Throws notice_template_invalid, naming file
 * and line, for any that is not right: nothing is sent in half-read words.
 */
export async function loadTemplates(home: string | null): Promise<NoticeTemplates> {
  const own = home === null ? [] : await readFolder(path.join(home, SITE_NOTICES), SITE_PREFIX);
  return mergeTemplates([...own, ...(await readFolder(SHIPPED, ""))]);
}

/** Returns what each template file of a data folder holds, or what is wrong with it. */
export async function templateFiles(home: string): Promise<Tried<NoticeTemplates>[]> {
  const own = await namesIn(path.join(home, SITE_NOTICES));
  const found = [];
  for (const name of own)
    found.push(
      await tried(async () => {
        const text = await readFile(path.join(home, SITE_NOTICES, name), "utf8");
        return readTemplateFile(text, `${SITE_PREFIX}${name.split(path.sep).join("/")}`);
      }),
    );
  const named = found.map(({value, faults}) => ({
    value,
    faults: faults.map((fault) => ({...fault, where: fault.where.replace(SITE_PREFIX, `${SITE_NOTICES}/`)})),
  }));
  return [...named, {value: await loadTemplates(null), faults: []}];
}

async function readFolder(folder: string, prefix: string): Promise<NoticeTemplates[]> {
  return Promise.all(
    (await namesIn(folder)).map(async (name) =>
      readTemplateFile(await readFile(path.join(folder, name), "utf8"), prefix + name.split(path.sep).join("/")),
    ),
  );
}

async function namesIn(folder: string): Promise<string[]> {
  const files = await readdir(folder, {recursive: true}).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  return files.filter((name) => /\.ya?ml$/.test(name)).sort();
}
