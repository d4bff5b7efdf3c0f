import {readFile} from "node:fs/promises";
import path from "node:path";
import {FORMATS} from "../feeds/index.ts";
import {WatchfloorError} from "../model/errors.ts";
import type {Format} from "../model/format.ts";
import {makeFolder, writeAllDurably, writeDurably} from "../store/durable.ts";
import {createKey} from "../store/keys.ts";
import {CONFIG_FILE, PROFILE_NAMES} from "./config.ts";
import {isHome} from "./house.ts";

/** Profiles that come with the product. */

/** What a new data folder is made with. */
export interface InitChoice {
  readonly home: string;
  readonly profile: string;
  /** Protects the signing key; null leaves it unprotected on the disk. */
  readonly passphrase: string | null;
  /** What a sample has besides: files by path, some in place of the empty ones, and a configuration that names them. */
  readonly sample?: {readonly files: Readonly<Record<string, string>>; readonly configure: (text: string) => string};
}

/**
 * Makes a data folder: the commented configuration with a feed for each shipped format, empty site tables, the baseline to
 * sign, and the signing key. Throws home_exists, home_not_writable.
 */
export async function initHome({home, profile, passphrase, sample}: InitChoice): Promise<string[]> {
  if (await isHome(home)) throw new WatchfloorError("home_exists", path.resolve(home));
  if (!PROFILE_NAMES.some((name) => name === profile))
    throw new WatchfloorError("usage", `--profile knows ${PROFILE_NAMES.join(", ")}, not ${profile}`);
  const files: Record<string, string> = {
    "tables/sectors.csv":
      "# Which sector an asset belongs to: a domain, an AS number (AS64500) or a prefix, and a sector code of the taxonomy.\nmatch,sector\n",
    "tables/brands.csv":
      "# Brands that are impersonated: name, other spellings (; between them), home country (ISO 3166-1), sector code, own domains (; between them).\nbrand,aliases,country,sector,domains\n",
    "tables/government.txt": "# Government domains besides the profile's suffixes, one a line.\n",
    "tables/provinces/README.txt.example":
      "Put one file for each GB/T 2260 code here, named after it (110000.txt, 440100.txt): a prefix (CIDR) a line.\n",
    "baseline.yaml": baselineText(await ratedIndicators(profile)),
    ...sample?.files,
  };
  await writeAllDurably(Object.entries(files).map(([name, text]) => ({path: path.join(home, name), bytes: text})));
  await makeFolder(path.join(home, "formats"));
  await createKey(path.join(home, "keys"), passphrase);
  // last: a folder with a configuration is a whole one
  const text = configText(profile);
  await writeDurably(path.join(home, CONFIG_FILE), sample === undefined ? text : sample.configure(text));
  return [CONFIG_FILE, ...Object.keys(files), "keys/"];
}

async function ratedIndicators(profile: string): Promise<string[]> {
  const text = await readFile(path.resolve(import.meta.dirname, `../../profiles/${profile}.yaml`), "utf8");
  return [...(/weights: \{([^}]*)\}/.exec(text)?.[1] ?? "").matchAll(/([a-z_.]+):/g)].map((found) => found[1] ?? "");
}

function baselineText(ids: readonly string[]): string {
  return `# What is usual in a week, for the rating, while fewer weeks than the profile wants have been computed.
# Put in the values you stand for, your name and the time; until it is signed it is not used.
signedBy: null
at: null
isSynthetic: false
values: {}
#  such as
${ids.map((id) => `#  ${id}: 0`).join("\n")}
`;
}

function feedText(format: Format): string {
  return `  ${format.name}: # ${format.title.en}\n    format: ${format.name}\n    enabled: false\n`;
}

function configText(profile: string): string {
  return `# Configuration of this Watchfloor data folder. A key that is not known stops the start; docs/config.md explains each.

# All that is particular to a country or sector: cn or generic.
profile: ${profile}

# Parts of the profile that are otherwise here, for example
#   overrides:
#     zone: Asia/Tokyo
#     territory: {country: JP, name: {zh: 日本, en: Japan}, tlds: [jp]}
overrides: {}

# One feed for each shipped format, named after it. None is fetched until enabled is true; ingest works for all of them.
# tlp: sharing mark of what the feed delivers (RED when missing). isAimedAtConstituency: its phishing pages are aimed at us.
feeds:
${FORMATS.map(feedText).join("")}
# The database for what people enter. null: we start our own inside this folder; or postgres://user@host/name
database: {url: null}

serve: {host: 127.0.0.1, port: 8080}

# Limits for what comes in.
limits: {unpackedBytes: 2147483648, unpackedRatio: 100, archiveEntries: 10000, engineMemoryBytes: 1600000000}
`;
}
