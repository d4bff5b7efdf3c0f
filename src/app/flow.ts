/**
 * From a feed file to a published bulletin: each step hands its result to the next. People come in between, so the steps
 * are taken one at a time, by the command line (commands/) and by the first start (samples.ts).
 *
 * 1. A delivery is opened (store/opening), and each report in it is kept as it came (store/reports).
 * 2. The format says how it is read (feeds/).
 * 3. Lists and registries say whose each thing is (enrich/).
 * 4. One statement makes events of it (store/events).
 * 5. Cases are opened, told of, answered and looked at (cases/, coordination/round.ts).
 * 6. The week is counted, compared and rated (store/events, situation/).
 * 7. An edition is composed of it (bulletin/); a person reviews it.
 * 8. A second one approves it; it is frozen, rendered, signed and archived (publish/, store/archive).
 */
import path from "node:path";
import type {EditionInput} from "../bulletin/edition-input.ts";
import type {Issue} from "../bulletin/numbering.ts";
import type {Draft, EditionVariant} from "../model/edition.ts";
import {WatchfloorError} from "../model/errors.ts";
import type {Week} from "../model/week.ts";
import {isPublished} from "../store/archive.ts";
import {openDraft} from "../store/editions/drafts.ts";
import {approveDraft, draftOf, recordPublication, submitDraft, withdrawDraft} from "../store/editions.ts";
import {loadKey, type SigningKey} from "../store/keys.ts";
import {withLock} from "../store/lock.ts";
import {type Delivery, openDelivery} from "../store/opening.ts";
import {type DeliveryFacts, type IngestedReport, ingestMember} from "./delivery.ts";
import {
  checkNumber,
  type EditionAct,
  type EditionAtDesk,
  editionAsOf,
  editionAtDesk,
  inputOf,
  numberOf,
  printedOf,
} from "./editions.ts";
import {feedOf, type House} from "./house.ts";
import {finishVersion, publishVersion, rebuildSite} from "./publish/archive.ts";
import {situationOf} from "./situation.ts";

/**
 * Takes a delivery in: each report in it is kept as it came and becomes events, and is durable once it is given.
 * Throws feed_unknown, report_… for what cannot be opened, disk_full; the reports that were given before are in.
 */
export async function* ingestDelivery(
  house: House,
  delivery: Delivery,
  facts: DeliveryFacts,
): AsyncGenerator<IngestedReport> {
  const {format} = feedOf(house, facts.feed);
  const {unpackedBytes, unpackedRatio, archiveEntries} = house.config.limits;
  for await (const member of openDelivery(delivery, {
    unpackedBytes,
    ratio: unpackedRatio,
    entries: archiveEntries,
  })) {
    yield await ingestMember(house, member, {...facts, format});
  }
}

/** Makes or refreshes the draft of a week. Throws week_empty, edition_published, database_unavailable. */
export async function draftEdition(
  house: House,
  act: EditionAct & {readonly variant?: EditionVariant},
): Promise<EditionAtDesk> {
  const situation = await situationOf(house, act.week, act.now);
  const {db} = await house.database();
  const draft = await openDraft(
    db,
    {week: act.week.from, by: act.by, ...(act.variant === undefined ? {} : {variant: act.variant})},
    act.now,
  );
  return {draft, situation, input: await inputOf(house, {week: act.week, draft, situation, frozenAt: null})};
}

/**
 * Submits the draft for review by the first person. Throws edition_unknown, edition_not_rated, edition_published,
 * edition_number_taken, and edition_text_stale when numbers have changed under words of the editor.
 */
export async function submitEdition(house: House, {week, by, now}: EditionAct): Promise<Draft> {
  const {situation, input} = await editionAsOf(house, week, {now, casesUntil: now, frozen: null});
  await checkNumber(house, week, input);
  if (input.staleTexts.length > 0) {
    const names = input.staleTexts.map(({language, paragraph}) => `${language} ${paragraph}`);
    throw new WatchfloorError("edition_text_stale", `${week.from}: ${names.join(", ")}`);
  }
  const {db} = await house.database();
  return submitDraft(db, {week: week.from, by, situation, printed: printedOf(house, input)}, now);
}

/**
 * Approves what was submitted, by a second person, and publishes it: frozen, signed, chained, rendered into the archive.
 * May be called again after a crash and ends in the same. Throws edition_second_person, edition_changed, edition_published,
 * edition_report_later, key_missing, key_locked; without the key nothing is approved.
 */
export async function publishEdition(
  house: House,
  {week, by, now}: EditionAct,
  passphrase: string | null,
): Promise<{draft: Draft; entry: string}> {
  const {db} = await house.database();
  const key = await loadKey(path.join(house.home, "keys"), passphrase);
  return alone(house, week, async () => {
    const {draft: found, situation, input} = await editionAtDesk(house, week, now);
    const content = {situation, printed: printedOf(house, input)};
    const isArchived = await isPublished(house.home, found);
    const approved = await approveDraft(db, {week: week.from, by, ...content, isArchived}, now);
    const number = await numberOf(house, week, approved);
    const entry =
      (await finishVersion(house, approved, key)) ??
      (await renderVersion(house, {week, approved, number, key, history: input.history}));
    await rebuildSite(house, key);
    const draft = await recordPublication(
      db,
      {week: week.from, version: approved.version, number: {year: number.year, issue: number.number}, entry},
      now,
    );
    return {draft, entry};
  });
}

interface ApprovedWork {
  readonly week: Week;
  readonly approved: Draft;
  readonly number: Issue;
  readonly key: SigningKey;
  /** The trends that were approved. */
  readonly history: EditionInput["history"];
}

async function renderVersion(house: House, {week, approved, number, key, history}: ApprovedWork): Promise<string> {
  const {situation: frozen, approved: act} = approved;
  if (frozen === null || act === null) throw new WatchfloorError("edition_not_in_review", week.from);
  const at = new Date(act.at);
  return publishVersion(house, {
    draft: approved,
    situation: {...frozen, computedAt: at.toISOString()},
    input: await inputOf(house, {week, draft: approved, situation: frozen, frozenAt: at, history}),
    number,
    at,
    key,
  });
}

/**
 * Takes an edition back from review to the draft, also an approved one while the archive does not have it.
 * Throws edition_not_in_review, edition_published, usage.
 */
export async function withdrawEdition(
  house: House,
  {week, by, reason, now}: EditionAct & {readonly reason: string},
): Promise<Draft> {
  const {db} = await house.database();
  return alone(house, week, async () => {
    const isArchived = await isPublished(house.home, await draftOf(db, week.from));
    return withdrawDraft(db, {week: week.from, by, reason, isArchived}, now);
  });
}

/** Between approval and archive an edition is rendered for seconds: nobody takes it back meanwhile. */
function alone<T>(house: House, {from}: Week, work: () => Promise<T>): Promise<T> {
  return withLock(path.join(house.home, "tmp", `publishing-${from}.lock`), work);
}
