import {z} from "zod";
import {countNumber, hostText, ipText, mailText, portNumber, timeText, urlText} from "./xarf-checks.ts";

/** The report of X-ARF 1 and 3 as it goes between abuse desks. Source: the samples and field names of abusix/xarf. */

const word = z.string().min(1);
const sample = z.strictObject({
  ContentType: z.string(),
  Base64Encoded: z.boolean(),
  Description: z.string().optional(),
  FileName: z.string().optional(),
  Payload: z.string(),
});
const account = z
  .strictObject({
    AccountName: word.optional(),
    AccountNumber: z.union([z.number(), word]).optional(),
    AccountEmail: mailText.optional(),
    AccountIdentifier: word.refine((text) => !text.includes("@"), "is a mail address").optional(),
  })
  .refine((value) => Object.keys(value).length > 0, "names no account");
const cvss = z.strictObject({
  Version: z.enum(["2.0", "3.0", "3.1"]),
  Score: z.number().min(0).max(10).optional(),
  Vector: z
    .string()
    .regex(/^(CVSS:3\.[01]\/)?A[VC]:.*\/A:[A-Z]/, "is no whole vector")
    .optional(),
});
const hash = z.strictObject({
  HashValue: word,
  HashAlgorithm: z.enum(["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]),
});

/** All fields of a report; which of them a type needs stands in its table. */
export const reportOf3 = z.strictObject({
  ReportClass: z.enum(["Activity", "Content", "Vulnerability"]),
  ReportType: word,
  ReportSubType: word.optional(),
  ReporterCaseID: z.string().optional(),
  ReporterSeverity: z.enum(["low", "medium", "high"]).optional(),
  ReporterNotes: z.string().optional(),
  Date: timeText,
  FirstSeen: timeText.optional(),
  Ongoing: z.boolean().optional(),
  SourceIp: ipText.optional(),
  SourcePort: portNumber.optional(),
  SourceUrl: urlText.optional(),
  ASN: z.int().min(1).max(4_294_967_295).optional(),
  DestinationIp: ipText.optional(),
  DestinationPort: portNumber.optional(),
  AttackerIp: ipText.optional(),
  AttackerPort: portNumber.optional(),
  TransportProtocol: z.enum(["tcp", "udp", "icmp", "sctp"]).optional(),
  ByteCount: countNumber.optional(),
  PacketCount: countNumber.optional(),
  BotnetName: z.string().optional(),
  MalwareName: z.string().optional(),
  RpzDomain: hostText.optional(),
  ServiceName: z.string().optional(),
  ServiceVersion: z.string().optional(),
  SmtpMailFromAddress: mailText.optional(),
  SmtpRcptToAddress: mailText.optional(),
  InfringedMaterial: z.string().optional(),
  MaterialType: z.string().optional(),
  CourtOrder: urlText.optional(),
  TrademarkedMaterial: z.string().optional(),
  RegistrationOffice: z.string().optional(),
  RegistrationNumber: z.string().optional(),
  FileName: z.string().optional(),
  FileSize: countNumber.optional(),
  FileHash: z.union([z.string(), hash]).optional(),
  PasswordHash: hash.optional(),
  Account: account.optional(),
  CVE: z
    .string()
    .regex(/^CVE-\d{4}-\d{4,}$/)
    .optional(),
  CVSS: cvss.optional(),
  Harasser: word.optional(),
  HarassmentLocation: word.optional(),
  HarassmentType: word.optional(),
  HarassmentDescription: word.optional(),
  Samples: z.array(sample).optional(),
  Custom: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** A report that has the right fields, each of the right kind. */
export type ReportOf3 = z.infer<typeof reportOf3>;

/** What a class and type needs, must not have, and is for us. */
export interface TypeOf3 {
  readonly needs: readonly (keyof ReportOf3)[];
  readonly not?: readonly (keyof ReportOf3)[];
  /** Null: the report does not decide it. */
  readonly class: string | null;
  /** Version 1 does not have it. */
  readonly isNew?: boolean;
}

/** By class and type. */
export const TYPES_OF_3: Readonly<Record<string, TypeOf3>> = {
  "Activity/Spam": {needs: ["SourceIp"], class: "abuse.spam"},
  "Activity/DOS": {needs: ["SourceIp"], class: "net.dos"},
  "Activity/LoginAttack": {needs: ["SourceIp"], class: "att.brute"},
  "Activity/PortScan": {needs: ["SourceIp"], class: "att.scan"},
  "Activity/Malware": {needs: ["SourceIp"], class: "mal.bot"},
  "Activity/Exploit": {needs: ["SourceIp"], class: "att.exploit", isNew: true},
  "Activity/WebCrawler": {needs: ["SourceIp"], class: null, isNew: true},
  "Activity/Harassment": {needs: ["SourceUrl", "Harasser", "HarassmentDescription"], class: "other", isNew: true},
  "Activity/PotentiallyCompromisedAccount": {
    needs: ["Account"],
    not: ["SourceIp", "SourceUrl"],
    class: "att.host",
    isNew: true,
  },
  "Content/Botnet": {needs: ["SourceIp"], class: "mal.c2"},
  "Content/ChildAbuse": {needs: ["SourceIp", "SourceUrl"], class: "other"},
  "Content/Copyright": {needs: ["InfringedMaterial"], class: "other"},
  "Content/Malware": {needs: ["SourceIp"], class: "mal.site"},
  "Content/Phishing": {needs: ["SourceUrl"], class: "web.phish"},
  "Content/Trademark": {needs: ["SourceUrl"], class: "other"},
  "Vulnerability/OpenService": {needs: ["SourceIp", "ServiceName"], class: "vuln.exposed"},
};
