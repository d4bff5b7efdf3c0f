import assert from "node:assert/strict";
import test from "node:test";
import {takeComplaints} from "../src/app/coordination/opening/complaints.ts";
import {stepped} from "../src/cases/desk.ts";
import type {CaseAction} from "../src/model/cases/case.ts";
import {caseOfId, changeCase} from "../src/store/cases/changing.ts";
import {looksOf} from "../src/store/cases/looks.ts";
import {hoursLater} from "./case-fixture.ts";
import {openScene, type Scene} from "./coordination-scene.ts";

const HTML = "<html><title>Example Bank</title><body><form><input type=password></form></body></html>";

let scene: Scene;
test.before(async () => {
  scene = await openScene();
  await scene.party({
    kind: "registrar",
    name: "Example Registrar",
    country: "US",
    address: "abuse@registrar.example",
    responsibilities: [{kind: "tld", value: "com"}],
  });
});
test.after(() => scene.close());

async function open(host: string): Promise<string> {
  const complaint = {
    ...{receivedAt: hoursLater(0).toISOString(), source: "api" as const, key: host, reporter: null, wantsAnswer: false},
    ...{class: "web.phish", asset: {kind: "url", value: `http://${host}/`}, brand: null, text: "", ip: null},
  };
  const [taken] = await takeComplaints(scene.desk, [complaint], {by: "api", now: hoursLater(0)});
  return taken?.case ?? "";
}

function step(id: string, action: CaseAction, hour: number) {
  const move = {action, at: hoursLater(hour).toISOString()};
  return changeCase(scene.desk.db, id, {by: "Li", now: hoursLater(hour), decide: (there) => stepped(there, {move})});
}

test("what a party says is disputed by a look that sees the page, not by one that cannot tell", async () => {
  scene.world.place("login.claims.com", {body: HTML});
  const id = await open("login.claims.com");
  await scene.round(hoursLater(0.1));
  scene.world.sites.hosts.set("login.claims.com", {status: 503});
  await step(id, "resolve", 2);
  await scene.round(hoursLater(2));
  const {case: claimed, look} = await caseOfId(scene.desk.db, id);
  assert.deepEqual([claimed.state, look?.kind], ["resolved", "retry"], "a server that is busy refutes nobody");
  scene.world.sites.hosts.set("login.claims.com", {body: HTML});
  await scene.round(hoursLater(4));
  assert.equal((await caseOfId(scene.desk.db, id)).case.state, "notified");
});

test("a case that is dismissed while somebody looks at its page is not looked at any more", async () => {
  const id = await open("login.slow.com");
  scene.world.place("login.slow.com", {
    answer: (_request, response) => void step(id, "dismiss", 0.05).then(() => response.end(HTML)),
  });
  await scene.round(hoursLater(0.1));
  const {case: over, look} = await caseOfId(scene.desk.db, id);
  assert.deepEqual([over.state, look], ["dismissed", null]);
  assert.equal((await looksOf(scene.desk.db, [id])).length, 1, "what was seen is kept");
});

test("a probe that is killed while it looks costs a second try, not a look", async () => {
  const id = await open("login.killed.com");
  let visits = 0;
  scene.world.place("login.killed.com", {
    answer: (_request, response) => {
      visits += 1;
      const pid = scene.world.probe.pid();
      if (visits === 1 && pid !== null) process.kill(pid, "SIGKILL");
      else response.end(HTML);
    },
  });
  await scene.round(hoursLater(0.1));
  const looks = await looksOf(scene.desk.db, [id]);
  assert.deepEqual([visits, looks.map(({verdict}) => verdict)], [2, ["up"]]);
});
