/**
 * RDAP answers: of a domain the registrar, of a network or an AS number the holder, each with its abuse contact. The
 * registrant of a domain is a person more often than not and is never kept.
 * Source: RFC 9083; ICANN RDAP response profile; cidr0 extension of the regional registries.
 */
import type {Contact, PartyRecord, PartyReject, Responsibility} from "../../../model/party.ts";
import {canonicalNetwork} from "../networks.ts";
import {canonicalHost, canonicalResponsibility, plainName} from "../spelling.ts";
import {prefixesBetween} from "./delegations.ts";
import {registrarIdentity} from "./iana-registrars.ts";
import {at, isObject, listAt, parseJson, textAt} from "./json-values.ts";
import {entitiesOf, entityOf, type RdapEntity, withRole} from "./rdap-entities.ts";
import {
  mailContact,
  type PartyFormat,
  type ReadChoice,
  type ReadRecord,
  recordWith,
  responsibleFor,
  unreadable,
} from "./reading.ts";

const MOST_ASNS = 65_536;

/** Answers of RDAP servers: one, or a list of them. */
export const rdap: PartyFormat = {
  name: "rdap",
  title: {zh: "RDAP 应答", en: "RDAP answers"},
  isWhole: false,
  read: (text, choice) => {
    const json = parseJson(text);
    if (json === undefined) return unreadable("is no JSON");
    const answers: unknown[] = Array.isArray(json) ? json : [json];
    const records: ReadRecord[] = [];
    const rejects: PartyReject[] = [];
    answers.forEach((answer, index) => {
      const found = recordOf(answer, choice);
      if (typeof found !== "string") records.push({line: 0, record: found});
      else rejects.push({line: 0, reason: answers.length === 1 ? found : `answer ${index + 1} ${found}`});
    });
    return {records, rejects, skipped: 0};
  },
};

/** What is told by an answer beside the party: facts of the asset, and the entities to ask for where only a handle is given. */
export interface RdapFacts {
  /** IANA id of the registrar of a domain. */
  readonly registrar: number | null;
  readonly country: string | null;
  /** States of the domain, such as `client hold`. */
  readonly status: readonly string[];
  /** Addresses of abuse desks that the answer names without a mail address. */
  readonly follow: readonly string[];
}

/** Returns the facts of an answer; nulls where it does not tell. */
export function rdapFacts(text: string): RdapFacts {
  const json = parseJson(text);
  const entities = entitiesOf(json);
  const registrar = withRole(entities, "registrar").find(({registrarId}) => registrarId !== null)?.registrarId;
  const country = textAt(json, "country");
  return {
    registrar: registrar === undefined || registrar === null ? null : Number(registrar),
    country: country === null ? null : canonicalResponsibility("country", country),
    status: listAt(json, "status").filter((each) => typeof each === "string"),
    follow: withRole(entities, "abuse").flatMap(({mails, self}) => (mails.length === 0 && self !== null ? [self] : [])),
  };
}

/** Returns an answer in which the entities at these addresses are as their own answers say, with their mail addresses. */
export function withFollowed(text: string, entities: ReadonlyMap<string, string>): string {
  if (entities.size === 0) return text;
  return JSON.stringify(filledIn(parseJson(text), entities, 0));
}

const DEEPEST = 10;

function filledIn(json: unknown, entities: ReadonlyMap<string, string>, depth: number): unknown {
  if (!isObject(json) || depth > DEEPEST) return json;
  const self = listAt(json, "links").find((each) => at(each, "rel") === "self");
  const own = parseJson(entities.get(textAt(self, "href") ?? "") ?? "");
  const below = listAt(json, "entities").map((each) => filledIn(each, entities, depth + 1));
  return {
    ...json,
    ...(below.length > 0 ? {entities: below} : {}),
    ...(isObject(own) ? {vcardArray: own["vcardArray"]} : {}),
  };
}

function recordOf(answer: unknown, choice: ReadChoice): PartyRecord | string {
  if (!isObject(answer)) return "is no RDAP answer";
  if (textAt(answer, "errorCode") !== null)
    return `is a refusal: ${textAt(answer, "title") ?? textAt(answer, "errorCode")}`;
  const type = textAt(answer, "objectClassName");
  if (type === "domain") return registrarOfDomain(answer, choice);
  if (type === "entity") return holder(answer, {entity: entityOf(answer), resources: resourcesBelow(answer), choice});
  if (type !== "ip network" && type !== "autnum") return `is an answer about something else: ${type}`;
  const resources = type === "autnum" ? asnsOf(answer) : networksOf(answer);
  if (resources.length === 0) return "has no addresses or AS numbers";
  const entities = entitiesOf(answer);
  const entity = entities.find(({roles}) => roles.includes("registrant"));
  return holder(answer, {entity: entity ?? null, resources, choice});
}

