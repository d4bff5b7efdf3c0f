/** A case as an X-ARF v4 report, which the receiving system can act on. Source: X-ARF v4 schemas, version 4.2. */
import {createHash} from "node:crypto";
import type {NoticeCase, NoticeSender, Notification} from "../../model/notification.ts";
import {className} from "./listing.ts";
import {timesSeen, xarfKind} from "./xarf-kinds.ts";

const VERSION = "4.2.0";
const MOST_DESCRIPTION = 1000;
const MOST_ORG = 200;
const MOST_EVIDENCE_BYTES = 200_000;

/** An X-ARF document; plain JSON. */
export type XarfReport = Readonly<Record<string, unknown>>;

/** What a report is made from. */
export interface XarfFacts {
  readonly notification: Pick<Notification, "id" | "event" | "contact" | "ordinal">;
  readonly case: NoticeCase;
  readonly sender: NoticeSender;
  readonly now: Date;
}

/** Returns the report of one case. Who complained is never in it: the reporter is us. Values are exact. */
export function xarfReport({notification, case: each, sender, now}: XarfFacts): XarfReport {
  const {category, type, fields} = xarfKind(each);
  const us = {
    org: Array.from(sender.name.en).slice(0, MOST_ORG).join(""),
    contact: sender.address,
    domain: sender.domain,
  };
  return {
    xarf_version: VERSION,
    report_id: reportId(
      [each.id, each.round, notification.contact.id, notification.event, notification.ordinal].join("|"),
    ),
    timestamp: (each.lastSeen ?? each.firstSeen ?? now).toISOString(),
    reporter: us,
    sender: us,
    source_identifier: sourceOf(each),
    category,
    type,
    ...fields,
    ...evidenceOf(each),
    tags: [tag("class", each.class), tag("severity", each.severity), tag("tlp", each.tlp)],
    description: descriptionOf(each),
    watchfloor: {
      notification: notification.id,
      case: each.id,
      round: each.round,
      class: each.class,
      asset_kind: each.asset.kind,
      asset: each.asset.value,
      first_seen: each.firstSeen?.toISOString() ?? null,
      last_seen: each.lastSeen?.toISOString() ?? null,
      events: each.events,
      due: each.dueAt?.toISOString() ?? null,
      tlp: each.tlp,
    },
  };
}

/** Returns the report as the text of a file. */
export function xarfText(report: XarfReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** X-ARF wants random UUIDs in form; ours are made from the facts, so that the same report has the same one. */
function reportId(facts: string): string {
  const hex = createHash("sha256").update(facts).digest("hex");
  const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The machine where one is known, else the host, else the asset itself. */
function sourceOf({asset: {kind, value, ip}}: NoticeCase): string {
  if (ip !== null) return ip;
  return kind === "url" ? (URL.parse(value)?.hostname ?? value) : value;
}

function evidenceOf({evidence}: NoticeCase): {evidence?: readonly unknown[]} {
  if (evidence === null) return {};
  const bytes = Buffer.from(evidence).subarray(0, MOST_EVIDENCE_BYTES);
  const hash = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const payload = bytes.toString("base64");
  return {
    evidence: [
      {content_type: "text/plain", description: "Summary of what was found", payload, hash, size: bytes.length},
    ],
  };
}

function descriptionOf(each: NoticeCase): string {
  const brand = each.asset.brand === null ? "" : `, imitates ${each.asset.brand}`;
  return Array.from(`${className(each.class, "en")}${brand}; ${timesSeen(each)}`)
    .slice(0, MOST_DESCRIPTION)
    .join("");
}

function tag(space: string, value: string): string {
  return `${space}:${value.toLowerCase().replace(/[^a-z0-9_+-]/g, "-")}`;
}
