import {createHash} from "node:crypto";
import {createReadStream} from "node:fs";
import {access, readdir, readFile, stat} from "node:fs/promises";
import path from "node:path";
import {type HostLists, hostLists} from "../../enrich/hosts.ts";
import {type BrandList, brandList, governmentList, type SectorList, sectorList} from "../../enrich/lists.ts";
import {networkTable, packPlaces} from "../../enrich/networks.ts";
import {provinceTable} from "../../enrich/provinces.ts";
import type {TableFile} from "../../enrich/table-file.ts";
import {makeFolder, writeDurably} from "../../store/durable.ts";
import type {LookupFiles} from "../../store/events/lookups.ts";
import type {Config} from "../config.ts";
import {type NetworkFile, networkFiles} from "./network-files.ts";

/** The look-up tables of a data folder: what the engine looks up in files, what is looked up name by name in memory. */
export interface Lookups {
  readonly files: LookupFiles;
  readonly hosts: HostLists;
  readonly brands: BrandList;
  /** Hash of everything that went in; kept with each report's commit. */
  readonly hash: string;
}

/** One table with what `config check` says of it. */
export interface TableAge {
  readonly table: string;
  readonly source: string;
  /** When the table was published or last changed, ISO day; null when nothing tells. */
  readonly asOf: string | null;
  readonly entries: number | null;
}

/** Raised when the prepared files would come out otherwise from the same sources. */
const PREPARED_VERSION = "4";
const EMPTY: TableFile = {name: "none", text: ""};

/** Prepares the look-up tables, or reuses those prepared from the same sources. Throws table_invalid with file and line. */
export async function openLookups(config: Config): Promise<Lookups> {
  const networks = await prepareNetworks(config.home);
  const provinces = await readProvinces(config.home);
  const sectors = sectorList(await siteTable(config.home, "sectors.csv", "match,sector\n"));
  const brands = brandList(await siteTable(config.home, "brands.csv", "brand,aliases,country,sector,domains\n"));
  const government = governmentList(await siteTable(config.home, "government.txt", ""));
  const site = await prepareSite(config.home, {provinces, sectors});
  const hosts = hostLists({governmentSuffixes: config.profile.governmentSuffixes, government, sectors, brands});
  const hash = sha256([
    networks.hash,
    site.hash,
    await siteText(config.home, "brands.csv"),
    await siteText(config.home, "government.txt"),
    await siteText(config.home, "sectors.csv"),
    JSON.stringify(config.profile.territory),
    config.profile.governmentSuffixes.join(),
  ]);
  return {files: {...networks.files, ...site.files}, hosts, brands, hash};
}

function tablesFolder(home: string): string {
  return path.join(home, "tables");
}

/** Returns the text of a table that the site keeps in tables/; empty when there is none. */
export async function siteText(home: string, name: string): Promise<string> {
  return readFile(path.join(tablesFolder(home), name), "utf8").catch(() => "");
}

async function siteTable(home: string, name: string, otherwise: string): Promise<TableFile> {
  const text = await siteText(home, name);
  return text === "" ? {...EMPTY, text: otherwise} : {name: `tables/${name}`, text};
}

type NetworkTables = Pick<LookupFiles, "networksV4" | "networksV6" | "operators">;

/** The tables of networks and countries, made once for each content of their files. */
async function prepareNetworks(home: string): Promise<{files: NetworkTables; hash: string}> {
  const sources = await networkFiles(home);
  const hash = sha256([PREPARED_VERSION, ...sources.map((each) => each.identity)]);
  const folder = path.join(home, "lookups", `networks-${hash.slice(0, 12)}`);
  const fileOf = (name: string): string => path.join(folder, `${name}.tsv`);
  const files = {networksV4: fileOf("v4"), networksV6: fileOf("v6"), operators: fileOf("operators")};
  if (await exists(files.operators)) return {files, hash};
  const read = async (kind: NetworkFile["kind"]): Promise<TableFile[]> =>
    Promise.all(
      sources
        .filter((each) => each.kind === kind)
        .map(async (each) => ({name: each.name, text: await readFile(each.path, "utf8")})),
    );
  const {chunks, operators} = networkTable({asn: await read("asn"), country: await read("country")});
  const places = chunks.map(packPlaces);
  await makeFolder(folder);
  await writeDurably(files.networksV4, places.map((chunk) => chunk.replace(/^.*:.*\n/gm, "")).join(""));
  await writeDurably(files.networksV6, places.map((chunk) => chunk.replace(/^[^:\n]*\n/gm, "")).join(""));
  await writeDurably(
    files.operators,
    Array.from(operators, ([asn, name]) => `${asn}\t${name.replace(/[\t\n\\]/g, " ")}\n`).join(""),
  );
  return {files, hash};
}

