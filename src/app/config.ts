import {readFile} from "node:fs/promises";
import path from "node:path";
import {isDeepStrictEqual} from "node:util";
import {isMap, isScalar, isSeq, LineCounter, type Node, parseDocument} from "yaml";
import {z} from "zod";
import {HANDLED_WHEN, TLP_MARKS} from "../model/cases/case.ts";
import {FaultyFile, WatchfloorError} from "../model/errors.ts";
import {type Profile, profileSchema} from "../model/profile.ts";
import {weekNamed} from "../model/week.ts";
import {fetchSchema} from "./fetch/schema.ts";
import {inboxSchema, mailSchema, noticesSchema} from "./mail/settings.ts";
import {probeSchema, verificationSchema} from "./probe/config.ts";

/** Folder of the profiles that come with the product. */
const PROFILES = path.resolve(import.meta.dirname, "../../profiles");
/** Their names. */
export const PROFILE_NAMES = ["cn", "generic"] as const;
/** Name of the configuration inside a data folder. */
export const CONFIG_FILE = "watchfloor.yaml";

function isMonday(text: string): boolean {
  try {
    return weekNamed(text, "UTC").from === text;
  } catch {
    return false;
  }
}

const feedSchema = z.strictObject({
  format: z.string().min(1).describe("Name of the format, shipped or of the site; see `watchfloor formats`."),
  title: z.string().optional().describe("What people call the feed."),
  enabled: z
    .boolean()
    .default(false)
    .describe(
      "It is expected to deliver: with `fetch` it is fetched on schedule, without it `ingest` brings it, and its silence is a gap.",
    ),
  tlp: z
    .enum(TLP_MARKS)
    .default("RED")
    .describe("Sharing mark (TLP 2.0) of what the feed delivers; only feeds marked CLEAR are named in public."),
  isAimedAtConstituency: z
    .boolean()
    .default(false)
    .describe("The list is aimed at the constituency: its phishing pages count whatever brand they name."),
  fetch: fetchSchema
    .optional()
    .describe("Where and when the feed is fetched; without it reports come by `ingest` alone."),
});

/** The file watchfloor.yaml of a data folder; docs/config.md is made from it. */
export const configSchema = z.strictObject({
  profile: z.string().min(1).describe("All that is particular to a country or sector: cn or generic."),
  isSample: z.boolean().default(false).describe("The data is made up: every page says so."),
  overrides: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Parts of the profile that are otherwise here, under the keys of the profile."),
  feeds: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "is no feed name: use small letters, digits and -"), feedSchema)
    .default({})
    .describe("One entry for each feed, under its name."),
  database: z
    .strictObject({
      url: z
        .string()
        .nullable()
        .default(null)
        .describe("null: we start our own PostgreSQL inside the data folder; or postgres://user@host/name."),
    })
    .default({url: null}),
  cases: z
    .strictObject({
      openWithinDays: z
        .int()
        .positive()
        .default(14)
        .describe("Events that are older when they come in open no case: they are only counted."),
      handledWhen: z
        .enum(HANDLED_WHEN)
        .default("answered")
        .describe(
          "When an incident counts as handled: answered (a party was notified and has since acknowledged, resolved or dismissed it with a reason, or it was verified as gone), notified, or verified. The method note says which.",
        ),
      history: z
        .array(
          z.strictObject({
            source: z.string().min(1).describe("The `source` of the mapping that it was imported with."),
            before: z
              .string()
              .refine(isMonday, "is no Monday such as 2023-01-02")
              .describe("It counts in weeks before this Monday: from then on our own cases do."),
          }),
        )
        .default([])
        .describe("Imported cases that count in weeks of the past; what is not named here is only found."),
    })
    .prefault({}),
  complaints: z
    .strictObject({
      tlp: z
        .enum(TLP_MARKS)
        .default("AMBER")
        .describe("Sharing mark (TLP 2.0) of cases that complaints open: reporters give none."),
    })
    .prefault({}),
  inbox: inboxSchema
    .nullable()
    .default(null)
    .describe("The mailbox that complaints, replies and returned mails come to; null: no mail is read."),
  serve: z
    .strictObject({
      host: z.string().default("127.0.0.1").describe("Address that the server listens on."),
      port: z.int().min(0).max(65535).default(8080).describe("Port that it listens on."),
    })
    .default({host: "127.0.0.1", port: 8080}),
  mail: mailSchema.nullable().default(null).describe("How mails leave; null: nothing is sent, and notifications wait."),
  notices: noticesSchema.prefault({}),
  probe: probeSchema.prefault({}),
  verification: verificationSchema.prefault({}),
  limits: z
    .strictObject({
      unpackedBytes: z
        .int()
        .positive()
        .default(2 * 1024 ** 3)
        .describe("Most bytes that a delivery may unpack to."),
      unpackedRatio: z.int().positive().default(100).describe("Most bytes that one packed byte may unpack to."),
      archiveEntries: z.int().positive().default(10_000).describe("Most files in one zip archive."),
      engineMemoryBytes: z
        .int()
        .positive()
        .default(1_600_000_000)
        .describe("Most memory that a statement of the events engine may take."),
      downloadBytes: z
        .int()
        .positive()
        .default(512 * 1024 ** 2)
        .describe("Most bytes that one download of a feed may have, as it comes."),
      messageBytes: z
        .int()
        .positive()
        .default(48 * 1024 ** 2)
        .describe("Most bytes that one mail may have; a larger one is not read and stays in its mailbox, flagged."),
    })
    .prefault({}),
  jobs: z
    .strictObject({
      draftAt: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "is no time of day such as 08:00")
        .nullable()
        .default("08:00")
        .describe("Local time on Monday at which `serve` drafts the edition of the week before; null: nobody does."),
      keepRunsDays: z.int().min(7).default(400).describe("How long it is kept what each fetch of a feed brought."),
    })
    .prefault({}),
  parties: z
    .strictObject({
      softBounces: z.int().positive().default(3).describe("Soft bounces that take a contact out of use."),
      softBounceDays: z.int().positive().default(14).describe("Within how many days they have to lie."),
      confirmDays: z
        .int()
        .positive()
        .default(365)
        .describe("After how many days a contact is asked whether it still holds."),
      askAgainDays: z.int().positive().default(30).describe("After how many days without answer it is asked again."),
      rdapDays: z.int().positive().default(30).describe("Age from which an answer of a registry is fetched anew."),
      rdapSeconds: z.int().positive().default(15).describe("Most time that a registry has to answer."),
      rdapBytes: z
        .int()
        .positive()
        .default(1024 ** 2)
        .describe("Most bytes of its answer."),
    })
    .prefault({}),
});

