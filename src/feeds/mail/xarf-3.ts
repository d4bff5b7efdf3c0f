import {z} from "zod";
import type {ComplaintMail, StatedComplaint} from "../../model/complaint.ts";
import {assetOf, ipOf, urlOf} from "./findings.ts";
import {type ReportOf3, reportOf3, TYPES_OF_3} from "./xarf-3-report.ts";
import {hostText, ipText, mailText, portNumber, refusalOf, timeText, urlText} from "./xarf-checks.ts";

/** X-ARF 1 and 3: JSON reports with Version, ReporterInfo and Report, in the three shapes that are about. */

const contacts = {
  ReporterContactEmail: mailText.optional(),
  ReporterContactName: z.string().optional(),
  ReporterContactPhone: z.string().optional(),
};
const organisation = z.strictObject({
  ReporterType: z.literal("Org").optional(),
  ReporterOrg: z.string().min(1),
  ReporterOrgDomain: hostText,
  ReporterOrgEmail: mailText,
  ...contacts,
});
const person = z
  .strictObject({
    ReporterType: z.literal("Person"),
    ReporterOrg: z.string().min(1).optional(),
    ReporterOrgDomain: hostText.optional(),
    ReporterOrgEmail: mailText.optional(),
    ...contacts,
  })
  .refine(
    ({ReporterOrg, ReporterContactName}) => ReporterOrg !== undefined || ReporterContactName !== undefined,
    "has no name",
  );
const complainant = z.strictObject({
  ComplainantOrg: z.string().min(1),
  ComplainantOrgDomain: hostText,
  ComplainantOrgEmail: mailText,
  ComplainantContactEmail: mailText.optional(),
  ComplainantContactName: z.string().optional(),
  ComplainantContactPhone: z.string().optional(),
});
const texts = z.record(z.string(), z.string());
const owner = z.strictObject({ID: z.string(), SubscriberData: texts.optional(), ResolverData: texts.optional()});
const envelope = z.strictObject({
  Version: z.enum(["1", "3"]),
  ReporterInfo: z.union([organisation, person]),
  OnBehalfOf: complainant.optional(),
  Disclosure: z.boolean().optional(),
  InternalProcessing: z
    .strictObject({
      SubscriberInformation: owner.optional(),
      ContractInformation: owner.optional(),
      EventTags: z.array(z.string()).optional(),
    })
    .optional(),
  Report: reportOf3,
});

/** The other two shapes: flat with its own type names, and with a Source of its own. Source: xarf-spec, v3 schema and samples. */
const specifiedReporter = {
  ReporterOrg: z.string().max(200),
  ReporterOrgEmail: mailText,
  ReporterOrgDomain: hostText.optional(),
};
const flat = z.strictObject({
  Version: z.enum(["3", "3.0"]),
  ReporterInfo: z.strictObject(specifiedReporter),
  Report: z.strictObject({
    ReportClass: z.literal("Activity"),
    ReportType: z.string(),
    Date: timeText,
    SourceIp: ipText.optional(),
    SourcePort: portNumber.optional(),
    DestinationIp: ipText.optional(),
    DestinationPort: portNumber.optional(),
    Protocol: z.enum(["tcp", "udp", "icmp", "smtp"]).optional(),
    SmtpMailFromAddress: mailText.optional(),
    SmtpRcptToAddress: mailText.optional(),
    SmtpMessageSubject: z.string().max(500).optional(),
    Url: urlText.optional(),
    UserAgent: z.string().max(200).optional(),
    AttackDescription: z.string().max(1000).optional(),
    AttackCount: z.int().min(1).optional(),
    Samples: z
      .array(
        z.strictObject({ContentType: z.string(), Payload: z.string(), Description: z.string().max(200).optional()}),
      )
      .max(10)
      .optional(),
  }),
});
const sourced = z.strictObject({
  Version: z.literal("3.0.0"),
  ReporterInfo: z.strictObject({...specifiedReporter, ...contacts}),
  Disclosure: z.boolean().optional(),
  Report: z.strictObject({
    ReportClass: z.enum(["Activity", "Messaging", "Network", "System", "Content"]),
    ReportType: z.string(),
    Date: timeText,
    Source: z.strictObject({
      IP: ipText.optional(),
      URL: urlText.optional(),
      Port: portNumber.optional(),
      Type: z.enum(["ip", "uri"]),
    }),
    Attachment: z
      .array(z.strictObject({ContentType: z.string(), Description: z.string().optional(), Data: z.string()}))
      .optional(),
    AdditionalInfo: z.record(z.string(), z.unknown()).optional(),
  }),
});
const SPECIFIED: Readonly<Record<string, string>> = {
  spam: "abuse.spam",
  "login-attack": "att.brute",
  "port-scan": "att.scan",
  ddos: "net.ddos",
  phishing: "web.phish",
  malware: "mal.site",
  botnet: "mal.bot",
  copyright: "other",
};

/** Whether a JSON value says that it is X-ARF 1 or 3. */
export function isXarf3(value: unknown): boolean {
  const shape = z.looseObject({Version: z.union([z.string(), z.number()])});
  return shape.safeParse(value).success && z.looseObject({}).safeParse(value).data?.["xarf_version"] === undefined;
}

