import {readFile} from "node:fs/promises";
import path from "node:path";
import {type KnownHosts, readKnownHosts} from "../../cases/verification/known-hosts.ts";

/** The table that comes with the product. */
const SHIPPED = path.resolve(import.meta.dirname, "../../../profiles/known-hosts.csv");
/** The site's own, inside its data folder. */
const OWN = "tables/known-hosts.csv";

/**
 * Reads the name servers and addresses that mean parked or sinkholed: those that come with the product, then the data
 * folder's own, which win. Throws table_invalid with file and line.
 */
export async function openKnownHosts(home: string): Promise<KnownHosts> {
  const own = await readFile(path.join(home, OWN), "utf8").catch(() => "");
  return readKnownHosts([
    {name: "known-hosts.csv", text: await readFile(SHIPPED, "utf8")},
    {name: OWN, text: own},
  ]);
}
