/**
 * Looks at what is reported, and what follows: two looks that see it gone verify a case, one that sees it there disputes
 * what its party says, and one that sees it again reopens what was verified.
 */
import {stepped} from "../../../cases/desk.ts";
import {reopening} from "../../../cases/opening/plan.ts";
import type {KnownHosts} from "../../../cases/verification/known-hosts.ts";
import {type LookPlan, planLook} from "../../../cases/verification/schedule.ts";
import {
  type JudgedLook,
  judgeLooks,
  type Standing,
  type StandingInput,
  takedownKind,
} from "../../../cases/verification/standing.ts";
import {judgeLook} from "../../../cases/verification/verdict.ts";
import type {AssetKey} from "../../../model/cases/case.ts";
import type {CaseAtWork, CaseChange, NextLook} from "../../../model/cases/case-change.ts";
import type {Evidence, Judgement, Look, ProbeOrder} from "../../../model/verification.ts";
import {keepArtefact} from "../../../store/artefacts.ts";
import {applyChanges, type Decided, lockCases} from "../../../store/cases/changing.ts";
import {dueLooks} from "../../../store/cases/due.ts";
import {urlsOfRound} from "../../../store/cases/lists.ts";
import {firstSeenNow, type KeptLook, keepLooks, type LookLine, lookLinesOf} from "../../../store/cases/looks.ts";
import {caseKey, type Work} from "../../../store/cases/rows.ts";
import {keepSealed} from "../../../store/keys/sealed.ts";
import {askClosing} from "../../../store/notices/pending.ts";
import type {Probe} from "../../probe/probe.ts";
import {openKnownHosts} from "../../site/known-hosts.ts";
import {BY_RULE, type CaseDesk} from "../case-desk.ts";
import {type Faults, isEverywhere, noFaults} from "../faults.ts";
import {evidenceOfFirst} from "./evidence.ts";

const CASES_AT_ONCE = 200;
const CONFIRM_MARGIN_SECONDS = 300;
/** So many URLs of a platform are looked at. */
const MOST_TARGETS = 5;

/** How many were due, looked at, and what changed by it. */
export interface LookingRun {
  readonly due: number;
  readonly looked: number;
  readonly verified: number;
  readonly reopened: number;
  readonly disputed: number;
}

/** What looking takes. */
export interface Looking {
  readonly probe: Probe;
  readonly now: Date;
  readonly signal?: AbortSignal;
}

/** Looks at everything that is due at `now`. May be broken off anywhere; a look that was not kept is taken again. */
export async function lookAtDue(desk: CaseDesk, {probe, now, signal}: Looking): Promise<LookingRun> {
  const known = await openKnownHosts(desk.house.home);
  const faults = noFaults();
  const run = {due: 0, looked: 0, verified: 0, reopened: 0, disputed: 0};
  while (signal?.aborted !== true) {
    const found = await dueLooks(desk.db, now, CASES_AT_ONCE);
    if (found.length === 0) break;
    const ids = found.map(({case: one}) => one.id);
    const looks = Map.groupBy(await lookLinesOf(desk.db, ids), (each) => each.case);
    const evidence = await firstSeenNow(desk.db, ids);
    const ends = await Promise.allSettled(
      found.map((there) => {
        const {id} = there.case;
        const first = evidenceOfFirst(evidence.get(id));
        return lookAtOne(desk, {there, looks: looks.get(id) ?? [], evidence: first, probe, known, now});
      }),
    );
    const taken = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
    for (const end of ends) if (end.status === "rejected") faults.take(end.reason);
    const results = await writeSome({desk, taken, now}, faults);
    run.due += found.length;
    for (const result of results) {
      if (result !== "planned") run.looked += 1;
      if (result === "verified" || result === "reopened" || result === "disputed") run[result] += 1;
    }
    // what failed is due still: it is tried the next time, or this would never end
    if (results.length === 0) break;
  }
  faults.tell();
  return run;
}

/** Writes all at once, and where that cannot be done each by itself: one that is in the way holds up none of the others. */
async function writeSome(writing: Writing, faults: Faults): Promise<Result[]> {
  const {desk, taken} = writing;
  try {
    return await desk.db.transaction().execute((work) => writeAll(work, writing));
  } catch (error) {
    if (taken.length <= 1) {
      faults.take(error);
      return [];
    }
    if (isEverywhere(error)) throw error;
    const middle = Math.ceil(taken.length / 2);
    const halves = [taken.slice(0, middle), taken.slice(middle)];
    const results: Result[] = [];
    for (const half of halves) results.push(...(await writeSome({...writing, taken: half}, faults)));
    return results;
  }
}

type Result = "planned" | "looked" | "verified" | "reopened" | "disputed";

interface LookingAt {
  readonly there: CaseAtWork;
  readonly looks: readonly LookLine[];
  /** What the first look of the round that found it there kept. */
  readonly evidence: Evidence | null;
  readonly probe: Probe;
  readonly known: KnownHosts;
  readonly now: Date;
}

/** What came of one case that was due: a look, or only that it is due another time. */
interface Taken {
  readonly there: CaseAtWork;
  readonly looks: readonly LookLine[];
  readonly plan: LookPlan | null;
  readonly seen: {readonly look: Look; readonly kept: KeptLook} | null;
}

