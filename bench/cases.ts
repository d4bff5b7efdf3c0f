/** Case work: taking cases in, telling parties of them, and the statistics of a week. The lists are in case-lists.ts. */
import {readFile, writeFile} from "node:fs/promises";
import path from "node:path";
import {type Kysely, sql} from "kysely";
import {openCaseDesk} from "../src/app/coordination/case-desk.ts";
import {tellPending} from "../src/app/coordination/telling/telling.ts";
import {type House, openHouse} from "../src/app/house.ts";
import {addContact, addParty} from "../src/app/parties.ts";
import {initHome} from "../src/app/site/init.ts";
import {situationOf} from "../src/app/situation.ts";
import {planOpenings} from "../src/cases/opening/plan.ts";
import {weekNamed} from "../src/model/week.ts";
import {countCases} from "../src/store/cases/counting.ts";
import {takeIn} from "../src/store/cases/opening.ts";
import {caseId} from "../src/store/cases/rows.ts";
import {addPending} from "../src/store/notices/pending.ts";
import type {Schema} from "../src/store/postgres/schema.ts";
import {hoursLater, MONDAY, phishing, sighting} from "../test/case-fixture.ts";
import type {Bar} from "./bench.ts";
import {benchLists} from "./case-lists.ts";

const CASES = 100_000;
const IMPORT = 10_000;
const PARTIES = 500;
const ACT = {by: "bench", reason: null, now: new Date("2023-01-01T00:00:00Z")};
/** The reference week had so many. */
const REFERENCE = 1777;

type Db = Kysely<Schema>;

/** 100,000 open cases in a database of our own. */
export async function benchCases(home: string): Promise<Bar[]> {
  await initHome({home, profile: "cn", passphrase: null});
  const file = path.join(home, "watchfloor.yaml");
  const mail = "\nmail: {from: desk@csirt.example, domain: csirt.example, smtp: {host: 127.0.0.1, port: 9}}\n";
  await writeFile(file, (await readFile(file, "utf8")) + mail);
  const house = await openHouse(home);
  try {
    const {db} = await house.database();
    const bars: Bar[] = [];
    for (let from = 0; from < CASES; from += IMPORT) {
      const seconds = await takeSome(db, from);
      if (from + IMPORT === CASES) bars.push(importBar(seconds));
    }
    await spread(db);
    bars.push(...(await benchLists(db)), await tellMany(house, db));
    for (const count of [REFERENCE, CASES]) bars.push(...(await countWeek(house, db, count)));
    return bars;
  } finally {
    await house.close();
  }
}

const BRANDS = ["示例银行", "Example Bank", "工商示例", "Sample Pay", "示例证券", "Post of Nowhere"];
const SECTORS = ["finance-bank", "finance-pay", "gov", "telecom", "edu", "health"];

async function takeSome(db: Db, from: number): Promise<number> {
  const candidates = Array.from({length: IMPORT}, (_, at) => {
    const n = from + at;
    const url = `http://login.${word(n)}-${n}.example/${word(n * 7)}/index.html`;
    const brand = BRANDS[n % BRANDS.length] ?? null;
    const own = phishing(url, {sighting: sighting(`bench-${from}`)});
    return {
      ...own,
      facts: {...own.facts, brand, brandSector: SECTORS[n % SECTORS.length] ?? null, province: String(11 + (n % 55))},
    };
  });
  const began = performance.now();
  const plan: Parameters<typeof takeIn>[1]["plan"] = (each, known) => planOpenings(each, known, MONDAY);
  await takeIn(db, {candidates, year: 2023, by: "bench", now: MONDAY, plan});
  return (performance.now() - began) / 1000;
}

const SOUNDS = "ba be bi bo ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se si so ta te ti to".split(
  " ",
);

function word(n: number): string {
  return [n % 32, (n >> 3) % 32, (n >> 7) % 32, (n >> 11) % 32].map((at) => SOUNDS[at]).join("");
}

function importBar(seconds: number): Bar {
  return {
    what: `${IMPORT} cases taken in, beside ${CASES - IMPORT} that are there`,
    bar: "10 s or less",
    measured: `${seconds.toFixed(1)} s`,
    isMet: seconds <= 10,
  };
}

