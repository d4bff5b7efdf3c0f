/** Writes the pages of docs/ that are made from tables in code. Usage: npm run docs */
import {existsSync, writeFileSync} from "node:fs";
import path from "node:path";
import {PAGES} from "./pages/index.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const EDITIONS = path.resolve(ROOT, process.env["WATCHFLOOR_SHARED"] ?? "../shared", "domain/editions.json");

for (const [name, make] of Object.entries(PAGES)) {
  writeFileSync(path.join(ROOT, "docs", name), make());
  console.log(`wrote docs/${name}`);
}
if (existsSync(EDITIONS)) await import("./write-rating-doc.ts");
else console.log("docs/rating.md stays as it is: no shared data");
