import {access, readdir, readFile} from "node:fs/promises";
import path from "node:path";
import {hostFacts} from "../enrich/hosts.ts";
import {brandOf} from "../enrich/lists.ts";
import {scopeRules} from "../enrich/scope.ts";
import {FORMATS} from "../feeds/index.ts";
import {shadowserver, shadowserverWith} from "../feeds/shadowserver.ts";
import {readShadowserverSchema} from "../feeds/shadowserver-schema.ts";
import {readSiteFormat} from "../feeds/site-format.ts";
import {WatchfloorError} from "../model/errors.ts";
import type {Format} from "../model/format.ts";
import type {IndicatorDefinition} from "../model/indicator.ts";
import {INDICATORS} from "../situation/indicators.ts";
import {type Baseline, readBaseline} from "../situation/rating-base.ts";
import {siteIndicatorsSchema, withSiteIndicators} from "../situation/site-indicators.ts";
import {type Engine, openEngine} from "../store/events/engine.ts";
import type {Placing} from "../store/events/ingest.ts";
import {useLookups} from "../store/events/lookups.ts";
import {type Database, openDatabase} from "../store/postgres.ts";
import {type Config, check, type FeedConfig, parseYaml, readConfig} from "./config.ts";
import {type Lookups, openLookups} from "./site/lookups.ts";
import {didYouMean} from "./terminal/nearest.ts";

/** Everything that belongs to one data folder. What is costly is opened when it is first needed. */
export interface House {
  readonly config: Config;
  readonly home: string;
  /** Folder of the events. */
  readonly lake: string;
  readonly engine: Engine;
  readonly formats: readonly Format[];
  /** Tables that addresses and names are looked up in, ready for the engine. */
  placing(): Promise<Placing>;
  /** The database. Throws database_unavailable. */
  database(): Promise<Database>;
  definitions(): Promise<readonly IndicatorDefinition[]>;
  /** The baseline that the operator signed, or null. */
  baseline(): Promise<Baseline | null>;
  close(): Promise<void>;
}

const ENGINE_IDLE_SECONDS = 20;
/** The publisher's schema file, in either of its shapes (reports.json, intelmq.json), as a site names it in formats/. */
export const SHADOWSERVER_SCHEMA = "shadowserver-schema.json";

/**
 * Opens a data folder. Several may share a running engine, which then stays open when they close.
 * Throws home_missing, config_invalid, format_invalid.
 */
export async function openHouse(home: string, shared: {readonly engine?: Engine} = {}): Promise<House> {
  const config = await readConfig(home);
  const engine =
    shared.engine ??
    openEngine({
      scratch: path.join(config.home, "tmp"),
      idleSeconds: ENGINE_IDLE_SECONDS,
      maxMemoryBytes: config.limits.engineMemoryBytes,
    });
  let placing: Promise<Placing> | null = null;
  let database: Promise<Database> | null = null;
  return {
    config,
    home: config.home,
    lake: path.join(config.home, "lake"),
    engine,
    formats: await readFormats(config.home),
    placing: () =>
      (placing ??= openLookups(config)
        .then((lookups) => placingOf(config, engine, lookups))
        .catch((error: unknown) => {
          placing = null; // a table may be mended, a disk have room again
          throw error;
        })),
    database: () =>
      (database ??= openDatabase({home: config.home, url: config.database.url}).catch((error: unknown) => {
        database = null; // it may be back later: a server lives longer than a fault
        throw error;
      })),
    definitions: () => readDefinitions(config.home),
    baseline: () => readBaselineOf(config.home),
    close: async () => {
      if (shared.engine === undefined) await engine.close();
      if (database !== null) await database.then((open) => open.close()).catch(() => undefined);
    },
  };
}

function placingOf(config: Config, engine: Engine, lookups: Lookups): Placing {
  return {
    zone: config.profile.zone,
    country: config.profile.territory.country,
    scopeRules: scopeRules(config.profile.territory),
    dictionaries: useLookups(engine, lookups.files),
    lookups: lookups.hash,
    names: {host: (name) => hostFacts(name, lookups.hosts), brand: (name) => brandOf(lookups.brands, name)},
  };
}

/**
 * The shipped formats and those that the site put into formats/: mappings, and the publisher's schema of Shadowserver
 * reports. Throws format_invalid with file and place.
 */
export async function readFormats(home: string): Promise<Format[]> {
  const folder = path.join(home, "formats");
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
  const formats = [...FORMATS];
  for (const name of names) {
    const text = await readFile(path.join(folder, name), "utf8");
    if (name === SHADOWSERVER_SCHEMA) {
      const newer = shadowserverWith(readShadowserverSchema(text, `formats/${name}`));
      formats.splice(formats.indexOf(shadowserver), 1, newer);
      continue;
    }
    const own = readSiteFormat(text, `formats/${name}`);
    if (formats.some((each) => each.name === own.name))
      throw new WatchfloorError("format_invalid", `formats/${name}: there is a format named ${own.name} already`);
    formats.push(own);
  }
  return formats;
}

/** Returns the indicators, those of the site among them. Throws config_invalid. */
export async function readDefinitions(home: string): Promise<readonly IndicatorDefinition[]> {
  const file = path.join(home, "indicators.yaml");
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return INDICATORS;
  const {value, lineOf} = parseYaml(text, file);
  return withSiteIndicators(INDICATORS, check(siteIndicatorsSchema, isBlank(value) ? [] : value, {file, lineOf}));
}

/** A file of nothing but remarks. */
function isBlank(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Returns the signed baseline of a data folder, or null. Throws config_invalid. */
export async function readBaselineOf(home: string): Promise<Baseline | null> {
  const file = path.join(home, "baseline.yaml");
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? null : readBaseline(parseYaml(text, file).value);
}

/** Returns a feed by name with its format. Throws feed_unknown, format_unknown. */
export function feedOf(house: House, name: string): {feed: FeedConfig; format: Format} {
  const feed = house.config.feeds[name];
  if (feed === undefined) {
    throw new WatchfloorError("feed_unknown", `"${name}".${didYouMean(name, Object.keys(house.config.feeds))}`);
  }
  const format = house.formats.find((each) => each.name === feed.format);
  if (format === undefined) throw new WatchfloorError("format_unknown", `feed ${name} wants "${feed.format}"`);
  return {feed, format};
}

/** Returns whether there is a data folder. */
export async function isHome(home: string): Promise<boolean> {
  return access(path.join(home, "watchfloor.yaml")).then(
    () => true,
    () => false,
  );
}
