/** What comes in at a time of the week: complaints by mail, file and program, and reports of feeds. */
import {Readable} from "node:stream";
import {type ComplaintIn, takeComplaints} from "../../src/app/coordination/opening/complaints.ts";
import {ingestDelivery} from "../../src/app/flow.ts";
import {localText, slotTime} from "./clock.ts";
import type {Source} from "./groups.ts";
import {complaintWords, rawMail, xarf} from "./mails.ts";
import {CANARY, type Thing} from "./plan.ts";
import type {Scene} from "./scene.ts";

const URLS_A_MAIL = 5;
/** Every so many reporters want to hear of it. */
const WANT_ANSWER = 3;

/** Takes in all that is reported at a slot, and returns how many complaints that were. */
export async function takeSlot(scene: Scene, things: readonly Thing[], slot: number): Promise<number> {
  const by = (source: Source): Thing[] =>
    things.filter(({sources}) => sources.some((each) => each.source === source && each.slot === slot));
  await takeReports(scene, {
    slot,
    list: by("list"),
    apps: by("apps"),
    sites: by("defacements"),
    doors: by("backdoors"),
  });
  const machine = [
    ...by("csv").map((thing) => complaintOf(thing, "csv", slot)),
    ...by("api").map((thing) => complaintOf(thing, "api", slot)),
  ];
  await takeComplaints(scene.desk, machine, {by: "api", now: slotTime(slot)});
  const mails = [...plainMails(by("mail"), slot), ...by("xarf").map((thing) => xarfMail(thing, slot))];
  for (const mail of mails) await scene.receive(mail, slotTime(slot));
  return machine.length + by("mail").length + by("xarf").length;
}

function complaintOf(thing: Thing, source: "csv" | "api", slot: number): ComplaintIn {
  return {
    receivedAt: slotTime(slot).toISOString(),
    ...{source, key: `${source}-${slot}-${thing.number}`, reporter: `member-${CANARY}@people.example`},
    ...{wantsAnswer: false, class: thing.class, brand: thing.brand, text: "", ip: source === "api" ? thing.ip : null},
    asset: {kind: "url", value: thing.urls[0] ?? ""},
  };
}

/** A person tells of several pages of one brand at once. */
function plainMails(things: readonly Thing[], slot: number): string[] {
  const alike = Map.groupBy(things, (thing) => `${thing.class} ${thing.brand}`);
  return [...alike.values()].flatMap((all) =>
    Array.from({length: Math.ceil(all.length / URLS_A_MAIL)}, (_, n) => {
      const some = all.slice(n * URLS_A_MAIL, (n + 1) * URLS_A_MAIL);
      const [first] = some;
      const number = first?.number ?? 0;
      const told = {class: first?.class ?? "", brand: first?.brand ?? null, urls: some.flatMap(({urls}) => urls)};
      return rawMail({
        from: `reporter-${slot}-${number}-${CANARY}@people.example`,
        ...complaintWords({...told, wantsAnswer: number % WANT_ANSWER === 0}),
        ...{at: slotTime(slot), id: `complaint-${slot}-${number}@people.example`},
      });
    }),
  );
}

function xarfMail({number, urls, brand}: Thing, slot: number): string {
  const at = slotTime(slot);
  return rawMail({
    from: `xarf@sensor.example`,
    ...{subject: "abuse report", at, id: `xarf-${slot}-${number}@sensor.example`, text: "X-ARF report attached."},
    json: xarf({url: urls[0] ?? "", brand, at, number: number * 100 + slot}),
  });
}

interface Reports {
  readonly slot: number;
  readonly list: readonly Thing[];
  readonly apps: readonly Thing[];
  readonly sites: readonly Thing[];
  readonly doors: readonly Thing[];
}

const LIST_KINDS: Readonly<Record<string, string>> = {"web.phish": "phish", "mal.site": "malware", "mal.c2": "c2"};

async function takeReports(scene: Scene, {slot, list, apps, sites, doors}: Reports): Promise<void> {
  const at = localText(slot);
  await takeReport(scene, {feed: "week-list", slot}, [
    "time,kind,url,ip,brand",
    ...list.map((each) => `${at},${LIST_KINDS[each.class] ?? ""},${each.urls[0] ?? ""},${each.ip},${each.brand ?? ""}`),
    ...(slot % 7 === 0 ? [`${at},test,http://test-${CANARY}.example/${slot},,`, `no time,phish,http://x/,,`] : []),
  ]);
  await takeReport(scene, {feed: "mobile-channel", slot}, [
    "time,platform_kind,platform,url,responsible",
    ...apps.flatMap(({channel, host, urls}) =>
      urls.map((url) => `${at},${channel?.kind ?? ""},${host ?? ""},${url},${channel?.responsible ?? ""}`),
    ),
  ]);
  await takeReport(scene, {feed: "defacement", slot}, [
    "date,host",
    ...sites.map(({host}) => `${at.slice(0, 10)},${host}`),
  ]);
  await takeReport(scene, {feed: "backdoor", slot}, ["time,url", ...doors.map(({urls}) => `${at},${urls[0]}`)]);
}

/** A feed that has nothing to tell delivers nothing. */
async function takeReport(
  {house}: Scene,
  {feed, slot}: {feed: string; slot: number},
  lines: readonly string[],
): Promise<void> {
  if (lines.length < 2) return;
  const stream = Readable.from([Buffer.from(`${lines.join("\n")}\n`)]);
  const delivery = {stream, name: `${feed}-${slot}.csv`, scratch: `${house.home}/tmp`};
  const fetchedAt = slotTime(slot, 1);
  for await (const _ of ingestDelivery(house, delivery, {feed, fetchedAt, now: fetchedAt})) void _;
}

/** Complaints of which no case comes, each with the slot at which it comes: too little said, or nothing that we open cases for. */
export const NO_CASES = {scans: 25, unclear: 15, drills: 5} as const;

/** Takes the complaints in of which no case comes, and returns how many count as complaints: drills do not. */
export async function takeNoCases(scene: Scene, slot: number): Promise<number> {
  const due = (many: number): number[] => Array.from({length: many}, (_, n) => n).filter((n) => (n * 5) % 17 === slot);
  const at = slotTime(slot);
  const mail = (what: string, n: number, subject: string, text: string): Promise<string> => {
    const from = `${what}-${n}-${CANARY}@people.example`;
    return scene.receive(rawMail({from, subject, at, id: `${what}-${n}@people.example`, text}), at);
  };
  const [scans, unclear] = [due(NO_CASES.scans), due(NO_CASES.unclear)];
  for (const n of scans)
    await mail("scan", n, "port scan", `We report port scanning of our network. Source IP: 203.0.113.${n + 1}`);
  for (const n of unclear) await mail("unclear", n, "这个网址", `请看看这个：hxxp://what-${CANARY}-${n}[.]example/`);
  const drills = due(NO_CASES.drills).map(
    (n): ComplaintIn => ({
      ...{receivedAt: at.toISOString(), source: "api", key: `drill-${n}`, reporter: null, wantsAnswer: false},
      ...{
        class: "test",
        brand: null,
        text: "演练",
        ip: null,
        asset: {kind: "url", value: `http://drill-${CANARY}-${n}.example/`},
      },
    }),
  );
  await takeComplaints(scene.desk, drills, {by: "api", now: at});
  return scans.length + unclear.length;
}