function registrarOfDomain(answer: unknown, choice: ReadChoice): PartyRecord | string {
  const domain = canonicalHost(textAt(answer, "ldhName") ?? "");
  if (domain === null) return "names no domain";
  const registrar = entitiesOf(answer).find(({roles}) => roles.includes("registrar"));
  if (registrar === undefined) return `names no registrar of ${domain}`;
  return registrarRecord(registrar, {domain, choice});
}

/** A registrar without IANA id, as under country domains, is known by its handle there and answers for the domain. */
function registrarRecord(
  registrar: RdapEntity,
  {domain, choice}: {domain: string; choice: ReadChoice},
): PartyRecord | string {
  const {registrarId: id, handle, country} = registrar;
  const abuse = withRole([registrar], "abuse");
  const name =
    registrar.name ?? abuse.find((each) => each.name !== null)?.name ?? (id === null ? null : `Registrar ${id}`);
  if (name === null) return `does not name the registrar of ${domain}`;
  const tld = domain.slice(domain.lastIndexOf(".") + 1);
  return recordWith({
    key: id === null ? `domain:${domain}` : `registrar:${id}`,
    identity: id === null ? (handle === null ? null : `registrar-of:${tld}:${handle}`) : registrarIdentity(id),
    kind: "registrar",
    names: {zh: null, en: name},
    country,
    responsibilities: [id === null ? responsibleFor("domain", domain) : responsibleFor("registrar", id)],
    contacts: abuseContacts([registrar], choice),
  });
}

interface Holding {
  readonly entity: RdapEntity | null;
  readonly resources: Responsibility[];
  readonly choice: ReadChoice;
}

/** The holder of addresses or AS numbers. Each answer is a record of its own; those of one holder are one party. */
function holder(answer: unknown, {entity, resources, choice}: Holding): PartyRecord | string {
  if (entity?.registrarId != null && textAt(answer, "objectClassName") === "entity")
    return registrarRecord(entity, {domain: `registrar.${entity.handle ?? ""}`, choice});
  const handle = textAt(answer, "handle");
  if (handle === null) return "has no handle";
  const name = entity?.name ?? plainName(textAt(answer, "name"));
  if (name === null) return `does not name the holder of ${handle}`;
  const registry = textAt(answer, "port43") ?? "";
  const country = canonicalResponsibility("country", textAt(answer, "country") ?? "") ?? entity?.country ?? null;
  const all = textAt(answer, "objectClassName") === "entity" && entity !== null ? [entity] : entitiesOf(answer);
  return recordWith({
    key: `${textAt(answer, "objectClassName")}:${registry}:${handle}`,
    identity: entity?.handle == null || registry === "" ? null : `holder:${registry}:${entity.handle}`,
    kind: "network-operator",
    names: {zh: null, en: name},
    country,
    responsibilities: resources,
    contacts: abuseContacts(all, choice),
  });
}

function networksOf(answer: unknown): Responsibility[] {
  const stated = listAt(answer, "cidr0_cidrs").flatMap((each) => {
    const prefix = textAt(each, "v4prefix") ?? textAt(each, "v6prefix");
    return canonicalNetwork(`${prefix}/${textAt(each, "length")}`) ?? [];
  });
  const range = prefixesBetween(textAt(answer, "startAddress") ?? "", textAt(answer, "endAddress") ?? "");
  return (stated.length > 0 ? stated : range).map((each) => responsibleFor("network", each));
}

function asnsOf(answer: unknown): Responsibility[] {
  const [start, end] = [at(answer, "startAutnum"), at(answer, "endAutnum") ?? at(answer, "startAutnum")];
  if (typeof start !== "number" || typeof end !== "number" || start < 1 || end < start) return [];
  return Array.from({length: Math.min(end - start + 1, MOST_ASNS)}, (_, index) => responsibleFor("asn", start + index));
}

function resourcesBelow(answer: unknown): Responsibility[] {
  return [...listAt(answer, "networks").flatMap(networksOf), ...listAt(answer, "autnums").flatMap(asnsOf)];
}

/** Mail addresses of abuse desks; a desk of the network's operation is there for what is general. */
function abuseContacts(entities: readonly RdapEntity[], {language}: ReadChoice): Contact[] {
  const contacts = (role: string, purpose: Contact["purpose"]): Contact[] =>
    withRole(entities, role)
      .flatMap(({mails}) => mails)
      .flatMap((address) => mailContact(address, {purpose, language}) ?? []);
  return [...contacts("abuse", "abuse"), ...contacts("noc", "general")];
}
