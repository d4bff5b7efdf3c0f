/** A case that a person opens: the asset in any spelling, defanged ones too. One that is there already is joined. */
import {readAsset} from "../../cases/history/asset-text.ts";
import {canonicalAsset} from "../../cases/opening/asset.ts";
import {planOpenings} from "../../cases/opening/plan.ts";
import {refang} from "../../feeds/mail/refang.ts";
import {type AssetKey, type CaseFacts, caseFactsSchema, type Severity, type Tlp} from "../../model/cases/case.ts";
import type {CaseAtWork, CaseCandidate} from "../../model/cases/case-change.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {ASSET_KINDS} from "../../model/format.ts";
import {incidentClass} from "../../model/taxonomy.ts";
import {applyChange, caseOfId, lockCase} from "../../store/cases/changing.ts";
import {takeInside} from "../../store/cases/opening.ts";
import type {Work} from "../../store/cases/rows.ts";
import {written} from "../../store/editions/people.ts";
import {type CaseDesk, openCaseDesk, yearOf} from "../coordination/case-desk.ts";
import {ruledBy} from "../coordination/opening/reports.ts";
import {nameLookUps, ruleFor, statedCandidate, statedFacts} from "../coordination/opening/stated.ts";
import type {House} from "../house.ts";
import type {Act} from "./acts.ts";

/** What a person opens. What is null is left to the rule that fits. */
export interface HandOpening {
  readonly class: string;
  /** In any spelling: hxxp://…, [.]; a URL, a host name, an address, a hash. */
  readonly asset: string;
  /** Kind of the asset; null is told by its form. */
  readonly kind: string | null;
  readonly facts: Partial<CaseFacts>;
  readonly severity: Severity | null;
  readonly tlp: Tlp | null;
  readonly isUrgent: boolean | null;
  /** Kinds of parties in the order in which they are asked. */
  readonly parties: readonly string[] | null;
  readonly note: string | null;
}

/** The case, and whether it was there before. */
export interface HandOpened {
  readonly outcome: "opened" | "joined" | "reopened";
  readonly case: CaseAtWork;
}

/** Who can act soonest, where no rule says otherwise. */
const ORDER = [
  ...["cloud-provider", "hosting-provider", "network-operator", "app-store", "registrar", "registry"],
  ...["provincial-branch", "sector-csirt", "foreign-cert"],
];

/** Opens a case, or joins the one that is there. Throws usage (a class, a kind or an asset that is none). */
export async function openByHand(house: House, opening: HandOpening, act: Act): Promise<HandOpened> {
  const desk = await openCaseDesk(house);
  const candidate = await candidateByHand(desk, opening);
  return desk.db.transaction().execute((work) => openInside(work, {desk, candidate, note: opening.note}, act));
}

/** Opens or joins inside a transaction, which should begin with it. Throws usage (an empty note). */
export async function openInside(
  work: Work,
  {desk, candidate, note}: {desk: CaseDesk; candidate: CaseCandidate; note: string | null},
  act: Act,
): Promise<HandOpened> {
  const taken = await takeInside(work, {
    candidates: [candidate],
    year: yearOf(desk, act.now),
    plan: (each, known) => planOpenings(each, known, act.now),
    ...act,
  });
  const [id = ""] = taken.cases;
  if (note !== null) {
    const step = {step: "note", note: written(note, "a note")} as const;
    await applyChange(work, await lockCase(work, id), {change: {steps: [step]}, ...act});
  }
  const outcome = taken.opened.length > 0 ? "opened" : taken.reopened.length > 0 ? "reopened" : "joined";
  return {outcome, case: await caseOfId(work, id)};
}

/** Returns the case that a person means. Throws usage (a class, a kind or an asset that is none). */
export async function candidateByHand(desk: CaseDesk, opening: HandOpening): Promise<CaseCandidate> {
  const {class: problem, facts: known} = opening;
  if (incidentClass(problem) === null)
    throw new WatchfloorError("usage", `"${problem}" is no class; docs/taxonomy.md has them`);
  const thing = {class: problem, asset: assetOfText(opening.asset, opening.kind), known};
  const lookUps = await nameLookUps(desk);
  const facts = statedFacts(desk, thing, lookUps);
  const rule = ruleFor(desk, thing, facts);
  const ruled =
    rule.do === "open" ? ruledBy(rule) : {rule: null, parties: ORDER, severity: "IV" as const, isUrgent: false};
  const unit = rule.do === "open" ? rule.unit : "asset";
  return {
    ...statedCandidate(desk, {thing, facts, unit}, lookUps),
    rule: ruled.rule,
    parties: opening.parties ?? ruled.parties,
    severity: opening.severity ?? ruled.severity,
    isUrgent: opening.isUrgent ?? ruled.isUrgent,
    tlp: opening.tlp ?? desk.house.config.complaints.tlp,
    source: "hand",
    complaint: null,
  };
}

const KINDS: readonly string[] = [...ASSET_KINDS, "domain", "org"];

/** Returns what a text names, in the one spelling. Throws usage when it is not of that kind, or of none. */
export function assetOfText(text: string, kind: string | null): AssetKey {
  if (kind !== null && !KINDS.includes(kind))
    throw new WatchfloorError("usage", `"${kind}" is no kind of asset; there are ${KINDS.join(", ")}`);
  const read = readAsset(refang(text), kind ?? "auto");
  if (read === null)
    throw new WatchfloorError("usage", `"${text}" is ${kind === null ? "no asset" : `no ${kind}`} that can be read`);
  return canonicalAsset(read);
}

/** Returns stated facts as they are typed. Throws usage for a name or a value that is not right. */
export function factsOfTexts(texts: ReadonlyMap<string, string>): Partial<CaseFacts> {
  const {shape} = caseFactsSchema;
  const facts: Record<string, unknown> = {};
  for (const [name, text] of texts) {
    if (!Object.hasOwn(shape, name))
      throw new WatchfloorError("usage", `"${name}" is no fact of a case; there are ${Object.keys(shape).join(", ")}`);
    facts[name] = NUMBERS.has(name) ? Number(text) : name === "isGov" ? text === "true" : text;
  }
  const read = caseFactsSchema.partial().safeParse(facts);
  if (!read.success)
    throw new WatchfloorError("usage", `${read.error.issues[0]?.path.join(".")}: ${read.error.issues[0]?.message}`);
  return Object.fromEntries(Object.entries(read.data).filter(([name]) => texts.has(name)));
}

const NUMBERS: ReadonlySet<string> = new Set(["port", "asn", "registrar"]);
