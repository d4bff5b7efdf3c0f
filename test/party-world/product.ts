/** The product as the world meets it, in this process or in one that may be killed. */
import {readFileSync, writeFileSync} from "node:fs";
import path from "node:path";
import {type CaseDesk, openCaseDesk} from "../../src/app/coordination/case-desk.ts";
import {takeMail} from "../../src/app/coordination/incoming/incoming.ts";
import {type ComplaintIn, takeComplaints} from "../../src/app/coordination/opening/complaints.ts";
import {type Round, runRound} from "../../src/app/coordination/round.ts";
import {sendDue} from "../../src/app/coordination/telling/sending.ts";
import {readerOf} from "../../src/app/coordination/tools.ts";
import {ingestDelivery} from "../../src/app/flow.ts";
import {type House, openHouse} from "../../src/app/house.ts";
import {openMailer} from "../../src/app/mail/send.ts";
import {addContact, addParty} from "../../src/app/parties.ts";
import {openProbe} from "../../src/app/probe/probe.ts";
import type {ProbeSettings} from "../../src/app/probe/settings.ts";
import {initHome} from "../../src/app/site/init.ts";
import type {House as Party} from "./houses.ts";

/** What the world hands to it. Each may be handed in again after a kill. */
export interface Product {
  mail(raw: Buffer, at: {readonly receivedAt: Date; readonly now: Date}): Promise<string>;
  complain(complaints: readonly ComplaintIn[], now: Date): Promise<void>;
  report(file: {readonly name: string; readonly text: string}, now: Date): Promise<void>;
  round(now: Date): Promise<void>;
  close(): Promise<void>;
}

/** What a data folder of the world is made with. `url` null: the product starts its own database. */
export interface HomeMaking {
  readonly home: string;
  readonly url: string | null;
  readonly smtpPort: number;
  readonly houses: readonly Party[];
  /** Domains that need a second person. */
  readonly guarded: readonly string[];
}

/** Makes a data folder with all parties. */
export async function makeHome({home, url, smtpPort, houses, guarded}: HomeMaking): Promise<void> {
  await initHome({home, profile: "cn", passphrase: null});
  const file = path.join(home, "watchfloor.yaml");
  const own = `
mail:
  from: desk@csirt.example
  domain: csirt.example
  smtp: {host: 127.0.0.1, port: ${smtpPort}, secure: none, timeoutSeconds: 20}
notices: {mailsPerDay: 500}
probe: {screenshots: false}
`;
  const text = readFileSync(file, "utf8")
    .replace("database: {url: null}", `database: {url: ${url === null ? "null" : JSON.stringify(url)}}`)
    .replace("feeds:\n", "feeds:\n  pages: {format: jpcert-phishurl, enabled: true, tlp: GREEN}\n");
  writeFileSync(file, text + own);
  writeFileSync(path.join(home, "tables/protected.txt"), `${guarded.join("\n")}\n`);
  const house = await openHouse(home);
  const act = {by: "world", reason: null, now: new Date("2023-01-01T00:00:00Z")};
  for (const each of houses) await addOne(house, each, act);
  await house.close();
}

async function addOne(house: House, party: Party, act: {by: string; reason: null; now: Date}): Promise<void> {
  const {kind, name, country, address, claims} = party;
  const about = {kind, names: {zh: name, en: name}, country, province: null, from: null, until: null};
  const id = await addParty(house, {...about, responsibilities: claims}, act);
  const channel = {purpose: "abuse", language: country === "CN" ? "zh" : "en", channel: "mail"} as const;
  const rest = {pgpKey: null, pgpFingerprints: [], hours: null, from: null, until: null};
  await addContact(house, {party: id, contact: {...channel, address, ...rest}}, act);
}

/** A mail that was under way when its process died may be sent again after so long. */
/** A mail that was under way when its process died may be sent again after so long. */
export const LEASE_SECONDS = 1;

/** Opens the product over a data folder. `onRound` is told what each round did. */
export async function openProduct(
  home: string,
  {probe: settings, onRound = () => undefined}: {probe: ProbeSettings; onRound?: (round: Round) => void},
): Promise<Product & {readonly desk: CaseDesk}> {
  const house = await openHouse(home);
  const {mail} = house.config;
  if (mail === null) throw new Error("no mail");
  const [probe, mailer, reader] = [openProbe(settings), openMailer(mail), readerOf(house)];
  const desk = await openCaseDesk(house);
  return {
    desk,
    mail: (raw, {receivedAt, now}) => takeMail(desk, raw, {name: "INBOX", reader, now, receivedAt}),
    complain: async (complaints, now) => void (await takeComplaints(desk, complaints, {by: "partner", now})),
    report: async ({name, text}, now) => {
      const delivery = {stream: once(Buffer.from(text)), name, scratch: path.join(home, "tmp")};
      for await (const _ of ingestDelivery(house, delivery, {feed: "pages", fetchedAt: now, now})) void _;
    },
    round: async (now) => {
      onRound(await runRound(desk, {probe, mailer: null, reader, openInbox: null}, now));
      await sendDue(desk, {mailer, now, leaseSeconds: LEASE_SECONDS});
    },
    close: async () => {
      mailer.close();
      await Promise.all([probe.close(), reader.close()]);
      await house.close();
    },
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
