/** Lakes for tests: a folder, the real engine, a plain format, and reports given as text. */
import {mkdirSync, writeFileSync} from "node:fs";
import path from "node:path";
import {scopeRules} from "../src/enrich/scope.ts";
import * as rules from "../src/feeds/rules.ts";
import type {Format, TableFormat} from "../src/model/format.ts";
import type {IndicatorDefinition} from "../src/model/indicator.ts";
import type {Commit} from "../src/store/events/commits.ts";
import type {Engine} from "../src/store/events/engine.ts";
import {type IngestResult, ingestReport, type Placing} from "../src/store/events/ingest.ts";
import {type DictionaryNames, type LookupFiles, useLookups} from "../src/store/events/lookups.ts";
import type {CountWork} from "../src/store/events/weeks/week-counts.ts";
import {type KeptReport, listReports} from "../src/store/report-records.ts";
import {isPlainText, keepReport, keptPath, openKept} from "../src/store/reports.ts";

/** Zone of all lakes of tests. */
export const ZONE = "Asia/Shanghai";
/** When reports are fetched, if a test does not say. */
export const FETCHED = new Date("2023-03-10T00:00:00Z");

/** A plain CSV format: the header is in the first line, every field has the column of its name. */
export const TRIAL = trial({as: "csv", header: "first-line", mustHave: ["time"]});

/** The same fields by another way of reading. */
export function trial(reading: TableFormat["reading"], name = "trial"): TableFormat {
  return {
    kind: "table",
    name,
    title: {zh: "试验", en: "Trial"},
    source: "made for tests",
    reading,
    ruleFor: ({header}) =>
      header.includes("time") || header.includes("value")
        ? {
            type: null,
            rule: {
              fields: {
                seenAt: rules.time("UTC", "time"),
                ip: rules.ip("ip", "value"),
                host: rules.host("host"),
                url: rules.url("url"),
                family: rules.lower("family"),
                sector: rules.text("sector"),
                asn: rules.asn("asn"),
                severity: rules.lower("severity"),
              },
              classColumn: "class",
              classes: [{when: [], class: "mal.bot"}],
              assets: ["url", "site", "ip"],
            },
            warnings: [],
          }
        : null,
  };
}

/** A lake for a test. */
export interface TestLake extends Pick<CountWork, "engine" | "lake"> {
  readonly home: string;
  /** Takes a report in as `ingest` does; the same text again is the same report. */
  take(text: string | Uint8Array, how?: Taking): Promise<Taken>;
  /** Reads a kept report again. */
  replay(report: KeptReport, how?: Taking): Promise<Taken>;
  /** What counting needs. */
  counting(definitions: readonly IndicatorDefinition[]): CountWork;
}

/** How a report comes. */
export interface Taking {
  readonly feed?: string;
  readonly format?: Format;
  readonly fileName?: string;
  readonly fetchedAt?: Date;
  /** Tables that its addresses are looked up in. */
  readonly tables?: Partial<LookupFiles>;
}

/** A report that was taken in. */
export interface Taken extends IngestResult {
  readonly report: KeptReport;
}

const NO_TABLES: LookupFiles = {
  networksV4: null,
  networksV6: null,
  operators: null,
  provinces: null,
  sectorPrefixes: null,
  sectorAsns: null,
};

/** Opens a lake in a folder, which need not be there. The engine stays the caller's. */
export function openLake(engine: Engine, home: string): TestLake {
  const lake = path.join(home, "lake");
  const ingest = async (report: KeptReport, how: Taking, isReplay: boolean): Promise<Taken> => ({
    report,
    ...(await ingestReport({
      lake,
      engine,
      placing: placingBy(useLookups(engine, {...NO_TABLES, ...how.tables})),
      toolVersion: "test",
      now: new Date(),
      request: {
        id: report.id,
        feed: report.feed,
        format: how.format ?? TRIAL,
        fileName: report.fileName,
        sha256: report.sha256,
        fetchedAt: report.fetchedAt,
        file: keptPath(home, report),
        isPlainText: isPlainText(report),
        lines: report.lines,
        longestLineBytes: report.longestLineBytes,
        open: () => openKept(home, report),
        isReplay,
      },
    })),
  });
  return {
    engine,
    home,
    lake,
    take: async (text, how = {}) => {
      const bytes = Buffer.from(text);
      const arrival = {feed: how.feed ?? "trial", fetchedAt: how.fetchedAt ?? FETCHED, listDay: null};
      const {report} = await keepReport(home, arrival, {name: how.fileName ?? "day.csv", read: () => piecesOf(bytes)});
      return ingest(report, how, false);
    },
    replay: (report, how = {}) => ingest(report, how, true),
    counting: (definitions) => ({
      engine,
      lake,
      definitions,
      context: {country: "CN", aimedFeeds: ["aimed"], vulnPrefix: "CNVD-"},
    }),
  };
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1 << 20) yield bytes.subarray(at, at + (1 << 20));
}

/** Places events by the tables and by plain rules of names. */
export function placingBy(dictionaries: DictionaryNames): Placing {
  return {
    zone: ZONE,
    country: "CN",
    scopeRules: scopeRules({
      country: "CN",
      name: {zh: "中国", en: "China"},
      tlds: ["cn"],
      overseasRegions: ["HK", "MO", "TW"],
      hasProvinces: true,
    }),
    dictionaries,
    lookups: "test",
    names: {
      host: (name) => {
        const site = name.replace(/^www\./, "");
        const labels = site.split(".");
        const isGov = site.endsWith(".gov.cn");
        return {site, domain: labels.slice(-2).join("."), tld: `.${labels.at(-1)}`, isGov, sector: null, owner: null};
      },
      brand: () => null,
    },
  };
}

/** Writes a table for look-ups and returns its file. */
export function tableFile(folder: string, name: string, lines: readonly string[]): string {
  mkdirSync(folder, {recursive: true});
  const file = path.join(folder, name);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  return file;
}

/** Returns the FROM clause of the files that the records name, found without any of the code that reads the lake. */
export function rawEvents(lake: string, commits: readonly Commit[], columns: string): string {
  const files = commits.flatMap((commit) => commit.files.map(({day, name}) => `${lake}/day=${day}/${name}`));
  return files.length === 0
    ? `(SELECT * FROM null('${columns}'))`
    : `file('{${files.join(",")}}', 'Parquet', '${columns}')`;
}

/** Returns the kept reports of a lake. */
export async function keptIn({home}: TestLake): Promise<KeptReport[]> {
  return listReports(home);
}
