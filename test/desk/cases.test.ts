/** What people do to cases by the command line, on a data folder and a real database. */
import assert from "node:assert/strict";
import {existsSync, readFileSync, statSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {caseDossier} from "../../src/app/cases/dossier.ts";
import {dossierText} from "../../src/app/commands/cases/dossier-text.ts";
import {openCaseDesk} from "../../src/app/coordination/case-desk.ts";
import {runRules} from "../../src/app/coordination/deciding/deciding.ts";
import {takeComplaints} from "../../src/app/coordination/opening/complaints.ts";
import {openProtection} from "../../src/app/coordination/opening/protection.ts";
import {addParty} from "../../src/app/parties.ts";
import {stepped} from "../../src/cases/desk.ts";
import {undeliverable} from "../../src/cases/progress.ts";
import {changeCase} from "../../src/store/cases/changing.ts";
import {listPending} from "../../src/store/notices/pending.ts";
import {createDatabase} from "../database.ts";
import {answerOf} from "../in-process.ts";
import {openSite, temporaryFolder} from "../site.ts";

const {url, drop} = await createDatabase();
after(drop);
const house = await openSite({
  config: {database: {url}},
  files: {"tables/protected.txt": "platform.example.com\n192.0.2.0/24\n"},
});
// biome-ignore lint/suspicious/noExplicitAny: answers of any command
const say = (...words: string[]): Promise<any> => answerOf(house, ...words);
const open = async (asset: string, ...more: string[]): Promise<string> =>
  (await say("case", "open", "--class", "web.phish", "--asset", asset, "--by", "Li", ...more)).case.id;
const refused = (words: string[], code: string): Promise<void> => assert.rejects(say(...words), {code});

test("a case is opened by hand from a defanged address, with what is known of it, and again is the same case", async () => {
  const opened = await say(
    ...["case", "open", "--class", "web.phish", "--asset", "hxxps://Login.Bank[.]example.com/a?b#c", "--by", "Li"],
    ...["--fact", "brand=示例银行", "--fact", "ip=192.0.2.7", "--severity", "III", "--note", "told by telephone"],
  );
  assert.deepEqual(
    [opened.outcome, opened.case.asset.value, opened.case.source, opened.case.severity],
    ["opened", "https://login.bank.example.com/a?b", "hand", "III"],
  );
  assert.deepEqual([opened.case.facts.ip, opened.case.facts.host], ["192.0.2.7", "login.bank.example.com"]);
  const again = await say("case", "open", "--class", "web.phish", "--asset", "https://login.bank.example.com/a?b");
  assert.deepEqual([again.outcome, again.case.id], ["joined", opened.case.id]);
  const shown = await say("case", "show", "--id", opened.case.id.toLowerCase());
  assert.deepEqual(
    shown.steps.map(({step, by}: {step: string; by: string}) => [step, by]),
    [
      ["open", "Li"],
      ["note", "Li"],
    ],
  );
  assert.deepEqual(shown.urls, ["https://login.bank.example.com/a?b"]);
  assert.ok(shown.next.rulesAt !== null && shown.next.lookAt !== null, "it waits for a look, then for the rules");
});

test("what is no class, no asset, no kind or no fact opens nothing", async () => {
  for (const words of [
    ["--class", "web.nothing", "--asset", "a.example.com"],
    ["--class", "web.phish", "--asset", "no asset at all"],
    ["--class", "web.phish", "--asset", "a.example.com", "--kind", "thing"],
    ["--class", "web.phish", "--asset", "a.example.com", "--fact", "constructor=x"],
    ["--class", "web.phish", "--asset", "a.example.com", "--fact", "port=many"],
    ["--class", "web.phish", "--asset", "a.example.com", "--parties", "friends"],
  ])
    await refused(["case", "open", ...words], "usage");
  await refused(["case", "show", "--id", "WF-2023-999999"], "case_unknown");
  await refused(["case", "show", "--id", "123"], "case_unknown");
});

test("cases are listed by queue, state, party and text, page by page, and counted", async () => {
  const ids = [await open("http://list-one.example.com/"), await open("http://list-two.example.com/")];
  await say("case", "take", "--id", ids.join(","), "--by", "Wang");
  const mine = await say("case", "list", "--queue", "mine", "--by", "Wang");
  assert.deepEqual(
    mine.map(({id}: {id: string}) => id),
    ids.toReversed(),
  );
  const [last] = await say("case", "list", "--search", "LIST-TWO", "--limit", "1");
  assert.equal(last.id, ids[1]);
  const next = await say("case", "list", "--queue", "mine", "--by", "Wang", "--after", ids[1] ?? "");
  assert.deepEqual(
    next.map(({id}: {id: string}) => id),
    [ids[0]],
  );
  const counts = await say("case", "queues", "--by", "Wang");
  assert.deepEqual(counts[0], {queue: "mine", cases: 2, day: 2, week: 2, month: 2});
  await say("case", "assign", "--id", ids[0] ?? "", "--nobody");
  assert.equal((await say("case", "queues", "--by", "Wang"))[0].cases, 1);
  await refused(["case", "list", "--queue", "theirs"], "usage");
  await refused(["case", "list", "--limit", "100000"], "usage");
});

test("a case goes through its life by hand, and what is impossible is refused with a code", async () => {
  const id = await open("http://life.example.com/");
  await refused(["case", "acknowledge", "--id", id], "case_step_not_allowed");
  await refused(["case", "dismiss", "--id", id, "--as", "us"], "usage");
  const {db} = await house.database();
  await changeCase(db, id, {
    by: "watchfloor",
    now: new Date(),
    decide: (there) => stepped(there, {move: {action: "notify", at: new Date().toISOString()}}),
  });
  assert.equal((await say("case", "acknowledge", "--id", id, "--note", "by telephone")).case.state, "acknowledged");
  await refused(["case", "dispute", "--id", id, "--reason", "still there"], "case_step_not_allowed");
  assert.equal((await say("case", "resolve", "--id", id)).case.state, "resolved");
  const disputed = await say("case", "dispute", "--id", id, "--reason", "the control server still answers");
  assert.deepEqual([disputed.case.state, disputed.waitsFor], ["notified", null], "the rules go on from there");
  assert.equal((await say("case", "resolve", "--id", id)).case.state, "resolved");
  const verified = await say(
    "case",
    "verify",
    "--id",
    id,
    "--reason",
    "two of us looked",
    "--gone-at",
    "2023-02-20T01:00:00Z",
  );
  assert.deepEqual([verified.case.state, verified.round.goneAt], ["verified", "2023-02-20T01:00:00.000Z"]);
  await refused(["case", "dismiss", "--id", id, "--as", "us", "--reason", "x"], "case_step_not_allowed");
  const back = await say("case", "reopen", "--id", id, "--reason", "seen again");
  assert.deepEqual([back.case.state, back.round.round], ["open", 2]);
  const dismissed = await say("case", "dismiss", "--id", id, "--as", "party", "--reason", "it is their own test page");
  assert.equal(dismissed.round.dismissedBy, "party");
  assert.equal(dismissed.round.answeredAt, null, "nobody was told in this round, so nobody answered");
});

test("of several cases those that refuse are named, and the others are done", async () => {
  const ids = [await open("http://bulk-one.example.com/"), await open("http://bulk-two.example.com/")];
  await say("case", "dismiss", "--id", ids[0] ?? "", "--as", "us", "--reason", "no phishing");
  const results = await say(
    ...["case", "dismiss", "--id", `${ids.join(",")},WF-2023-999999`, "--as", "us", "--reason", "no phishing"],
  );
  assert.deepEqual(
    results.map(({error}: {error: string | null}) => error),
    ["case_step_not_allowed", null, "case_unknown"],
  );
});

test("who complained hears of the end when a person dismisses or verifies, in words that say nothing of our reasons", async () => {
  const desk = await openCaseDesk(house);
  const [taken] = await takeComplaints(
    desk,
    [
      {
        ...{receivedAt: new Date().toISOString(), source: "api", key: "closing", reporter: "zhang@example.net"},
        ...{wantsAnswer: true, class: "web.phish", asset: {kind: "url", value: "http://closing.example.com/"}},
        ...{brand: null, text: "", ip: null},
      },
    ],
    {by: "api", now: new Date()},
  );
  const id = taken?.case ?? "";
  await say(...["case", "dismiss", "--id", id, "--as", "us", "--reason", "internal", "--tell-reporter", "谢谢"]);
  const pending = (await listPending(desk.db, {after: null, limit: 100})).filter(
    ({event}) => event === "reporter-closed",
  );
  assert.deepEqual(
    pending.map(({reason}) => reason),
    ["dismissed\n谢谢"],
  );
  const failing = say("case", "verify", "--id", id, "--reason", "gone");
  await assert.rejects(failing, {code: "case_step_not_allowed"});
  assert.equal(
    (await listPending(desk.db, {after: null, limit: 100})).filter(({event}) => event === "reporter-closed").length,
    1,
  );
});

test("what the rules handed over goes back to them, and what needs a second person does not", async () => {
  const id = await open("http://nobody.example.com/");
  const desk = await openCaseDesk(house);
  await runRules(desk, new Date(Date.now() + 3_600_000));
  const shown = await say("case", "show", "--id", id);
  assert.equal(shown.next.person.en, "no party is known that answers for it");
  assert.match(shown.decisions[0].text.en, /^nobody, no party is known/);
  const back = await say("case", "hand-back", "--id", id, "--note", "we have entered the registrar");
  assert.equal(back.waitsFor, null);
  await refused(["case", "hand-back", "--id", id], "case_step_not_allowed");
});

test("a protected case is released by two persons, not by one with two spellings", async () => {
  const id = await open("http://www.county.gov.cn/login");
  const {db} = await house.database();
  assert.equal((await say("case", "show", "--id", id)).case.isProtected, true);
  await changeCase(db, id, {
    by: "watchfloor",
    now: new Date(),
    decide: () => ({waitsFor: "needs-second-person", steps: []}),
  });
  await refused(["case", "hand-back", "--id", id], "case_protected");
  assert.equal((await say("case", "release", "--id", id, "--by", "Li Lei")).releaseAskedBy, "Li Lei");
  await refused(["case", "release", "--id", id, "--by", " ｌｉ lei"], "case_protected");
  const released = await say("case", "release", "--id", id, "--by", "Han Meimei");
  assert.deepEqual([released.releasedBy, released.waitsFor], ["Han Meimei", null]);
  await refused(["case", "release", "--id", id, "--by", "Wang"], "case_step_not_allowed");
  await refused(["case", "release", "--id", await open("http://plain.example.com/")], "case_step_not_allowed");
});

test("what is protected is so by its asset itself, whatever else is stated of it", async () => {
  const id = await open("http://www.county.gov.cn/other", "--fact", "host=harmless.example.com");
  assert.equal((await say("case", "show", "--id", id)).case.isProtected, true);
  const isProtected = await openProtection(house);
  const facts = {host: "dl.platform.example.com", domain: "platform.example.com", ip: null};
  assert.equal(isProtected({asset: {kind: "domain", value: "platform.example.com"}, facts}), true);
  const page = {kind: "url", value: "http://dl.platform.example.com/x.apk"};
  assert.equal(isProtected({asset: page, facts}), false, "below a listed name stand its customers");
  assert.equal(isProtected({asset: {kind: "url", value: "http://192.0.2.7/"}, facts}), true);
});

test("the level follows from the gravest fact, and the clocks of the law run from knowing to reporting to the end", async () => {
  const id = await open("http://level.example.com/");
  await refused(["case", "level", "--id", id], "usage");
  await refused(["case", "level", "--id", id, "--impact", "people=3"], "usage");
  await refused(["case", "level", "--id", id, "--declare", "II"], "usage");
  const set = await say(
    ...["case", "level", "--id", id, "--impact", "peopleAffected=100000", "--impact", "lossYuan=20000000"],
    ...["--reporter", "other-operator", "--known-at", "2026-01-05T00:00:00Z", "--by", "Li"],
  );
  assert.deepEqual(
    [set.case.severity, set.because.map(({measure}: {measure: string}) => measure)],
    ["II", ["lossYuan"]],
  );
  const waiting = await say("case", "timers");
  assert.deepEqual(
    waiting.map(({starts, dueAt, isOverdue}: {starts: string; dueAt: string | null; isOverdue: boolean}) => [
      starts,
      dueAt,
      isOverdue,
    ]),
    [
      ["known", "2026-01-05T04:00:00.000Z", true],
      ["reported", null, false],
      ["ended", null, false],
    ],
  );
  const timer = String(waiting[0].id);
  await say("case", "reported", "--id", id, "--timer", timer, "--at", "2026-01-05T03:00:00Z", "--by", "Li");
  await refused(["case", "reported", "--id", id, "--timer", timer], "case_step_not_allowed");
  await say("case", "dismiss", "--id", id, "--as", "us", "--reason", "over");
  const then = await say("case", "show", "--id", id);
  assert.deepEqual(
    then.timers.map(({dueAt}: {dueAt: string | null}) => dueAt !== null),
    [true, true, true],
  );
  assert.equal(then.timers[1].dueAt, "2026-01-05T04:00:00.000Z");
  const lower = await say("case", "level", "--id", id, "--declare", "IV", "--reason", "less than it seemed");
  assert.equal(lower.case.severity, "IV");
  assert.deepEqual(await say("case", "timers"), [], "at level IV nothing need be reported; what was, stays");
  assert.equal((await say("case", "show", "--id", id)).timers.length, 1);
});

test("cases are merged, split and linked by hand", async () => {
  const [one, two] = [await open("http://m-one.example.com/"), await open("http://m-two.example.com/")];
  assert.equal((await say("case", "link", "--id", one, "--with", two)).case.id, one);
  assert.equal((await say("case", "merge", "--id", one, "--into", two)).case.id, two);
  await refused(["case", "merge", "--id", one, "--into", two], "case_step_not_allowed");
  const apart = await say("case", "split", "--id", two, "--asset", "hxxp://m-one[.]example[.]com/");
  assert.equal(apart.case.asset.value, "http://m-one.example.com/");
  assert.notEqual(apart.case.id, one, "a number is never given out again");
  await refused(["case", "split", "--id", two, "--asset", "http://m-two.example.com/"], "case_step_not_allowed");
  assert.deepEqual((await say("case", "show", "--id", two)).links, [one]);
});

test("a file is attached under its hash whatever its name says, and comes out only to a new private file", async () => {
  const folder = temporaryFolder();
  const id = await open("http://file.example.com/");
  const given = path.join(folder, "invoice\u202Efdp.exe");
  writeFileSync(given, "MZ not run");
  await say("case", "attach", given, "--id", id, "--by", "Li");
  const [file] = (await say("case", "show", "--id", id)).files;
  assert.deepEqual([file.name, file.type, file.bytes], ["invoice\u202Efdp.exe", "application/octet-stream", 10]);
  const text = dossierText(await caseDossier(house, id, new Date()));
  assert.ok(text.includes("invoice⟨U+202E⟩fdp.exe") && !text.includes("\u202E"), "a name that hides its end is shown");
  assert.match(text, /hxxp:\/\/file\[\.\]example\[\.\]com/, "and nothing can be clicked");
  assert.ok(existsSync(path.join(house.home, "artefacts", file.sha256.slice(0, 2), file.sha256)));
  const out = path.join(folder, "out");
  await say("case", "file", "--id", id, "--sha256", file.sha256, "--out", out);
  assert.equal(readFileSync(out, "utf8"), "MZ not run");
  assert.equal(statSync(out).mode & 0o777, 0o600);
  await refused(["case", "file", "--id", id, "--sha256", file.sha256, "--out", out], "usage");
  await refused(["case", "file", "--id", id, "--sha256", "0".repeat(64), "--out", `${out}2`], "artefact_missing");
  await refused(["case", "attach", given, "--id", "WF-2023-999999"], "case_unknown");
});

test("a person gives a case to another party: the old decision stays, border tests follow, and the new party is told", async () => {
  const act = {by: "test", reason: null, now: new Date("2023-01-01T00:00:00Z")};
  const party = (kind: string, country: string) =>
    addParty(
      house,
      {
        kind,
        names: {zh: null, en: `${kind} ${country}`},
        country,
        province: null,
        from: null,
        until: null,
        responsibilities: [],
      },
      act,
    );
  const [home, abroad] = [await party("hosting-provider", "CN"), await party("registrar", "US")];
  const idOf = (number: number): string => `WP-${String(number).padStart(6, "0")}`;
  const id = await open("http://party.example.com/");
  await refused(["case", "party", "--id", id, "--party", "WP-999999", "--reason", "x"], "party_unknown");
  await refused(["case", "party", "--id", id, "--party", idOf(abroad)], "usage");
  const first = await say("case", "party", "--id", id, "--party", idOf(abroad), "--reason", "whois", "--by", "Li");
  assert.deepEqual([first.case.party, first.partyKind, first.case.borderTests], [abroad, "registrar", ["party"]]);
  await refused(["case", "party", "--id", id, "--party", idOf(abroad), "--reason", "again"], "case_step_not_allowed");
  const second = await say(
    "case",
    "party",
    "--id",
    id,
    "--party",
    idOf(home),
    "--reason",
    "they host it",
    "--by",
    "Li",
  );
  assert.deepEqual(second.case.borderTests, [], "a party that was only chosen, and never told, does not count");
  assert.equal(second.progress.assignment.rank, 1, "escalation goes on after it");
  const {db} = await house.database();
  const pending = (await listPending(db, {after: null, limit: 100})).filter((each) => each.case === id);
  assert.deepEqual(
    pending.map(({event, party: of}) => [event, of]),
    [["opened", home]],
  );
  const {decisions} = await say("case", "show", "--id", id);
  assert.deepEqual(
    decisions.map(({by, text}: {by: string; text: {en: string}}) => [by, text.en]),
    [
      ["Li", `${idOf(abroad)}, by hand: whois`],
      ["Li", `${idOf(home)}, by hand: they host it`],
    ],
  );
  await changeCase(db, id, {
    ...{by: "watchfloor", now: new Date()},
    decide: ({progress}) => ({progress: undeliverable(progress, new Date().toISOString()), steps: []}),
  });
  const again = ["case", "party", "--id", id, "--party", idOf(home), "--reason", "their address is mended"];
  assert.equal(
    (await say(...again)).progress.assignment.undeliverableAt,
    null,
    "who was not reached can be told again",
  );
  await refused(again, "case_step_not_allowed");
  await say("case", "dismiss", "--id", id, "--as", "us", "--reason", "over");
  await refused(["case", "party", "--id", id, "--party", idOf(abroad), "--reason", "x"], "case_step_not_allowed");
});
