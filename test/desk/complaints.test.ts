/** Complaints by the command line, on a data folder and a real database. */
import assert from "node:assert/strict";
import {readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {COMPLAINT_REJECTS, readComplaintList} from "../../src/cases/complaint-list.ts";
import {listPending} from "../../src/store/notices/pending.ts";
import {createDatabase} from "../database.ts";
import {answerOf} from "../in-process.ts";
import {openSite, ROOT, temporaryFolder} from "../site.ts";

const {url, drop} = await createDatabase();
after(drop);
const house = await openSite({config: {database: {url}}});
// biome-ignore lint/suspicious/noExplicitAny: answers of any command
const say = (...words: string[]): Promise<any> => answerOf(house, ...words);
const refused = (words: string[], code: string): Promise<void> => assert.rejects(say(...words), {code});
const EXAMPLE = path.join(ROOT, "examples/complaints/hotline.csv");

test("a list of complaints opens one case for two of one page, keeps what a person has to look at, and names the rejects", async () => {
  const taken = await say("complaint", "import", EXAMPLE, "--by", "Li");
  assert.deepEqual([taken.received, taken.added, taken.known, taken.cases], [4, 3, 0, 1]);
  assert.deepEqual(taken.rejects, [{line: 5, reason: "bad_answer", text: "maybe"}]);
  const waiting = await say("complaint", "list", "--state", "waiting");
  assert.deepEqual(
    waiting.map(({asset, class: of}: {asset: {value: string}; class: string | null}) => [asset.value, of]),
    [["203.0.113.9", null]],
  );
  const {db} = await house.database();
  assert.equal(
    (await listPending(db, {after: null, limit: 10})).filter(({event}) => event === "reporter-received").length,
    2,
  );
});

test("the same list again adds nothing, nor does a line with the same key in another file", async () => {
  const again = await say("complaint", "import", EXAMPLE);
  assert.deepEqual([again.added, again.known, again.cases], [0, 3, 0]);
  const other = path.join(temporaryFolder(), "other.csv");
  writeFileSync(other, `\uFEFF${readFileSync(EXAMPLE, "utf8").replace("2023-02-20 09:12", "2023-02-20 09:13")}`);
  assert.equal((await say("complaint", "import", other)).added, 0);
  const keyless = path.join(temporaryFolder(), "keyless.csv");
  writeFileSync(keyless, "received_at,text\n2023-02-20,one\n2023-02-20,one\n");
  assert.equal((await say("complaint", "import", keyless)).added, 2, "two equal lines are two complaints");
  assert.equal((await say("complaint", "import", keyless)).added, 0);
});

test("every reason for which a line is not taken occurs, with its line", () => {
  const rows = [
    ["", "a.example", "", "", ""],
    ["2023-02-30", "a.example", "", "", ""],
    ["2999-01-01", "a.example", "", "", ""],
    ["2023-02-20", "a.example", "web.none", "", ""],
    ["2023-02-20", "not an asset", "", "", ""],
    ["2023-02-20", "a.example", "", "1.2.3", ""],
    ["2023-02-20", "a.example", "", "", "perhaps"],
    ["2023-02-20", "", "", "", ""],
  ];
  const text = `received_at,asset,class,ip,wants_answer\n${rows.map((row) => row.join(",")).join("\n")}\n2023-02-20,a.example\n`;
  const {complaints, rejects} = readComplaintList(
    {name: "x", text},
    {zone: "UTC", now: new Date("2023-03-01T00:00:00Z")},
  );
  assert.deepEqual(complaints, []);
  assert.deepEqual(
    rejects.map(({line, reason}) => [line, reason]),
    [
      [2, "no_time"],
      ...[3, 4].map((line) => [line, "bad_time"]),
      [5, "unknown_class"],
      [6, "bad_asset"],
      [7, "bad_address"],
      [8, "bad_answer"],
      [9, "nothing_said"],
      [10, "structure"],
    ],
  );
  assert.deepEqual(new Set(rejects.map(({reason}) => reason)), new Set(Object.keys(COMPLAINT_REJECTS)));
});

test("a list whose first line does not name the columns is refused as a whole", async () => {
  for (const head of ["received_at,url", "received_at", "asset,text", "received_at,asset,asset", ""]) {
    const file = path.join(temporaryFolder(), "list.csv");
    writeFileSync(file, `${head}\n2023-02-20,a.example\n`);
    await refused(["complaint", "import", file], "complaints_unreadable");
  }
  await refused(["complaint", "import", "nowhere.csv"], "usage");
});

test("a complaint that waits is put to a case, or opens one with what a person adds, and counts with its class", async () => {
  const [first] = await say("complaint", "list", "--state", "waiting", "--limit", "1");
  const waiting = await say("complaint", "list", "--state", "waiting");
  const about = waiting.find(({asset}: {asset: {value: string} | null}) => asset?.value === "203.0.113.9");
  await refused(["complaint", "open", "--id", about.id], "usage");
  const opened = await say(
    "complaint",
    "open",
    "--id",
    about.id,
    "--class",
    "att.host",
    "--note",
    "as he says",
    "--by",
    "Li",
  );
  assert.deepEqual([opened.outcome, opened.case.source, opened.case.class], ["opened", "complaint", "att.host"]);
  const now = await say("complaint", "show", "--id", about.id);
  assert.deepEqual([now.state, now.case, now.class], ["joined", opened.case.id, "att.host"]);
  await refused(["complaint", "open", "--id", about.id, "--class", "att.host"], "complaint_unknown");
  await refused(["complaint", "refuse", "--id", about.id, "--reason", "x"], "complaint_unknown");
  const joined = await say("complaint", "join", "--id", first.id, "--case", opened.case.id);
  assert.deepEqual([joined.state, joined.class], ["joined", "att.host"], "what it did not say, the case says");
  const {complaints, steps} = await say("case", "show", "--id", opened.case.id);
  assert.equal(complaints.length, 2);
  assert.equal(steps.filter(({step}: {step: string}) => step === "join").length, 2);
});

test("a complaint told on the telephone opens its case; one that says nothing is refused", async () => {
  const added = await say(
    ...[
      "complaint",
      "add",
      "--class",
      "web.phish",
      "--asset",
      "hxxp://phone[.]example[.]com/",
      "--reporter",
      "w@reader.example",
    ],
    ...["--answer", "--text", "asked for his password", "--by", "Li"],
  );
  assert.deepEqual([added.state, added.source], ["joined", "hand"]);
  await refused(["complaint", "add", "--reporter", "w@reader.example"], "usage");
  await refused(["complaint", "add", "--class", "web.none", "--text", "x"], "usage");
  await refused(["complaint", "add", "--text", "x", "--at", "2999-01-01"], "usage");
});

test("who is refused and wanted an answer is told so, in the words that are meant for him", async () => {
  const {id} = await say(
    "complaint",
    "add",
    "--text",
    "my neighbour is loud",
    "--reporter",
    "w@reader.example",
    "--answer",
  );
  const done = await say(
    "complaint",
    "refuse",
    "--id",
    id,
    "--reason",
    "no incident",
    "--tell-reporter",
    "Ask the police.",
  );
  assert.deepEqual([done.state, done.reason], ["refused", "no incident"]);
  const {db} = await house.database();
  const told = (await listPending(db, {after: null, limit: 50})).filter(({event}) => event === "reporter-closed");
  assert.deepEqual(
    told.map(({reason}) => reason),
    ["refused\nAsk the police."],
  );
  const late = await say("case", "open", "--class", "web.phish", "--asset", "http://late.example.com/");
  assert.equal((await say("complaint", "join", "--id", id, "--case", late.case.id)).state, "joined", "new light on it");
});
