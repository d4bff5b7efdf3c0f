import assert from "node:assert/strict";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import test, {after} from "node:test";
import {openLake} from "../../../test/lake.ts";
import {openEngine} from "./engine.ts";
import {compactDays} from "./files/compaction.ts";
import {assetsOfReport, groupsOfReport} from "./report-assets.ts";

const FOLDER = mkdtempSync(path.join(tmpdir(), "watchfloor-report-assets-"));
const engine = openEngine({scratch: path.join(FOLDER, "scratch"), idleSeconds: 60, maxMemoryBytes: 1_600_000_000});
after(async () => {
  await engine.close();
  rmSync(FOLDER, {recursive: true, force: true});
});

const DAY = "2023-02-21";
const HEAD = "time,ip,url,class,severity";
const PAGE = "http://login.example.com/'a";

test("what a report tells of comes in groups of alike events, and each asset of a group once with its first line", async () => {
  const lake = openLake(engine, path.join(FOLDER, "home"));
  const {report} = await lake.take(
    [
      HEAD,
      `${DAY} 03:00:00,192.0.2.1,${PAGE},web.phish,high`,
      `${DAY} 01:00:00,,${PAGE},web.phish,high`,
      `2023-02-22 09:00:00,192.0.2.7,${PAGE},web.phish,high`,
      `${DAY} 01:00:00,,http://other.example.com/,web.phish,high`,
      `${DAY} 01:00:00,192.0.2.2,,mal.bot,`,
      `${DAY} 02:00:00,192.0.2.3,,mal.bot,`,
      "",
    ].join("\n"),
    {fetchedAt: new Date("2023-02-22T10:00:00Z")},
  );
  await lake.take(`${HEAD}\n${DAY} 02:00:00,192.0.2.9,http://not.mine.example/,web.phish,high\n`);
  const place = {engine, lake: lake.lake, report: report.id};
  const read = async () => {
    const groups = await groupsOfReport(place);
    return {
      groups,
      assets: await assetsOfReport(
        place,
        groups.filter((each) => each.class === "web.phish"),
      ),
    };
  };
  const {groups, assets} = await read();
  assert.deepEqual(
    groups.map((each) => [each.class, each.severity, each.assetKind, each.events]),
    [
      ["mal.bot", "", "ip", 2],
      ["web.phish", "high", "url", 4],
    ],
  );
  assert.deepEqual(
    assets.map(({asset, ip, line, events, firstSeenAt, lastSeenAt}) => [
      asset,
      ip,
      line,
      events,
      firstSeenAt,
      lastSeenAt,
    ]),
    [
      [PAGE, "192.0.2.7", 2, 3, `${DAY}T01:00:00.000Z`, "2023-02-22T09:00:00.000Z"],
      ["http://other.example.com/", "", 5, 1, `${DAY}T01:00:00.000Z`, `${DAY}T01:00:00.000Z`],
    ],
    "the address is that of the last event",
  );
  await compactDays({engine, lake: lake.lake, before: "2024-01-01", mostFiles: 1});
  assert.deepEqual(await read(), {groups, assets}, "the same after merging");
  assert.deepEqual(await groupsOfReport({...place, report: "nothing"}), []);
});
