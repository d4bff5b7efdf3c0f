/**
 * The list of registrars that ICANN accredits, by their IANA ids.
 * Source: IANA, Registrar IDs (https://www.iana.org/assignments/registrar-ids), as CSV.
 */
import type {PartyReject} from "../../../model/party.ts";
import {canonicalResponsibility, plainName} from "../spelling.ts";
import {type CsvRow, csvRows, namedCells} from "./csv-rows.ts";
import {
  type PartyFormat,
  type PartyReading,
  type ReadRecord,
  recordWith,
  responsibleFor,
  unreadable,
} from "./reading.ts";

const ID = "ID";
const NAME = "Registrar Name";
const STATUS = "Status";
const RDAP = "RDAP Base URL";
/** Only these can act. Reserved ids are no registrars, and a terminated one has no names any more. */
const ACTS = "Accredited";
const STATES = [ACTS, "Terminated", "Reserved"];

/** Registrars as parties: one for each accredited id. One that loses its accreditation is gone with the next list. */
export const ianaRegistrars: PartyFormat = {
  name: "iana-registrars",
  title: {zh: "IANA 域名注册服务机构编号表", en: "IANA list of registrar ids"},
  isWhole: true,
  read: (text) => {
    const rows = [...csvRows(text)];
    const header = headerOf(rows);
    if (header === null) return unreadable(`the header must name ${[ID, NAME, STATUS].join(", ")}`, 1);
    const records: ReadRecord[] = [];
    const rejects: PartyReject[] = [];
    let skipped = 0;
    for (const {line, cells} of rows.slice(1)) {
      const row = namedCells(header, cells ?? []);
      const reason = cells === null ? "has a broken quote" : faultOf(row);
      const record = reason === null ? registrarOf(row) : null;
      if (reason !== null) rejects.push({line, reason});
      else if (record === null) skipped += 1;
      else records.push({line, record});
    }
    return {records, rejects, skipped} satisfies PartyReading;
  },
};

function headerOf(rows: readonly CsvRow[]): readonly string[] | null {
  const header = rows[0]?.cells ?? [];
  return [ID, NAME, STATUS].every((name) => header.includes(name)) ? header : null;
}

function faultOf(row: Readonly<Record<string, string>>): string | null {
  if (canonicalResponsibility("registrar", row[ID] ?? "") === null) return `has no registrar id: ${row[ID]}`;
  if (plainName(row[NAME]) === null) return "has no name";
  return STATES.includes(row[STATUS] ?? "") ? null : `has an unknown status: ${row[STATUS]}`;
}

function registrarOf(row: Readonly<Record<string, string>>): ReadRecord["record"] | null {
  if (row[STATUS] !== ACTS) return null;
  const id = row[ID] ?? "";
  return recordWith({
    key: id,
    identity: registrarIdentity(id),
    kind: "registrar",
    names: {zh: null, en: plainName(row[NAME])},
    responsibilities: [responsibleFor("registrar", id)],
  });
}

/** Returns the name by which every source knows a registrar with an IANA id. */
export function registrarIdentity(id: string): string {
  return `iana-registrar:${id}`;
}

/** Returns the RDAP servers of the accredited registrars by their ids. */
export function registrarServers(text: string): Map<string, string> {
  const rows = [...csvRows(text)];
  const header = headerOf(rows);
  const servers = new Map<string, string>();
  for (const {cells} of header === null ? [] : rows.slice(1)) {
    const row = namedCells(header ?? [], cells ?? []);
    const url = row[RDAP] ?? "";
    if (row[STATUS] === ACTS && URL.canParse(url)) servers.set(row[ID] ?? "", url);
  }
  return servers;
}
