/** Holds what the product has come to against what the world expects; each difference is a line of text. */
import type {Kysely} from "kysely";
import {weekNamed} from "../../src/model/week.ts";
import {countCases} from "../../src/store/cases/counting.ts";
import {caseId} from "../../src/store/cases/rows.ts";
import type {Schema} from "../../src/store/postgres/schema.ts";
import {type Expected, expectations, weekOf} from "./expectation.ts";
import type {Ledger} from "./ledger.ts";
import {CALENDAR, instant} from "./times.ts";

const TERRITORY = "CN";
const DAY_HOURS = 24;

/**
 * Returns all differences. `mayRepeat`: processes were killed, so a mail may have come again where it says of itself that it
 * may have; without that each came once.
 */
export async function differences(
  db: Kysely<Schema>,
  ledger: Ledger,
  {mayRepeat}: {mayRepeat: boolean} = {mayRepeat: false},
): Promise<string[]> {
  const expected = expectations(ledger, TERRITORY);
  return [
    ...(await caseDifferences(db, expected)),
    ...(await mailDifferences(db, ledger)),
    ...(await repeatDifferences(db, ledger, mayRepeat)),
    ...(await noteDifferences(db, ledger)),
    ...(await forgotten(db)),
    ...(await unread(db)),
    ...(await weekDifferences(db, expected)),
  ];
}

async function caseDifferences(db: Kysely<Schema>, expected: readonly Expected[]): Promise<string[]> {
  const rows = await db
    .selectFrom("case_assets as a")
    .innerJoin("cases as c", "c.id", "a.case")
    .select(["a.asset", "a.class", "c.id", "c.state", "c.round"])
    .execute();
  const rounds = Map.groupBy(
    await db.selectFrom("case_rounds").selectAll().orderBy("round").execute(),
    (row) => row.case,
  );
  const found = new Map(rows.map((row) => [`${row.class} ${row.asset}`, row]));
  const own = expected.flatMap((each): string[] => {
    const {story} = each.page;
    const row = found.get(`${story.class} ${story.asset.value}`);
    if (row === undefined) return [`${story.asset.value}: no case`];
    const where = `${caseId(row.id)} ${story.asset.value}`;
    const history = rounds.get(row.id) ?? [];
    return [
      ...compared(`${where} state`, row.state, each.state),
      ...compared(`${where} round`, row.round, each.round),
      ...each.toldAt.flatMap((at, n) =>
        compared(`${where} round ${n + 1} told`, timeOf(history[n]?.notified_at), hourText(at)),
      ),
      ...each.answeredAt.flatMap((at, n) => {
        const answered = timeOf(history[n]?.answered_at);
        if (at === "seen") return answered === null ? [`${where} round ${n + 1}: seen gone, but not handled`] : [];
        return compared(`${where} round ${n + 1} answered`, answered, hourText(at));
      }),
    ];
  });
  return [...own, ...compared("number of cases", rows.length, expected.length)];
}

function compared(what: string, is: unknown, expected: unknown): string[] {
  return is === expected ? [] : [`${what}: ${is}, not ${expected}`];
}

function timeOf(at: Date | null | undefined): string | null {
  return at?.toISOString() ?? null;
}

function hourText(hour: number | null): string | null {
  return hour === null ? null : instant(hour).toISOString();
}

/** Everything that was sent arrived, and nothing arrived that was not sent; one thing is told by one mail. */
async function mailDifferences(db: Kysely<Schema>, {arrivals, pages}: Ledger): Promise<string[]> {
  const sent = await db.selectFrom("notifications").select(["message_id", "state", "id", "address"]).execute();
  const states = new Map(sent.map((row) => [row.message_id, row.state]));
  const unknown = [...arrivals.keys()].filter((id) => states.get(id) !== "sent");
  const lost = sent.filter((row) => row.state === "sent" && !arrivals.has(row.message_id));
  const told = await db
    .selectFrom("notification_cases as of")
    .innerJoin("notifications as n", "n.id", "of.notification")
    .select(["of.case", "of.round", "of.event", "of.turn", "n.message_id", "n.address"])
    .execute();
  const kinds = new Map(told.map((row) => [`${row.message_id} ${caseId(row.case)}`, row]));
  const mails = new Map<string, Set<string>>();
  for (const {told: arrived} of pages)
    for (const {caseId: id, round, house, messageId} of arrived) {
      const kind = kinds.get(`${messageId} ${id}`);
      const key = `${id}#${round} ${house.address} ${kind?.event} ${kind?.turn}`;
      mails.set(key, (mails.get(key) ?? new Set()).add(messageId));
    }
  return [
    ...unknown.map((id) => `${id} arrived, but is ${states.get(id)}`),
    ...lost.map(({message_id}) => `${message_id} was sent, but never arrived`),
    ...[...mails].flatMap(([key, ids]) => (ids.size === 1 ? [] : [`${key} was told by ${ids.size} mails`])),
    ...told.flatMap((row) =>
      states.get(row.message_id) === "sent" ? [] : [`${row.message_id} waits: ${states.get(row.message_id)}`],
    ),
  ];
}