async function lookAtOne(desk: CaseDesk, at: LookingAt): Promise<Taken> {
  const {there, looks, evidence, probe, known, now} = at;
  const plan = planLook(standingInput(desk, there, {looks, now}));
  const isAsked = there.look?.kind === "reported";
  if (!isAsked && (plan === null || plan.dueAt > now)) return {there, looks, plan, seen: null};
  const screenshot = evidence === null && desk.house.config.probe.screenshots;
  const seen = await Promise.all(
    (await targetsOf(desk, there)).map(async (asset) => {
      const look = await lookTwice(probe, orderOf(there, {asset, screenshot, now}));
      return {look, judged: judgeLook({look, evidence, known})};
    }),
  );
  const {look, judged} = worstOf(seen);
  const kind = isAsked ? "reported" : (plan?.purpose ?? "watch");
  const kept = {...(await keepParts(desk, {there, look, judged, kind})), at: now};
  return {there, looks: [...looks, kept], plan, seen: {look, kept}};
}

/** A process that ended may have been ended by somebody, or by another page: that says nothing of this one yet. */
async function lookTwice(probe: Probe, order: ProbeOrder): Promise<Look> {
  const look = await probe.look(order);
  return look.troubles.some(({kind}) => kind === "probe-died") ? probe.look(order) : look;
}

interface Writing {
  readonly desk: CaseDesk;
  readonly taken: readonly Taken[];
  readonly now: Date;
}

/** Writes all looks and what follows in a few statements, however many they are. */
async function writeAll(work: Work, {desk, taken, now}: Writing): Promise<Result[]> {
  const keys = taken.map(({there}) => caseKey(there.case.id));
  const current = new Map((await lockCases(work, keys)).map((each) => [each.case.id, each]));
  await keepLooks(
    work,
    taken.flatMap(({seen}) => seen?.kept ?? []),
  );
  const concluded = taken.map((each): Concluded => {
    const there = current.get(each.there.case.id);
    return there === undefined ? NO_CHANGE : concludeOne(there, {...each, desk, now});
  });
  const changes = concluded.flatMap(({change}, n): Decided[] => {
    const there = current.get(taken[n]?.there.case.id ?? "");
    return change === null || there === undefined ? [] : [{there, change}];
  });
  await applyChanges(work, changes, {by: BY_RULE, now});
  const cases = concluded.flatMap(({result}, n) => (result === "verified" ? (taken[n]?.there.case.id ?? []) : []));
  await askClosing(work, {cases, reason: "verified", now});
  return concluded.map(({result}) => result);
}

interface Concluded {
  readonly result: Result;
  readonly change: CaseChange | null;
}

const NO_CHANGE: Concluded = {result: "looked", change: null};

/** What has changed while the look was taken goes before it. */
function concludeOne(
  current: CaseAtWork,
  {there, looks, plan, seen, desk, now}: Taken & Omit<Writing, "taken">,
): Concluded {
  if (seen === null) {
    // changed meanwhile: it is due again at once, and looked at anew
    const isSame = current.case.version === there.case.version;
    return {result: "planned", change: isSame ? {look: nextLook(plan), steps: []} : null};
  }
  // another round has begun, or the case is over: the look is kept, and says nothing of it
  const isOver = current.case.state === "dismissed" || current.case.state === "merged";
  if (isOver || current.round.round !== there.round.round) return NO_CHANGE;
  return conclude(current, {desk, looks, look: seen.look, now});
}

function standingInput(
  {house}: CaseDesk,
  {round, progress}: CaseAtWork,
  {looks, now}: {looks: readonly LookLine[]; now: Date},
): StandingInput {
  const judged = looks.flatMap((each): JudgedLook[] =>
    each.round === round.round ? [{at: each.at, verdict: each.verdict, reasons: []}] : [],
  );
  const claimed = progress.assignment?.claims.at(-1)?.at ?? null;
  return {
    looks: judged,
    round: {
      openedAt: new Date(round.openedAt),
      notifiedAt: round.notifiedAt === null ? null : new Date(round.notifiedAt),
      claimedAt: claimed === null ? null : new Date(claimed),
    },
    settings: house.config.verification,
    now,
  };
}

/** A platform is looked at by what it offers, anything else by itself. */
async function targetsOf({db}: CaseDesk, {case: {id, asset}, round}: CaseAtWork): Promise<AssetKey[]> {
  if (asset.kind === "url") return [asset];
  const urls = await urlsOfRound(db, {id, round: round.round, limit: MOST_TARGETS});
  return urls.length === 0 ? [asset] : urls.map((value) => ({kind: "url", value}));
}

interface Seen {
  readonly look: Look;
  readonly judged: Judgement;
}

/** Gone is only what is gone everywhere: one that is there, or that nobody could see, decides. */
function worstOf(seen: readonly Seen[]): Seen {
  const isGone = ({judged}: Seen): boolean => takedownKind(judged.verdict) !== null;
  const worst = seen.find(({judged}) => judged.verdict === "up") ?? seen.find((each) => !isGone(each)) ?? seen[0];
  if (worst === undefined) throw new Error("nothing was looked at");
  return worst;
}

