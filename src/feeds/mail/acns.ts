import {XMLParser, XMLValidator} from "fast-xml-parser";
import {z} from "zod";
import type {ComplaintMail, StatedComplaint} from "../../model/complaint.ts";
import type {ReadMail} from "../../model/mail.ts";
import {ipOf} from "./findings.ts";
import {timeIn} from "./times.ts";

/** Copyright notices with a machine part. Source: Automated Copyright Notice System 1.2, http://www.acns.net */

const XML = new XMLParser({parseTagValue: false, processEntities: false, ignoreDeclaration: true});
const value = z.string().catch("");
const notice = z.object({
  Infringement: z.object({
    Case: z.object({ID: value}).catch({ID: ""}),
    Complainant: z.object({Entity: value, Email: value}).catch({Entity: "", Email: ""}),
    Source: z.object({TimeStamp: value, IP_Address: z.string(), Port: value}),
    Content: z.unknown(),
  }),
});
const title = z.object({Item: z.union([z.object({Title: value}), z.array(z.object({Title: value}))])});

/** Returns what a copyright notice says; null when the mail has none. A copyright is not ours: the class is "other". */
export function readAcns(mail: ReadMail): ComplaintMail | null {
  const texts = [...mail.parts.map(({text}) => text ?? ""), mail.text];
  const found = texts.flatMap((text) => /<Infringement[\s>][\s\S]*?<\/Infringement>/.exec(text)?.[0] ?? [])[0];
  if (found === undefined) return null;
  const none = {format: "acns", reporter: mail.head.from, reference: null, wantsAnswer: null, complaints: []};
  // a document type could define entities, so none is read
  if (/<!(DOCTYPE|ENTITY)/i.test(found) || XMLValidator.validate(found) !== true)
    return {...none, rejects: ["The copyright notice is no well-formed XML."]};
  const parsed = notice.safeParse(XML.parse(found));
  const ip = ipOf(parsed.data?.Infringement.Source.IP_Address ?? "");
  if (!parsed.success || ip === null) return {...none, rejects: ["The copyright notice names no address."]};
  const {Case, Complainant, Source, Content} = parsed.data.Infringement;
  const port = Number(Source.Port);
  const complaint: StatedComplaint = {
    asset: {kind: "ip", value: ip},
    class: "other",
    seenAt: timeIn(Source.TimeStamp),
    brand: null,
    ip: null,
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : null,
    evidence: `${Complainant.Entity}\n${[title.safeParse(Content).data?.Item ?? []]
      .flat()
      .map(({Title}) => Title)
      .join("\n")}`
      .trim()
      .slice(0, 2000),
  };
  const reporter = {name: Complainant.Entity, address: Complainant.Email};
  return {...none, reporter, reference: Case.ID === "" ? null : Case.ID, complaints: [complaint], rejects: []};
}
