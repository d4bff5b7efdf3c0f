/** Parties by the command line, on a data folder and a real database; the pages about them say what is so. */
import assert from "node:assert/strict";
import {readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import test, {after} from "node:test";
import {generateKey} from "openpgp";
import {PURPOSE_FALLBACK} from "../src/cases/parties/contact-choice.ts";
import {MATCH_RULES} from "../src/cases/parties/precedence.ts";
import {PARTY_FORMATS} from "../src/cases/parties/readers/index.ts";
import {CSV_COLUMNS} from "../src/cases/parties/readers/own-csv.ts";
import {CONTACT_CHANNELS, CONTACT_PURPOSES, HEALTH_EVENTS, RESPONSIBILITY_KINDS} from "../src/model/party.ts";
import {createDatabase} from "./database.ts";
import {answerOf} from "./in-process.ts";
import {openSite, ROOT, temporaryFolder} from "./site.ts";

const {url, drop} = await createDatabase();
after(drop);
const house = await openSite({config: {database: {url}}});
const EXAMPLE = path.join(ROOT, "examples/parties/parties.csv");
// biome-ignore lint/suspicious/noExplicitAny: answers of any command
const say = (...words: string[]): Promise<any> => answerOf(house, ...words);

test("a list goes in, its parties are listed and shown", async () => {
  const answer = await say("party", "import", EXAMPLE, "--source", "ours", "--format", "csv", "--by", "Chen");
  assert.deepEqual([answer.added, answer.rejects], [7, []]);
  const [cert] = await say("party", "list", "--country", "AT");
  assert.deepEqual([cert.id, cert.kind, cert.contacts], ["WP-000006", "foreign-cert", 1]);
  assert.equal((await say("party", "list", "--kind", "registrar", "--text", "names")).length, 1);
  const shown = await say("party", "show", "--id", "wp-000006");
  assert.deepEqual(
    shown.responsibilities.map((each: {kind: string; value: string}) => `${each.kind} ${each.value}`),
    ["country AT", "tld at"],
  );
  assert.equal((await say("party", "sources"))[0].source, "ours");
  await assert.rejects(say("party", "show", "--id", "6"), /no party such as WP-000001/);
  await assert.rejects(say("party", "show", "--id", "WP-000999"), /no party of that number/);
  await assert.rejects(say("party", "import", "nowhere.csv", "--source", "ours", "--format", "csv"), /cannot be read/);
});

test("who is responsible is said with the rule, what else was possible, and the address to write to", async () => {
  const answer = await say(
    "party",
    "who",
    "--asset",
    "https://phish.cloud.example/a?b",
    "--ip",
    "192.0.2.7",
    "--registrar",
    "9999",
    "--purpose",
    "phishing",
  );
  assert.deepEqual([answer.decision.by.claim.names.en, answer.decision.by.match.rule], ["Sample Cloud", "suffix"]);
  assert.deepEqual(
    answer.decision.others.map((each: {claim: {names: {en: string}}}) => each.claim.names.en),
    ["Sample Telecom", "Sample Names"],
  );
  assert.equal(answer.contact.contact.address, "https://report.cloud.example/phishing");
  assert.equal(answer.facts.domain, "cloud.example");
  const foreign = await say("party", "who", "--asset", "www.shop.at", "--order", "foreign-cert");
  assert.equal(foreign.decision.by.claim.names.en, "Sample National CERT");
  const asn = await say("party", "who", "--asset", "AS64500");
  assert.equal(asn.decision.by.match.rule, "asn");
  const gov = await say("party", "who", "--asset", "www.county.gov.cn");
  assert.deepEqual([gov.decision.why.code, gov.protection.because], ["no-claim", "government"]);
  const place = await say("party", "who", "--asset", "8.8.8.8");
  assert.deepEqual([place.facts.asns, place.facts.country], [[15_169], "US"]);
  await assert.rejects(say("party", "who", "--asset", "not a host"), /no host name/);
  await assert.rejects(say("party", "who", "--asset", "a.example", "--order", "friends"), /no kind of party/);
});

test("a change here survives the list; the conflict is listed and decided", async () => {
  await say(
    "party",
    "edit",
    "--id",
    "WP-000006",
    "--en",
    "Our name",
    "--for",
    "tld:wien",
    "--not-for",
    "tld:at",
    "--reason",
    "by phone",
  );
  const list = path.join(temporaryFolder(), "parties.csv");
  writeFileSync(list, readFileSync(EXAMPLE, "utf8").replace("Sample National CERT", "Their name"));
  assert.equal((await say("party", "import", list, "--source", "ours", "--format", "csv")).conflicts, 1);
  const [open] = await say("party", "conflicts");
  const [conflict] = open.conflicts;
  assert.deepEqual(
    [open.id, conflict.path, conflict.value, conflict.imported],
    ["WP-000006", "names.en", "Our name", "Their name"],
  );
  await assert.rejects(say("party", "resolve", "--id", "WP-000006", "--path", "names.en"), /--take is missing/);
  const shown = await say(
    "party",
    "resolve",
    "--id",
    "WP-000006",
    "--path",
    "names.en",
    "--take",
    "imported",
    "--by",
    "Wang",
  );
  assert.equal(shown.names.en, "Their name");
  assert.deepEqual(
    shown.responsibilities.map((each: {value: string}) => each.value),
    ["AT", "wien"],
  );
  assert.deepEqual(await say("party", "conflicts"), []);
  const cleared = await say("party", "edit", "--id", "WP-000006", "--clear", "country,until");
  assert.equal(cleared.country, null);
});

test("a party of our own gets a contact with a key, which bounces, is confirmed, hidden and restored", async () => {
  const made = await say(
    "party",
    "add",
    "--kind",
    "constituent",
    "--zh",
    "样例大学",
    "--province",
    "11",
    "--for",
    "domain:uni.example",
  );
  const {publicKey} = await generateKey({userIDs: [{name: "Desk", email: "cert@uni.example"}]});
  const file = path.join(temporaryFolder(), "key.asc");
  writeFileSync(file, publicKey);
  const add = ["contact", "add", "--party", made.id, "--purpose", "infection", "--address", "cert@uni.example"];
  const [contact] = await say(...add, "--key", file, "--hours", "cn 08:00-17:00");
  assert.deepEqual([contact.keyState, contact.health.isHealthy, contact.language], ["usable", true, "zh"]);
  const id = ["--id", String(contact.id)];
  assert.equal((await say("contact", "bounce", ...id, "--note", "550"))[0].health.because, "hard-bounce");
  assert.deepEqual(
    (await say("party", "who", "--asset", "www.uni.example", "--order", "constituent", "--purpose", "infection"))
      .contact.why,
    "none-healthy",
  );
  assert.equal((await say("contact", "confirm", "--address", "CERT@uni.example"))[0].health.isHealthy, true);
  assert.equal((await say("contact", "edit", ...id, "--until", "2030-01-01", "--hours", ""))[0].until, "2030-01-01");
  await say("contact", "edit", ...id, "--hide");
  assert.equal((await say("party", "show", "--id", made.id)).contacts.length, 0);
  await say("contact", "edit", ...id, "--restore");
  assert.equal((await say("party", "show", "--id", made.id)).contacts[0].id, contact.id);
  assert.deepEqual(await say("contact", "due"), []);
  await assert.rejects(say("contact", "bounce", "--address", "nobody@uni.example"), /no contact of that number/);
  await assert.rejects(say(...add, "--fingerprint", "1234"), /no fingerprint/);
});

test("networks of a cloud go in by the name of the cloud, and by the number of a party that is there", async () => {
  const list = path.join(temporaryFolder(), "nets.txt");
  writeFileSync(list, "203.0.113.0/24\n");
  const words = ["party", "import", list, "--source", "nets", "--format", "network-list"];
  await assert.rejects(say(...words), /name the party/);
  assert.equal((await say(...words, "--en", "Net Cloud", "--country", "CN")).added, 1);
  assert.equal((await say("party", "who", "--asset", "203.0.113.9")).decision.by.claim.names.en, "Net Cloud");
  const more = path.join(temporaryFolder(), "more.txt");
  writeFileSync(more, "203.0.114.0/24\n");
  await say("party", "import", more, "--source", "more-nets", "--format", "network-list", "--party", "WP-000002");
  assert.equal((await say("party", "who", "--asset", "203.0.114.9")).decision.by.claim.names.en, "Sample Cloud");
});

test("ten thousand parties go in within seconds", async (t) => {
  const rows = Array.from({length: 10_000}, (_, at) => {
    const net = `10.${Math.floor(at / 256)}.${at % 256}.0/24`;
    return `k${at},network-operator,运营者${at},Operator ${at},CN,44,asn:${400_000 + at}; network:${net},abuse,zh,mail,abuse@op${at}.example`;
  });
  const list = path.join(temporaryFolder(), "many.csv");
  writeFileSync(
    list,
    `key,kind,name_zh,name_en,country,province,responsible_for,purpose,language,channel,address\n${rows.join("\n")}\n`,
  );
  const words = ["party", "import", list, "--source", "many", "--format", "csv"];
  const started = performance.now();
  assert.equal((await say(...words)).added, 10_000);
  const first = performance.now();
  assert.equal((await say(...words)).unchanged, 10_000);
  t.diagnostic(`10,000 parties: ${Math.round(first - started)} ms, again ${Math.round(performance.now() - first)} ms`);
  assert.ok(first - started < 30_000);
});

test("docs/parties.md names every kind, column, format, rule and fallback that there is, in the order that holds", () => {
  const page = readFileSync(path.join(ROOT, "docs/parties.md"), "utf8");
  const inOrder = (names: readonly string[], part = page): void => {
    const found = [...part.matchAll(/^\| `([a-z_-]+)` \|/gm)].map(([, name]) => name ?? "");
    assert.deepEqual(
      found.filter((name) => names.includes(name)).filter((name, at, all) => all.indexOf(name) === at),
      names,
    );
  };
  inOrder(Object.keys(CSV_COLUMNS), page.slice(page.indexOf("### Our own CSV")));
  inOrder(PARTY_FORMATS.map(({name}) => name));
  for (const name of [...RESPONSIBILITY_KINDS, ...CONTACT_PURPOSES, ...CONTACT_CHANNELS, ...HEALTH_EVENTS])
    assert.ok(page.includes(`\`${name}\``), name);
  const rules = [...page.matchAll(/^\d+\. `([a-z]+)`/gm)].map(([, name]) => name);
  assert.deepEqual(rules, MATCH_RULES);
  for (const [purpose, order] of Object.entries(PURPOSE_FALLBACK))
    assert.match(page, new RegExp(`^\\| ${purpose} \\| ${order.join(", then ")} \\|$`, "m"), purpose);
});
