/** Decisions about who is responsible, in words. They are kept as they were made, by whatever version made them. */
import {z} from "zod";
import {waitingText} from "../../cases/waiting.ts";
import type {Bilingual} from "../../model/format.ts";
import {partyId} from "../../model/party.ts";

const candidate = z.object({
  claim: z.object({
    party: z.number(),
    names: z.object({zh: z.string().nullable(), en: z.string().nullable()}),
    partyKind: z.string(),
    responsibility: z.object({kind: z.string(), value: z.string()}),
  }),
  match: z.object({rule: z.string()}),
});
const schema = z.object({
  party: z.number().nullable(),
  by: candidate.nullable().default(null),
  others: z.array(candidate).default([]),
  why: z
    .object({code: z.string(), kinds: z.array(z.string()).default([]), parties: z.array(z.number()).default([])})
    .nullable()
    .default(null),
  because: z.string().default(""),
  reason: z.string().optional(),
});

/** A decision in words: who, by which rule, why now, what else was possible, or why nobody. */
export interface DecisionWords {
  readonly text: Bilingual;
  /** What else was possible, best first. */
  readonly others: readonly string[];
}

/** Returns a kept decision in words; `party` is whom it chose. One that cannot be read any more says so. */
export function decisionWords(decision: unknown, party: number | null): DecisionWords {
  const read = schema.safeParse(decision);
  if (!read.success) return {text: {zh: "旧版决定", en: "a decision of another version"}, others: []};
  const {by, others, why, because, reason} = read.data;
  const whom = party === null ? {zh: "无", en: "nobody"} : {zh: partyId(party), en: partyId(party)};
  const cause = because === "by-hand" ? {zh: "人工指定", en: "by hand"} : waitingText(because);
  const rule =
    by === null || by.claim.party !== party
      ? ""
      : ` (${by.claim.names.zh ?? by.claim.names.en ?? ""}, ${by.match.rule} ${by.claim.responsibility.value})`;
  const said = reason === undefined ? "" : `: ${reason}`;
  const nobody =
    why === null
      ? ""
      : `; ${why.code}${why.kinds.map((kind) => ` ${kind}`).join("")}${why.parties.map((each) => ` ${partyId(each)}`).join("")}`;
  return {
    text: {zh: `${whom.zh}${rule}：${cause.zh}${said}${nobody}`, en: `${whom.en}${rule}, ${cause.en}${said}${nobody}`},
    others: others.map(
      ({claim, match}) =>
        `${partyId(claim.party)} ${claim.names.zh ?? claim.names.en ?? ""}, ${match.rule} ${claim.responsibility.value}`,
    ),
  };
}
