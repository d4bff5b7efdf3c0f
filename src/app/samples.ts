/** The first start: a data folder with two made-up weeks, from reports to published editions. */
import {Readable} from "node:stream";
import {addDays, weekNamed} from "../model/week.ts";
import {readFigure} from "../situation/figures.ts";
import {definitionOf} from "../situation/indicators.ts";
import {enterFigures, figuresOf} from "../store/entries.ts";
import {scratchFolder} from "../store/report-records.ts";
import {listEditions} from "./editions.ts";
import {draftEdition, ingestDelivery, publishEdition, submitEdition} from "./flow.ts";
import {type House, isHome, openHouse} from "./house.ts";
import {placeTables} from "./samples/places.ts";
import {noteSamplesDone} from "./samples/progress.ts";
import {SAMPLE_ZONE} from "./samples/report.ts";
import {sampleConfig, sampleFiles} from "./samples/tables.ts";
import {SAMPLE_WEEKS, type SampleWeek, sampleReports} from "./samples/weeks.ts";
import {initHome} from "./site/init.ts";

const EDITOR = "sample-editor";
const REVIEWER = "sample-reviewer";
/** When the week after has begun for a few hours. */
const PUBLISHED_AT = "T02:00:00Z";

/** Where and for whom the sample is made. */
export interface SampleChoice {
  readonly home: string;
  /** Address at which the archive will be served. */
  readonly siteUrl: string;
  readonly passphrase: string | null;
  readonly say: (line: string) => void;
}

/** Makes the sample. May be broken off at any point: called again it goes on, and the result is the same. */
export async function makeSamples({home, siteUrl, passphrase, say}: SampleChoice): Promise<void> {
  if (!(await isHome(home))) {
    const files = {...placeTables(), ...sampleFiles()};
    await initHome({
      home,
      profile: "cn",
      passphrase,
      sample: {files, configure: (text) => sampleConfig(text, siteUrl)},
    });
  }
  const house = await openHouse(home);
  try {
    house.database().catch(() => undefined); // it takes seconds to be made: meanwhile the reports go in
    for (const week of SAMPLE_WEEKS) {
      await ingestWeek(house, week, say); // before the week after comes: an edition lists what was there when it was frozen
      await publishWeek(house, week, {passphrase, say});
    }
    await noteSamplesDone(
      home,
      SAMPLE_WEEKS.map(({monday}) => monday),
    );
  } finally {
    await house.close();
  }
}

async function ingestWeek(house: House, week: SampleWeek, say: SampleChoice["say"]): Promise<void> {
  const reports = sampleReports(week);
  let events = 0;
  for (const {feed, fileName, fetchedAt, text} of reports) {
    const stream = Readable.from([Buffer.from(text)]);
    const delivery = {stream, name: fileName, scratch: scratchFolder(house.home)};
    for await (const report of ingestDelivery(house, delivery, {feed, fetchedAt, now: fetchedAt}))
      events += report.events;
  }
  say(
    `${week.monday}：已接收 ${reports.length} 份合成报告、${events} 个事件 / ${reports.length} synthetic reports, ${events} events`,
  );
}

/** One invented person submits, another approves. */
async function publishWeek(
  house: House,
  {monday, figures}: SampleWeek,
  {passphrase, say}: Pick<SampleChoice, "passphrase" | "say">,
): Promise<void> {
  const week = weekNamed(monday, SAMPLE_ZONE);
  const now = new Date(`${addDays(monday, 7)}${PUBLISHED_AT}`);
  const {db} = await house.database();
  const state = (await listEditions(house)).find((edition) => edition.week === monday)?.state ?? null;
  if (state === "published") return;
  if (state !== "in_review") {
    const definitions = await house.definitions();
    const known = await figuresOf(db, monday);
    const missing = Object.entries(figures).filter(([id]) => !known.has(id));
    const entries = missing.map(([id, text]) => ({
      week: monday,
      indicator: id,
      value: readFigure(definitionOf(definitions, id), text),
      by: EDITOR,
    }));
    await enterFigures(db, entries, now);
    await draftEdition(house, {week, by: EDITOR, now});
    await submitEdition(house, {week, by: EDITOR, now});
  }
  await publishEdition(house, {week, by: REVIEWER, now}, passphrase);
  say(`${monday}：样例周报已发布 / sample edition published`);
}
