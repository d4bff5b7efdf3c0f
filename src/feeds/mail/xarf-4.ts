import {z} from "zod";
import type {ComplaintMail, StatedComplaint} from "../../model/complaint.ts";
import {assetOf, ipOf} from "./findings.ts";
import {mailText, portNumber, refusalOf, timeText, urlText} from "./xarf-checks.ts";

/** X-ARF version 4. Source: https://xarf.org, JSON schemas of xarf-spec (core, and one for each category and type). */

const contact = z.strictObject({
  org: z.string().max(200),
  contact: mailText,
  domain: z.string().regex(/^[a-z0-9.-]{1,253}$/i, "is no host name"),
});
const evidence = z.strictObject({
  content_type: z.string(),
  description: z.string().max(500).optional(),
  payload: z.string(),
  hash: z
    .string()
    .regex(/^(md5|sha1|sha256|sha512):[a-fA-F0-9]+$/)
    .optional(),
  size: z.int().min(0).max(5_242_880).optional(),
});
const core = z.looseObject({
  xarf_version: z.string().regex(/^4\.[0-9]+\.[0-9]+$/),
  report_id: z.guid(),
  timestamp: timeText,
  reporter: contact,
  sender: contact,
  source_identifier: z.string().min(1),
  source_port: portNumber.optional(),
  category: z.string(),
  type: z.string(),
  evidence: z.array(evidence).max(50).optional(),
  tags: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9_+-]*:[a-z0-9][a-z0-9_+-]*$/))
    .max(20)
    .optional(),
  confidence: z.number().min(0).max(1).optional(),
  description: z.string().max(1000).optional(),
  legacy_version: z.literal("3").optional(),
});

type Report = z.infer<typeof core>;

/** What one category and type needs besides the core, and what it is for us. */
interface ReportType {
  readonly fields: z.ZodType;
  /** Null: the report does not decide it. */
  readonly class: string | null;
  /** Field that holds the asset, before the source. */
  readonly asset?: string;
  /** A machine as source needs its port: behind one address there are many. */
  readonly needsPort?: boolean;
}

const text = z.string();
const count = z.int().min(1);
const NET = z.enum(["tcp", "udp", "icmp", "sctp"]);
const WEB = z.enum(["tcp", "udp"]);
const MESSAGING = [
  "smtp",
  "sms",
  "whatsapp",
  "telegram",
  "signal",
  "chat",
  "social_media",
  "push_notification",
  "other",
] as const;

function fields(shape: Readonly<Record<string, z.ZodType>>): z.ZodType {
  return z.looseObject(shape);
}

function page(code: string | null, more: Readonly<Record<string, z.ZodType>> = {}): ReportType {
  return {fields: fields({url: urlText, target_brand: text.optional(), ...more}), class: code, asset: "url"};
}

function work(more: Readonly<Record<string, z.ZodType>>): ReportType {
  return {fields: fields(more), class: "other", asset: "infringing_url"};
}

const TYPES: Readonly<Record<string, ReportType>> = {
  "messaging/spam": {fields: fields({protocol: z.enum(MESSAGING)}), class: "abuse.spam"},
  "messaging/bulk_messaging": {
    fields: fields({protocol: z.enum(MESSAGING), recipient_count: z.int().min(100)}),
    class: "abuse.spam",
  },
  "connection/ddos": {fields: fields({protocol: NET, first_seen: timeText}), class: "net.ddos", needsPort: true},
  "connection/login_attack": {
    fields: fields({protocol: NET, first_seen: timeText}),
    class: "att.brute",
    needsPort: true,
  },
  "connection/port_scan": {fields: fields({protocol: NET, first_seen: timeText}), class: "att.scan", needsPort: true},
  "connection/infected_host": {fields: fields({protocol: WEB, bot_type: text, first_seen: timeText}), class: "mal.bot"},
  "connection/reconnaissance": {
    fields: fields({protocol: WEB, probed_resources: z.array(z.unknown()), first_seen: timeText}),
    class: "att.scan",
  },
  "connection/scraping": {fields: fields({protocol: WEB, first_seen: timeText, total_requests: count}), class: null},
  "connection/sql_injection": {fields: fields({protocol: WEB, first_seen: timeText}), class: "att.exploit"},
  "connection/vulnerability_scan": {
    fields: fields({scan_type: text, protocol: z.enum(["tcp", "udp", "icmp", "mixed"]), first_seen: timeText}),
    class: "att.scan",
  },
  "content/phishing": page("web.phish"),
  "content/malware": page("mal.site"),
  "content/csam": page("other", {classification: z.enum(["baseline", "A1", "A2", "B1", "B2"]), detection_method: text}),
  "content/csem": page("other", {exploitation_type: text, detection_method: text}),
  "content/exposed_data": page("data.leak", {data_types: z.array(text).min(1), exposure_method: text}),
  "content/brand_infringement": page(null, {infringement_type: text, legitimate_site: urlText}),
  "content/fraud": page("abuse.fraud", {fraud_type: text}),
  "content/remote_compromise": page("att.host", {compromise_type: text}),
  "content/suspicious_registration": page(null, {
    registration_date: timeText,
    suspicious_indicators: z.array(text).min(1),
  }),
  "copyright/copyright": work({infringing_url: urlText}),
  "copyright/cyberlocker": work({infringing_url: urlText, hosting_service: text.max(200)}),
  "copyright/link_site": work({infringing_url: urlText, site_name: text.max(200)}),
  "copyright/ugc_platform": work({infringing_url: urlText, platform_name: text.max(200)}),
  "copyright/p2p": work({
    p2p_protocol: z.enum(["bittorrent", "edonkey", "gnutella", "kademlia", "other"]),
    swarm_info: z.looseObject({}),
  }),
  "copyright/usenet": work({newsgroup: text.max(200), message_info: z.looseObject({message_id: text})}),
  "infrastructure/botnet": {fields: fields({compromise_evidence: text}), class: "mal.bot"},
  "infrastructure/compromised_server": {fields: fields({compromise_method: text}), class: "att.host"},
  "reputation/blocklist": {fields: fields({threat_type: text}), class: null},
  "reputation/threat_intelligence": {fields: fields({threat_type: text}), class: null},
  "vulnerability/cve": {
    fields: fields({service: text.max(200), service_port: portNumber, cve_id: text.regex(/^CVE-[0-9]{4}-[0-9]+$/)}),
    class: "vuln.host",
  },
  "vulnerability/misconfiguration": {fields: fields({service: text}), class: "vuln.host"},
  "vulnerability/open_service": {fields: fields({service: text}), class: "vuln.exposed"},
};

