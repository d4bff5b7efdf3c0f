import {createHash} from "node:crypto";
import {createWriteStream} from "node:fs";
import {writeFile} from "node:fs/promises";
import path from "node:path";
import {Readable} from "node:stream";
import {pipeline} from "node:stream/promises";
import type {Engine, EngineSettings} from "./engine.ts";
import {inBlocks, linesIn} from "./files/json-lines.ts";
import {identifier, literal} from "./sql.ts";

/** What a host name says by itself and by the site's lists; made by enrich/, looked up by the engine. Null: not found. */
export interface HostFacts {
  /** Without `www.`, in ASCII form. */
  readonly site: string;
  /** Registrable domain. */
  readonly domain: string | null;
  /** Last label with a leading dot. */
  readonly tld: string | null;
  readonly isGov: boolean;
  /** Sector code. */
  readonly sector: string | null;
  /** The brand whose own domain this is. */
  readonly owner: Pick<BrandFacts, "name"> | null;
}

/** A brand that a report names. */
export interface BrandFacts {
  readonly name: string;
  readonly country: string | null;
  readonly sector: string | null;
}

/** What enrich/ says of names. Null: not found. */
export interface NameLookups {
  readonly host: (name: string) => HostFacts | null;
  readonly brand: (name: string) => BrandFacts | null;
}

/** The tables of a data folder that addresses are looked up in. */
const SHAPES = {
  // place: network and country in one number, see enrich/networks.ts. Of both kinds of address in one table each look-up
  // would take twice as long: the engine then compares 16 bytes, on a longer way (measured).
  networksV4: {structure: "prefix String, place UInt64", key: "prefix", layout: "IP_TRIE"},
  networksV6: {structure: "prefix String, place UInt64", key: "prefix", layout: "IP_TRIE"},
  provinces: {structure: "prefix String, province String", key: "prefix", layout: "IP_TRIE"},
  sectorPrefixes: {structure: "prefix String, sector String", key: "prefix", layout: "IP_TRIE"},
  operators: {structure: "asn UInt64, name String", key: "asn", layout: "HASHED"},
  sectorAsns: {structure: "asn UInt64, sector String", key: "asn", layout: "HASHED"},
  hosts: {
    structure: "name String, site String, domain String, tld String, is_gov UInt8, sector String",
    key: "name",
    layout: "COMPLEX_KEY_HASHED",
  },
  brands: {
    structure: "alias String, name String, country String, sector String",
    key: "alias",
    layout: "COMPLEX_KEY_HASHED",
  },
} as const;

type AddressTable = "networksV4" | "networksV6" | "operators" | "provinces" | "sectorPrefixes" | "sectorAsns";

/** The prepared tables: TSV files in the column order of `SHAPES`, null where the site has none. */
export type LookupFiles = Readonly<Record<AddressTable, string | null>>;

/** Names of the dictionaries, null where there is no table. */
export type DictionaryNames = Readonly<Record<AddressTable, string | null>>;

/** Makes the dictionaries known to the engine and returns their names. Nothing is loaded before the first look-up. */
export function useLookups(engine: Engine, files: LookupFiles): DictionaryNames {
  const use = (table: AddressTable): string | null => {
    const file = files[table];
    if (file === null) return null;
    const name = nameFor(table, file);
    engine.prepare([createSql(name, SHAPES[table], path.join(engine.plain(path.dirname(file)), path.basename(file)))]);
    return name;
  };
  return {
    networksV4: use("networksV4"),
    networksV6: use("networksV6"),
    operators: use("operators"),
    provinces: use("provinces"),
    sectorPrefixes: use("sectorPrefixes"),
    sectorAsns: use("sectorAsns"),
  };
}

/** The names of one report, to be looked up: the engine lists them, enrich/ says what each is. */
export interface NameWork {
  readonly folder: string;
  readonly hosts: string | null;
  readonly brands: string | null;
  /** What the report is read with. */
  readonly settings: EngineSettings;
  readonly lookups: NameLookups;
}

/** Makes the dictionaries of the host names and brands of one report; `drop` removes them again. */
export async function nameDictionaries(
  engine: Engine,
  work: NameWork,
): Promise<{hosts: string | null; brands: string | null; drop: () => Promise<void>}> {
  const hosts =
    work.hosts === null
      ? null
      : await nameDictionary(engine, work, {
          table: "hosts",
          sql: work.hosts,
          lineOf: (name) => hostLine(name, work.lookups.host(name)),
        });
  const brands =
    work.brands === null
      ? null
      : await nameDictionary(engine, work, {
          table: "brands",
          sql: work.brands,
          lineOf: (name) => brandLine(name, work.lookups.brand(name)),
        });
  return {
    hosts: hosts?.name ?? null,
    brands: brands?.name ?? null,
    drop: async () => {
      await hosts?.drop();
      await brands?.drop();
    },
  };
}

interface NameTable {
  readonly table: "hosts" | "brands";
  readonly sql: string;
  readonly lineOf: (name: string) => string;
}

async function nameDictionary(
  engine: Engine,
  work: NameWork,
  {table, sql, lineOf}: NameTable,
): Promise<{name: string; drop: () => Promise<void>}> {
  const names = path.join(work.folder, `${table}.jsonl`);
  await writeFile(names, ""); // of no name at all the engine makes no file
  await engine.run(`INSERT INTO FUNCTION file(${literal(names)}, 'JSONEachRow') ${sql}`, {
    ...work.settings,
    engine_file_truncate_on_insert: 1,
  });
  const file = path.join(work.folder, `${table}.tsv`);
  await pipeline(Readable.from(inBlocks(linesFor(names, lineOf))), createWriteStream(file));
  const name = nameFor(table, file);
  const forget = engine.prepare([createSql(name, SHAPES[table], file)]);
  return {
    name,
    drop: async () => {
      forget();
      // the process that ends takes it along: what went wrong before must not be hidden behind this
      await engine.run(`DROP DICTIONARY IF EXISTS ${identifier(name)}`).catch(() => undefined);
    },
  };
}

async function* linesFor(names: string, lineOf: NameTable["lineOf"]): AsyncGenerator<string> {
  for await (const line of linesIn([names])) yield lineOf((JSON.parse(line) as {name: string}).name);
}

function hostLine(name: string, facts: HostFacts | null): string {
  return tsv([
    name,
    facts?.site ?? "",
    facts?.domain ?? "",
    facts?.tld ?? "",
    facts?.isGov === true ? "1" : "0",
    facts?.sector ?? "",
  ]);
}

function brandLine(name: string, facts: BrandFacts | null): string {
  return tsv([name, facts?.name ?? "", facts?.country ?? "", facts?.sector ?? ""]);
}

function tsv(fields: readonly string[]): string {
  return `${fields.map((field) => field.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n")).join("\t")}\n`;
}

function nameFor(table: string, file: string): string {
  return `${table}_${createHash("sha256").update(file).digest("hex").slice(0, 12)}`;
}

function createSql(name: string, shape: {structure: string; key: string; layout: string}, file: string): string {
  return `
    CREATE DICTIONARY IF NOT EXISTS ${identifier(name)} (${shape.structure})
    PRIMARY KEY ${shape.key}
    SOURCE(FILE(path ${literal(file)} format 'TSV'))
    LAYOUT(${shape.layout}())
    LIFETIME(0)`;
}
