/** A desk for many hands: a data folder, a database of its own for each history, parties, a mail server, and a few cases. */
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {type Kysely, sql} from "kysely";
import {openCaseDesk} from "../../src/app/coordination/case-desk.ts";
import {type ComplaintIn, takeComplaints} from "../../src/app/coordination/opening/complaints.ts";
import {type House, openHouse} from "../../src/app/house.ts";
import {addContact, addParty} from "../../src/app/parties.ts";
import {initHome} from "../../src/app/site/init.ts";
import type {Schema} from "../../src/store/postgres/schema.ts";
import {hoursLater} from "../case-fixture.ts";
import {createDatabase} from "../database.ts";
import {openSmtp, type TestSmtp} from "../smtp.ts";

/** So many cases, which everybody works on. */
export const CASES = 6;
/** Of them the first ones need a second person before anybody is told. */
const PROTECTED = 2;
/** Parties by number, the first two of them responsible for all. */
export const PARTIES = ["registrar", "registry", "cloud", "host"] as const;

/** What stays from history to history. */
export interface Scene {
  readonly home: string;
  readonly smtp: TestSmtp;
  /** Opens a fresh database with the cases in it; the data folder uses it from now on. */
  begin(): Promise<Begun>;
  close(): Promise<void>;
}

/** A history that begins. */
export interface Begun {
  readonly house: House;
  readonly db: Kysely<Schema>;
  end(): Promise<void>;
}

/** Opens the scene. */
export async function openScene(): Promise<Scene> {
  const home = path.join(mkdtempSync(path.join(tmpdir(), "watchfloor-histories-")), "home");
  const smtp = await openSmtp();
  await initHome({home, profile: "cn", passphrase: null});
  writeFileSync(
    path.join(home, "tables/protected.txt"),
    Array.from({length: PROTECTED}, (_, n) => `.shop-${n + 1}.com\n`).join(""),
  );
  const file = path.join(home, "watchfloor.yaml");
  const own = `
mail:
  from: desk@csirt.example
  domain: csirt.example
  smtp: {host: 127.0.0.1, port: ${smtp.port}, secure: none, timeoutSeconds: 20}
notices: {gatherMinutes: 0, intervalMinutes: 0, mailsPerDay: 10000}
`;
  const text = readFileSync(file, "utf8") + own;
  return {
    ...{home, smtp},
    begin: async () => {
      const {url, drop} = await createDatabase();
      writeFileSync(file, text.replace("database: {url: null}", `database: {url: ${JSON.stringify(url)}}`));
      const house = await openHouse(home);
      const {db} = await house.database();
      await watchVersions(db);
      await fill(house);
      smtp.clear();
      const end = async (): Promise<void> => {
        await house.close();
        await drop();
      };
      return {house, db, end};
    },
    close: async () => {
      await smtp.close();
      rmSync(path.dirname(home), {recursive: true, force: true});
    },
  };
}

async function fill(house: House): Promise<void> {
  const act = {by: "scene", reason: null, now: new Date("2023-01-01T00:00:00Z")};
  for (const [n, name] of PARTIES.entries()) {
    const fields = {names: {zh: name, en: name}, country: "CN", province: null, from: null, until: null};
    const kind = {registrar: "registrar", registry: "registry", cloud: "cloud-provider", host: "hosting-provider"}[
      name
    ];
    const responsibilities = n < 2 ? [{kind: "tld" as const, value: "com"}] : [];
    const party = await addParty(house, {...fields, kind, responsibilities}, act);
    const contact = {purpose: "abuse", language: "en", channel: "mail", address: addressOf(n + 1)} as const;
    const rest = {pgpKey: null, pgpFingerprints: [], hours: null, from: null, until: null};
    await addContact(house, {party, contact: {...contact, ...rest}}, act);
  }
  const desk = await openCaseDesk(house);
  const complaints = Array.from({length: CASES}, (_, n) => complaintAbout(n + 1, `first ${n + 1}`));
  await takeComplaints(desk, complaints, {by: "scene", now: hoursLater(0)});
}

/** Returns the address of a party. */
export function addressOf(party: number): string {
  return `abuse@${PARTIES[party - 1]}.example`;
}

/** Returns a complaint about one of the pages. */
export function complaintAbout(page: number, key: string): ComplaintIn {
  return {
    receivedAt: hoursLater(0).toISOString(),
    ...{source: "api", key, reporter: `person-${page}@people.example`, wantsAnswer: true, class: "web.phish"},
    ...{asset: {kind: "url", value: `http://login.shop-${page}.com/`}, brand: null, text: "a page", ip: null},
  };
}

/** Has the database itself write down every change of a case's row, whoever makes it. */
async function watchVersions(db: Kysely<Schema>): Promise<void> {
  await sql`
    CREATE TABLE watched_cases (
      id bigint GENERATED ALWAYS AS IDENTITY, "case" bigint NOT NULL, old_version integer, version integer NOT NULL,
      old_state text, state text NOT NULL, tx text NOT NULL DEFAULT pg_current_xact_id()::xid::text
    )`.execute(db);
  await sql`
    CREATE FUNCTION watch_case() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO watched_cases ("case", old_version, version, old_state, state)
        VALUES (NEW.id, OLD.version, NEW.version, OLD.state, NEW.state);
      RETURN NULL;
    END $$`.execute(db);
  await sql`CREATE TRIGGER cases_are_watched AFTER INSERT OR UPDATE ON cases FOR EACH ROW EXECUTE FUNCTION watch_case()`.execute(
    db,
  );
}
