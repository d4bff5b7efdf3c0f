/** Complaints that mean harm: about those who did nothing, with addresses that are none, and from machines without end. */
import assert from "node:assert/strict";
import {readdirSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {type ComplaintIn, takeComplaints} from "../../src/app/coordination/opening/complaints.ts";
import {released} from "../../src/cases/desk.ts";
import {readArtefact} from "../../src/store/artefacts.ts";
import {caseOfId, changeCase} from "../../src/store/cases/changing.ts";
import {listComplaints} from "../../src/store/cases/complaints.ts";
import {listCases} from "../../src/store/cases/lists.ts";
import {isSamePerson} from "../../src/store/editions/people.ts";
import {listMails} from "../../src/store/mails.ts";
import {noticeDecisions} from "../../src/store/notices/pending.ts";
import {hoursLater, MONDAY} from "../case-fixture.ts";
import {openScene, type Scene} from "../coordination-scene.ts";
import {TORTURES} from "../mail-torture.ts";
import {complaintAbout, mailOf, sentTo} from "./mails.ts";

const REGISTRAR = "abuse@registrar.example";
let scene: Scene;
test.before(async () => {
  scene = await openScene();
  const {house} = scene;
  writeFileSync(
    path.join(house.home, "tables/protected.txt"),
    ".bank-of-test.com # a bank\n198.51.100.0/24 # its network\n2001:db8:77::/48\n",
  );
  const tlds = ["com", "net", "org", "cn", "example"].map((value) => ({kind: "tld" as const, value}));
  await scene.party({kind: "registrar", name: "Registrar", country: "US", address: REGISTRAR, responsibilities: tlds});
  await scene.party({
    ...{kind: "hosting-provider", name: "Host", country: "US", address: "abuse@host.example"},
    responsibilities: [
      {kind: "network", value: "198.51.100.0/24"},
      {kind: "network", value: "2001:db8:77::/48"},
    ],
  });
});
test.after(() => scene.close());

const api = (complaints: readonly ComplaintIn[], now = MONDAY) =>
  takeComplaints(scene.desk, complaints, {by: "api", now});

/** Ways to write the same protected places. */
const DECOYS: readonly ((n: number) => string)[] = [
  (n) => `https://www.bank-of-test.com/login${n}`,
  (n) => `http://bank-of-test.com/${n}`,
  (n) => `HTTP://M.BANK-OF-TEST.COM:8080/${n}`,
  (n) => `http://www.bank-of-test.com./${n}`,
  (n) => `http://user:word@www.bank-of-test.com/${n}`,
  (n) => `http://www。bank-of-test．com/${n}`,
  (n) => `http://ｗｗｗ.bank-of-test.com/${n}`,
  (n) => `http://198.51.100.${(n % 250) + 1}/${n}`,
  (n) => `http://0xc6336401/${n}`,
  (n) => `http://3325256705/${n}`,
  (n) => `http://[2001:db8:77::${(n % 250) + 1}]/${n}`,
  (n) => `http://[::ffff:198.51.100.7]/${n}`,
  (n) => `http://www.beijing.gov.cn/${n}`,
  (n) => `http://x${n}.gov.cn/`,
  (n) => `https://bulletin.csirt.example/${n}`,
  (n) => `http://mail.csirt.example/${n}`,
];

test("500 complaints about those who are protected bring forth no notification, until two people release one", async () => {
  for (const host of ["www.bank-of-test.com", "bank-of-test.com", "www.beijing.gov.cn"])
    scene.world.place(host, {body: "<h1>welcome</h1>"});
  const urls = Array.from({length: 500}, (_, n) => (DECOYS[n % DECOYS.length] ?? String)(n));
  const outcomes = await api(urls.map((url) => complaintAbout(url, {wantsAnswer: false})));
  const ids = [...new Set(outcomes.flatMap((each) => each.case ?? []))];
  assert.ok(ids.length > 400, `${ids.length} cases`);
  for (const hours of [0.3, 30]) await scene.round(hoursLater(hours));
  assert.deepEqual(
    scene.smtp.mails.map(({to}) => to),
    [],
    "nobody was told",
  );
  for (const id of ids) assert.equal((await caseOfId(scene.desk.db, id)).case.isProtected, true, id);
  const id = outcomes[0]?.case ?? "";
  const {waitsFor, case: one} = await caseOfId(scene.desk.db, id);
  assert.ok(
    ["needs-second-person", "not_sent"].includes(waitsFor ?? ""),
    `${id} is ${one.state} and waits for ${waitsFor}`,
  );
  assert.match((await noticeDecisions(scene.desk.db, id))[0]?.reason ?? "", /^needs-second-person/);
  const release = (by: string) =>
    changeCase(scene.desk.db, id, {
      by,
      now: hoursLater(31),
      decide: (there) => released(there, {by, at: hoursLater(31).toISOString(), isSame: isSamePerson}),
    });
  await release("Li");
  await scene.round(hoursLater(31));
  await assert.rejects(release("li "), {code: "case_protected"});
  assert.equal(scene.smtp.mails.length, 0, "one person is not enough");
  await release("Wang");
  await scene.round(hoursLater(31.1));
  assert.equal(sentTo(scene, REGISTRAR).length, 1);
  const after = await caseOfId(scene.desk.db, id);
  assert.deepEqual([after.case.state, after.waitsFor, after.progress.handedAt], ["notified", null, null]);
});

test("what is no web address, no address or no name is left to a person, and stops nothing", async () => {
  const odd: [string, string][] = [
    ["url", "javascript:alert(1)//bank"],
    ["url", "data:text/html,<script>"],
    ["url", "file:///etc/passwd"],
    ["url", "www.gov.cn/no-scheme"],
    ["url", "http://"],
    ["url", `http://long.example-odd.com/${"a1b2".repeat(4000)}`],
    ["url", "http://exa mple.com/"],
    ["ip", "999.1.1.1"],
    ["ip", "hello"],
    ["ip", "0177.0.0.1"],
    ["site", "not a site"],
    ["site", "localhost"],
    ["site", ""],
    ["account", ""],
  ];
  const outcomes = await api(odd.map(([kind, value]) => complaintAbout("", {asset: {kind, value}})));
  assert.deepEqual(
    outcomes.map((each) => each.case),
    odd.map(() => null),
  );
  const [strange] = await api([complaintAbout("http://class.example-odd.com/", {class: "no.such.class"})]);
  assert.equal(strange?.case, null);
  const waiting = await listComplaints(scene.desk.db, {state: "waiting", limit: 100});
  assert.equal(waiting.length, odd.length + 1);
  await scene.round(hoursLater(32));
});

test("a complaint with NUL, half characters, marks that turn text round, an IDN or a long URL opens its case", async () => {
  const long = `http://long.example-odd.com/?q=${Array.from({length: 700}, (_, n) => (n * 7919).toString(36)).join("-")}`;
  const values: [string, string, string][] = [
    ["url", "http://nul.example-odd.com/\0a", "http://nul.example-odd.com/%00a"],
    ["url", "http://bidi.example-odd.com/\u202Egnp.exe", "http://bidi.example-odd.com/%E2%80%AEgnp.exe"],
    ["url", "http://例子.example-odd.com/", "http://xn--fsqu00a.example-odd.com/"],
    ["url", "http://user:secret@at.example-odd.com/x", "http://at.example-odd.com/x"],
    ["url", long, long],
    ["app", "com.evil\0app\ud800", "com.evil\uFFFDapp\uFFFD"],
    ["account", "a\0b", "a\uFFFDb"],
  ];
  assert.ok(long.length > 2704 && long.length < 8192);
  const given = values.map(([kind, value]) =>
    complaintAbout("", {
      asset: {kind, value},
      text: "NUL \0 half \ud800 \u202E",
      brand: "b\0\ud800",
      reporter: "r\0@example.net",
      key: `odd \0 ${value.slice(0, 50)}`,
      class: kind === "url" ? "web.phish" : "web.fakeapp",
    }),
  );
  const outcomes = await api(given);
  assert.deepEqual(
    (await api(given)).map(({isNew, id}) => ({isNew, id})),
    outcomes.map(({id}) => ({isNew: false, id})),
    "again is once",
  );
  for (const [n, [, , shown]] of values.entries()) {
    const {case: one} = await caseOfId(scene.desk.db, outcomes[n]?.case ?? "");
    assert.equal(one.asset.value, shown);
  }
  const again = await api(
    [complaintAbout(long), complaintAbout("http://other:name@at.example-odd.com/x")],
    hoursLater(1),
  );
  assert.deepEqual(
    again.map((each) => each.case),
    [outcomes[4]?.case, outcomes[3]?.case],
    "the same page is the same case",
  );
  await scene.round(hoursLater(33));
  for (const {bytes} of sentTo(scene, REGISTRAR)) assert.doesNotMatch(bytes.toString("latin1"), /secret|\0/);
});

test("the same mail, delivered twice and in two mailboxes at once, is one complaint", async () => {
  const body = "Phishing site: hxxp://twice[.]example-odd[.]com/login\nPlease take it down.";
  const one = mailOf(body, {headers: {"Message-ID": "<same@example.net>", Subject: "phishing"}});
  const copies = Array.from({length: 6}, (_, n) => `Received: from mx${n} by desk\r\n${one}`);
  const kinds = await Promise.all([...copies, one, one].map((raw) => scene.receive(raw, hoursLater(34))));
  assert.deepEqual(new Set(kinds), new Set(["complaint", "known"]));
  const found = await listCases(scene.desk.db, {search: "twice.example-odd.com", limit: 10}, hoursLater(34));
  assert.equal(found.length, 1);
  const complaints = (await listComplaints(scene.desk.db, {limit: 500})).filter(({key}) => key.startsWith("<same@"));
  assert.equal(complaints.length, 1);
});

test("two desks that answer each other by machine stop after one answer, and 300 notes of absence get none", async () => {
  const desk = "robot@other-desk.example";
  const body = "Phishing site: hxxp://loop[.]example-odd[.]com/login\nPlease take it down.";
  let mail = mailOf(body, {from: desk, headers: {Subject: "phishing"}});
  let turns = 0;
  for (; turns < 20; turns += 1) {
    const before = sentTo(scene, desk).length;
    await scene.receive(mail, hoursLater(35 + turns / 100));
    await scene.round(hoursLater(35 + turns / 100));
    const answer = sentTo(scene, desk)[before];
    if (answer === undefined) break;
    // the other desk takes whatever comes for a new matter, sends it back whole, and says nothing of being a machine
    mail = mailOf(`${body} (${turns})\n${answer.bytes.toString("latin1").split("\r\n\r\n")[1]}`, {
      from: desk,
      headers: {Subject: `phishing ${turns}`},
    });
  }
  assert.equal(turns, 1);
  for (let n = 0; n < 300; n += 1)
    await scene.receive(
      mailOf("I am out of office.", {
        from: "holiday@example.net",
        headers: {"Auto-Submitted": "auto-replied", Subject: `Out of office ${n}`},
      }),
      hoursLater(36),
    );
  await scene.round(hoursLater(36.1));
  assert.deepEqual(sentTo(scene, "holiday@example.net"), []);
});

test("one sender who complains 100 times in a day has one answer", async () => {
  for (let n = 0; n < 100; n += 1)
    await scene.receive(
      mailOf(`Phishing site: hxxp://many${n}[.]example-odd[.]org/login`, {
        from: "Bomb <Bomb@Victim.example>",
        headers: {Subject: "phishing"},
      }),
      hoursLater(40),
    );
  await scene.round(hoursLater(40.1));
  assert.equal(sentTo(scene, "bomb@victim.example").length, 1);
});

test("attachments with hostile names lie under their hash, and no name of theirs is a path", async () => {
  const names = [
    "../../../../etc/cron.d/evil",
    "..\\\\..\\\\boot.ini",
    "/etc/passwd",
    "con",
    "a\u202Egnp.exe",
    ".htaccess",
    "x".repeat(3000),
    "%2e%2e%2fevil",
    "=cmd|' /C calc'!A0",
    "",
  ];
  const parts = names.map(
    (name, n) =>
      `--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}\r\n\r\ncontent ${n}`,
  );
  const before = readdirSync(scene.house.home).sort();
  const raw = mailOf(`--b\r\nContent-Type: text/plain\r\n\r\nsee attached\r\n${parts.join("\r\n")}\r\n--b--`, {
    headers: {"Content-Type": "multipart/mixed; boundary=b", Subject: "files"},
  });
  assert.equal(await scene.receive(raw, hoursLater(41)), "unknown");
  assert.deepEqual(readdirSync(scene.house.home).sort(), before);
  const mail = (await listMails(scene.desk.db, {waiting: true})).find(({subject}) => subject === "files");
  assert.equal(mail?.files.length, names.length);
  for (const {sha256} of mail?.files ?? [])
    assert.match((await readArtefact(scene.house.home, sha256)).toString(), /^content \d/);
  for (const folder of readdirSync(path.join(scene.house.home, "artefacts")))
    for (const file of readdirSync(path.join(scene.house.home, "artefacts", folder)))
      assert.match(file, /^[0-9a-f]{64}$/);
});

test("60 mails made to hurt go the whole way: each is kept, each has a clear state, nobody is told", {
  timeout: 300_000,
}, async (t) => {
  const before = scene.smtp.mails.length;
  const kinds = new Map<string, number>();
  for (const [name, make] of Object.entries(TORTURES)) {
    const mail = make();
    const bytes = typeof mail === "string" ? Buffer.from(mail, "latin1") : mail;
    if (bytes.length > 1024 * 1024) continue; // the larger ones: test/mail-torture.test.ts
    const kind = await scene.receive(bytes.toString("latin1"), hoursLater(42));
    assert.ok(
      ["unreadable", "unknown", "complaint", "bounce", "reply", "auto-reply", "feedback", "report", "known"].includes(
        kind,
      ),
      `${name}: ${kind}`,
    );
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  t.diagnostic(JSON.stringify([...kinds]));
  await scene.round(hoursLater(42.1));
  const told = scene.smtp.mails.slice(before).flatMap(({to}) => to);
  assert.deepEqual(
    told.filter((address) => address.endsWith("@registrar.example") || address.endsWith("@host.example")),
    [],
  );
});
