import {editionLink} from "../bulletin/archive-links.ts";
import {type EditionInput, editionInputOf, NO_FACTS, type StatedFacts} from "../bulletin/edition-input.ts";
import {type Issue, issueOf, issuesBefore, type Numbering} from "../bulletin/numbering.ts";
import type {Draft} from "../model/edition.ts";
import {WatchfloorError} from "../model/errors.ts";
import type {Bilingual, Written} from "../model/format.ts";
import type {IndicatorDefinition, Situation, WeekValues} from "../model/indicator.ts";
import {dayOf, type Week} from "../model/week.ts";
import {HANDLED_MEANS, WITH_IMPORTED} from "../situation/handled.ts";
import {canonicalJson} from "../store/canonical.ts";
import {openCorrection} from "../store/editions/drafts.ts";
import {draftOf, listDrafts, publications, reviewsOf, versionsOf} from "../store/editions.ts";
import {readCommit} from "../store/events/commits.ts";
import {staleTexts} from "./edited-texts.ts";
import type {House} from "./house.ts";
import {publicInput} from "./publish/disclosure.ts";
import {type CasesAt, situationAsOf, trendOf} from "./situation.ts";
import {TOOL_VERSION} from "./version.ts";

const SAMPLE: Bilingual = {zh: "样例：全部数据均为合成数据", en: "Sample: all data is synthetic"};
const DRAFT: Bilingual = {zh: "草稿", en: "Draft"};

/** An edition on its way: the draft, the situation as it is now, and what the pages are made from. */
export interface EditionAtDesk {
  readonly draft: Draft;
  readonly situation: Situation;
  readonly input: EditionInput;
}

/** Who does what to which edition, and when. */
export interface EditionAct {
  readonly week: Week;
  readonly by: string;
  readonly now: Date;
}

/** Returns the edition of a week as it stands: as it was frozen when it is published. Throws edition_unknown. */
export async function editionAtDesk(house: House, week: Week, now: Date): Promise<EditionAtDesk> {
  const {db} = await house.database();
  const {submitted, situation: frozen} = await draftOf(db, week.from);
  return editionAsOf(house, week, {now, casesUntil: submitted === null ? now : new Date(submitted.at), frozen});
}

/** The same with cases as they were at a time: at its submission it is counted anew, and stays so while it is reviewed. */
export async function editionAsOf(house: House, week: Week, at: CasesAt): Promise<EditionAtDesk> {
  const {db} = await house.database();
  const draft = await draftOf(db, week.from);
  const {state, situation: frozen, approved} = draft;
  if (state === "published" && frozen !== null && approved !== null) {
    const work = {week, draft, situation: frozen, frozenAt: new Date(approved.at)};
    return {draft, situation: frozen, input: await inputOf(house, work)};
  }
  const situation = await situationAsOf(house, week, at);
  return {draft, situation, input: await inputOf(house, {week, draft, situation, frozenAt: null})};
}

/** Opens a correction of a published edition, with its reason. Throws edition_unknown. */
export async function correctEdition(house: House, act: EditionAct, reason: Written): Promise<Draft> {
  const {db} = await house.database();
  return openCorrection(db, {week: act.week.from, by: act.by, reason}, act.now);
}

/** Returns what happened to a week's edition, first thing first. */
export async function historyOfEdition(
  house: House,
  week: Week,
): Promise<{draft: Draft; steps: Awaited<ReturnType<typeof reviewsOf>>}> {
  const {db} = await house.database();
  return {draft: await draftOf(db, week.from), steps: await reviewsOf(db, week.from)};
}

/** Lists the editions with their states, newest week first. */
export async function listEditions(house: House): Promise<Awaited<ReturnType<typeof listDrafts>>> {
  const {db} = await house.database();
  return listDrafts(db);
}

async function numbering(house: House, draft: Draft | null): Promise<Numbering> {
  const {db} = await house.database();
  const published = Object.fromEntries(
    (await publications(db)).map((each) => [each.week, {year: each.number.year, number: each.number.issue}]),
  );
  const own = draft?.number == null ? {} : {[draft.week]: {year: draft.number.year, number: draft.number.issue}};
  return {policy: house.config.profile.bulletin.numbering, overrides: {...published, ...own}};
}

/** Throws edition_number_taken when another week was published under the number of this edition. */
export async function checkNumber(house: House, week: Week, {issue}: EditionInput): Promise<void> {
  const {db} = await house.database();
  const other = (await publications(db)).find(
    (each) => each.week !== week.from && each.number.year === issue?.year && each.number.issue === issue.number,
  );
  if (other !== undefined)
    throw new WatchfloorError("edition_number_taken", `${issue?.year}/${issue?.number} is that of ${other.week}`);
}

/**
 * Returns what an edition prints besides its draft and what depends on when it is published: figures as the public sees
 * them, trends, definitions, the profile with its words.
 */
export function printedOf(house: House, input: EditionInput): string {
  const {indicators, facts, rating, gaps, gapsBefore, infraEvents, method, history} = publicInput(input, house.config);
  const printed = {indicators, facts, rating, gaps, gapsBefore, infraEvents, history};
  return canonicalJson({...printed, method: {...method, frozenAt: null}, profile: house.config.profile});
}

