/** The people and organisations in an RDAP answer: their roles, names and mail addresses, however deep they stand. */
import {plainName} from "../spelling.ts";
import {at, listAt, textAt, textsAt} from "./json-values.ts";

const DEEPEST = 5;

/** An entity of an answer. `self` is its own address at the server, for an answer that only names it. */
export interface RdapEntity {
  readonly handle: string | null;
  readonly roles: readonly string[];
  readonly name: string | null;
  readonly mails: readonly string[];
  /** ISO 3166-1 code of the address, where it is stated as such. */
  readonly country: string | null;
  readonly registrarId: string | null;
  readonly self: string | null;
  /** Entities below it: the abuse desk of a registrar, above all. */
  readonly entities: readonly RdapEntity[];
}

/** Returns the entities that stand right below an object of an answer. */
export function entitiesOf(object: unknown, depth = 0): RdapEntity[] {
  if (depth >= DEEPEST) return [];
  return listAt(object, "entities")
    .filter((each) => each !== null && typeof each === "object")
    .map((each) => entityOf(each, depth));
}

/** Returns an entity with those below it. */
export function entityOf(json: unknown, depth = 0): RdapEntity {
  const card = listAt(json, "vcardArray")[1];
  const properties = (Array.isArray(card) ? card : []).filter((each): each is unknown[] => Array.isArray(each));
  return {
    handle: textAt(json, "handle"),
    roles: textsAt(json, "roles"),
    name: plainName(firstText(properties, "org") ?? firstText(properties, "fn")),
    mails: properties.flatMap((each) => (each[0] === "email" ? textOf(each[3]) : [])),
    country: countryOf(properties),
    registrarId: registrarIdOf(json),
    self: selfOf(json),
    entities: entitiesOf(json, depth + 1),
  };
}

/** Returns all entities with the role, also those below others. */
export function withRole(entities: readonly RdapEntity[], role: string): RdapEntity[] {
  return entities.flatMap((each) => [...(each.roles.includes(role) ? [each] : []), ...withRole(each.entities, role)]);
}

function firstText(properties: readonly unknown[][], name: string): string | null {
  const found = properties.find((each) => each[0] === name);
  return found === undefined ? null : (textOf(found[3])[0] ?? null);
}

/** A value is a text, or a list of parts as in `org`. */
function textOf(value: unknown): string[] {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" && first.trim() !== "" ? [first.trim()] : [];
}

function countryOf(properties: readonly unknown[][]): string | null {
  const code = properties.flatMap((each) => (each[0] === "adr" ? (textAt(each[1], "cc") ?? []) : []))[0];
  return code !== undefined && /^[A-Z]{2}$/.test(code) ? code : null;
}

/** Source: RFC 9083 section 4.8 and ICANN's RDAP response profile: publicIds of the type "IANA Registrar ID". */
function registrarIdOf(json: unknown): string | null {
  const found = listAt(json, "publicIds").find((each) => /^IANA Registrar ID$/i.test(textAt(each, "type") ?? ""));
  const id = textAt(found, "identifier");
  return id !== null && /^[1-9]\d{0,8}$/.test(id) ? id : null;
}

function selfOf(json: unknown): string | null {
  const link = listAt(json, "links").find((each) => at(each, "rel") === "self");
  return textAt(link, "href");
}
