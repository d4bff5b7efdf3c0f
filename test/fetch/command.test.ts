/** What a person sees of fetching at the command line. */
import assert from "node:assert/strict";
import test, {after} from "node:test";
import type {Answer} from "../../src/app/command.ts";
import {commandOf} from "../../src/app/commands/index.ts";
import type {FetchStanding} from "../../src/app/fetch/standing.ts";
import {openHouse} from "../../src/app/house.ts";
import {openWeb} from "../web.ts";
import {freshReport, openListed} from "./listed.ts";

const web = await openWeb((_, response) => response.end(freshReport(4)));
after(() => web.close());
const http = (path: string): object => ({
  fetch: {every: 60, from: {http: {url: `${web.url}/${path}`, allowPrivate: true}}},
});
const house = await openListed({
  good: http("good"),
  bad: http("bad"),
  off: {enabled: false, ...http("off")},
  "by-hand": {},
});

async function ask(name: string, ...positionals: string[]): Promise<Answer> {
  const call = {options: {}, positionals, home: house.home, now: new Date(), say: () => undefined};
  const command = await commandOf(name.split(" "));
  assert.ok(command);
  return command.run(call, async () => house);
}
const stateOf = (answer: Answer, name: string): FetchStanding | null => {
  const all: {name: string; state: FetchStanding | null}[] = JSON.parse(JSON.stringify(answer.json));
  return all.find((each) => each.name === name)?.state ?? null;
};

test("feeds that were never fetched say so, and those without fetch have no state", async () => {
  const answer = await ask("feeds");
  assert.match(answer.text, /good +listed +every 60 +TLP:RED +never fetched +no report yet/);
  assert.match(answer.text, /by-hand +listed +enabled, by ingest/);
  assert.match(answer.text, /off +listed +by hand/);
  assert.equal(stateOf(answer, "by-hand"), null);
  assert.equal(stateOf(answer, "good")?.lastRunAt, null);
});

test("feeds fetch takes all that are enabled, tells what failed in both languages, and fails then", async () => {
  web.answer = ({path}, response) => (path === "/bad" ? response.writeHead(401).end() : response.end(freshReport(4)));
  const answer = await ask("feeds fetch");
  assert.equal(answer.isFailed, true);
  assert.match(answer.text, /good +fetched +1 new reports +4 lines\nbad +failed/);
  assert.doesNotMatch(answer.text, /off/);
  assert.equal(answer.complaints?.length, 1);
  assert.match(answer.complaints?.[0] ?? "", /^bad: 对方拒绝访问（401.*；access was denied \(401/);
  const named = await ask("feeds fetch", "off");
  assert.deepEqual([named.isFailed, named.text], [false, "off  fetched  1 new reports  4 lines"]);
  await assert.rejects(ask("feeds fetch", "by-hand"), /says not where it is fetched/);
  await assert.rejects(ask("feeds fetch", "goood"), /no feed of that name.*good/s);
});

test("feeds tells the age of the newest report, its lines against the usual, and what is wrong", async () => {
  for (const rows of [4, 4, 4, 1]) {
    web.answer = (_, response) => response.end(freshReport(rows));
    await ask("feeds fetch", "good");
  }
  const answer = await ask("feeds");
  const good = stateOf(answer, "good");
  assert.deepEqual(
    [good?.lines, good?.usualLines, good?.mark, good?.isLate, good?.problem],
    [1, 4, "low", false, null],
  );
  assert.ok(good?.lagSeconds !== null && good?.lagSeconds !== undefined && good.lagSeconds < 60);
  assert.match(answer.text, /good.*newest report \d+ s old +1 lines, usually 4 +LOW/);
  const bad = stateOf(answer, "bad");
  assert.deepEqual([bad?.failures, bad?.problem?.code], [1, "access-denied"]);
  assert.match(answer.text, /bad.*对方拒绝访问/);
});

test("without a database the feeds are still listed, and it is said why no state is known", async () => {
  const away = await openHouse(house.home, {engine: house.engine});
  away.config.database.url = "postgresql://nobody@127.0.0.1:1/none";
  const call = {options: {}, positionals: [], home: house.home, now: new Date(), say: () => undefined};
  const answer = await (await commandOf(["feeds"]))?.run(call, async () => away);
  assert.match(answer?.text ?? "", /good +listed/);
  assert.match(answer?.complaints?.[0] ?? "", /cannot be told.*database cannot be reached/s);
  await away.close();
});