/** Cases in all states of work, with parties, people, levels and classes, as a desk has them. */
async function spread(db: Db): Promise<void> {
  await sql`
    UPDATE cases SET
      state = (ARRAY['open', 'notified', 'notified', 'notified', 'acknowledged', 'resolved'])[1 + id % 6],
      class = (ARRAY['web.phish', 'web.phish', 'web.phish', 'mal.site', 'mal.c2', 'web.deface'])[1 + (id / 7) % 6],
      severity = (ARRAY['IV', 'IV', 'IV', 'IV', 'III', 'III', 'II', 'I'])[1 + (id / 11) % 8],
      party = CASE WHEN id % 6 = 0 THEN NULL ELSE 1 + (id / 3) % ${PARTIES}::integer END, party_kind = 'registrar',
      assignee = CASE WHEN id % 5 = 0 THEN 'person-' || (id / 5) % 40 END,
      waits_for = CASE WHEN id % 200 = 0 THEN 'needs-second-person' END,
      sector = (ARRAY['gov', 'edu', 'telecom'])[1 + (id / 13) % 3], round = CASE WHEN id % 50 = 0 THEN 2 ELSE 1 END,
      act_at = ${MONDAY}::timestamptz + make_interval(mins => (id % 20000)::integer)`.execute(db);
  await sql`VACUUM ANALYZE`.execute(db);
}

/** 10,000 things that wait for 500 contacts become notifications that can be sent. */
async function tellMany(house: House, db: Db): Promise<Bar> {
  for (let n = 0; n < PARTIES; n += 1) {
    const name = `Party ${n}`;
    const fields = {
      kind: "registrar",
      names: {zh: name, en: name},
      country: n % 2 === 0 ? "CN" : "US",
      province: null,
      from: null,
      until: null,
    };
    const party = await addParty(house, {...fields, responsibilities: []}, ACT);
    const address = {
      purpose: "abuse",
      language: n % 2 === 0 ? "zh" : "en",
      channel: "mail",
      address: `abuse@p${n}.example`,
    } as const;
    const rest = {pgpKey: null, pgpFingerprints: [], hours: null, from: null, until: null};
    await addContact(house, {party, contact: {...address, ...rest}}, ACT);
  }
  const cases = await db
    .selectFrom("cases")
    .select(["id", "party"])
    .where("party", "is not", null)
    .orderBy("id")
    .limit(IMPORT)
    .execute();
  const since = hoursLater(0);
  await db.transaction().execute((work) =>
    addPending(
      work,
      cases.map(({id, party}, n) => ({
        ...{event: "opened", case: caseId(id), round: 1, complaint: null, party, contact: null},
        ...{turn: 1, reason: null, isUrgent: n % 10 === 0, since},
      })),
    ),
  );
  await sql`UPDATE cases SET round = 1 WHERE id = ANY(${cases.map(({id}) => id)}::bigint[])`.execute(db);
  const desk = await openCaseDesk(house);
  const began = performance.now();
  const {pending, notifications, told} = await tellPending(desk, hoursLater(1));
  const seconds = (performance.now() - began) / 1000;
  return {
    what: `${pending} things to tell, grouped and queued in the database`,
    bar: "30 s or less",
    measured: `${seconds.toFixed(1)} s for ${notifications} mails about ${told} cases`,
    isMet: seconds <= 30 && pending === IMPORT,
  };
}

const RUNS = 5;

async function countWeek(house: House, db: Db, count: number): Promise<Bar[]> {
  await sql`
    UPDATE case_rounds AS r SET notified_at = w.at, answered_at = w.at + interval '5 hours', acknowledged_at = w.at + interval '5 hours',
      verified_at = w.at + interval '20 hours', gone_at = w.at + interval '19 hours', party_kind = 'registrar'
    FROM (SELECT id, ${MONDAY}::timestamptz + make_interval(mins => (id % 7000)::integer) AS at FROM cases ORDER BY id LIMIT ${count}) AS w
    WHERE r."case" = w.id`.execute(db);
  await sql`UPDATE cases SET border_tests = '{party}' WHERE id % 3 <> 0`.execute(db);
  await sql`VACUUM ANALYZE`.execute(db);
  const week = weekNamed("2023-02-20", house.config.profile.zone);
  const most = count === REFERENCE ? 1 : 3;
  const counting = {weeks: [week], handledWhen: "answered" as const, until: hoursLater(200)};
  const counted = await middle(() => countCases(db, counting));
  const whole = await middle(() => situationOf(house, week, hoursLater(200)));
  const named = count.toLocaleString("en");
  return [
    {
      what: `statistics of a week with ${named} handled cases, with breakdowns`,
      bar: `${most} s or less`,
      measured: `${counted.toFixed(2)} s`,
      isMet: counted <= most,
    },
    {
      what: `the whole situation of that week, with 105 weeks before it`,
      bar: `${most} s or less`,
      measured: `${whole.toFixed(2)} s`,
      isMet: whole <= most,
    },
  ];
}

async function middle(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const began = performance.now();
    await work();
    times.push((performance.now() - began) / 1000);
  }
  return times.toSorted((one, other) => one - other)[Math.floor(RUNS / 2)] ?? 0;
}
