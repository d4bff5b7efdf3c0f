import {getDomain} from "tldts";
import type {Evidence, Judgement, Look, PageFacts, Reason, ReasonCode, Verdict} from "../../model/verification.ts";
import type {KnownHosts} from "./known-hosts.ts";
import {type KnownPage, knownPage} from "./known-pages.ts";
import {holdOf, judgeName} from "./name.ts";
import {similarityOf} from "./similarity.ts";

/** From this likeness on it is the page of the evidence. */
const SAME_PAGE = 0.6;
/** Up to this likeness it is another page. */
const OTHER_PAGE = 0.2;
/** A page that took the place of another is one of some size; walls and notices that we do not know are short. */
const SITE_WORDS = 120;
const SITE_LINKS = 8;

/** Verdict of each kind of notice. Those that stand between us and the page say nothing of the page. */
const NOTICE: Readonly<Record<KnownPage["reason"], Verdict>> = {
  challenge: "unknown",
  "geo-block": "unknown",
  "login-wall": "unknown",
  "access-denied": "unknown",
  "too-many-requests": "unknown",
  maintenance: "unknown",
  "warning-page": "blocked",
  "parking-page": "parked",
  suspended: "down-host",
  gone: "removed",
};

const OWN_FAILURES = new Set(["probe-died", "probe-busy", "no-network"]);

/** What a look is judged with. */
export interface JudgeInput {
  readonly look: Look;
  /** What was kept when the case was opened; null when nothing was. */
  readonly evidence: Evidence | null;
  readonly known: KnownHosts;
}

/**
 * Says what one look means, with its reasons. A takedown is said only where somebody took the thing away for everybody: the
 * registry's hold or NXDOMAIN, a name without address, a suspended site, a page that is gone or has another in its place.
 * Whatever may hide a living page from us alone (errors, walls, filters, our own failure) is unknown, parked or blocked.
 */
export function judgeLook(input: JudgeInput): Judgement {
  const {look, evidence, known} = input;
  const own = look.troubles.find(({kind}) => OWN_FAILURES.has(kind));
  const hold = holdOf(look);
  const page = judgePage(input);
  if (page.verdict === "up" && evidence !== null) return page; // what is seen counts more than what any register says
  if (hold !== null && page.verdict !== "up")
    return {...page, verdict: "down-registrar", reasons: [{code: "on-hold", detail: hold}, ...page.reasons]};
  if (own !== undefined) return because(page.similarity, "unknown", {code: "own-failure", detail: own.text});
  const name = judgeName(look, known);
  if (name !== null) return because(page.similarity, name.verdict, name.reason);
  return page;
}

function because(similarity: number | null, verdict: Verdict, ...reasons: readonly Reason[]): Judgement {
  return {verdict, reasons, similarity};
}

function judgePage({look, evidence}: JudgeInput): Judgement {
  const {page} = look;
  if (page === null) return judgeUnseen(look);
  const similarity = evidence === null ? null : similarityOf(page, evidence.page);
  const say = (verdict: Verdict, code: ReasonCode, detail: string | null = null): Judgement =>
    because(similarity, verdict, {code, detail});
  if (isFine(page) && evidence !== null && isSame(page, evidence, similarity)) {
    const notice = knownPage(evidence.page);
    return notice === null ? say("up", "same-as-evidence") : say("unknown", "evidence-is-notice", notice.phrase);
  }
  const [trouble] = look.troubles;
  if (trouble !== undefined) return say("unknown", "not-seen", `${trouble.kind}: ${trouble.text}`);
  const busy = judgeBusy(page.status);
  if (busy !== null) return say("unknown", busy, String(page.status));
  const notice = knownPage(page);
  const hasMoved = hasMovedOn(look, evidence);
  if (notice !== null && isTrusted(notice.reason, page) && !(hasMoved && notice.reason === "gone"))
    return say(NOTICE[notice.reason], notice.reason, notice.phrase);
  if (hasMoved && (evidence !== null || !isFine(page))) return say("unknown", "moved-on", page.url);
  const closed = judgeStatus(page.status);
  if (closed !== null) return say(closed.verdict, closed.code, String(page.status));
  if (evidence === null) return say("up", "answers", String(page.status));
  return isOtherSite(page, similarity) ? say("removed", "replaced") : say("unknown", "changed");
}

/** No page was seen: an address that may not be visited is a fact of the name, all else is trouble on the way. */
function judgeUnseen(look: Look): Judgement {
  const [trouble] = look.troubles;
  if (trouble?.kind === "address-refused" && look.chain.length <= 1)
    return because(null, "blocked", {code: "null-address", detail: trouble.text});
  return because(null, "unknown", {
    code: "not-seen",
    detail: trouble === undefined ? null : `${trouble.kind}: ${trouble.text}`,
  });
}

function isFine({status}: PageFacts): boolean {
  return status >= 200 && status < 300;
}

function isSame(page: PageFacts, evidence: Evidence, similarity: number | null): boolean {
  return isFine(evidence.page) && similarity !== null && similarity >= SAME_PAGE && page.bytes > 0;
}

/** The statuses that say that the server could not, whatever the page then says. */
function judgeBusy(status: number): ReasonCode | null {
  if (status === 429) return "too-many-requests";
  return status >= 500 ? "server-error" : null;
}

/** "Suspended" is believed on the pages on which hosts say it. "Gone" needs no status: many say it with 200. */
function isTrusted(reason: KnownPage["reason"], page: PageFacts): boolean {
  return reason !== "suspended" || isFine(page) || page.status === 403 || page.status === 404;
}

function judgeStatus(status: number): {verdict: Verdict; code: ReasonCode} | null {
  if (status === 404 || status === 410) return {verdict: "removed", code: "gone"};
  if (status === 401 || status === 407) return {verdict: "unknown", code: "login-wall"};
  if (status === 451) return {verdict: "unknown", code: "geo-block"};
  if (status === 403) return {verdict: "unknown", code: "access-denied"};
  return status >= 200 && status < 300 ? null : {verdict: "unknown", code: "bad-status"};
}

/**
 * Whether the visit ended at a site where the case never was: phishing pages send visitors whom they do not want to a search
 * engine or to the real bank.
 */
function hasMovedOn(look: Look, evidence: Evidence | null): boolean {
  const now = siteOf(look.page?.url ?? "");
  const own = [siteOf(look.chain[0]?.url ?? ""), ...(evidence === null ? [] : [siteOf(evidence.page.url)])];
  return now !== null && !own.includes(now);
}

function siteOf(url: string): string | null {
  const host = URL.parse(url)?.hostname;
  return host === undefined ? null : (getDomain(host, {allowPrivateDomains: true}) ?? host);
}

function isOtherSite(page: PageFacts, similarity: number | null): boolean {
  return (
    similarity !== null &&
    similarity <= OTHER_PAGE &&
    page.words >= SITE_WORDS &&
    page.links >= SITE_LINKS &&
    page.passwords === 0 &&
    !page.isTruncated
  );
}
