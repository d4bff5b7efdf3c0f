import {type ReadPage, readPage} from "../../cases/verification/page.ts";
import {KEPT_BYTES, type Look, type ProbeOrder} from "../../model/verification.ts";
import {isPublic} from "./address.ts";
import {type Draft, draftOf} from "./draft.ts";
import type {Names} from "./names.ts";
import type {ProbeSettings} from "./settings.ts";
import {literalOf, targetAt, targetsOf} from "./target.ts";
import {ProbeTrouble, troubleOf} from "./trouble.ts";
import {type Visit, visit} from "./visit.ts";

/** What a look is taken with. */
export interface Eyes {
  readonly settings: ProbeSettings;
  readonly names: Names;
}

/** Takes one look, within the settings' limits of time and bytes. Never rejects: what goes wrong is part of what was seen. */
export async function takeLook(order: ProbeOrder, eyes: Eyes): Promise<Look> {
  const started = performance.now();
  const draft = draftOf(order);
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), eyes.settings.limits.totalMs);
  try {
    await within(clock.signal, walkAll(draft, order, {...eyes, signal: clock.signal}));
  } catch (error) {
    draft.troubles.push(troubleOf(error));
  } finally {
    clearTimeout(timer);
    clock.abort();
  }
  // a copy: what still ends after the deadline is no part of the look
  const {chain, troubles} = draft;
  return {...draft, chain: [...chain], troubles: [...troubles], milliseconds: Math.round(performance.now() - started)};
}

type Walk = Eyes & {readonly signal: AbortSignal};

async function walkAll(draft: Draft, order: ProbeOrder, walk: Walk): Promise<void> {
  const targets = targetsOf(order.asset);
  const [first] = targets;
  if (first === undefined) return;
  const literal = literalOf(first);
  if (literal !== null && !isPublic(literal)) throw new ProbeTrouble("address-refused", literal);
  const addresses = literal === null ? await lookUp(draft, first.hostname, walk) : [literal];
  if (addresses.length === 0) return; // what the resolvers said is all there is to see
  for (const [at, target] of targets.entries()) {
    try {
      return await follow(draft, {target, addresses, order, walk});
    } catch (error) {
      // nobody answers at the first port: a visitor's browser would try the other
      const hasSeen = draft.chain.some(({status}) => status !== null);
      if (hasSeen || at === targets.length - 1 || walk.signal.aborted) throw error;
    }
  }
}

async function lookUp(draft: Draft, name: string, {names}: Walk): Promise<string[]> {
  draft.dns = await names.ask(name);
  const {answers} = draft.dns;
  if (answers.some(({status}) => status === "no-name") && !(await names.isNetworkThere()))
    throw new ProbeTrouble("no-network", "the control name was not found either");
  return answers.find(({status}) => status === "answered")?.addresses ?? [];
}

interface Trip {
  readonly target: URL;
  readonly addresses: readonly string[];
  readonly order: ProbeOrder;
  readonly walk: Walk;
}

/** Follows redirects by hand: each is checked and looked up as if it were the first. */
async function follow(draft: Draft, {target, addresses, order, walk}: Trip): Promise<void> {
  let url = target;
  let known = addresses;
  for (let hops = 0; ; hops += 1) {
    const found = await visitHop(draft, {url, addresses: known, walk});
    const page = found.body === null ? null : notePage(draft, {url, found, order});
    const next = found.location ?? page?.refresh ?? null;
    if (next === null || draft.troubles.length > 0) return;
    if (hops >= walk.settings.limits.redirects) throw new ProbeTrouble("too-many-redirects", next.slice(0, 200));
    url = redirectTo(next, url);
    known = await addressesOf(url, walk);
  }
}

async function visitHop(
  draft: Draft,
  {url, addresses, walk}: {url: URL; addresses: readonly string[]; walk: Walk},
): Promise<Visit> {
  const hop: {-readonly [Key in keyof Look["chain"][number]]: Look["chain"][number][Key]} = {
    url: url.href,
    address: addresses.find(isPublic) ?? null,
    status: null,
    location: null,
  };
  draft.chain.push(hop);
  const {settings, signal} = walk;
  const found = await visit({url, addresses, settings, signal, onCertificate: (facts) => (draft.tls = facts)});
  hop.address = found.address;
  hop.status = found.status;
  hop.location = found.location?.slice(0, 8192) ?? null;
  return found;
}

function notePage(draft: Draft, {url, found, order}: {url: URL; found: Visit; order: ProbeOrder}): ReadPage | null {
  const {body, status, type} = found;
  if (body === null) return null;
  if (body.trouble !== null) draft.troubles.push(body.trouble);
  const page = readPage({url: url.href, status, type, bytes: body.bytes, isTruncated: body.isTruncated});
  draft.page = page.facts;
  if (order.wants.body) draft.kept = body.bytes.subarray(0, KEPT_BYTES).toString("base64");
  return page;
}

function redirectTo(location: string, from: URL): URL {
  try {
    return targetAt(location, from);
  } catch (error) {
    throw new ProbeTrouble("redirect-refused", `${troubleOf(error).text}: ${location.slice(0, 200)}`, error);
  }
}

async function addressesOf(url: URL, {names}: Walk): Promise<readonly string[]> {
  const literal = literalOf(url);
  const addresses = literal === null ? await names.addresses(url.hostname) : [literal];
  if (addresses.length === 0) throw new ProbeTrouble("unreachable", `${url.hostname} has no address`);
  if (!addresses.some(isPublic))
    throw new ProbeTrouble("redirect-refused", `${url.hostname} is at ${addresses.join(" ").slice(0, 200)}`);
  return addresses;
}

/** Waits for what is done, but not beyond the deadline: a question to a resolver cannot be called back. */
function within<Result>(signal: AbortSignal, done: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new ProbeTrouble("timeout", "the time for one look is over")), {
      once: true,
    });
    done.then(resolve, reject);
  });
}
