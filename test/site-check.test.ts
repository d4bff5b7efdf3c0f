/** A data folder is looked through: a new one is right, and of a bad one all faults are told, each with its place. */
import assert from "node:assert/strict";
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test from "node:test";
import {readKey} from "openpgp";
import {parse} from "yaml";
import {configSchema, readConfig} from "../src/app/config.ts";
import {checkSite} from "../src/app/site/checking.ts";
import {keyNotes} from "../src/app/site/keys.ts";
import {secretNotes} from "../src/app/site/secrets.ts";
import {answerOf} from "./in-process.ts";
import {makeHome, openSite, temporaryFolder} from "./site.ts";

const NOW = new Date("2023-02-20T00:00:00Z");

function put(home: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(home, name)), {recursive: true});
    writeFileSync(path.join(home, name), text);
  }
}

for (const profile of ["cn", "generic"] as const)
  test(`a new data folder of ${profile} has no fault, nor when its examples are taken up`, async () => {
    const home = await makeHome({profile});
    assert.deepEqual((await checkSite(home, NOW)).faults, []);
    const file = path.join(home, "watchfloor.yaml");
    const text = readFileSync(file, "utf8");
    for (const name of ["mail", "inbox", "notices", "cases", "probe"])
      assert.match(text, new RegExp(`^#${name}:$`, "m"));
    const taken = text.replace(/^#(?=\S| {2})/gm, "");
    assert.notEqual(taken, text);
    writeFileSync(file, taken);
    const {config, faults} = await checkSite(home, NOW);
    assert.deepEqual(faults, []);
    assert.equal(config?.mail?.smtp.host, "smtp.csirt.example");
    assert.equal(config?.cases.history[0]?.source, "old-desk");
    const said = Object.keys(configSchema.parse(parse(taken)));
    for (const name of ["mail", "inbox", "notices", "cases", "probe", "verification"]) assert.ok(said.includes(name));
    for (const name of ["rules/cases.yaml", "rules/deadlines.yaml"])
      put(home, {[name]: readFileSync(path.join(home, `${name}.example`), "utf8")});
    assert.deepEqual((await checkSite(home, NOW)).faults, [], "the examples of rules can be used as they are");
  });

test("all that is wrong is told at once, with file, line and remedy", async () => {
  const home = await makeHome();
  const rules = readFileSync(path.join(home, "rules/cases.yaml.example"), "utf8");
  put(home, {
    "watchfloor.yaml": `${readFileSync(path.join(home, "watchfloor.yaml"), "utf8")}colour: red\nnotices: {casesPerMail: 0}\n`,
    "formats/one.yaml": "name: One\nfields: {}\n",
    "tables/sectors.csv": "match,sector\nbank.example,none\nAS1,gov\nx y,gov\n",
    "tables/protected.txt": "good.example\n!!\n.fine.example\n??\n",
    "tables/known-hosts.csv": "kind,match\nparked\n",
    "tables/provinces/110000.txt": "192.0.2.0/24\nnone\n",
    "rules/cases.yaml": rules
      .replace("deadline: at-once", "deadline: whenever")
      .replace("severity: III", "severity: VII"),
    "rules/deadlines.yaml": 'calendar: cn\nhours: ["09:00-08:00"]\ndeadlines: []\n',
    "calendars/mine.yaml": "id: mine\n",
    "notices/zh/mine.yaml": 'event: opened\nlanguage: zh\nsubject: "{asset} {nothing}"\ntext: "{none}"\n',
    "parties/list.csv": "key,kind,name_zh\na,registrar,甲\nb,nobody,乙\n",
    "keys/evidence.key": "short",
    "keys/notices.asc": "no key",
  });
  const {config, faults} = await checkSite(home, NOW);
  assert.equal(config, null);
  const places = faults.map(({where}) => where);
  const has = (place: RegExp): void =>
    assert.ok(
      places.some((each) => place.test(each)),
      `${place}\n${places.join("\n")}`,
    );
  has(/^watchfloor\.yaml:\d+ the key "colour" is not known/);
  has(/^watchfloor\.yaml:\d+ "notices\.casesPerMail"/);
  has(/^formats\/one\.yaml line 1: /);
  has(/^tables\/sectors\.csv:2 /);
  has(/^tables\/sectors\.csv:4 /);
  has(/^tables\/protected\.txt:2 .*!!/);
  has(/^tables\/protected\.txt:4 .*\?\?/);
  has(/^tables\/known-hosts\.csv:2 /);
  has(/^tables\/provinces\/110000\.txt:2 /);
  has(/^rules\/cases\.yaml:\d+ "rules\.\d\.severity"/);
  has(/^rules\/deadlines\.yaml:2 "hours\.0" ends before it begins/);
  has(/^rules\/deadlines\.yaml:3 "deadlines"/);
  has(/^calendars\/mine\.yaml:1 "title" is missing/);
  has(/^notices\/zh\/mine\.yaml:3 .*cannot stand in a subject|^notices\/zh\/mine\.yaml:3 .*\{nothing\}/);
  has(/^notices\/zh\/mine\.yaml:4 .*\{none\}/);
  has(/^parties\/list\.csv:3 .*nobody/);
  has(/^keys\/evidence\.key is damaged: it has 5 bytes, not 32/);
  has(/keys\/notices\.asc is no OpenPGP secret key/);
  assert.ok(faults.every(({remedy}) => remedy.length > 10));
  assert.ok(
    places.every((each) => !each.includes(home)),
    "files are named as they lie in the folder",
  );
});

test("what can be read and is surely not meant is told as well", async () => {
  const home = await makeHome();
  const rules = readFileSync(path.join(home, "rules/cases.yaml.example"), "utf8");
  const deadlines = readFileSync(path.join(home, "rules/deadlines.yaml.example"), "utf8");
  put(home, {
    "rules/cases.yaml": rules.replace("deadline: at-once", "deadline: whenever"),
    "rules/deadlines.yaml": deadlines.replace(/calendar: \S+/, "calendar: moon"),
    "watchfloor.yaml": readFileSync(path.join(home, "watchfloor.yaml"), "utf8").replace(
      "format: openphish",
      "format: openfish",
    ),
  });
  const {faults} = await checkSite(home, NOW);
  const line = rules.split("\n").findIndex((each) => each.includes("id: phishing-of-government")) + 1;
  assert.deepEqual(
    faults.map(({where}) => where.replace(/; there are .*/, "")).sort(),
    [
      `rules/cases.yaml:${line} the rule "phishing-of-government" names a deadline that there is not (whenever)`,
      'rules/deadlines.yaml names the calendar "moon"',
      'watchfloor.yaml: feed openphish wants "openfish"',
    ].sort(),
  );
});

test("a broken file of YAML does not hide what is wrong elsewhere", async () => {
  const home = await makeHome();
  put(home, {"watchfloor.yaml": "profile: cn\nfeeds: {\n", "tables/protected.txt": "!!\n"});
  const places = (await checkSite(home, NOW)).faults.map(({where}) => where);
  assert.ok(
    places.some((each) => /^watchfloor\.yaml:\d/.test(each)) &&
      places.some((each) => each.startsWith("tables/protected.txt:1")),
  );
});

test("the command lists the faults and fails; without faults it says how old the tables are", async () => {
  const house = await openSite();
  const good = await answerOf<{ok: boolean; tables: unknown[]}>(house, "config", "check");
  assert.ok(good.ok && good.tables.length > 0);
  put(house.home, {"tables/protected.txt": "!!\n"});
  const bad = await answerOf<{ok: boolean; faults: {where: string; remedy: string}[]}>(house, "config", "check");
  assert.deepEqual([bad.ok, bad.faults.length], [false, 1]);
});

test("the desk's key is made once, and its public part is given away without its passphrase", async () => {
  const house = await openSite();
  await assert.rejects(answerOf(house, "pgp", "show"), {code: "key_missing"});
  await assert.rejects(answerOf(house, "pgp", "create"), {code: "usage"}, "nobody said what our address is");
  process.env["WATCHFLOOR_PGP_PASSPHRASE"] = "some words of ours";
  const made = await answerOf<{fingerprint: string; isProtected: boolean}>(
    house,
    "pgp",
    "create",
    "--address",
    "desk@csirt.example",
  );
  delete process.env["WATCHFLOOR_PGP_PASSPHRASE"];
  assert.equal(made.isProtected, true);
  await assert.rejects(answerOf(house, "pgp", "create", "--address", "desk@csirt.example"), {code: "key_exists"});
  const out = path.join(temporaryFolder(), "desk.asc");
  await answerOf(house, "pgp", "show", "--out", out);
  const key = await readKey({armoredKey: readFileSync(out, "utf8")});
  assert.deepEqual([key.isPrivate(), key.getFingerprint().toUpperCase()], [false, made.fingerprint]);
  assert.match(key.getUserIDs()[0] ?? "", /<desk@csirt\.example>$/);
  assert.deepEqual((await checkSite(house.home, NOW)).faults, [], "a passphrase that is not given is no fault");
  const notes = (await keyNotes(house.config)).map(({en}) => en);
  assert.equal(notes.filter((each) => each.includes("WATCHFLOOR_PGP_PASSPHRASE")).length, 1);
  chmodSync(path.join(house.home, "keys/notices.asc"), 0o644);
  assert.ok((await keyNotes(house.config)).some(({en}) => en.includes("chmod 600")));
});

test("secrets that are named and not set here are told, for the process that serves needs them", async () => {
  const home = await makeHome();
  const file = path.join(home, "watchfloor.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/^#(?=\S| {2})/gm, ""));
  const notes = secretNotes(await readConfig(home)).map(({en}) => en.split(",")[0]);
  assert.deepEqual(notes, [
    "inbox needs the environment variable WATCHFLOOR_SECRET_IMAP",
    "mail.smtp needs the environment variable WATCHFLOOR_SMTP_PASSWORD",
  ]);
});
