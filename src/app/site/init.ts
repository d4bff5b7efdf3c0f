import {readFile} from "node:fs/promises";
import path from "node:path";
import {WatchfloorError} from "../../model/errors.ts";
import {makeFolder, writeAllDurably, writeDurably} from "../../store/durable.ts";
import {createKey} from "../../store/keys.ts";
import {CONFIG_FILE, PROFILE_NAMES} from "../config.ts";
import {isHome} from "../house.ts";
import {firstConfig} from "./first-config.ts";

/** Profiles that come with the product. */
const PROFILES = path.resolve(import.meta.dirname, "../../../profiles");

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
    "tables/protected.txt":
      "# What is not notified about without a second person, besides government and our own parties; one a line:\n# example.cn is that name, .example.cn the name and all below it, 192.0.2.0/24 a network.\n",
    "tables/provinces/README.txt.example":
      "Put one file for each GB/T 2260 code here, named after it (110000.txt, 440100.txt): a prefix (CIDR) a line.\n",
    "rules/cases.yaml.example": await profileFile(profile, "cases.yaml"),
    "rules/deadlines.yaml.example": await profileFile(profile, "deadlines.yaml"),
    "baseline.yaml": baselineText(await ratedIndicators(profile)),
    ...sample?.files,
  };
  await writeAllDurably(Object.entries(files).map(([name, text]) => ({path: path.join(home, name), bytes: text})));
  await makeFolder(path.join(home, "formats"));
  await createKey(path.join(home, "keys"), passphrase);
  // last: a folder with a configuration is a whole one
  const text = firstConfig(profile);
  await writeDurably(path.join(home, CONFIG_FILE), sample === undefined ? text : sample.configure(text));
  return [CONFIG_FILE, ...Object.keys(files), "keys/"];
}

function profileFile(profile: string, name: string): Promise<string> {
  return readFile(path.join(PROFILES, profile, name), "utf8");
}

async function ratedIndicators(profile: string): Promise<string[]> {
  const text = await readFile(path.join(PROFILES, `${profile}.yaml`), "utf8");
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
