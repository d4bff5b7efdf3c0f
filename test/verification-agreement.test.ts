import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {existsSync, readFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {gunzipSync} from "node:zlib";
import {readKnownHosts} from "../src/cases/verification/known-hosts.ts";
import {readPage} from "../src/cases/verification/page.ts";
import {type JudgedLook, judgeLooks, LOOK_SETTINGS, type Standing} from "../src/cases/verification/standing.ts";
import {judgeLook} from "../src/cases/verification/verdict.ts";
import {type DnsStatus, type Evidence, type Look, type PageFacts, VERDICTS} from "../src/model/verification.ts";
import {SHARED} from "./site.ts";

/**
 * Real probe records with labelled outcomes against our verdicts. Each record has up to 68 rounds of whois, DNS and page
 * probes over a month; they become looks here. docs/verification.md explains the numbers.
 */
const DATA = path.join(SHARED, "data/2-lists/takedown");
const skip = existsSync(DATA) ? false : "skipped: no shared data";
const KNOWN = readKnownHosts([
  {name: "known-hosts.csv", text: readFileSync(path.join(import.meta.dirname, "../profiles/known-hosts.csv"), "utf8")},
]);

interface Probe {
  readonly type: "whois" | "dns" | "content";
  readonly dt: string;
  readonly whois_status: string | null;
  readonly dns_status: string;
  readonly arec: readonly string[] | null;
  readonly http_status: number | null;
  readonly html_title: string | null;
  readonly err_msg: string | null;
  readonly uptime_status: string;
}

interface ProbeRecord {
  readonly url: string;
  readonly discovery_time: string;
  readonly uptime: readonly Probe[];
  readonly takedown: {
    readonly takedowns: readonly {readonly type: "whois" | "dns" | "content"; readonly dt: string}[];
    readonly takedown_reason: "whois" | "dns" | "content" | null;
  };
}

/** One visit: the probes of one round. */
interface Round {
  readonly dns: Probe;
  whois: Probe | null;
  content: Probe | null;
}

const atOf = (dt: string): Date => new Date(`${dt}Z`);

/** Each DNS probe begins a round; whois and page probes belong to the nearest in time. */
function roundsOf(record: ProbeRecord): Round[] {
  const rounds = record.uptime
    .filter(({type}) => type === "dns")
    .map((dns): Round => ({dns, whois: null, content: null}));
  for (const probe of record.uptime) {
    if (probe.type === "dns") continue;
    const distance = (round: Round): number => Math.abs(atOf(round.dns.dt).getTime() - atOf(probe.dt).getTime());
    const nearest = rounds.reduce((best, each) => (distance(each) < distance(best) ? each : best));
    nearest[probe.type] ??= probe;
  }
  return rounds;
}

const STATUSES: Readonly<Record<string, DnsStatus>> = {
  NOERROR: "answered",
  NXDOMAIN: "no-name",
  NONAMESERVERS: "server-failure",
  TIMEOUT: "timeout",
};
const TROUBLES: Readonly<Record<string, Look["troubles"][number]["kind"]>> = {
  REQUEST_TIMEOUT: "timeout",
  REQUEST_SSLERROR: "tls-failed",
  REQUEST_EXCEPTION: "connection-reset",
  MEASUREMENT_ERROR: "probe-died",
};

/** A page of which only status and title are known. "intact" is the record's own word for: as at the first visit. */
function pageOf(record: ProbeRecord, {http_status, html_title, uptime_status}: Probe): PageFacts {
  const isIntact = uptime_status === "intact";
  const body = isIntact ? "the page of the first visit" : (html_title ?? "");
  const html = `<html><title>${html_title ?? ""}</title><body>${body}</body></html>`;
  const read = readPage({
    url: record.url,
    status: http_status ?? 200, // a page with a title did come, its status was not kept
    type: "text/html; charset=utf-8",
    bytes: Buffer.from(html),
    isTruncated: false,
  }).facts;
  return isIntact ? {...read, sha256: createHash("sha256").update("first").digest("hex")} : read;
}

function lookOf(record: ProbeRecord, round: Round): Look {
  const {dns, whois, content} = round;
  const hasPage = content !== null && content.err_msg === null;
  const status = STATUSES[dns.dns_status] ?? "failed";
  const addresses = [...(dns.arec ?? [])];
  const answers = [{server: "dns", status, addresses}];
  // the page probe had a resolver of its own, which at that moment had no address for the name
  if (
    content?.err_msg === "NO_VALID_A_RECORD" &&
    status === "answered" &&
    addresses.every((each) => each !== "0.0.0.0")
  )
    answers.push({server: "content", status: "server-failure", addresses: []});
  const kind = TROUBLES[content?.err_msg ?? ""];
  const troubles = kind === undefined ? [] : [{kind, text: content?.err_msg ?? ""}];
  if (addresses.some((each) => each === "0.0.0.0")) troubles.push({kind: "address-refused", text: "0.0.0.0"});
  return {
    id: record.url,
    at: atOf(dns.dt).toISOString(),
    asset: {kind: "url", value: record.url},
    dns: {
      name: URL.parse(record.url)?.hostname ?? "",
      answers,
      alias: null,
      zone: null,
      zoneStatus: null,
      nameServers: [],
    },
    registration: {
      statuses: whois?.whois_status === "inactive" ? ["inactive"] : [],
      at: atOf(whois?.dt ?? dns.dt).toISOString(),
    },
    chain: hasPage
      ? [{url: record.url, address: addresses[0] ?? null, status: content.http_status, location: null}]
      : [],
    tls: null,
    page: hasPage ? pageOf(record, content) : null,
    troubles,
    kept: null,
    screenshot: null,
    milliseconds: 0,
  };
}

/** Follows a record through its rounds as the desk would: a page that is back begins a new round. */
function follow(record: ProbeRecord): {standing: Standing; reopened: number} {
  const looks = roundsOf(record).map((round) => lookOf(record, round));
  const first = looks.find(({page}) => page !== null)?.page ?? null;
  const evidence: Evidence | null = first === null ? null : {at: looks[0]?.at ?? "", page: first};
  const judged = looks.map((look): JudgedLook => {
    const {verdict, reasons} = judgeLook({look, evidence, known: KNOWN});
    return {at: new Date(look.at), verdict, reasons};
  });
  const now = judged.at(-1)?.at ?? assert.fail("a record without probes");
  let openedAt = atOf(record.discovery_time);
  for (let reopened = 0; ; reopened += 1) {
    const round = {openedAt, notifiedAt: openedAt, claimedAt: null};
    const standing = judgeLooks({looks: judged, round, settings: LOOK_SETTINGS, now});
    if (standing.backAt === null) return {standing, reopened};
    openedAt = standing.backAt;
  }
}

/** What a labelled kind is in our words. */
const KINDS = {
  whois: ["down-registrar"],
  dns: ["down-registrar", "down-host"],
  content: ["removed", "down-host"],
} as const;

type Class =
  | "both say up"
  | "same first reason, same visit"
  | "same first reason, other time"
  | "another labelled reason, its visit"
  | "another labelled reason, other time"
  | "labelled down, handed to a person"
  | "labelled down, seen up or not seen"
  | "labelled up, said down"
  | "no labelled reason fits";

/** A round's probes lie up to six minutes apart. */
const SAME_VISIT_MS = 6 * 60_000;

function classOf(record: ProbeRecord, {takedown, state, unclear}: Standing): Class {
  const {takedowns, takedown_reason: reason} = record.takedown;
  const isDown = state === "verified" && takedown !== null;
  if (reason === null) return isDown ? "labelled up, said down" : "both say up";
  if (!isDown)
    return unclear !== null && unclear.looks >= 3
      ? "labelled down, handed to a person"
      : "labelled down, seen up or not seen";
  const isOurs = (type: keyof typeof KINDS): boolean => KINDS[type].some((kind) => kind === takedown.kind);
  const fitting = takedowns.filter(({type}) => isOurs(type));
  if (fitting.length === 0) return "no labelled reason fits";
  const isSame = (dt: string): boolean =>
    Math.abs(atOf(dt).getTime() - takedown.takenDownAt.getTime()) <= SAME_VISIT_MS;
  const hasTime = fitting.some(({dt}) => isSame(dt));
  if (isOurs(reason)) return hasTime ? "same first reason, same visit" : "same first reason, other time";
  return hasTime ? "another labelled reason, its visit" : "another labelled reason, other time";
}

function records(): ProbeRecord[] {
  const text = gunzipSync(readFileSync(path.join(DATA, "bda_export_uptime2022_2023.jsonl.gz"))).toString("utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("verdicts agree with the labelled outcome of real probe records: kind and time", {skip}, () => {
  const counts: Partial<Record<Class, number>> = {};
  let reopened = 0;
  for (const record of records()) {
    const followed = follow(record);
    const found = classOf(record, followed.standing);
    counts[found] = (counts[found] ?? 0) + 1;
    reopened += followed.reopened;
  }
  assert.deepEqual(counts, {
    "both say up": 26,
    "same first reason, same visit": 39,
    "same first reason, other time": 9,
    "another labelled reason, its visit": 11,
    "labelled down, handed to a person": 15,
  });
  assert.equal(reopened, 0);
});

test("of the labelled takedowns that we do not verify, each has a reason that may hide a living page", {skip}, () => {
  const reasons: Record<string, number> = {};
  for (const record of records()) {
    const {standing} = follow(record);
    if (classOf(record, standing) !== "labelled down, handed to a person") continue;
    const rounds = roundsOf(record).map((round) => lookOf(record, round));
    const evidence = rounds.find(({page}) => page !== null)?.page ?? null;
    const codes = rounds
      .filter(({at}) => standing.unclear !== null && new Date(at) >= standing.unclear.since)
      .map((look) => {
        const input = {look, evidence: evidence === null ? null : {at: look.at, page: evidence}, known: KNOWN};
        return judgeLook(input).reasons[0]?.code ?? "";
      })
      .filter((code) => code !== "own-failure");
    const [first = ""] = codes;
    reasons[first] = (reasons[first] ?? 0) + 1;
  }
  assert.deepEqual(reasons, {
    "login-wall": 5,
    "access-denied": 5,
    "server-error": 2,
    "not-seen": 2,
    "null-address": 1,
  });
});

interface Snapshot {
  readonly url: string;
  readonly host_info: {
    readonly a: {readonly status: string; readonly answers: readonly string[]};
    readonly ns: {readonly answers: readonly string[]};
  };
  readonly content_info: {
    readonly status_code: number | null;
    readonly title: string | null;
    readonly error_msg: string | null;
    readonly destination: string | null;
  } | null;
}

function snapshotLook({url, host_info: host, content_info: content}: Snapshot): Look {
  const status =
    host.a.status === "NOERROR" && host.a.answers.length === 0 ? "no-data" : (STATUSES[host.a.status] ?? "failed");
  const address = host.a.answers.find((each) => /^[\d.]+$/.test(each)) ?? null;
  const html = `<title>${content?.title ?? ""}</title>${content?.title ?? ""}`;
  const at = "2023-01-05T00:00:00.000Z";
  const title = content?.title ?? null;
  const page =
    content === null || content.status_code === null
      ? null
      : readPage({
          url: content.destination ?? url,
          status: content.status_code,
          type: "text/html",
          bytes: Buffer.from(title === null ? "" : html),
          isTruncated: false,
        }).facts;
  return {
    id: url,
    at,
    asset: {kind: "url", value: url},
    dns: {
      name: URL.parse(url)?.hostname ?? "",
      answers: [{server: "dns", status, addresses: address === null ? [] : [address]}],
      alias: null,
      zone: null,
      zoneStatus: null,
      nameServers: [...host.ns.answers],
    },
    registration: null,
    chain: [{url, address, status: content?.status_code ?? null, location: null}],
    tls: null,
    page,
    troubles: content?.error_msg == null ? [] : [{kind: "connection-refused", text: content.error_msg}],
    kept: null,
    screenshot: null,
    milliseconds: 0,
  };
}

test("real pages on the day of their report: what one look without evidence says of them", {skip}, () => {
  const counts: Record<string, number> = {};
  for (const line of readFileSync(path.join(DATA, "host-snapshot-2023-01.jsonl"), "utf8").trim().split("\n")) {
    const {verdict, reasons} = judgeLook({look: snapshotLook(JSON.parse(line)), evidence: null, known: KNOWN});
    const found = `${verdict}: ${reasons[0]?.code}`;
    counts[found] = (counts[found] ?? 0) + 1;
  }
  assert.deepEqual(counts, {
    "up: answers": 66,
    "down-registrar: no-such-domain": 14,
    "removed: gone": 7,
    "unknown: moved-on": 1,
    "unknown: not-seen": 5,
    "unknown: maintenance": 2,
    "down-host: no-address": 1,
    "down-host: suspended": 1,
    "unknown: access-denied": 1,
    "unknown: dns-failed": 1,
    "unknown: server-error": 1,
  });
});

test("docs/verification.md states these numbers, every verdict and nothing else", () => {
  const text = readFileSync(path.join(import.meta.dirname, "../docs/verification.md"), "utf8");
  for (const verdict of VERDICTS) assert.ok(text.includes(`| \`${verdict}\` |`), verdict);
  const stated = Array.from(text.matchAll(/^\| labelled [^|]*\| (\d+) \|$/gm), ([, count]) => Number(count));
  assert.deepEqual(stated, [26, 0, 39, 9, 11, 15, 0]);
  assert.match(text, /85 of 100/);
  assert.match(text, /59 of 59/);
});
