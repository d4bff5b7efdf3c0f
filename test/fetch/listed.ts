/** Data folders for tests of fetching: a plain format of the site, and rows of it that no report had before. */
import {after} from "node:test";
import type {House} from "../../src/app/house.ts";
import {createDatabase} from "../database.ts";
import {openSite} from "../site.ts";

export const HEADER = "seen,domain\n";
const FORMAT = `
name: listed
title: {zh: 名单, en: Listed domains}
source: a test
reads: csv
class: web.phish
assets: [site]
fields:
  seenAt: {columns: seen, required: true}
  host: {columns: domain, required: true}
`;
/** When feeds are fetched, if a test does not say. */
export const NOW = new Date("2026-11-25T00:00:00Z");

let count = 0;

/** Returns a report of some rows that no report had before. */
export function freshReport(rows = 1): string {
  const lines = Array.from({length: rows}, () => `2026-11-24 08:00:00,row-${process.pid}-${++count}.example\n`);
  return HEADER + lines.join("");
}

/** Opens a data folder with feeds in the format `listed`, each fetched as is said, on a database of its own. */
export async function openListed(
  feeds: Readonly<Record<string, object>>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<House> {
  const {url, drop} = await createDatabase();
  after(drop);
  const house = await openSite({
    files: {"formats/listed.yaml": FORMAT},
    config: {
      database: {url},
      ...more,
      feeds: Object.fromEntries(
        Object.entries(feeds).map(([name, feed]) => [name, {format: "listed", enabled: true, ...feed}]),
      ),
    },
  });
  after(() => house.close());
  return house;
}
