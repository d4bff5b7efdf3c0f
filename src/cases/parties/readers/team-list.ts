/**
 * Lists of incident response teams: that of Trusted Introducer (a list of teams with constituency and keys), and that of
 * FIRST's teams API (`data` with `team-full`, `country`, `email`). A team that says it is national answers for its country.
 */
import type {Contact, PartyRecord, PartyReject, Responsibility, WorkingHours} from "../../../model/party.ts";
import {canonicalFingerprint, canonicalResponsibility, plainName} from "../spelling.ts";
import {at, isObject, listAt, parseJson, textAt, textsAt} from "./json-values.ts";
import {
  mailContact,
  type PartyFormat,
  type ReadChoice,
  type ReadRecord,
  recordWith,
  responsibleFor,
  unreadable,
} from "./reading.ts";

/** Incident response teams. */
export const teamList: PartyFormat = {
  name: "team-list",
  title: {zh: "应急组织名录（Trusted Introducer、FIRST）", en: "Lists of response teams (Trusted Introducer, FIRST)"},
  isWhole: true,
  read: (text, choice) => {
    const json = parseJson(text);
    const teams = Array.isArray(json) ? json : listAt(json, "data");
    if (!Array.isArray(json) && !isObject(json)) return unreadable("is no list of teams");
    const records: ReadRecord[] = [];
    const rejects: PartyReject[] = [];
    teams.forEach((team: unknown, index) => {
      const {record, faults} = "team" in Object(team) ? firstTeam(team, choice) : introducedTeam(team, choice);
      if (record !== null) records.push({line: 0, record});
      for (const fault of faults) rejects.push({line: 0, reason: `team ${index + 1} ${fault}`});
    });
    return {records, rejects, skipped: 0};
  },
};

interface Team {
  readonly record: PartyRecord | null;
  readonly faults: readonly string[];
}

function introducedTeam(team: unknown, {language}: ReadChoice): Team {
  const [key, name] = [plainName(textAt(team, "short_name")), plainName(textAt(team, "official_name"))];
  if (key === null || name === null) return {record: null, faults: ["has no name"]};
  const constituency = at(team, "constituency");
  const isNational = textsAt(constituency, "types").includes("National");
  const {responsibilities, faults} = answersFor(constituency, isNational);
  const hours = hoursOf(textAt(team, "business_hours"), textAt(team, "business_hours_timezone"));
  const pgpFingerprints = listAt(team, "pgp_keys").flatMap((each) => {
    const stated = textAt(each, "fingerprint");
    return stated === null ? [] : (canonicalFingerprint(stated) ?? []);
  });
  const contacts = listAt(team, "emails").flatMap((each) =>
    contactOf(textAt(each, "address"), {language, hours, pgpFingerprints}),
  );
  if (contacts.length === 0) faults.push("has no mail address");
  const record = recordWith({
    ...{key, names: {zh: null, en: name}, kind: isNational ? "foreign-cert" : "sector-csirt"},
    country: canonicalResponsibility("country", textAt(at(team, "country"), "code") ?? ""),
    ...{responsibilities, contacts},
  });
  return {record, faults};
}

/** A national team of the country's whole; a team for a sector in a country does not answer for the country. */
function answersFor(
  constituency: unknown,
  isNational: boolean,
): {responsibilities: Responsibility[]; faults: string[]} {
  const responsibilities: Responsibility[] = [];
  const faults: string[] = [];
  const put = (kind: Responsibility["kind"], text: string): void => {
    const value = canonicalResponsibility(kind, text);
    if (value === null) faults.push(`answers for no ${kind}: ${text}`);
    else responsibilities.push(responsibleFor(kind, value));
  };
  for (const asn of listAt(constituency, "asns")) put("asn", String(asn));
  for (const range of textsAt(constituency, "ipranges")) put("network", range);
  for (const domain of textsAt(constituency, "domains"))
    put(domain.replace(/^(\*\.|\.)/, "").includes(".") ? "domain" : "tld", domain);
  for (const country of isNational ? listAt(constituency, "countries") : [])
    put("country", textAt(country, "code") ?? "");
  return {responsibilities, faults};
}

function firstTeam(team: unknown, {language}: ReadChoice): Team {
  const short = plainName(textAt(team, "team"));
  const key = textAt(team, "id") ?? short;
  const name = plainName(textAt(team, "team-full")) ?? short;
  if (key === null || name === null) return {record: null, faults: ["has no name"]};
  const stated = textAt(team, "pgp-fingerprint");
  const fingerprint = stated === null ? null : canonicalFingerprint(stated);
  const contacts = contactOf(textAt(team, "email"), {
    language,
    hours: null,
    pgpFingerprints: fingerprint === null ? [] : [fingerprint],
  });
  const faults = contacts.length === 0 ? ["has no mail address"] : [];
  const country = canonicalResponsibility("country", textAt(team, "country") ?? "");
  return {record: recordWith({key, names: {zh: null, en: name}, kind: "sector-csirt", country, contacts}), faults};
}

function contactOf(address: string | null, given: Pick<Contact, "language" | "hours" | "pgpFingerprints">): Contact[] {
  const contact = address === null ? null : mailContact(address, {purpose: "general", ...given});
  return contact === null ? [] : [contact];
}

/** `08:00 to 18:00 Monday to Friday`: the two times count, and that it is Monday to Friday by the calendar of no holidays. */
function hoursOf(text: string | null, zone: string | null): WorkingHours | null {
  const [from, to] = [...(text ?? "").matchAll(/\b([01]\d|2[0-3]):[0-5]\d\b/g)].map(([time]) => time);
  return from === undefined || to === undefined || from >= to ? null : {calendar: "none", zone, from, to};
}
