import {createHash} from "node:crypto";
import {createReadStream} from "node:fs";
import {readFile, stat} from "node:fs/promises";
import {createRequire} from "node:module";
import path from "node:path";
import {pipeline} from "node:stream/promises";

/** One file that tells a network or a country of address ranges. */
export interface NetworkFile {
  readonly kind: "asn" | "country";
  /** Name for messages and for `config check`. */
  readonly name: string;
  readonly source: string;
  readonly path: string;
  /** Changes when the content does: the package's version, or the hash of a file of the site. */
  readonly identity: string;
  /** ISO day of publication, or of the last change of a file of the site. */
  readonly asOf: string | null;
}

const PACKAGES = [
  {kind: "asn", name: "@ip-location-db/asn", files: ["asn-ipv4.csv", "asn-ipv6.csv"]},
  {
    kind: "country",
    name: "@ip-location-db/geo-whois-asn-country",
    files: ["geo-whois-asn-country-ipv4.csv", "geo-whois-asn-country-ipv6.csv"],
  },
] as const;
/** Folder of the data folder whose files stand in place of those of the same name in the packages. */
const OWN_FOLDER = "tables/networks";

/** Returns the files that address ranges are read from: the site's where there is one, else the package's. */
export async function networkFiles(home: string): Promise<NetworkFile[]> {
  const all = PACKAGES.map(async ({kind, name, files}) => {
    const {folder, version} = await packageOf(name);
    return Promise.all(
      files.map(
        async (file): Promise<NetworkFile> =>
          (await ownFile(home, kind, file)) ?? {
            kind,
            name: `${name}/${file}`,
            source: `${name} ${version}`,
            path: path.join(folder, file),
            identity: `${name}@${version}/${file}`,
            asOf: dayIn(version),
          },
      ),
    );
  });
  return (await Promise.all(all)).flat();
}

async function ownFile(home: string, kind: NetworkFile["kind"], file: string): Promise<NetworkFile | null> {
  const name = `${OWN_FOLDER}/${file}`;
  const found = await stat(path.join(home, name)).catch(() => null);
  if (found === null) return null;
  const hash = createHash("sha256");
  await pipeline(createReadStream(path.join(home, name)), hash);
  const asOf = found.mtime.toISOString().slice(0, 10);
  return {kind, name, source: name, path: path.join(home, name), identity: `${name}:${hash.digest("hex")}`, asOf};
}

async function packageOf(name: string): Promise<{folder: string; version: string}> {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  const about: {version: string} = JSON.parse(await readFile(file, "utf8"));
  return {folder: path.dirname(file), version: about.version};
}

/** The data packages carry their day at the end of the version: 2.3.2026061719. */
function dayIn(version: string): string | null {
  const found = /(20\d\d)(\d\d)(\d\d)\d*$/.exec(version);
  return found === null ? null : `${found[1]}-${found[2]}-${found[3]}`;
}
