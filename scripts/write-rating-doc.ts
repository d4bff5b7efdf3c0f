/** Writes docs/rating.md from the rated editions. Usage: node scripts/write-rating-doc.ts [editions.json] */
import {readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import {chinaRules, ratedWeeks} from "../test/rating-agreement.ts";
import {ratingPage} from "../test/rating-page.ts";

const root = path.resolve(import.meta.dirname, "..");
const editions =
  process.argv[2] ?? path.resolve(root, process.env.WATCHFLOOR_SHARED ?? "../shared", "domain/editions.json");
const rules = chinaRules();
const page = path.join(root, "docs/rating.md");
writeFileSync(page, ratingPage(ratedWeeks(JSON.parse(readFileSync(editions, "utf8")), rules), rules));
console.log(`wrote ${path.relative(process.cwd(), page)}`);
