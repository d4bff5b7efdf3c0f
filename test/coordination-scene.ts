/**
 * A desk with everything real around it: a data folder, a database, a mail server, a probe with its world, and parties.
 * Time is handed in, so that weeks pass in seconds.
 */
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {type CaseDesk, openCaseDesk} from "../src/app/coordination/case-desk.ts";
import {takeMail} from "../src/app/coordination/incoming/incoming.ts";
import {type Round, runRound} from "../src/app/coordination/round.ts";
import {readerOf} from "../src/app/coordination/tools.ts";
import {type House, openHouse} from "../src/app/house.ts";
import type {MailReader} from "../src/app/mail/reader.ts";
import {type Mailer, openMailer} from "../src/app/mail/send.ts";
import {addContact, addParty} from "../src/app/parties.ts";
import {initHome} from "../src/app/site/init.ts";
import {createDatabase} from "./database.ts";
import {openSmtp, type TestSmtp} from "./smtp.ts";
import {openWorld, type World} from "./world/probe.ts";

/** See the head of this file. */
export interface Scene {
  readonly house: House;
  readonly desk: CaseDesk;
  readonly smtp: TestSmtp;
  readonly world: World;
  readonly mailer: Mailer;
  readonly reader: MailReader;
  /** Does all that is due at a time. */
  round(now: Date): Promise<Round>;
  /** A mail comes in. */
  receive(mail: string, now: Date): Promise<string>;
  /** Makes a party with one contact and returns its number. */
  party(given: PartyGiven): Promise<number>;
  close(): Promise<void>;
}

/** A party as tests need it. */
export interface PartyGiven {
  readonly kind: string;
  readonly name: string;
  readonly country: string;
  readonly address: string;
  readonly responsibilities: readonly {
    readonly kind: "domain" | "network" | "registrar" | "tld" | "asn" | "store" | "country" | "province";
    readonly value: string;
  }[];
  readonly key?: string;
}

/** Opens a scene. `configure` changes the configuration's text before it is read. */
export async function openScene(configure: (text: string) => string = (text) => text): Promise<Scene> {
  const home = path.join(mkdtempSync(path.join(tmpdir(), "watchfloor-scene-")), "home");
  const {url, drop} = await createDatabase();
  const smtp = await openSmtp();
  await initHome({home, profile: "cn", passphrase: null});
  const file = path.join(home, "watchfloor.yaml");
  const mail = `
mail:
  from: desk@csirt.example
  domain: csirt.example
  smtp: {host: 127.0.0.1, port: ${smtp.port}, secure: none, timeoutSeconds: 5}
notices: {gatherMinutes: 0, intervalMinutes: 0}
`;
  const text = readFileSync(file, "utf8").replace("database: {url: null}", `database: {url: "${url}"}`);
  writeFileSync(file, configure(text + mail));
  const house = await openHouse(home);
  const world = await openWorld();
  const {mail: settings} = house.config;
  if (settings === null) throw new Error("no mail");
  const mailer = openMailer(settings);
  const reader = readerOf(house);
  const desk = await openCaseDesk(house);
  return {
    ...{house, desk, smtp, world, mailer, reader},
    round: (now) => runRound(desk, {probe: world.probe, mailer, reader, openInbox: null}, now),
    receive: (raw, now) =>
      takeMail(desk, Buffer.from(raw.replace(/\r?\n/g, "\r\n")), {name: "INBOX", reader, now, receivedAt: now}),
    party: async ({kind, name, country, address, responsibilities, key}) => {
      const act = {by: "test", reason: null, now: new Date("2023-01-01T00:00:00Z")};
      const fields = {kind, names: {zh: name, en: name}, country, province: null, from: null, until: null};
      const party = await addParty(house, {...fields, responsibilities}, act);
      const contact = {
        ...{
          purpose: "abuse" as const,
          language: country === "CN" ? ("zh" as const) : ("en" as const),
          channel: "mail" as const,
          address,
        },
        ...{pgpKey: key ?? null, pgpFingerprints: [], hours: null, from: null, until: null},
      };
      await addContact(house, {party, contact}, act);
      return party;
    },
    close: async () => {
      mailer.close();
      await Promise.all([reader.close(), world.close(), smtp.close()]);
      await house.close();
      await drop();
      rmSync(path.dirname(home), {recursive: true, force: true});
    },
  };
}

/** Returns a header of a mail that was sent. */
export function headerOf(bytes: Buffer, name: string): string {
  const head = bytes.toString("latin1").split("\r\n\r\n")[0] ?? "";
  const unfolded = head.replace(/\r\n[ \t]+/g, " ");
  return new RegExp(`^${name}: (.*)$`, "im").exec(unfolded)?.[1] ?? "";
}
