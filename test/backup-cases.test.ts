/** A desk with cases is backed up and stands again in an empty folder: cases, mails, evidence, keys, rules and words. */
import assert from "node:assert/strict";
import {cpSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {openByHand} from "../src/app/cases/opening.ts";
import {commandOf} from "../src/app/commands/index.ts";
import {openCaseDesk} from "../src/app/coordination/case-desk.ts";
import {takeMail} from "../src/app/coordination/incoming/incoming.ts";
import {runRound} from "../src/app/coordination/round.ts";
import {readerOf} from "../src/app/coordination/tools.ts";
import {type House, openHouse} from "../src/app/house.ts";
import {readSealed} from "../src/store/keys/sealed.ts";
import {hoursLater} from "./case-fixture.ts";
import {headerOf, openScene} from "./coordination-scene.ts";
import {createDatabase} from "./database.ts";
import {answerOf} from "./in-process.ts";
import {ROOT, temporaryFolder} from "./site.ts";

const folder = temporaryFolder();
const scene = await openScene();
const {url, drop} = await createDatabase();
const [kept, again] = [path.join(folder, "kept"), path.join(folder, "again")];
let restored: House | null = null;
after(async () => {
  await restored?.close();
  await scene.close();
  await drop();
});
// biome-ignore lint/suspicious/noExplicitAny: answers of any command
const ask = (house: House, ...words: readonly string[]): Promise<any> => answerOf(house, ...words);

function put(name: string, text: string): void {
  const file = path.join(scene.house.home, name);
  mkdirSync(path.dirname(file), {recursive: true});
  writeFileSync(file, text);
}

let id = "";
test("a desk has cases, mails in and out, evidence, complaints, old cases, keys, and rules and words of its own", {
  timeout: 120_000,
}, async () => {
  const {house} = scene;
  put("rules/cases.yaml", readFileSync(path.join(house.home, "rules/cases.yaml.example"), "utf8"));
  put("tables/protected.txt", "bank.example # ours\n");
  put(
    "calendars/mine.yaml",
    readFileSync(path.join(ROOT, "profiles/calendars/none.yaml"), "utf8").replace(/^id: .*$/m, "id: mine"),
  );
  put("notices/en/opened.yaml", readFileSync(path.join(ROOT, "profiles/notices/en/opened.yaml"), "utf8"));
  await ask(house, "pgp", "create");
  await scene.party({
    ...{kind: "registrar", name: "Example Registrar", country: "US", address: "abuse@registrar.example"},
    responsibilities: [{kind: "tld", value: "com"}],
  });
  scene.world.place("login.bank-example.com", {body: "<title>示例银行登录</title><form><input type=password></form>"});
  const {case: there} = await openByHand(
    house,
    {
      ...{class: "web.phish", asset: "http://login.bank-example.com/", kind: null, facts: {}, severity: "III"},
      ...{tlp: null, isUrgent: null, parties: null, note: "seen by hand"},
    },
    {by: "Li", now: hoursLater(0)},
  );
  id = there.case.id;
  const file = path.join(folder, "picture.bin");
  writeFileSync(file, Buffer.from([0, 1, 2, 255]));
  await ask(house, "case", "attach", file, "--id", id, "--by", "Li");
  await scene.round(hoursLater(0.5));
  const [sent] = scene.smtp.mails;
  assert.ok(sent !== undefined);
  await scene.receive(answerTo(sent.bytes, "We are looking into it.", "<first@registrar.example>"), hoursLater(2));
  await scene.receive(
    answerTo(
      Buffer.from("Subject: hello\r\nMessage-ID: <none@x.example>\r\n\r\n"),
      "Please call us.",
      "<stranger@x.example>",
    ),
    hoursLater(3),
  );
  await ask(house, "complaint", "import", path.join(ROOT, "examples/complaints/hotline.csv"));
  const history = path.join(ROOT, "examples/case-history");
  await ask(house, "case", "import", path.join(history, "cases.csv"), "--mapping", path.join(history, "mapping.yaml"));
});

function answerTo(mail: Buffer, text: string, messageId: string): string {
  return [
    ...["From: abuse@registrar.example", "To: desk@csirt.example", `Subject: Re: ${headerOf(mail, "Subject")}`],
    ...[
      `In-Reply-To: ${headerOf(mail, "Message-ID")}`,
      `Message-ID: ${messageId}`,
      "Content-Type: text/plain",
      "",
      text,
      "",
    ],
  ].join("\n");
}

test("in an empty folder it is the same again: cases, mails, evidence, keys, rules", {timeout: 120_000}, async () => {
  const {house} = scene;
  const made = await ask(house, "backup", "--to", kept);
  assert.ok(made.notInIt.some((each: string) => each.includes("WATCHFLOOR_SECRET_")));
  const moved = path.join(folder, "moved");
  cpSync(kept, moved, {recursive: true});
  const config = path.join(moved, "watchfloor.yaml");
  writeFileSync(config, readFileSync(config, "utf8").replace(/^database: .*$/m, `database: {url: "${url}"}`));
  const call = {options: {from: moved}, positionals: [], home: again, now: new Date(), say: () => undefined};
  const answer = await (await commandOf(["restore"]))?.run(call, async () => assert.fail("a restore opens no house"));
  const size: {files: number; rows: number} = JSON.parse(JSON.stringify(answer?.json));
  assert.deepEqual([size.files, size.rows], [made.files, made.rows]);
  const other = await openHouse(again);
  restored = other;
  const mails = await ask(house, "mail", "list", "--case", id);
  const notices = await ask(house, "notification", "list");
  assert.ok(mails.length === 1 && notices.length >= 1);
  for (const words of [
    ["case", "show", "--id", id],
    ["case", "list"],
    ["case", "list", "--imported"],
    ["case", "show", "--id", "old-desk/2022-0001"],
    ["complaint", "list"],
    ["mail", "list"],
    ["mail", "list", "--case", id],
    ["mail", "show", "--id", String(mails[0].id)],
    ["notification", "list"],
    ["notification", "show", "--id", notices[0].id],
    ["party", "list"],
    ["party", "show", "--id", "WP-000001"],
    ["pgp", "show"],
    ["case", "rules", "check"],
  ])
    assert.deepEqual(await ask(other, ...words), await ask(house, ...words), words.join(" "));
  for (const name of ["rules/cases.yaml", "tables/protected.txt", "calendars/mine.yaml", "notices/en/opened.yaml"])
    assert.deepEqual(readFileSync(path.join(again, name)), readFileSync(path.join(house.home, name)), name);
  const shown = await ask(other, "case", "show", "--id", id);
  const {evidence} = shown.looks[0];
  assert.deepEqual(await readSealed(again, evidence), await readSealed(house.home, evidence));
  const out = (at: House, ...words: string[]) => ask(at, ...words).then(() => readFileSync(words.at(-1) ?? ""));
  const attached = ["case", "file", "--id", id, "--sha256", shown.files[0].sha256, "--out"];
  assert.deepEqual(
    await out(other, ...attached, path.join(folder, "a")),
    await out(house, ...attached, path.join(folder, "b")),
  );
  const mail = ["mail", "file", "--id", String(mails[0].id), "--out"];
  assert.deepEqual(
    await out(other, ...mail, path.join(folder, "c")),
    await out(house, ...mail, path.join(folder, "d")),
  );
  assert.equal((await ask(other, "config", "check")).ok, true);
});

test("work goes on there: nobody is told twice, and who answers an old mail is understood", {
  timeout: 120_000,
}, async () => {
  const other = restored;
  assert.ok(other !== null);
  const desk = await openCaseDesk(other);
  const reader = readerOf(other);
  try {
    const before = scene.smtp.mails.length;
    const told = new Set(scene.smtp.mails.map(({bytes}) => headerOf(bytes, "Message-ID")));
    const {mailer, world} = scene;
    await runRound(desk, {probe: world.probe, mailer, reader, openInbox: null}, hoursLater(3.1));
    const anew = scene.smtp.mails.slice(before).map(({bytes}) => headerOf(bytes, "Message-ID"));
    assert.ok(anew.every((each) => !told.has(each)));
    const [sent] = scene.smtp.mails;
    const raw = answerTo(
      sent?.bytes ?? Buffer.from(""),
      "The domain has been suspended.",
      "<second@registrar.example>",
    );
    await takeMail(desk, Buffer.from(raw.replace(/\r?\n/g, "\r\n")), {
      name: "INBOX",
      reader,
      now: hoursLater(4),
      receivedAt: hoursLater(4),
    });
    assert.equal((await ask(other, "case", "show", "--id", id)).case.state, "resolved");
    const opened = await ask(
      other,
      "case",
      "open",
      "--class",
      "web.phish",
      "--asset",
      "http://new.example/",
      "--by",
      "Li",
    );
    assert.notEqual(opened.case.id, id, "numbers go on where they were");
  } finally {
    await reader.close();
  }
});