/** Finer than the type: what was done to the machine decides the class. */
const COMPROMISES: Readonly<Record<string, string>> = {
  webshell: "web.backdoor",
  backdoor: "web.backdoor",
  defacement: "web.deface",
  c2_server: "mal.c2",
  phishing_kit: "web.phish",
};

/** Whether a JSON value says that it is X-ARF 4. */
export function isXarf4(value: unknown): boolean {
  return z.looseObject({xarf_version: z.unknown()}).safeParse(value).success;
}

/** Reads a report; a wrong one is refused with the reason. */
export function readXarf4(value: unknown): ComplaintMail {
  const parsed = core.safeParse(value);
  const none = {format: "xarf-4", reporter: null, reference: null, wantsAnswer: null, complaints: []};
  if (!parsed.success) return {...none, rejects: [refusalOf("X-ARF 4", parsed.error)]};
  const report = parsed.data;
  const type = TYPES[`${report.category}/${report.type}`];
  const refusal =
    type === undefined
      ? `The X-ARF 4 type ${report.category}/${report.type} is unknown.`.slice(0, 300)
      : refusalBy(type, report);
  const head = {
    ...none,
    reporter: {name: report.reporter.org, address: report.reporter.contact},
    reference: report.report_id,
  };
  if (type === undefined || refusal !== null) return {...head, rejects: [refusal ?? ""]};
  const complaint = complaintOf(report, type);
  return complaint === null
    ? {...head, rejects: ["The X-ARF 4 report names no address, host name or URL as its source."]}
    : {...head, complaints: [complaint], rejects: []};
}

function refusalBy({fields: shape, needsPort}: ReportType, report: Report): string | null {
  const parsed = shape.safeParse(report);
  if (!parsed.success) return refusalOf("X-ARF 4", parsed.error);
  const isSmtp = report.category === "messaging" && report["protocol"] === "smtp";
  const isMachine = ipOf(report.source_identifier) !== null;
  if (report.source_port === undefined && ((needsPort === true && isMachine) || isSmtp))
    return "The X-ARF 4 report is not valid. source_port: is needed for this type";
  if (isSmtp && !mailText.safeParse(report["smtp_from"]).success)
    return "The X-ARF 4 report is not valid. smtp_from: is needed for mail";
  return null;
}

function complaintOf(report: Report, type: ReportType): StatedComplaint | null {
  const field = type.asset === undefined ? "" : stated(report, type.asset);
  const asset = assetOf(field) ?? assetOf(report.source_identifier);
  if (asset === null) return null;
  return {
    asset,
    class: COMPROMISES[stated(report, "compromise_type")] ?? type.class,
    seenAt: new Date(report.timestamp).toISOString(),
    brand:
      stated(report, "target_brand") ||
      stated(report, "affected_brand") ||
      stated(report, "impersonated_entity") ||
      null,
    ip: asset.kind === "ip" ? null : ipOf(report.source_identifier),
    port: report.source_port ?? null,
    evidence: [
      `${report.category}/${report.type}`,
      report.description,
      ...(report.evidence ?? []).map(({description}) => description),
    ]
      .filter((each) => each !== undefined)
      .join("\n")
      .slice(0, 2000),
  };
}

function stated(report: Report, name: string): string {
  const value = report[name];
  return typeof value === "string" ? value : "";
}
