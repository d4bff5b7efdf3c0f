/**
 * What can be looked up of a case before its party is chosen: where its address is and whose, and who registered its domain.
 * What is not found stays null; a registry that does not answer holds nothing up.
 */
import {isDeepStrictEqual} from "node:util";
import {canonicalAddressText} from "../../../cases/parties/networks.ts";
import {rdapFacts} from "../../../cases/parties/readers/rdap.ts";
import type {CaseFacts} from "../../../model/cases/case.ts";
import type {CaseAtWork} from "../../../model/cases/case-change.ts";
import {WatchfloorError} from "../../../model/errors.ts";
import {type Place, placesOf} from "../../../store/parties/places.ts";
import {keptRdapAnswers} from "../../../store/parties/rdap-answers.ts";
import {registrarParties} from "../../../store/parties/reading.ts";
import {readRdapServers} from "../../rdap/servers.ts";
import {knowFromRdap} from "../../rdap.ts";
import {BY_RULE, type CaseDesk} from "../case-desk.ts";

const REGISTRIES_AT_ONCE = 8;

/** Returns the facts of those cases of which more is known now, by their ids. */
export async function knowMore(
  desk: CaseDesk,
  cases: readonly CaseAtWork[],
  now: Date,
): Promise<Map<string, CaseFacts>> {
  const fresh = cases.filter(({progress}) => progress.assignment === null);
  const placed = await placedFacts(desk, fresh);
  const registered = await registeredFacts(desk, fresh, now);
  const more = new Map<string, CaseFacts>();
  for (const {case: one} of fresh) {
    const facts = {...one.facts, ...placed.get(one.id), ...registered.get(one.id)};
    if (!isDeepStrictEqual(facts, one.facts)) more.set(one.id, facts);
  }
  return more;
}

type Known = Map<string, Partial<CaseFacts>>;

/** Addresses that no report placed, all in one question. */
async function placedFacts({house}: CaseDesk, cases: readonly CaseAtWork[]): Promise<Known> {
  const wanted = cases.flatMap(({case: {id, asset, facts}}) => {
    const stated = facts.ip ?? (asset.kind === "ip" ? asset.value : null);
    const ip = stated === null ? null : canonicalAddressText(stated);
    return ip === null || (facts.asn !== null && facts.country !== null) ? [] : [{id, ip, facts}];
  });
  if (wanted.length === 0) return new Map();
  const {dictionaries, country} = await house.placing();
  const places = await placesOf(
    house.engine,
    {dictionaries, home: country},
    wanted.map(({ip}) => ip),
  );
  const {territory} = house.config.profile;
  return new Map(wanted.map(({id, ip, facts}, n) => [id, {ip, ...placeFacts(facts, places[n], territory.country)}]));
}

function placeFacts(facts: CaseFacts, place: Place | undefined, home: string | null): Partial<CaseFacts> {
  const country = facts.country ?? place?.country ?? null;
  const isKnown = facts.scope !== null && facts.scope !== "unknown";
  const scope = country === home ? "domestic" : "overseas";
  return {
    country,
    asn: facts.asn ?? place?.asn ?? null,
    province: facts.province ?? place?.province ?? null,
    scope: isKnown || country === null || home === null ? facts.scope : scope,
  };
}

/** Domains whose registrar is not known: asked of their registries, as far as the site has a table of these. */
async function registeredFacts(desk: CaseDesk, cases: readonly CaseAtWork[], now: Date): Promise<Known> {
  const wanted = cases.filter(({case: {facts}}) => facts.domain !== null && facts.registrar === null);
  if (wanted.length === 0) return new Map();
  const domains = [...new Set(wanted.map(({case: {facts}}) => facts.domain ?? ""))];
  const ids = (await mayAsk(desk)) ? await askedRegistrars(desk, domains, now) : await keptRegistrars(desk, domains);
  const parties = await registrarParties(desk.db, [...new Set(ids.values())]);
  return new Map(
    wanted.flatMap(({case: {id, facts}}) => {
      const registrar = ids.get(facts.domain ?? "");
      if (registrar === undefined) return [];
      const party = parties.get(registrar);
      const name = party?.names.en ?? party?.names.zh ?? null;
      return [[id, {registrar, registrarName: name, registrarCountry: party?.country ?? null}] as const];
    }),
  );
}

async function mayAsk({house}: CaseDesk): Promise<boolean> {
  return !house.config.isSample && (await readRdapServers(house.home)).origins.size > 0;
}

/** IANA ids of registrars by domain, from the answers that are kept. */
async function keptRegistrars({db}: CaseDesk, domains: readonly string[]): Promise<Map<string, number>> {
  const answers = await keptRdapAnswers(
    db,
    domains.map((domain) => `domain/${domain}`),
  );
  return new Map(
    answers.flatMap(({key, answer}) => {
      const registrar = answer === null ? null : rdapFacts(answer).registrar;
      return registrar === null ? [] : [[key.slice("domain/".length), registrar] as const];
    }),
  );
}

async function askedRegistrars(desk: CaseDesk, domains: readonly string[], now: Date): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (let from = 0; from < domains.length; from += REGISTRIES_AT_ONCE) {
    await Promise.all(
      domains.slice(from, from + REGISTRIES_AT_ONCE).map(async (domain) => {
        const registrar = await registrarOf(desk, domain, now);
        if (registrar !== null) ids.set(domain, registrar);
      }),
    );
  }
  return ids;
}

async function registrarOf({house}: CaseDesk, asset: string, now: Date): Promise<number | null> {
  try {
    return (await knowFromRdap(house, {asset, by: BY_RULE}, now))?.facts.registrar ?? null;
  } catch (error) {
    if (error instanceof WatchfloorError && (error.code === "usage" || error.code === "rdap_failed")) return null;
    throw error;
  }
}
