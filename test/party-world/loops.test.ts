/** TRUST.md, M: machines that answer our answers get none, and a machine that does not say that it is one gets one a day. */
import assert from "node:assert/strict";
import test from "node:test";
import {hoursLater} from "../case-fixture.ts";
import {openScene, type Scene} from "../coordination-scene.ts";
import {machineMail, mailOf} from "./answers.ts";
import {diceOf} from "./dice.ts";
import {type Letter, readLetter} from "./post.ts";

const MACHINES = 1000;
const COMPLAINT = "I want to report a phishing page: hxxp://login[.]fake-bank[.]com/ Please reply.";

let scene: Scene;
test.before(async () => {
  scene = await openScene();
  scene.world.place("login.fake-bank.com", {
    body: "<html><title>Bank</title><form><input type=password></form></html>",
  });
});
test.after(() => scene.close());

function complaint(from: string, n: number, headers: readonly string[] = []): string {
  const id = `Message-ID: <loop-${n}@${from.split("@")[1]}>`;
  const own = [`From: ${from}`, "To: desk@csirt.example", "Subject: phishing page", id, ...headers];
  return mailOf({headers: own, text: `${COMPLAINT}\n${n}\n`}).toString("latin1");
}

async function letters(): Promise<Letter[]> {
  const found = await Promise.all(scene.smtp.mails.map(readLetter));
  scene.smtp.clear();
  return found;
}

test("1,000 automatic answers are answered by none", async () => {
  await scene.receive(complaint("zhang@people.example", 0), hoursLater(0));
  await scene.round(hoursLater(0.1));
  const [note] = await letters();
  assert.ok(note !== undefined, "a person who complains is answered");
  const dice = diceOf(7);
  const kinds = new Map<string, number>();
  for (let n = 1; n <= MACHINES; n += 1) {
    // half of them answer our note; the others come out of nothing, and even seem to complain
    const from = `machine-${n % 50}@people.example`;
    const name = `m ${n}`;
    const marks = ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply"] as const;
    const raw =
      n % 2 === 0
        ? machineMail(dice, {letter: note, from, at: hoursLater(1), name}).toString("latin1")
        : complaint(from, n, [marks[n % marks.length] ?? ""]);
    const kind = await scene.receive(raw, hoursLater(1));
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  await scene.round(hoursLater(1.1));
  await scene.round(hoursLater(6));
  assert.deepEqual([...kinds], [["auto-reply", MACHINES]]);
  assert.deepEqual(await letters(), []);
});

test("a machine that passes for a person is answered once a day, however often it writes", async () => {
  const answers: number[] = [];
  const from = "helpdesk@loops.example";
  for (let step = 0; step < 3 * 48; step += 1) {
    const hour = 24 + step / 2;
    await scene.receive(complaint(from, 5000 + step), hoursLater(hour));
    await scene.round(hoursLater(hour + 0.1));
    for (const {to} of await letters()) if (to === from) answers.push(hour);
  }
  assert.deepEqual(answers, [24, 48.5, 73]);
});
