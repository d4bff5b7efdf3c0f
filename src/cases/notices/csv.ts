/**
 * The cases of a notification as CSV (RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read Chinese). It holds
 * the exact values. Every text is quoted, and a cell that a spreadsheet would take for a formula gets an apostrophe before
 * it; so does such a part after a semicolon, which some countries' spreadsheets take for the end of a cell.
 * Source: OWASP, CSV injection.
 */
import type {NoticeCase, Notification} from "../../model/notification.ts";
import {oneLine} from "./values.ts";

/** The columns in their order, each with what it says; docs/notifications.md is made from it. */
export const CSV_COLUMNS = {
  notification: "Id of the notification.",
  case: "Id of the case.",
  round: "Round of the case: 2 is the first return after a takedown.",
  class: "Code of the class.",
  severity: "I, II, III or IV.",
  tlp: "Sharing mark.",
  asset_kind: "Kind of the asset: ip, domain, site, url, app, file, account.",
  asset: "The exact value.",
  ip: "Address.",
  asn: "AS number.",
  country: "Country of the address (ISO 3166-1).",
  registrar: "Registrar of the domain.",
  brand: "Who is imitated.",
  sector: "Sector of the brand or of the asset, a code of the taxonomy.",
  service: "Service, for weaknesses.",
  first_seen: "UTC, ISO 8601.",
  last_seen: "UTC, ISO 8601.",
  events: "Events of the round.",
  due: "Until when action is asked; UTC, ISO 8601.",
  evidence: "What was found, on one line.",
} as const satisfies Record<string, string>;

type Column = keyof typeof CSV_COLUMNS;

const FORMULA = /^(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20\t\r])/u;
const INNER_FORMULA = /;(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;

/** Returns the CSV: a header and one row for each case. */
export function casesCsv({id, cases}: Pick<Notification, "id" | "cases">): string {
  const names = Object.keys(CSV_COLUMNS);
  return csvText(
    names,
    cases.map((each) => Object.values(rowOf(id, each))),
  );
}

/** Returns rows as CSV under their names, as the head of this file says. */
export function csvText(names: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return `\ufeff${[names.join(","), ...rows.map((row) => row.map(cellText).join(","))].join("\r\n")}\r\n`;
}

function rowOf(id: string, each: NoticeCase): Record<Column, string | number | null> {
  const {asset} = each;
  return {
    notification: id,
    case: each.id,
    round: each.round,
    class: each.class,
    severity: each.severity,
    tlp: each.tlp,
    asset_kind: asset.kind,
    asset: asset.value,
    ip: asset.ip,
    asn: asset.asn,
    country: asset.country,
    registrar: asset.registrar,
    brand: asset.brand,
    sector: asset.sector,
    service: asset.service,
    first_seen: each.firstSeen?.toISOString() ?? null,
    last_seen: each.lastSeen?.toISOString() ?? null,
    events: each.events,
    due: each.dueAt?.toISOString() ?? null,
    evidence: each.evidence?.replace(/\s*[\r\n]+\s*/g, " / ") ?? null,
  };
}

/** Numbers stay numbers; nothing stays empty. */
function cellText(cell: string | number | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const guarded = oneLine(cell).replace(FORMULA, "'$1").replace(INNER_FORMULA, ";'");
  return `"${guarded.replaceAll('"', '""')}"`;
}
