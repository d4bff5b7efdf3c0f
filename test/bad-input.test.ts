import assert from "node:assert/strict";
import {spawnSync} from "node:child_process";
import {chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {suite, type TestContext} from "node:test";
import {gzipSync} from "node:zlib";
import {type Ran, watchfloor} from "./command-line.ts";
import {makeHome, temporaryFolder} from "./site.ts";
import {zipOf} from "./zip.ts";

/**
 * What people and feeds get wrong, each through the real command line: one clear line says what, where and what to do, and
 * nothing that was good is lost.
 */
const TWEET = (at: string, value: string): string =>
  `${at},analyst,ip,${value},#cobaltstrike,https://social.example/1\n`;
const GOOD = TWEET("2023-02-20 01:00:00", "192.0.2.1");
/** The id that systems give to the user without rights. */
const NOBODY = 65_534;
const FETCHED = ["--fetched-at", "2023-02-28T00:00:00Z"];

const folder = temporaryFolder();
const home = await makeHome({profile: "cn"});
let files = 0;

/** Writes a file and returns its path. */
function fileOf(bytes: string | Uint8Array, name = "day.csv"): string {
  const file = path.join(folder, String(++files), name);
  mkdirSync(path.dirname(file));
  writeFileSync(file, bytes);
  return file;
}

/** Refused: the exit code, nothing on standard output, and one line on standard error that says it. */
function assertRefused(ran: Ran, code: number, says: RegExp): void {
  assert.equal(ran.code, code, ran.err);
  assert.equal(ran.out, "");
  assert.match(ran.err, says);
  assert.match(ran.err, /^watchfloor[^\n]*\n$/, "one line, no trace");
}

const good = fileOf(GOOD);
const bomb = Buffer.alloc(64 * 1024 * 1024);

/** What is refused as a whole: the words of the command, the exit code, and what is said. */
const REFUSED: readonly (readonly [name: string, words: readonly string[], code: 1 | 2, says: RegExp])[] = [
  [
    "a feed that there is not",
    ["ingest", good, "--feed", "tweetfed"],
    1,
    /no feed of that name.*"tweetfed".*tweetfeed/,
  ],
  ["a truncated gzip", ["ingest", fileOf(gzipSync(GOOD).subarray(0, 60)), "--feed", "tweetfeed"], 1, /is truncated/],
  ["a gzip bomb", ["ingest", fileOf(gzipSync(bomb)), "--feed", "tweetfeed"], 1, /unpacks to far more.*day\.csv/],
  [
    "a zip bomb",
    ["ingest", fileOf(zipOf(["day.csv", bomb])), "--feed", "tweetfeed"],
    1,
    /unpacks to far more.*day\.csv/,
  ],
  [
    "an archive in an archive",
    ["ingest", fileOf(gzipSync(gzipSync(GOOD))), "--feed", "tweetfeed"],
    1,
    /archive inside/,
  ],
  ["a header of another format", ["ingest", good, "--feed", "jpcert-phishurl"], 1, /header does not fit.*day\.csv/],
  ["text where XML is due", ["ingest", good, "--feed", "cnvd"], 1, /cannot be read.*day\.csv is no CNVD XML/],
  ["an empty file", ["ingest", fileOf(""), "--feed", "tweetfeed"], 1, /The report is empty.*day\.csv/],
  ["a file that is not there", ["ingest", path.join(folder, "no.csv"), "--feed", "tweetfeed"], 1, /no file .*no\.csv/],
  ["a folder for a file", ["ingest", folder, "--feed", "tweetfeed"], 1, /is a folder/],
  ["a report that there is not", ["rejects", "--report", "tweetfeed-0"], 1, /no report of that id.*tweetfeed-0/],
  ["a week that is not a Monday", ["situation", "--week", "2023-02-22"], 1, /no Monday; its week is 2023-02-20/],
  ["a week that is no date", ["situation", "--week", "2023-02-30"], 1, /"2023-02-30" is no date/],
  ["a week without data", ["situation", "--week", "2019-01-07"], 1, /no data for that week.*2019-01-07/],
  ["an edition of no data", ["edition", "draft", "--week", "2019-01-07"], 1, /no data for that week.*2019-01-07/],
  [
    "an edition that was not drafted",
    ["edition", "publish", "--week", "2019-01-07", "--by", "A"],
    1,
    /no data|no edition/,
  ],
  [
    "a number that is counted",
    ["edition", "figures", "--week", "2023-02-20", "--set", "phish.pages_per_ip=5"],
    1,
    /not entered/,
  ],
  [
    "a figure that is none",
    ["edition", "figures", "--week", "2023-02-20", "--set", "incident.total=many"],
    1,
    /incident\.total=many/,
  ],
  [
    "an indicator that there is not",
    ["explain", "--week", "2023-02-20", "--indicator", "host.bots"],
    1,
    /no indicator.*host\.bots/,
  ],
  ["a data folder that is there already", ["init"], 1, /data folder already/],
  [
    "a figures file that is no JSON",
    ["edition", "render", "--figures", good, "--to", folder],
    1,
    /day\.csv is no JSON/,
  ],
  ["no command", ["publish"], 2, /no command "publish"\. See/],
  [
    "an unknown option",
    ["situation", "--weak", "2023-02-20"],
    2,
    /no option --weak\. Did you mean --week\?.*Usage: watchfloor situation --week/,
  ],
  ["a missing option", ["situation"], 2, /--week is missing.*Usage/],
  ["an option without its value", ["ingest", good, "--feed"], 2, /--feed.*Usage/],
  ["no file", ["ingest", "--feed", "tweetfeed"], 2, /no file is named.*Usage/],
  ["a word too many", ["situation", "2023-02-20"], 2, /takes no "2023-02-20".*Usage/],
  [
    "a limit that is no number",
    ["explain", "--week", "2023-02-20", "--indicator", "c2.ips", "--limit", "all"],
    2,
    /--limit all/,
  ],
  [
    "a time that is none",
    ["ingest", good, "--feed", "tweetfeed", "--fetched-at", "yesterday"],
    2,
    /yesterday is no time/,
  ],
  ["a profile that there is not", ["init", "--profile", "atlantis", "--home", path.join(folder, "new")], 2, /atlantis/],
  [
    "a format that there is not",
    ["edition", "render", "--week", "2023-02-20", "--to", folder, "--formats", "odt"],
    2,
    /not odt/,
  ],
  ["nobody's name", ["edition", "publish", "--week", "2023-02-20"], 2, /name who submits/],
];

suite("refused in one line", {concurrency: 2}, () => {
  for (const [name, words, code, says] of REFUSED) {
    test(`${name} is refused in one line, with exit code ${code}`, async () => {
      assertRefused(await watchfloor([...words, "--json"], {home}), code, says);
    });
  }
});

/** What is taken in but for some lines: how many events, and the rejects by line. */
const PARTLY: readonly (readonly [name: string, bytes: string | Buffer, events: number, rejects: readonly string[]])[] =
  [
    [
      "a broken quote costs its own line",
      `${GOOD}2023-02-20 02:00:00,analyst,ip,192.0.2.2,"#phishing,https://social.example/2\n${GOOD}${GOOD}`,
      3,
      ["2 structure"],
    ],
    ["a line of 10 MB costs itself", `${GOOD}${"x".repeat(10_000_000)}\n${GOOD}`, 2, ["2 too_long"]],
    ["NULs cost their own line", `${GOOD}${TWEET("2023-02-20 02:00:00", "192.0.2\0.2")}${GOOD}`, 2, ["2 no_asset"]],
    ["UTF-16 with a mark is read", Buffer.from(`\uFEFF${GOOD}${GOOD}`, "utf16le"), 2, []],
    ["UTF-16, big end first, is read", Buffer.from(`\uFEFF${GOOD}${GOOD}`, "utf16le").swap16(), 2, []],
    ["a byte order mark is no part of the first value", `\uFEFF${GOOD}`, 1, []],
    ["Windows line ends, and none at the end", `${GOOD.replace("\n", "\r\n")}${GOOD.trimEnd()}`, 2, []],
    [
      "days of 1970 and 2099 are not believed",
      `${GOOD}${TWEET("1970-01-01 00:00:00", "192.0.2.2")}${TWEET("2099-12-31 00:00:00", "192.0.2.3")}`,
      1,
      ["2 time_out_of_range", "3 time_out_of_range"],
    ],
    [
      "rubbish is all rejects, and none of it is lost",
      "once upon a time\nthere was no table\n",
      0,
      ["1 structure", "2 structure"],
    ],
  ];

suite("partly taken in", {concurrency: 2}, () => {
  for (const [name, bytes, events, rejects] of PARTLY) {
    test(`${name}: every line is an event or a reject`, async () => {
      const ran = await watchfloor(["ingest", fileOf(bytes), "--feed", "tweetfeed", ...FETCHED, "--json"], {home});
      assert.equal(ran.code, 0, ran.err);
      const [report] = JSON.parse(ran.out).reports;
      assert.deepEqual(
        [report.events, report.rejects, report.received],
        [events, rejects.length, events + rejects.length],
      );
      const shown = await watchfloor(["rejects", "--report", report.id, "--json"], {home});
      const found: {line: number; reason: string}[] = JSON.parse(shown.out);
      assert.deepEqual(
        found.map(({line, reason}) => `${line} ${reason}`),
        rejects,
      );
    });
  }
});

test("of what was refused nothing is in, and of what was taken in nothing is missing", async () => {
  const ran = await watchfloor(["reports", "--json"], {home});
  const reports: {events: number | null; rejects: number; received: number}[] = JSON.parse(ran.out);
  const read = reports.filter(({events}) => events !== null);
  assert.equal(read.length, PARTLY.length);
  for (const report of read) assert.equal((report.events ?? 0) + report.rejects, report.received);
  assert.equal(reports.length - read.length, 2, "kept for another try: the header, and the text where XML is due");
});

test("--json prints one JSON document and nothing else, for a person in English too", {timeout: 120_000}, async () => {
  const file = fileOf(`${GOOD}${TWEET("2023-02-21 01:00:00", "192.0.2.9")}`);
  const commands = [
    ["ingest", file, "--feed", "tweetfeed", ...FETCHED],
    ["feeds"],
    ["formats"],
    ["indicators"],
    ["config", "check"],
    ["reports"],
    ["rejects"],
    ["situation", "--week", "2023-02-20"],
    ["explain", "--week", "2023-02-20", "--indicator", "c2.ips"],
    ["edition", "list"],
    ["infra", "list", "--week", "2023-02-20"],
    ["edition", "figures", "--week", "2023-02-20"],
  ];
  for (const words of commands) {
    const {code, out, err} = await watchfloor([...words, "--json"], {home});
    assert.deepEqual([code, err], [0, ""], words.join(" "));
    assert.doesNotThrow(() => JSON.parse(out), words.join(" "));
  }
});

/** What is wrong with the configuration, and the place that is named. */
const CONFIGS: readonly (readonly [name: string, line: string, says: RegExp])[] = [
  ["an unknown key", "colour: red", /watchfloor\.yaml:(\d+) the key "colour" is not known/],
  [
    "an unknown key of a feed",
    "feeds: {mine: {format: tweetfeed, every: 5}}",
    /watchfloor\.yaml:(\d+) .*"feeds\.mine\.every"/,
  ],
  ["a wrong value", "limits: {unpackedRatio: many}", /watchfloor\.yaml:(\d+) "limits\.unpackedRatio"/],
  ["an unknown profile", "profile: atlantis", /watchfloor\.yaml:(\d+) names the profile "atlantis"/],
  ["broken YAML", "feeds: {", /watchfloor\.yaml:(\d+)/],
];

for (const [name, line, says] of CONFIGS) {
  test(`${name} in the configuration stops every command, naming file and line`, async () => {
    const site = path.join(temporaryFolder(), "home");
    const key = line.split(":")[0] ?? "";
    const written = readFileSync(path.join(home, "watchfloor.yaml"), "utf8").split("\n");
    const kept = written.filter((each) => !each.startsWith(`${key}:`) && !(key === "feeds" && each.startsWith("  ")));
    mkdirSync(site);
    writeFileSync(path.join(site, "watchfloor.yaml"), [...kept, line].join("\n"));
    const ran = await watchfloor(["feeds", "--json"], {home: site});
    assertRefused(ran, 1, says);
    const named = Number(says.exec(ran.err)?.[1]);
    assert.ok(named >= kept.length && named <= kept.length + 1, `line ${named} of ${kept.length + 1}`);
  });
}

test("no data folder, and one that cannot be made, is said to be so", async () => {
  const nowhere = path.join(folder, "nowhere");
  assertRefused(await watchfloor(["feeds"], {home: nowhere}), 1, /no data folder there.*nowhere.*watchfloor init/);
  assertRefused(await watchfloor(["init"], {home: path.join(good, "below-a-file")}), 1, /below-a-file/);
});

test("a file that this user may not read is said to be so", async (t) => {
  if (process.getuid?.() !== 0) return t.skip("skipped: taking another user takes root");
  const secret = fileOf(GOOD);
  chmodSync(secret, 0o600);
  for (const place of [folder, path.dirname(home), home]) chmodSync(place, 0o755);
  const ran = await watchfloor(["ingest", secret, "--feed", "tweetfeed"], {home, user: NOBODY});
  assertRefused(ran, 1, /day\.csv may not be read by this user/);
});

/** Runs the test in a data folder on a small disk of its own; says why not where that is not possible. */
async function onSmallDisk(t: TestContext, run: (home: string, disk: string) => Promise<void>): Promise<void> {
  const disk = path.join(temporaryFolder(), "disk");
  mkdirSync(disk);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", disk]).status !== 0)
    return t.skip("skipped: mounting a small disk takes root");
  try {
    cpSync(home, path.join(disk, "home"), {
      recursive: true,
      filter: (from) => !/\/(postgres|tmp|lake|reports)$/.test(from),
    });
    await run(path.join(disk, "home"), disk);
  } finally {
    spawnSync("umount", ["-l", disk]);
  }
}

test("a full disk is said to be full; what was in is in, and it goes on when there is room", async (t) => {
  await onSmallDisk(t, async (small, disk) => {
    const ingest = ["ingest", good, "--feed", "tweetfeed", ...FETCHED, "--json"];
    assert.equal((await watchfloor(ingest, {home: small})).code, 0);
    spawnSync("dd", ["if=/dev/zero", `of=${path.join(disk, "filling")}`, "bs=1M"]);
    const more = fileOf(`${GOOD}${TWEET("2023-02-21 01:00:00", "192.0.2.8")}`);
    assertRefused(await watchfloor(["ingest", more, ...ingest.slice(2)], {home: small}), 1, /The disk is full/);
    rmSync(path.join(disk, "filling"));
    const ran = await watchfloor(["ingest", good, more, ...ingest.slice(2)], {home: small});
    assert.deepEqual(
      JSON.parse(ran.out).reports.map(({duplicate, events}: {duplicate: boolean; events: number}) => [
        duplicate,
        events,
      ]),
      [
        [true, 1],
        [false, 2],
      ],
    );
  });
});

test("a data folder that cannot be written refuses new reports and still tells what is in", async (t) => {
  await onSmallDisk(t, async (small, disk) => {
    const ingest = ["ingest", good, "--feed", "tweetfeed", ...FETCHED, "--json"];
    assert.equal((await watchfloor(ingest, {home: small})).code, 0);
    spawnSync("mount", ["-o", "remount,ro", disk]);
    const more = fileOf(`${GOOD}${TWEET("2023-02-21 01:00:00", "192.0.2.8")}`);
    assertRefused(await watchfloor(["ingest", more, ...ingest.slice(2)], {home: small}), 1, /cannot be written/);
    const reports = await watchfloor(["reports", "--json"], {home: small});
    assert.equal(JSON.parse(reports.out).length, 1);
    assertRefused(
      await watchfloor(["situation", "--week", "2023-02-20", "--json"], {home: small}),
      1,
      /cannot be written/,
    );
  });
});