async function readProvinces(home: string): Promise<TableFile[]> {
  const folder = path.join(tablesFolder(home), "provinces");
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".txt")).sort();
  return Promise.all(
    names.map(async (name) => ({
      name: `tables/provinces/${name}`,
      text: await readFile(path.join(folder, name), "utf8"),
    })),
  );
}

async function prepareSite(
  home: string,
  site: {provinces: readonly TableFile[]; sectors: SectorList},
): Promise<{files: Omit<LookupFiles, keyof NetworkTables>; hash: string}> {
  const texts = {
    provinces: site.provinces.length === 0 ? "" : provinceTable(site.provinces).text,
    sectorPrefixes: Array.from(site.sectors.prefixes, ([prefix, sector]) => `${prefix}\t${sector}\n`).join(""),
    sectorAsns: Array.from(site.sectors.asns, ([asn, sector]) => `${asn}\t${sector}\n`).join(""),
  };
  const hash = sha256([PREPARED_VERSION, ...Object.values(texts)]);
  const folder = path.join(home, "lookups", `site-${hash.slice(0, 12)}`);
  const write = async (name: keyof typeof texts): Promise<string | null> => {
    if (texts[name] === "") return null;
    const file = path.join(folder, `${name}.tsv`);
    if (!(await exists(file))) await writeDurably(file, texts[name]);
    return file;
  };
  return {
    files: {
      provinces: await write("provinces"),
      sectorPrefixes: await write("sectorPrefixes"),
      sectorAsns: await write("sectorAsns"),
    },
    hash,
  };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function sha256(parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}

/** Returns how old each look-up table is and where it comes from. */
export async function tableAges(config: Config): Promise<TableAge[]> {
  const sources = await networkFiles(config.home);
  const provinces = await readProvinces(config.home);
  const own = await Promise.all(
    ["sectors.csv", "brands.csv", "government.txt"].map((name) => siteAge(config.home, name)),
  );
  const folder = path.join(tablesFolder(config.home), "provinces");
  return [
    await networkAge(
      "networks",
      sources.filter((each) => each.kind === "asn"),
    ),
    await networkAge(
      "countries",
      sources.filter((each) => each.kind === "country"),
    ),
    {
      table: "provinces",
      source: "tables/provinces/",
      asOf: await changedOn(folder),
      entries: provinces.reduce(
        (sum, file) => sum + file.text.split("\n").filter((line) => line.trim() !== "").length,
        0,
      ),
    },
    ...own,
  ];
}

async function siteAge(home: string, name: string): Promise<TableAge> {
  const text = await siteText(home, name);
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#")).length;
  return {
    table: name.replace(/\..*/, ""),
    source: `tables/${name}`,
    asOf: await changedOn(path.join(tablesFolder(home), name)),
    entries: name.endsWith(".csv") ? Math.max(0, lines - 1) : lines,
  };
}

/** As old as its oldest file. */
async function networkAge(table: string, files: readonly NetworkFile[]): Promise<TableAge> {
  const entries = await Promise.all(files.map((file) => countLines(file.path)));
  return {
    table,
    source: [...new Set(files.map((file) => file.source))].join(", "),
    asOf: files.map((file) => file.asOf ?? "").sort()[0] || null,
    entries: entries.reduce((sum, each) => sum + each, 0),
  };
}

async function changedOn(file: string): Promise<string | null> {
  return stat(file).then(
    (found) => found.mtime.toISOString().slice(0, 10),
    () => null,
  );
}

async function countLines(file: string): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(file, {highWaterMark: 1 << 20}))
    for (const byte of Buffer.from(chunk)) if (byte === 10) lines++;
  return lines;
}