/** One subscription as configured. */
export type FeedConfig = z.infer<typeof feedSchema>;

/** The configuration of a data folder with its profile. */
export interface Config extends Omit<z.infer<typeof configSchema>, "profile" | "overrides"> {
  readonly home: string;
  readonly profile: Profile;
}

/**
 * Reads the configuration of a data folder, once. Throws home_missing, and config_invalid naming file, line and what is
 * wrong for any key or value that is not right.
 */
export async function readConfig(home: string): Promise<Config> {
  const file = path.join(home, CONFIG_FILE);
  const {value, lineOf} = parseYaml(await readText(file, home), file);
  const {profile: name, overrides, ...rest} = check(configSchema, value, {file, lineOf});
  return {...rest, home: path.resolve(home), profile: await readProfile(name, overrides, {file, lineOf})};
}

/** Returns a profile as it comes with the product. */
export function shippedProfile(name: (typeof PROFILE_NAMES)[number]): Promise<Profile> {
  return readProfile(name, {}, {file: path.join(PROFILES, `${name}.yaml`), lineOf: () => 1});
}

async function readText(file: string, home: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new WatchfloorError("home_missing", path.resolve(home), cause);
  }
}

interface Place {
  readonly file: string;
  /** Line of a key path, 1 for the first. */
  readonly lineOf: (at: readonly PropertyKey[]) => number;
}

async function readProfile(name: string, overrides: Record<string, unknown>, place: Place): Promise<Profile> {
  const file = path.join(PROFILES, `${path.basename(name)}.yaml`);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new WatchfloorError(
      "config_invalid",
      `${place.file}:${place.lineOf(["profile"])} names the profile "${name}", which there is not`,
      cause,
    );
  });
  const base = parseYaml(text, file).value;
  const merged = mergeInto(base, overrides);
  return check(profileSchema, merged, {file: place.file, lineOf: (at) => place.lineOf(["overrides", ...at])});
}

/** Returns whether the publisher still has the name that came with the profile: the desk would publish as somebody else. */
export async function hasShippedPublisher({profile}: Config): Promise<boolean> {
  const name = PROFILE_NAMES.find((each) => each === profile.id);
  return name !== undefined && isDeepStrictEqual((await shippedProfile(name)).publisher.name, profile.publisher.name);
}

/** Maps merge key by key; all else replaces. */
function mergeInto(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over === undefined ? base : over;
  return Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => [
      key,
      key in over ? mergeInto(base[key], over[key]) : base[key],
    ]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads YAML; the function tells on which line a key stands. Throws config_invalid with file and line. */
export function parseYaml(text: string, file: string): {value: unknown; lineOf: Place["lineOf"]} {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, uniqueKeys: true});
  if (document.errors.length > 0) {
    const faults = document.errors.map(
      ({linePos, message}) => `${file}:${linePos?.[0].line ?? 1} ${message.split("\n")[0]}`,
    );
    throw new FaultyFile("config_invalid", faults, document.errors[0]);
  }
  return {value: document.toJS() ?? {}, lineOf: (at) => lineAt(document.contents, at, lines)};
}

/** Walks down as far as the keys lead and gives the line of the last that is there. */
function lineAt(node: unknown, at: readonly PropertyKey[], lines: LineCounter): number {
  let here: unknown = node;
  let line = 1;
  for (const key of at) {
    const pair = isMap(here) ? here.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const next: unknown = pair?.value ?? (isSeq(here) && typeof key === "number" ? here.items[key] : undefined);
    const place = isScalar(pair?.key) ? pair.key : rangeOf(next);
    if (place?.range) line = lines.linePos(place.range[0]).line;
    if (next === undefined) break;
    here = next;
  }
  return line;
}

function rangeOf(node: unknown): Pick<Node, "range"> | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node : undefined;
}

/** Checks a value; whatever is wrong is told with file and line. Throws config_invalid. */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown, place: Place): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.flatMap((issue) => faultsOf(issue, place));
  throw new FaultyFile("config_invalid", faults);
}

function faultsOf(issue: z.core.$ZodIssue, {file, lineOf}: Place): string[] {
  const at = issue.path;
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `${file}:${lineOf([...at, key])} the key "${[...at, key].join(".")}" is not known`);
  return [`${file}:${lineOf(at)} ${at.length === 0 ? "the file" : `"${at.join(".")}"`} ${issue.message}`];
}
