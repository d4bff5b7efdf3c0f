/**
 * The reference week replayed: made-up complaints, reports, parties and sites of 2023-02-20 to 26 go the real way, and the
 * edition 2023/9 comes out with the published numbers. Mail server, sites, names and registry are on loopback.
 *
 *     npm run reference-week -- [TO] [PART]
 *
 * TO, which must not exist yet, gets the data folder (`home/`) and the edition (`edition/`). PART 10 plays a tenth of it.
 */
import {mkdir, writeFile} from "node:fs/promises";
import path from "node:path";
import {tableText} from "../../src/app/command.ts";
import {draftEdition} from "../../src/app/flow.ts";
import {documentsOf, EDITION_FORMATS, renderEdition} from "../../src/app/publish/rendering.ts";
import {mindClosedPipes} from "../../src/app/terminal/closed-pipe.ts";
import {overrideRating} from "../../src/store/entries.ts";
import {slotTime, WEEK} from "./clock.ts";
import {planWeek, SLOTS} from "./plan.ts";
import {openScene, type Scene} from "./scene.ts";
import {beginWeek} from "./week.ts";

const SEED = 1;
const EDITOR = "editor-on-duty";
/** Monday morning after the week. */
const DRAFTED_AT = slotTime(SLOTS, -60);
const SHOWN = [
  ...["incident.total", "incident.cross_border", "incident.phishing", "mobile.platforms", "mobile.urls"],
  ...["complaint.received", "takedown.verified", "takedown.median_hours", "takedown.p90_hours"],
];

/** Drafts the edition and writes it in every format, language and form. Returns the numbers as they are printed. */
async function makeEdition({house}: Scene, to: string): Promise<string[][]> {
  const {db} = await house.database();
  const reason = {zh: "国家互联网应急中心当周公布的评价", en: "As published by CNCERT/CC for the week"};
  await overrideRating(db, {week: WEEK.from, grade: "良", reason, by: EDITOR}, DRAFTED_AT);
  const {input, situation} = await draftEdition(house, {week: WEEK, by: EDITOR, now: DRAFTED_AT});
  const {profile} = house.config;
  for (const variant of ["short", "long"] as const) {
    const documents = documentsOf(input, profile, {languages: ["zh", "en"], variant});
    const cache = path.join(house.home, "tmp", "fonts");
    const choice = {input, profile, documents, formats: EDITION_FORMATS, createdAt: DRAFTED_AT, cache};
    for (const {name, bytes} of await renderEdition(choice)) {
      await mkdir(path.dirname(path.join(to, name)), {recursive: true});
      await writeFile(path.join(to, name), bytes);
    }
  }
  return SHOWN.map((id) => [id, String(situation.indicators[id]?.value ?? "-")]);
}

async function main([to = "var/reference-week", part = "1"]: readonly string[]): Promise<void> {
  await mkdir(path.dirname(path.resolve(to)), {recursive: true});
  await mkdir(to);
  const scene = await openScene({home: path.join(to, "home"), database: null});
  try {
    const things = planWeek(SEED, Number(part));
    const week = beginWeek(scene, things);
    for (let slot = 0; slot < SLOTS; slot += 1) {
      await week.run(slot, slot);
      process.stdout.write(
        `${slotTime(slot).toISOString()}  ${week.complaints()} complaints, ${scene.smtp.mails.length} mails sent\n`,
      );
    }
    const rows = await makeEdition(scene, path.join(to, "edition"));
    process.stdout.write(`\n${tableText(rows)}\n\nthe edition is in ${path.join(to, "edition")}\n`);
  } finally {
    await scene.close();
  }
}

mindClosedPipes();
await main(process.argv.slice(2));