/** Returns the number of an edition. Throws edition_unknown when the policy gives none and nobody entered one. */
export async function numberOf(house: House, week: Week, draft: Draft): Promise<Issue> {
  const issue = issueOf(week.from, await numbering(house, draft));
  if (issue === null) throw new WatchfloorError("edition_unknown", `${week.from} has no number`);
  return issue;
}

interface InputWork {
  readonly week: Week;
  readonly draft: Draft;
  readonly situation: Situation;
  /** When it was frozen; null for a draft. */
  readonly frozenAt: Date | null;
  /** The trends, where they are known already. */
  readonly history?: EditionInput["history"];
}

/** Returns what the edition is made from: the situation with what its desk adds, and as the public may see it once frozen. */
export async function inputOf(
  house: House,
  {week, draft, situation, frozenAt, history}: InputWork,
): Promise<EditionInput> {
  const {db} = await house.database();
  const numbers = await numbering(house, draft);
  const out = new Set((await publications(db)).map((each) => each.week));
  const definitions = await house.definitions();
  const input = editionInputOf(situation, {
    issue: issueOf(week.from, numbers),
    facts: factsOf(situation),
    review: issuesBefore(week.from, numbers).map((each) => ({
      ...each,
      link: out.has(each.week.from) ? editionLink(each.week.from) : null,
    })),
    corrections: await correctionsOf(house, draft, frozenAt),
    texts: draft.texts,
    news: draft.news.map(({id: _, ...item}) => item),
    method: {
      definitions,
      toolVersion: TOOL_VERSION,
      reports: situation.reports,
      frozenAt: frozenAt?.toISOString() ?? null,
      remarks: await remarksOf(house, situation),
    },
    history: history ?? (await trendsOf(house, {week, situation, definitions})),
    publishedOn: frozenAt === null ? null : dayOf(frozenAt, house.config.profile.zone),
    stamp: house.config.isSample ? SAMPLE : frozenAt === null ? DRAFT : null,
  });
  if (frozenAt !== null) return publicInput(input, house.config);
  return {...input, staleTexts: staleTexts(input, house.config.profile, draft)};
}

/** Figures that are codes, not numbers. */
function factsOf(situation: Situation): StatedFacts {
  const level = situation.indicators["vuln.level"]?.codes?.[0];
  const types = situation.indicators["vuln.type_rank"]?.codes ?? [];
  const known = level === "high" || level === "medium" || level === "low" ? level : null;
  return {...NO_FACTS, vulnLevel: known, vulnTypes: types.length === 0 ? null : types};
}

/** Of threats only: what was handled in earlier weeks goes on changing, and no line of an edition shows it. */
async function trendsOf(
  house: House,
  {week, situation, definitions}: Pick<InputWork, "week" | "situation"> & {definitions: readonly IndicatorDefinition[]},
): Promise<EditionInput["history"]> {
  const values = await trendOf(house, week, new Date(situation.casesUntil ?? situation.computedAt));
  const handled = new Set(definitions.flatMap(({id, isHandled}) => (isHandled === true ? [id] : [])));
  return historyOf(values, (id) => !handled.has(id));
}

function historyOf(values: readonly WeekValues[], isDrawn: (id: string) => boolean): EditionInput["history"] {
  const ids = [...new Set(values.flatMap((each) => Object.keys(each.values)))].filter(isDrawn);
  return {
    weeks: values.map((each) => each.week),
    values: Object.fromEntries(ids.map((id) => [id, values.map((each) => each.values[id] ?? null)])),
  };
}

async function correctionsOf(house: House, draft: Draft, at: Date | null): Promise<EditionInput["corrections"]> {
  if (draft.version === 1 || draft.reason === null) return [];
  const {db} = await house.database();
  const opened = (await reviewsOf(db, draft.week)).filter(({step}) => step === "open");
  const zone = house.config.profile.zone;
  const earlier = (await versionsOf(db, draft.week)).flatMap(({version, reason}) => {
    const step = opened.find((each) => each.version === version);
    if (reason === null || step === undefined || version >= draft.version) return [];
    return [{version, day: dayOf(new Date(step.at), zone), reason}];
  });
  const day = dayOf(at ?? new Date(draft.submitted?.at ?? situationTime(draft)), zone);
  return [...earlier, {version: draft.version, day, reason: draft.reason}];
}

function situationTime(draft: Draft): string {
  return draft.situation?.computedAt ?? `${draft.week}T00:00:00Z`;
}

/** What the site means by handled, where cases gave the number. */
function handledRemark({config}: House, {indicators, week}: Situation): Bilingual[] {
  const total = indicators["incident.total"];
  const isCounted = total !== undefined && total.value !== null && total.entered === null;
  if (!isCounted) return [];
  const hasImported = config.cases.history.some(({before}) => week.from < before);
  return [HANDLED_MEANS[config.cases.handledWhen], ...(hasImported ? [WITH_IMPORTED] : [])];
}

/** What readers have to know of the sources: each format says it of itself. */
async function remarksOf(house: House, situation: Situation): Promise<Bilingual[]> {
  const used = new Set<string>();
  for (const report of situation.reports) used.add((await readCommit(house.lake, report.id))?.format ?? "");
  const ofSources = house.formats.flatMap((format) =>
    format.remark !== undefined && used.has(format.name) ? [format.remark] : [],
  );
  return [...handledRemark(house, situation), ...ofSources];
}
