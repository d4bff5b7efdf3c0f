import assert from "node:assert/strict";
import {spawn} from "node:child_process";
import {readdirSync, writeFileSync} from "node:fs";
import path from "node:path";
import {text as streamText} from "node:stream/consumers";
import test, {suite} from "node:test";
import {watchfloor} from "./command-line.ts";
import {makeHome, ROOT, temporaryFolder} from "./site.ts";

/** What the command line says to a slip of the pen, to a closed pipe, and of what is probably not meant. */
const folder = temporaryFolder();
const home = await makeHome({profile: "cn"});
const good = path.join(folder, "day.csv");
writeFileSync(good, "");
const REFERENCE = path.join(ROOT, "examples/reference-edition-2023-09.json");

const SLIPS: readonly (readonly [name: string, words: readonly string[], code: 1 | 2, says: RegExp])[] = [
  ["a command with a slip of the pen", ["ingst", good], 2, /no command "ingst"\. Did you mean ingest\?/],
  [
    "a command of two words with a slip",
    ["editon", "draft"],
    2,
    /no command "editon draft"\. Did you mean edition draft\?/,
  ],
  ["the first of two words", ["edition"], 2, /"edition" is more than one command: edition figures, .*edition verify\./],
  ["the first of two words, and an option", ["lake", "--json"], 2, /"lake" is more than one command: lake compact\./],
  [
    "reports of a feed that there is not",
    ["reports", "--feed", "openfish"],
    1,
    /no feed.*"openfish"\. Did you mean openphish\?/,
  ],
  ["reports of a feed like no other", ["reports", "--feed", "nope"], 1, /no feed of that name\. "nope"\. See/],
  [
    "a folder below a file",
    ["edition", "render", "--figures", REFERENCE, "--to", path.join(good, "x"), "--formats", "md", "--lang", "en"],
    2,
    /day\.csv\/x: a part of this path is a file/,
  ],
  [
    "figures that are not there",
    ["edition", "render", "--figures", path.join(folder, "no.json"), "--to", folder],
    2,
    /no\.json: there is no such file/,
  ],
  [
    "an option with a letter left out",
    ["ingest", good, "--fed", "tweetfeed"],
    2,
    /no option --fed\. Did you mean --feed\?/,
  ],
  ["an option like no other", ["feeds", "--colour"], 2, /no option --colour\. Usage/],
];

suite("slips", {concurrency: 2}, () => {
  for (const [name, words, code, says] of SLIPS) {
    test(`${name} is answered in one line with what was probably meant`, async () => {
      const ran = await watchfloor([...words, "--json"], {home});
      assert.deepEqual([ran.code, ran.out], [code, ""]);
      assert.match(ran.err, says);
      assert.match(ran.err, /^watchfloor[^\n]*\n$/, "one line, no trace");
    });
  }
});

/** Runs a program of ours whose reader takes nothing, and gives its exit code and what it complained of. */
async function unread(words: readonly string[]): Promise<{code: number | null; err: string}> {
  const child = spawn(process.execPath, words, {
    env: {...process.env, WATCHFLOOR_HOME: home, NODE_NO_WARNINGS: "1"},
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {err: await streamText(child.stderr), code: await ended};
}

test("whoever stops reading, as head does, gets no complaint: the program ends with the code that shells know", async () => {
  const commands = [["formats"], ["indicators", "--json"], ["--help"], ["config", "check"]];
  for (const words of commands)
    assert.deepEqual(
      await unread([path.join(ROOT, "bin/watchfloor.mjs"), ...words]),
      {code: 141, err: ""},
      words.join(" "),
    );
  const to = path.join(folder, "unread");
  const render = ["edition", "render", "--figures", REFERENCE, "--to", to, "--formats", "md", "--lang", "en"];
  assert.deepEqual(await unread([path.join(ROOT, "bin/watchfloor.mjs"), ...render]), {code: 141, err: ""});
  assert.equal(readdirSync(to).length, 1, "what was under way was done to its end");
});

test("a desk that would publish under the name of its profile is warned, in both languages", async () => {
  const plain = await watchfloor(["config", "check"], {home});
  assert.match(plain.out, /注意：.*“国家互联网应急中心CNCERT”.*overrides\.publisher/);
  assert.match(plain.out, /Note: .*"CNCERT\/CC".*overrides\.publisher/);
  const publisher = {name: {zh: "样例中心", en: "Sample CSIRT"}};
  const own = await watchfloor(["config", "check", "--json"], {
    home: await makeHome({config: {overrides: {publisher}}}),
  });
  assert.deepEqual(JSON.parse(own.out).warnings, []);
});
