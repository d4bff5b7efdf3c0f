/**
 * From a feed file to a published bulletin: each step hands its result to the next. People come in between, so the steps
 * are taken one at a time, by the command line (commands/) and by the first start (samples.ts).
 *
 * 1. A delivery is opened (store/opening), and each report in it is kept as it came (store/reports).
 * 2. The format says how it is read (feeds/).
 * 3. Lists and registries say whose each thing is (enrich/).
 * 4. One statement makes events of it (store/events).
 * 5. Cases: not yet.
 * 6. The week is counted, compared and rated (store/events, situation/).
 * 7. An edition is composed of it (bulletin/); a person reviews it.
 * 8. A second one approves it; it is frozen, rendered, signed and archived (publish/, store/archive).
 */
import path from "node:path";
import type {Draft, EditionVariant} from "../model/edition.ts";
import {WatchfloorError} from "../model/errors.ts";
import {openDraft} from "../store/editions/drafts.ts";
import {approveDraft, recordPublication, submitDraft} from "../store/editions.ts";
import {loadKey} from "../store/keys.ts";
import {type Delivery, openDelivery} from "../store/opening.ts";
import {type DeliveryFacts, type IngestedReport, ingestMember} from "./delivery.ts";
import {type EditionAct, type EditionAtDesk, editionAtDesk, inputOf, numberOf} from "./editions.ts";
import {feedOf, type House} from "./house.ts";
import {archivedEntry, publishVersion, rebuildSite} from "./publish/archive.ts";
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
 * Submits the draft for review by the first person. Throws edition_unknown, edition_not_rated, edition_published, and
 * edition_text_stale when numbers have changed under words of the editor.
 */
export async function submitEdition(house: House, {week, by, now}: EditionAct): Promise<Draft> {
  const {situation, input} = await editionAtDesk(house, week, now);
  if (input.staleTexts.length > 0) {
    const names = input.staleTexts.map(({language, paragraph}) => `${language} ${paragraph}`);
    throw new WatchfloorError("edition_text_stale", `${week.from}: ${names.join(", ")}`);
  }
  const {db} = await house.database();
  return submitDraft(db, {week: week.from, by, situation}, now);
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
  const situation = await situationOf(house, week, now);
  await loadKey(path.join(house.home, "keys"), passphrase);
  const approved = await approveDraft(db, {week: week.from, by, situation}, now);
  const frozen = approved.situation;
  if (frozen === null || approved.approved === null) throw new WatchfloorError("edition_not_in_review", week.from);
  const frozenAt = new Date(approved.approved.at);
  const number = await numberOf(house, week, approved);
  const archived = await archivedEntry(house, week.from, approved.version);
  const entry =
    archived ??
    (await publishVersion(house, {
      draft: approved,
      situation: {...frozen, computedAt: frozenAt.toISOString()},
      input: await inputOf(house, {week, draft: approved, situation: frozen, frozenAt}),
      number,
      at: frozenAt,
      passphrase,
    }));
  const draft = await recordPublication(
    db,
    {week: week.from, version: approved.version, number: {year: number.year, issue: number.number}, entry},
    now,
  );
  await rebuildSite(house, passphrase);
  return {draft, entry};
}
