/** From reports to cases: each report is looked through once, by the rules of the site, and told of in its history. */
import {canonicalAsset} from "../../../cases/opening/asset.ts";
import {crossBorderTests} from "../../../cases/opening/cross-border.ts";
import {planOpenings} from "../../../cases/opening/plan.ts";
import {decideOpening, type EventFacts} from "../../../cases/opening/rules.ts";
import {caseAssetOf} from "../../../cases/opening/unit.ts";
import {type CaseFacts, caseFacts, TLP_MARKS, type Tlp} from "../../../model/cases/case.ts";
import {assetKey, type CaseCandidate} from "../../../model/cases/case-change.ts";
import type {CaseRule, OpeningRule} from "../../../model/cases/case-rules.ts";
import {keepOpened, openedReports} from "../../../store/cases/opened-reports.ts";
import {takeInside} from "../../../store/cases/opening.ts";
import {type Commit, listCommits, readCommit} from "../../../store/events/commits.ts";
import {
  assetsOfReport,
  groupsOfReport,
  type ReportAsset,
  type ReportGroup,
} from "../../../store/events/report-assets.ts";
import type {House} from "../../house.ts";
import {BY_RULE, type CaseDesk, yearOf} from "../case-desk.ts";
import {noFaults} from "../faults.ts";
import {openProtection, type Protecting} from "./protection.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What came of one report. */
export interface OpenedReport {
  readonly report: string;
  readonly feed: string;
  readonly opened: number;
  /** Cases that were there already, those reopened among them. */
  readonly joined: number;
  /** Events that are only counted, and that the rules ignore. */
  readonly counted: number;
  readonly ignored: number;
}

/** Looks every report through that was not yet. May be broken off anywhere, and run by several at once. */
export async function openFromReports(desk: CaseDesk, now: Date, signal?: AbortSignal): Promise<OpenedReport[]> {
  const done = await openedReports(desk.db);
  const faults = noFaults();
  const found: OpenedReport[] = [];
  let isProtected: Protecting | null = null;
  for (const id of await listCommits(desk.house.lake)) {
    if (signal?.aborted === true) break;
    if (done.has(id)) continue;
    isProtected ??= await openProtection(desk.house);
    try {
      const opened = await openFromReport(desk, {id, isProtected, now});
      if (opened !== null) found.push(opened);
    } catch (error) {
      faults.take(error); // a damaged report holds none of the others up
    }
  }
  faults.tell();
  return found;
}

interface OpeningWork {
  readonly id: string;
  readonly isProtected: Protecting;
  readonly now: Date;
}

/** Returns null when somebody else was faster. */
async function openFromReport(desk: CaseDesk, {id, isProtected, now}: OpeningWork): Promise<OpenedReport | null> {
  const commit = await readCommit(desk.house.lake, id);
  if (commit === null) return null;
  const oldest = new Date(now.getTime() - desk.house.config.cases.openWithinDays * DAY_MS).toISOString();
  const found = commit.fetchedAt < oldest ? NOTHING : await candidatesOf(desk, commit, {isProtected, oldest});
  return desk.db
    .transaction()
    .execute(async (work) => {
      const intake = {
        candidates: found.candidates,
        year: yearOf(desk, now),
        plan: (each: readonly CaseCandidate[], known: Parameters<typeof planOpenings>[1]) =>
          planOpenings(each, known, now),
        by: BY_RULE,
        now,
      };
      const taken = await takeInside(work, intake);
      const counts = {
        opened: taken.opened.length,
        joined: taken.joined.length + taken.reopened.length,
        ...{counted: found.counted, ignored: found.ignored},
      };
      const isNew = await keepOpened(work, {report: id, feed: commit.feed, ...counts}, now);
      if (!isNew) throw new ReportTaken();
      return {report: id, feed: commit.feed, ...counts};
    })
    .catch((error: unknown) => {
      if (error instanceof ReportTaken) return null;
      throw error;
    });
}

/** Somebody else has looked the report through meanwhile: nothing of this is written. */
class ReportTaken extends Error {}

interface Found {
  readonly candidates: readonly CaseCandidate[];
  readonly counted: number;
  readonly ignored: number;
}

const NOTHING: Found = {candidates: [], counted: 0, ignored: 0};

async function candidatesOf(
  desk: CaseDesk,
  {id, feed}: Commit,
  {isProtected, oldest}: {isProtected: Protecting; oldest: string},
): Promise<Found> {
  const {house, rules} = desk;
  const place = {engine: house.engine, lake: house.lake, report: id};
  const groups = await groupsOfReport(place);
  const ruled = groups.map((group) => ({group, rule: decideOpening(eventFacts(house, feed, group), rules.rules)}));
  const sum = (what: CaseRule["do"]): number =>
    ruled.reduce((all, {group, rule}) => all + (rule.do === what ? group.events : 0), 0);
  const opening = new Map(
    ruled.flatMap(({group, rule}) => (rule.do === "open" ? [[groupKey(group), rule] as const] : [])),
  );
  const assets = await assetsOfReport(
    place,
    groups.filter((group) => opening.has(groupKey(group))),
  );
  const candidates = assets.flatMap((asset): CaseCandidate[] => {
    const rule = opening.get(groupKey(asset));
    return rule === undefined || asset.lastSeenAt < oldest
      ? []
      : [candidateOf(desk, {asset, rule, feed, report: id, isProtected})];
  });
  return {candidates: mergeAssets(candidates), counted: sum("count"), ignored: sum("ignore")};
}

