/** Drafts of editions while they are written: opened, given words, a number, a form. What follows is in ../editions.ts. */
import type {Kysely} from "kysely";
import type {
  Draft,
  EditionLanguage,
  EditionNumber,
  EditionVariant,
  NewsItem,
  ReviewStepName,
} from "../../model/edition.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {Written} from "../../model/format.ts";
import type {Day} from "../../model/week.ts";
import type {Schema} from "../postgres/schema.ts";
import {named, written} from "./people.ts";
import {inOneLine, reasonColumns, writtenIn} from "./reasons.ts";
import {
  editable,
  lockDraft,
  logStep,
  newsColumns,
  numberColumns,
  updateDraft,
  type VersionKey,
  type Work,
} from "./rows.ts";

/** Words of the editor, and the generated ones that they take the place of, where there are any. */
export interface EditorsText {
  readonly text: string | null;
  readonly composed?: string | null;
}

/** Somebody does something to the newest version of a week's edition. */
export interface EditionStep {
  readonly week: Day;
  readonly by: string;
}

/**
 * Returns the week's open draft, made where there is none; `variant` counts when it is made. Throws edition_published
 * when the week's edition is out: then a correction has to be opened.
 */
export function openDraft(
  db: Kysely<Schema>,
  {week, by, variant = "long"}: EditionStep & {readonly variant?: EditionVariant},
  now: Date,
): Promise<Draft> {
  return db.transaction().execute(async (work) => {
    const key = {week, version: 1};
    const made = await work
      .insertInto("drafts")
      .values({...key, state: "draft", variant})
      .onConflict((conflict) => conflict.doNothing())
      .returning("version")
      .execute();
    const step = {...key, step: "open", from: null, to: "draft", by: named(by), note: null} as const;
    if (made.length === 1) await logStep(work, step, now);
    return editable(await lockDraft(work, week));
  });
}

/**
 * Returns the open correction of the week's published edition, made where there is none: number, form, texts and
 * news of the version before are kept. Throws edition_unknown when nothing is published, usage (no name, no reason).
 */
export function openCorrection(
  db: Kysely<Schema>,
  {week, by, reason}: EditionStep & {readonly reason: Written},
  now: Date,
): Promise<Draft> {
  return db.transaction().execute(async (work) => {
    const before = await lockDraft(work, week);
    if (before.state !== "published") {
      if (before.version > 1) return before; // it is open already
      throw new WatchfloorError("edition_unknown", `${week} is not published yet`);
    }
    const key = {week, version: before.version + 1};
    const kept = writtenIn(reason, "a reason");
    const act = {by: named(by), note: inOneLine(kept)};
    const values = {...key, state: "draft", variant: before.variant, ...reasonColumns(kept)} as const;
    await work
      .insertInto("drafts")
      .values({...values, ...numberColumns(before.number)})
      .execute();
    await copyWords(work, before, {...key, by: act.by, at: now});
    await logStep(work, {...key, ...act, step: "open", from: null, to: "draft"}, now);
    return lockDraft(work, week);
  });
}

/**
 * Puts the editor's words in the place of a paragraph, whose generated text is kept beside them; null as text brings the
 * generated ones back. Throws edition_published.
 */
export function setText(
  db: Kysely<Schema>,
  step: EditionStep & {readonly language: EditionLanguage; readonly paragraph: string} & EditorsText,
  now: Date,
): Promise<Draft> {
  const {language} = step;
  const paragraph = written(step.paragraph, "a paragraph id");
  const text = step.text === null ? null : written(step.text, "a text");
  const note = `${language} ${paragraph}`;
  return edit(db, {...step, name: "text", note, now}, (work, {week, version}) =>
    work
      .insertInto("draft_texts")
      .values({week, version, language, paragraph, text, composed: step.composed ?? null, ...enteredBy(step.by, now)})
      .execute(),
  );
}

/** Adds a piece of news to the draft. Throws edition_published, usage (no title, no text, no source). */
export function addNews(db: Kysely<Schema>, step: EditionStep & {readonly item: NewsItem}, now: Date): Promise<Draft> {
  const title = writtenIn(step.item.title, "a title");
  const item = {
    title,
    text: writtenIn(step.item.text, "a text"),
    source: written(step.item.source, "a source"),
    link: step.item.link,
  };
  const values = {...newsColumns(item), ...enteredBy(step.by, now)};
  return edit(db, {...step, name: "news", note: title.zh ?? title.en, now}, (work, {week, version}) =>
    work
      .insertInto("draft_news")
      .values({week, version, ...values})
      .execute(),
  );
}

/** Takes a piece of news out of the draft; the entry stays. Throws edition_published, usage (not in this draft). */
export function removeNews(db: Kysely<Schema>, step: EditionStep & {readonly id: number}, now: Date): Promise<Draft> {
  return edit(db, {...step, name: "news", note: `-${step.id}`, now}, (work, draft) => {
    if (!draft.news.some(({id}) => id === step.id))
      throw new WatchfloorError("usage", `the draft of ${step.week} has no news ${step.id}`);
    return work
      .insertInto("draft_news_removals")
      .values({news: step.id, ...enteredBy(step.by, now)})
      .execute();
  });
}

function enteredBy(by: string, at: Date) {
  return {entered_by: named(by), entered_at: at};
}

/** Gives the edition a number by hand; null: by the numbering policy. Throws edition_published. */
export function setNumber(
  db: Kysely<Schema>,
  step: EditionStep & {readonly number: EditionNumber | null},
  now: Date,
): Promise<Draft> {
  const note = step.number === null ? null : `${step.number.year}/${step.number.issue}`;
  return edit(db, {...step, name: "number", note, now}, (work, draft) =>
    updateDraft(work, {...draft, from: draft.state}, numberColumns(step.number)),
  );
}

/** Chooses the short or the long form. Throws edition_published. */
export function setVariant(
  db: Kysely<Schema>,
  step: EditionStep & {readonly variant: EditionVariant},
  now: Date,
): Promise<Draft> {
  return edit(db, {...step, name: "variant", note: step.variant, now}, (work, draft) =>
    updateDraft(work, {...draft, from: draft.state}, {variant: step.variant}),
  );
}

interface Edit extends EditionStep {
  readonly name: ReviewStepName;
  readonly note: string | null;
  readonly now: Date;
}

/** One small change of an open draft, under its lock and with its line in the log. */
function edit(
  db: Kysely<Schema>,
  {week, by, name, note, now}: Edit,
  change: (work: Work, draft: Draft) => Promise<unknown>,
): Promise<Draft> {
  return db.transaction().execute(async (work) => {
    const {version, state} = await lockDraft(work, week).then(async (draft) => {
      await change(work, editable(draft));
      return draft;
    });
    await logStep(work, {week, version, step: name, from: state, to: state, by: named(by), note}, now);
    return lockDraft(work, week);
  });
}

async function copyWords(work: Work, from: Draft, to: VersionKey & {by: string; at: Date}): Promise<void> {
  const {week, version, by, at} = to;
  const entered = enteredBy(by, at);
  const texts = (["zh", "en"] as const).flatMap((language) =>
    Object.entries(from.texts[language]).map(([paragraph, text]) => {
      return {
        week,
        version,
        language,
        paragraph,
        text,
        composed: from.composed[language][paragraph] ?? null,
        ...entered,
      };
    }),
  );
  if (texts.length > 0) await work.insertInto("draft_texts").values(texts).execute();
  const news = from.news.map((item) => ({week, version, ...newsColumns(item), ...entered}));
  if (news.length > 0) await work.insertInto("draft_news").values(news).execute();
}