/**
 * Who died between the server's yes and writing it down cannot know of it: the mail goes out again, byte for byte, and is
 * marked. So one that came twice is one, and known to be.
 */
async function repeatDifferences(db: Kysely<Schema>, {arrivals}: Ledger, mayRepeat: boolean): Promise<string[]> {
  const rows = await db.selectFrom("notifications").select("message_id").where("is_repeated", "=", true).execute();
  const marked = new Set(rows.map(({message_id}) => message_id));
  return [...arrivals].flatMap(([id, {times, isSame}]) => [
    ...(times > 1 && !(mayRepeat && marked.has(id)) ? [`${id} came ${times} times, and nothing says so`] : []),
    ...(isSame ? [] : [`${id} came in two shapes`]),
  ]);
}

/** Whoever complains hears that it came in at most once a day, and of each of these once what came of it. */
async function noteDifferences(db: Kysely<Schema>, {notes}: Ledger): Promise<string[]> {
  const rows = await db.selectFrom("notifications").select(["message_id", "event"]).execute();
  const events = new Map(rows.map((row) => [row.message_id, row.event]));
  return [...notes].flatMap(([address, own]) => {
    const received = own.filter(({messageId}) => events.get(messageId) === "reporter-received");
    const closed = own.filter(({messageId}) => events.get(messageId) === "reporter-closed");
    const tooSoon = received.some(({hour}, n) => hour - (received[n - 1]?.hour ?? -DAY_HOURS) < DAY_HOURS);
    return [
      ...(tooSoon ? [`${address} was answered twice within a day`] : []),
      ...(received.length + closed.length === own.length ? [] : [`${address} got something else than notes`]),
    ];
  });
}

/**
 * Whatever is at work is either due again, or somebody has to decide. What was told in the very last round is due at once:
 * the rules would set its deadline in the next one.
 */
async function forgotten(db: Kysely<Schema>): Promise<string[]> {
  const rows = await db
    .selectFrom("cases")
    .select(["id", "state", "act_at", "changed_at"])
    .where("state", "in", ["open", "notified", "acknowledged", "resolved"])
    .execute();
  const end = instant(CALENDAR.end);
  const lost = rows.filter(({act_at, changed_at}) => act_at === null || (act_at <= end && changed_at < end));
  const waiting = await db.selectFrom("pending_notices").selectAll().where("outcome", "is", null).execute();
  return [
    ...lost.map((row) => `${caseId(row.id)} is ${row.state}, due ${timeOf(row.act_at)}, and nobody does anything`),
    ...waiting.map((row) => `${row.event} of ${row.case} waits, and nobody has thought of it`),
  ];
}

/** Every mail of the world can be read. */
async function unread(db: Kysely<Schema>): Promise<string[]> {
  const rows = await db.selectFrom("mails").select(["id", "understood"]).where("kind", "=", "unreadable").execute();
  return rows.map(({id, understood}) => `mail ${id} was not read: ${JSON.stringify(understood)}`);
}

async function weekDifferences(db: Kysely<Schema>, expected: readonly Expected[]): Promise<string[]> {
  const week = weekNamed("2023-02-20", "Asia/Shanghai");
  const all = await countCases(db, {weeks: [week], handledWhen: "answered", until: instant(CALENDAR.end)});
  const counted = all.get(week.from);
  const world = weekOf(expected);
  const cells = (table: readonly {key: string; value: number}[] | undefined) =>
    JSON.stringify(Object.fromEntries((table ?? []).map(({key, value}) => [key, value] as const).sort()));
  const sorted = (table: Readonly<Record<string, number>>) =>
    JSON.stringify(Object.fromEntries(Object.entries(table).sort()));
  return [
    ...compared("handled", counted?.handled?.value, world.handled),
    ...compared("handled by class", cells(counted?.handled?.by.class), sorted(world.byClass)),
    ...compared("cross-border", counted?.crossBorder?.value, world.crossBorder),
    ...compared("phishing", counted?.phishing?.value, world.phishing),
    ...compared("seen gone", counted?.verified?.value, world.held),
    ...compared("complaints", counted?.complaints?.value, world.complaints),
    ...compared("complaints by class", cells(counted?.complaints?.by.class), sorted(world.complaintsByClass)),
  ];
}
