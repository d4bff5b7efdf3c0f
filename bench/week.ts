import {mkdir} from "node:fs/promises";
import path from "node:path";
import {type House, openHouse} from "../src/app/house.ts";
import {initHome} from "../src/app/site/init.ts";
import {countWorkOf} from "../src/app/situation.ts";
import {addDays, weekNamed} from "../src/model/week.ts";
import {type Commit, replaceCommit} from "../src/store/events/commits.ts";
import {literal} from "../src/store/events/sql.ts";
import {countWeeks} from "../src/store/events/weeks/week-counts.ts";
import type {Bar} from "./bench.ts";
import {measure} from "./machine.ts";

const MONDAY = "2023-02-20";
/** Distinct addresses that a day's events are drawn from, and by how much the days overlap. */
const POOL = 10_000_000;

/** The situation of a very large week: building its table, bringing it up to date, and counting from it. */
export async function benchWeek(home: string, events: number): Promise<Bar[]> {
  await initHome({home, profile: "cn", passphrase: null});
  const house = await openHouse(home);
  try {
    const perDay = Math.floor(events / 7);
    for (let day = 0; day < 6; day++) await writeDay(house, {day, events: perDay, seed: day});
    const week = weekNamed(MONDAY, house.config.profile.zone);
    const count = async (): Promise<void> => {
      await countWeeks(countWorkOf(house, await house.definitions()), [week]);
    };
    const build = await measure(house.engine.pid, count);
    await writeDay(house, {day: 6, events: events - 6 * perDay, seed: 6});
    const refresh = await measure(house.engine.pid, count);
    const fresh = await measure(house.engine.pid, async () => {
      await countWeeks(
        countWorkOf(
          house,
          (await house.definitions()).map((each) => ({
            ...each,
            version: each.version + 1,
            counting: {...each.counting},
          })),
        ),
        [weekNamed("2023-02-13", week.zone), week],
      );
    });
    const again = await measure(house.engine.pid, count);
    const millions = (events / 1e6).toFixed(0);
    return [
      {
        what: `week of ${millions} M events: table of six days built`,
        bar: "",
        measured: `${build.wall.toFixed(1)} s, ${build.cpu.toFixed(1)} CPU s, ${(build.memory / 1e9).toFixed(2)} GB`,
        isMet: null,
      },
      {
        what: "a seventh day merged into it and counted",
        bar: "",
        measured: `${refresh.wall.toFixed(1)} s, ${refresh.cpu.toFixed(1)} CPU s, ${(refresh.memory / 1e9).toFixed(2)} GB`,
        isMet: null,
      },
      {
        what: `situation of a week of ${millions} M events, all counts from its table`,
        bar: "<= 3 s, <= 2 GB",
        measured: `${fresh.wall.toFixed(2)} s, ${fresh.cpu.toFixed(2)} CPU s, ${(fresh.memory / 1e9).toFixed(2)} GB`,
        isMet: fresh.wall <= 3 && fresh.memory <= 2e9,
      },
      {what: "the same asked again", bar: "", measured: `${again.wall.toFixed(3)} s`, isMet: null},
    ];
  } finally {
    await house.close();
  }
}

/** Writes a day of generated events straight into the lake, as a committed report. */
async function writeDay(house: House, {day, events, seed}: {day: number; events: number; seed: number}): Promise<void> {
  const date = addDays(MONDAY, day);
  const id = `bench-${String(seed).padStart(16, "0")}`;
  const name = `${id}.${String(seed).padStart(12, "0")}.parquet`;
  const folder = path.join(house.lake, `day=${date}`);
  await mkdir(folder, {recursive: true});
  const who = `(rand64(${seed}) % ${POOL} + ${seed} * ${POOL / 20})`;
  const GENERATE = `
    INSERT INTO FUNCTION file(${literal(path.join(folder, name))}, 'Parquet')
    SELECT ${literal(id)} AS report, toUInt32(number + 2) AS line, xxh3(number) AS row_hash,
      toDateTime(${literal(`${date} 00:00:00`)}, 'UTC') + rand(1) % 57600 AS seen_at, toUInt8(1) AS has_own_time, 'bench' AS feed,
      if(rand(2) % 20 = 0, 'mal.worm', 'mal.bot') AS class, 'ip' AS asset_kind, toIPv6(concat('::ffff:', IPv4NumToString(toUInt32(16777216 + ${who} * 211)))) AS ip,
      if(${who} % 50 = 0, 'JP', 'CN') AS country, if(country = 'CN', 'domestic', 'overseas') AS scope,
      if(country = 'CN', ['11', '31', '44', '33', '32', '51', '42', '37', '41', '13'][1 + ${who} % 10], '') AS province,
      if(class = 'mal.worm', 'conficker', concat('family-', toString(intHash32(${who} + rand(3) % 2) % 60))) AS family, 'telecom' AS sector
    FROM numbers(${events})`;
  await house.engine.run(GENERATE, {
    output_format_compression_level: 1,
    output_format_parquet_write_bloom_filter: 0,
    engine_file_truncate_on_insert: 1,
    max_block_size: 1_000_000,
  });
  const commit: Commit = {
    id,
    feed: "bench",
    format: "bench",
    type: null,
    fileName: `${id}.csv`,
    sha256: "0".repeat(64),
    fetchedAt: `${date}T20:00:00.000Z`,
    zone: house.config.profile.zone,
    received: events,
    events,
    rejects: 0,
    files: [{day: date, name, rows: events}],
    rejectFile: null,
    header: [],
    warnings: [],
    lookups: "",
    toolVersion: "bench",
    committedAt: `${date}T20:00:00.000Z`,
    generation: 1,
  };
  await replaceCommit(house.lake, commit);
}