function orderOf(
  {case: {id}, round}: CaseAtWork,
  {asset, screenshot, now}: {asset: AssetKey; screenshot: boolean; now: Date},
): ProbeOrder {
  return {
    id: `${id}#${round.round}`,
    at: now.toISOString(),
    asset: {kind: asset.kind, value: asset.value},
    registration: null,
    wants: {body: true, screenshot},
  };
}

interface Keeping {
  readonly there: CaseAtWork;
  readonly look: Look;
  readonly judged: Judgement;
  readonly kind: string;
}

/** The beginning of the page and the picture are kept as files; the row has the facts. */
async function keepParts({house}: CaseDesk, {there, look, judged, kind}: Keeping): Promise<Omit<KeptLook, "at">> {
  const body = look.kept === null ? null : await keepSealed(house.home, Buffer.from(look.kept, "base64"));
  const {screenshot} = look;
  const picture = screenshot === null ? null : await keepArtefact(house.home, Buffer.from(screenshot.png, "base64"));
  return {
    case: there.case.id,
    round: there.round.round,
    kind,
    verdict: judged.verdict,
    reasons: judged.reasons,
    seen: {...look, kept: null, screenshot: null},
    evidence: body?.sha256 ?? null,
    screenshot: picture?.sha256 ?? null,
  };
}

function nextLook(plan: LookPlan | null): NextLook | null {
  return plan === null ? null : {at: plan.dueAt.toISOString(), kind: plan.purpose};
}

interface Concluding {
  readonly desk: CaseDesk;
  readonly looks: readonly LookLine[];
  readonly look: Look;
  readonly now: Date;
}

function conclude(there: CaseAtWork, {desk, looks, look, now}: Concluding): Concluded {
  const input = standingInput(desk, there, {looks, now});
  const standing = judgeLooks(input);
  const isRefuted = standing.state === "up" && standing.unclear === null && isSince(input.round.claimedAt, now);
  const {result, change} = changeAfter(there, {standing, isRefuted, now});
  const plan = change?.look === undefined ? nextLook(planLook(input)) : change.look;
  const facts = withAddress(there, look);
  const acting =
    there.case.state === "open" && change === null ? afterFirstLook(desk, standing, {looks, there, now}) : {};
  return {result, change: {...acting, ...facts, ...change, look: plan, steps: change?.steps ?? []}};
}

/** A look that was taken before the claim, or that could not tell, says nothing against it. */
function isSince(claimedAt: Date | null, now: Date): boolean {
  return claimedAt === null || claimedAt <= now;
}

/** The first look lets the rules begin: at once, or when another look has told whether it is gone already. */
function afterFirstLook(
  {house}: CaseDesk,
  {state}: Standing,
  {looks, there, now}: {looks: readonly LookLine[]; there: CaseAtWork; now: Date},
): Pick<CaseChange, "actAt"> {
  if (looks.filter((each) => each.round === there.round.round).length !== 1) return {};
  const waitMs = state === "gone-once" ? (house.config.verification.confirmSeconds + CONFIRM_MARGIN_SECONDS) * 1000 : 0;
  return {actAt: new Date(now.getTime() + waitMs).toISOString()};
}

/** The address that the site has now says who hosts it, where nothing else did. */
function withAddress({case: {facts}}: CaseAtWork, {chain, dns}: Look): Pick<CaseChange, "facts"> {
  const ip =
    chain.find(({address}) => address !== null)?.address ?? dns?.answers.flatMap(({addresses}) => addresses)[0] ?? null;
  return facts.ip !== null || ip === null ? {} : {facts: {...facts, ip}};
}

function changeAfter(
  there: CaseAtWork,
  {standing, isRefuted, now}: {standing: Standing; isRefuted: boolean; now: Date},
): Concluded {
  const at = now.toISOString();
  const {state} = there.case;
  const {takedown} = standing;
  if (standing.state === "back" && state === "verified")
    return {result: "reopened", change: reopening(there, at, {seen: standing.backAt?.toISOString() ?? at})};
  if (
    standing.state === "verified" &&
    takedown !== null &&
    ["open", "notified", "acknowledged", "resolved"].includes(state)
  ) {
    const data = {takedown: takedown.kind, reasons: takedown.reasons};
    const {look: _, ...change} = stepped(there, {
      move: {action: "verify", at, goneAt: takedown.takenDownAt.toISOString()},
      data,
    });
    return {result: "verified", change};
  }
  if (isRefuted && state === "resolved") {
    const {look: _, ...change} = stepped(there, {move: {action: "dispute", at}});
    return {result: "disputed", change};
  }
  if (standing.asksPerson && there.waitsFor === null && state !== "verified")
    return {result: "looked", change: {waitsFor: "look-unclear", steps: [{step: "hand-over", note: "look-unclear"}]}};
  if (standing.unclear === null && there.waitsFor === "look-unclear")
    return {result: "looked", change: {waitsFor: null, steps: [{step: "note", note: "look-clear"}]}};
  return {result: "looked", change: null};
}