function groupKey(group: ReportGroup): string {
  const {class: problem, scope, sector, severity, assetKind, channelKind, isGov, brandCountry} = group;
  return JSON.stringify([problem, scope, sector, severity, assetKind, channelKind, isGov, brandCountry]);
}

/** Returns what the rules look at in a group of events of a feed. */
export function eventFacts(house: House, feed: string, group: ReportGroup): EventFacts {
  const {country} = house.config.profile.territory;
  const {isAimedAtConstituency = false} = house.config.feeds[feed] ?? {};
  return {
    class: group.class,
    scope: group.scope,
    sector: group.sector || null,
    severity: group.severity || null,
    feed,
    tlp: tlpOf(house, feed),
    assetKind: group.assetKind,
    channelKind: group.channelKind || null,
    isGovernment: group.isGov === 1,
    isAimedAtUs: isAimedAtConstituency || (country !== null && group.brandCountry === country),
  };
}

/** A feed without a mark is red (RULINGS 25). */
function tlpOf({config}: House, feed: string): Tlp {
  return TLP_MARKS.find((mark) => mark === config.feeds[feed]?.tlp) ?? "RED";
}

interface Candidating {
  readonly asset: ReportAsset;
  readonly rule: OpeningRule;
  readonly feed: string;
  readonly report: string;
  readonly isProtected: Protecting;
}

function candidateOf({house}: CaseDesk, {asset, rule, feed, report, isProtected}: Candidating): CaseCandidate {
  const facts = factsOf(asset);
  const about = caseAssetOf(rule.unit, {
    kind: asset.assetKind,
    asset: asset.asset,
    ip: asset.ip,
    host: asset.host,
    domain: asset.domain,
  });
  const own = canonicalAsset(about);
  return {
    class: asset.class,
    asset: own,
    facts: {...facts, platform: facts.platform ?? (rule.unit === "platform" ? about.value : null)},
    tlp: tlpOf(house, feed),
    source: "event",
    ...ruledBy(rule),
    isProtected: isProtected({asset: own, facts}),
    borderTests: crossBorderTests(
      {party: null, hosting: facts.country, registrar: null, brand: facts.brandCountry},
      house.config.profile.territory,
    ).fired,
    urls: facts.url === null ? [] : [facts.url],
    sighting: {
      report,
      feed,
      line: asset.line,
      events: asset.events,
      firstSeenAt: asset.firstSeenAt,
      lastSeenAt: asset.lastSeenAt,
    },
    complaint: null,
  };
}

/** Returns what a rule says of the cases that it opens. */
export function ruledBy(rule: OpeningRule): Pick<CaseCandidate, "rule" | "parties" | "severity" | "isUrgent"> {
  return {rule: rule.id, parties: rule.parties, severity: rule.severity, isUrgent: rule.urgent};
}

function factsOf(asset: ReportAsset): CaseFacts {
  const isPhishing = asset.brand !== "";
  return caseFacts({
    url: asset.url || null,
    host: asset.host || null,
    domain: asset.domain || null,
    tld: asset.tld || null,
    ip: asset.ip || null,
    port: asset.port,
    asn: asset.asn,
    country: asset.country || null,
    province: asset.province || null,
    scope: asset.scope === "domestic" || asset.scope === "overseas" ? asset.scope : "unknown",
    isGov: asset.isGov === 1,
    sector: isPhishing ? null : asset.sector || null,
    brand: asset.brand || null,
    brandCountry: asset.brandCountry || null,
    brandSector: isPhishing ? asset.sector || null : null,
    family: asset.family || null,
    title: asset.title || null,
    channelKind: asset.channelKind || null,
    responsible: asset.responsible || null,
    app: asset.app || null,
    file: asset.file || null,
  });
}

/** Several assets of a report may be of one case, such as the URLs of a platform: it is sighted once, with all of them. */
function mergeAssets(candidates: readonly CaseCandidate[]): CaseCandidate[] {
  const merged = new Map<string, CaseCandidate>();
  for (const each of candidates) {
    const there = merged.get(assetKey(each));
    merged.set(assetKey(each), there === undefined ? each : joined(there, each));
  }
  return [...merged.values()];
}

function joined(one: CaseCandidate, other: CaseCandidate): CaseCandidate {
  const [first, second] = [one.sighting, other.sighting];
  if (first === null || second === null) return one;
  return {
    ...one,
    isProtected: one.isProtected || other.isProtected,
    urls: [...new Set([...one.urls, ...other.urls])],
    sighting: {
      ...first,
      line: Math.min(first.line, second.line),
      events: first.events + second.events,
      firstSeenAt: earlier(first.firstSeenAt, second.firstSeenAt),
      lastSeenAt: later(first.lastSeenAt, second.lastSeenAt),
    },
  };
}

function earlier(one: string, other: string): string {
  return one.localeCompare(other) <= 0 ? one : other;
}

function later(one: string, other: string): string {
  return earlier(one, other) === one ? other : one;
}
