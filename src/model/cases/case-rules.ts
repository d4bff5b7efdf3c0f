import {z} from "zod";
import {ASSET_KINDS} from "../format.ts";
import {TAXONOMY} from "../taxonomy.ts";
import {SEVERITIES, TLP_MARKS} from "./case.ts";
import {classPattern, oneOrMore, partyKind} from "./case-words.ts";

const word = z.string().regex(/^[a-z][a-z0-9-]*$/, "is a word of a-z, 0-9 and -");
const codesOf = (list: readonly {readonly code: string}[], what: string) =>
  z.string().refine((code) => list.some((each) => each.code === code), {
    error: ({input}) => `"${input}" is no ${what}; there are ${list.map(({code}) => code).join(", ")}`,
  });

/** What a rule may ask of an event. Each key takes one value or a list; the event has one of them. */
export const ruleMatchSchema = z.strictObject({
  class: oneOrMore(classPattern).optional().describe("Class codes, `web.*` for all that begin so, or `*`."),
  scope: oneOrMore(z.enum(["domestic", "overseas", "unknown"]))
    .optional()
    .describe("Where the asset lies, seen from the constituency."),
  sector: oneOrMore(codesOf(TAXONOMY.sectors, "sector")).optional().describe("Sector of the asset or of the brand."),
  severity: oneOrMore(z.enum(["critical", "high", "medium", "low", "info"]))
    .optional()
    .describe("Severity of the event as the feed states it."),
  feed: oneOrMore(z.string().min(1)).optional().describe("Names of feeds."),
  tlp: oneOrMore(z.enum(TLP_MARKS)).optional().describe("Sharing mark of the feed."),
  assetKind: oneOrMore(z.enum(ASSET_KINDS)).optional().describe("Kind of the asset."),
  channelKind: oneOrMore(codesOf(TAXONOMY.mobileChannelKinds, "channel kind"))
    .optional()
    .describe("Kind of the channel that a malicious app came through."),
  isGovernment: z.boolean().optional().describe("Whether the asset is of a government."),
  isAimedAtUs: z
    .boolean()
    .optional()
    .describe("Whether a phishing page is aimed at the constituency, by its brand or its feed."),
});

const id = word.describe("Name of the rule; it is kept with each case as the reason.");
const match = ruleMatchSchema.describe("All that is asked must hold; {} fits every event.");
const note = z.string().optional().describe("Why the rule is there, for the reader.");

const opening = z.strictObject({
  id,
  match,
  do: z.literal("open"),
  unit: z
    .enum(["asset", "site", "platform"])
    .describe(
      "What the case is about: the asset as it stands (a URL, a page), its site (host without www.), or its platform (registered domain, or address).",
    ),
  parties: z.array(partyKind).min(1).describe("Party kinds in the order in which they are told."),
  template: word.nullable().default(null).describe("Template of the notification; without it that of the class."),
  deadline: word.nullable().default(null).describe("Name of rows of deadlines.yaml; without it by class."),
  severity: z.enum(SEVERITIES).default("IV").describe("Level of the case until impact facts say otherwise."),
  urgent: z.boolean().default(false).describe("A mail for each case at once, counted round the clock."),
  note,
});
const counting = z.strictObject({id, match, do: z.literal("count"), note});
const ignoring = z.strictObject({id, match, do: z.literal("ignore"), note});

/** The table of rules that say which events open a case: `rules/cases.yaml` of a data folder. The first that fits holds. */
export const caseRulesSchema = z
  .strictObject({
    rules: z
      .array(z.discriminatedUnion("do", [opening, counting, ignoring], {error: "says do: open, count or ignore"}))
      .min(1)
      .describe("The rules in order; the first that fits an event holds."),
  })
  .superRefine(({rules}, context) => {
    const last = rules.at(-1);
    if (last !== undefined && Object.keys(last.match).length > 0)
      context.addIssue({
        code: "custom",
        path: ["rules", rules.length - 1, "match"],
        message: "of the last rule must be {}: it says what is done with all other events",
      });
    rules.forEach(({id: name}, at) => {
      if (rules.findIndex((each) => each.id === name) < at)
        context.addIssue({code: "custom", path: ["rules", at, "id"], message: `"${name}" is there twice`});
    });
  });

/** The read table of rules. */
export type CaseRules = z.infer<typeof caseRulesSchema>;
/** One rule of it. */
export type CaseRule = CaseRules["rules"][number];
/** A rule that opens cases. */
export type OpeningRule = Extract<CaseRule, {do: "open"}>;
/** What a rule asks of an event. */
export type RuleMatch = z.infer<typeof ruleMatchSchema>;