/** Reads a report; a wrong one is refused with the reason. */
export function readXarf3(value: unknown): ComplaintMail {
  const abusix = envelope.safeParse(value);
  if (abusix.success) return fromAbusix(abusix.data);
  const other = z.union([flat, sourced]).safeParse(value);
  const made = other.success ? fromSpecified(other.data) : null;
  if (made !== null) return made;
  const version = z.looseObject({Version: z.string()}).safeParse(value).data?.Version ?? "";
  return {
    format: `xarf-${/^1/.test(version) ? 1 : 3}`,
    reporter: null,
    reference: null,
    wantsAnswer: null,
    complaints: [],
    rejects: [refusalOf("X-ARF", abusix.error)],
  };
}

function fromAbusix({Version, ReporterInfo, Report}: z.infer<typeof envelope>): ComplaintMail {
  const type = TYPES_OF_3[`${Report.ReportClass}/${Report.ReportType}`];
  const head = {
    format: `xarf-${Version}`,
    reporter: {
      name: ReporterInfo.ReporterOrg ?? ReporterInfo.ReporterContactName ?? "",
      address: ReporterInfo.ReporterOrgEmail ?? ReporterInfo.ReporterContactEmail ?? "",
    },
    reference: Report.ReporterCaseID ?? null,
    wantsAnswer: null,
    complaints: [],
  };
  if (type === undefined || (type.isNew === true && Version === "1"))
    return {
      ...head,
      rejects: [
        `The X-ARF type ${Report.ReportClass}/${Report.ReportType} is unknown in version ${Version}.`.slice(0, 300),
      ],
    };
  // version 1 has texts as hashes, and wants the place of malware; version 3 has pairs
  const isOldHash = Report.FileHash === undefined || (typeof Report.FileHash === "string") === (Version === "1");
  const wanted =
    Version === "1" && Report.ReportType === "Malware" && Report.ReportClass === "Content"
      ? [...type.needs, "SourceUrl" as const]
      : type.needs;
  const missing = wanted.filter((name) => Report[name] === undefined);
  const tooMany = (type.not ?? []).filter((name) => Report[name] !== undefined);
  const wrong = [
    ...missing.map((name) => `${name}: is missing`),
    ...tooMany.map((name) => `${name}: does not belong here`),
    ...(isOldHash ? [] : ["FileHash: is of the other version"]),
  ];
  if (wrong.length > 0) return {...head, rejects: [`The X-ARF report is not valid. ${wrong.join("; ")}`]};
  const asset = assetIn(Report);
  return asset === null
    ? {...head, rejects: ["The X-ARF report names nothing that somebody could act on."]}
    : {...head, complaints: [complaintOf(Report, asset, type.class)], rejects: []};
}

function complaintOf(report: ReportOf3, asset: StatedComplaint["asset"], code: string | null): StatedComplaint {
  const said = [
    `${report.ReportClass}/${report.ReportType}`,
    report.MalwareName ?? report.BotnetName,
    report.RpzDomain,
    report.ServiceName,
    report.HarassmentDescription,
    report.InfringedMaterial,
    ...(report.Samples ?? []).map(
      ({Description, Base64Encoded, Payload}) => `${Description ?? ""}: ${Base64Encoded ? "" : Payload.slice(0, 500)}`,
    ),
  ];
  return {
    asset,
    class: code,
    seenAt: new Date(report.Date).toISOString(),
    brand: null,
    ip: asset.kind === "ip" ? null : (report.SourceIp ?? null),
    port: report.SourcePort ?? null,
    evidence: said
      .filter((each) => each !== undefined)
      .join("\n")
      .slice(0, 2000),
  };
}

/** Content lies at its web address, activity comes from a machine, an account is its own. */
function assetIn({SourceUrl, SourceIp, Account, AttackerIp}: ReportOf3): StatedComplaint["asset"] | null {
  const url = SourceUrl === undefined ? null : urlOf(SourceUrl);
  if (url !== null) return {kind: "url", value: url};
  const name = Account?.AccountEmail ?? Account?.AccountIdentifier ?? Account?.AccountName ?? Account?.AccountNumber;
  if (name !== undefined) return {kind: "account", value: String(name)};
  const ip = ipOf(SourceIp ?? AttackerIp ?? "");
  return ip === null ? null : {kind: "ip", value: ip};
}

function fromSpecified({
  Version,
  ReporterInfo,
  Report,
}: z.infer<typeof flat> | z.infer<typeof sourced>): ComplaintMail | null {
  const code = SPECIFIED[Report.ReportType.toLowerCase()];
  const source = "Source" in Report ? Report.Source : {URL: Report.Url, IP: Report.SourceIp, Port: Report.SourcePort};
  const asset = assetOf(source.URL ?? source.IP ?? "");
  if (code === undefined || asset === null) return null;
  const brand = "Source" in Report ? Report.AdditionalInfo?.["TargetBrand"] : null;
  const said =
    "Source" in Report
      ? Report.Attachment?.map(({Description}) => Description ?? "")
      : [Report.AttackDescription ?? ""];
  const complaint: StatedComplaint = {
    asset,
    class: code,
    seenAt: new Date(Report.Date).toISOString(),
    brand: typeof brand === "string" ? brand : null,
    ip: asset.kind === "ip" ? null : ipOf(source.IP ?? ""),
    port: source.Port ?? null,
    evidence: [`${Report.ReportClass}/${Report.ReportType}`, ...(said ?? [])].join("\n").slice(0, 2000),
  };
  const reporter = {name: ReporterInfo.ReporterOrg, address: ReporterInfo.ReporterOrgEmail};
  return {
    format: `xarf-${Version.slice(0, 1)}`,
    reporter,
    reference: null,
    wantsAnswer: null,
    complaints: [complaint],
    rejects: [],
  };
}
