/** What cases learn before their party is chosen, and which of the cases of a notification a reply is about. */
import assert from "node:assert/strict";
import test from "node:test";
import {type ComplaintIn, takeComplaints} from "../src/app/coordination/opening/complaints.ts";
import {caseOfId} from "../src/store/cases/changing.ts";
import {keepRdapAnswer} from "../src/store/parties/rdap-answers.ts";
import {hoursLater, MONDAY} from "./case-fixture.ts";
import {headerOf, openScene, type Scene} from "./coordination-scene.ts";
import {ADDRESS} from "./world/probe.ts";

let scene: Scene;
test.before(async () => {
  scene = await openScene();
});
test.after(() => scene.close());

function complaint(url: string): ComplaintIn {
  return {
    ...{
      receivedAt: MONDAY.toISOString(),
      source: "api",
      key: url,
      reporter: null,
      wantsAnswer: false,
      class: "web.phish",
    },
    ...{asset: {kind: "url", value: url}, brand: null, text: "", ip: null},
  };
}

async function take(urls: readonly string[], hours: number): Promise<string[]> {
  for (const url of urls)
    scene.world.place(new URL(url).hostname, {body: `<title>${url}</title><form><input type=password>`});
  const taken = await takeComplaints(scene.desk, urls.map(complaint), {by: "api", now: hoursLater(hours)});
  await scene.round(hoursLater(hours + 0.1));
  return taken.map((each) => each.case ?? "");
}

test("the registrar is the one that the registry named, and it and the host abroad make the case cross-border", async () => {
  const {desk} = scene;
  await scene.party({
    ...{kind: "registrar", name: "Example Registrar", country: "DE", address: "abuse@registrar.example"},
    responsibilities: [{kind: "registrar", value: "9999"}],
  });
  const registrar = {roles: ["registrar"], publicIds: [{type: "IANA Registrar ID", identifier: "9999"}]};
  await keepRdapAnswer(desk.db, {
    ...{key: "domain/shop.example", url: "http://rdap.example/domain/shop.example", status: 200, fetchedAt: MONDAY},
    answer: JSON.stringify({objectClassName: "domain", ldhName: "shop.example", entities: [registrar]}),
  });
  const [id = ""] = await take(["http://login.shop.example/a"], 0);
  const {case: told, partyKind} = await caseOfId(desk.db, id);
  assert.deepEqual([told.state, partyKind], ["notified", "registrar"]);
  assert.deepEqual(
    [told.facts.registrar, told.facts.ip, told.facts.country, told.facts.scope],
    [9999, ADDRESS, "US", "overseas"],
  );
  assert.ok(told.facts.asn !== null);
  assert.deepEqual(told.borderTests.toSorted(), ["hosting", "party", "registrar"]);
});

test("of a domain that no registry was asked about and that has no address nothing is made up", async () => {
  const {desk} = scene;
  const [taken] = await takeComplaints(desk, [complaint("http://nowhere.test/")], {by: "api", now: MONDAY});
  await scene.round(hoursLater(0.3));
  const {facts} = (await caseOfId(desk.db, taken?.case ?? "")).case;
  assert.deepEqual([facts.registrar, facts.ip, facts.country, facts.scope], [null, null, null, "unknown"]);
});

test("a reply that names some of the cases of a notification is about these, whatever stands quoted below", async () => {
  const {desk, smtp} = scene;
  const [one = "", other = ""] = await take(["http://x.shop.example/1", "http://x.shop.example/2"], 0.5);
  const mail = smtp.mails.at(-1);
  assert.ok(mail !== undefined);
  const answer = [
    "From: abuse@registrar.example",
    "To: desk@csirt.example",
    `Subject: Re: ${headerOf(mail.bytes, "Subject")}`,
    `In-Reply-To: ${headerOf(mail.bytes, "Message-ID")}`,
    "Message-ID: <some@registrar.example>",
    "Content-Type: text/plain; charset=utf-8",
    "",
    `${one} has been removed.`,
    "",
    "On Tue, 21 Feb 2023 at 09:00, the desk wrote:",
    `> ${one}`,
    `> ${other}`,
  ];
  await scene.receive(answer.join("\n"), hoursLater(1));
  assert.deepEqual(
    [(await caseOfId(desk.db, one)).case.state, (await caseOfId(desk.db, other)).case.state],
    ["resolved", "notified"],
  );
});
