/** A data folder with a desk at work and a world around it: a mail server, sites, names and a registry, all on loopback. */
import {type CaseDesk, openCaseDesk} from "../../src/app/coordination/case-desk.ts";
import {takeMail} from "../../src/app/coordination/incoming/incoming.ts";
import {type Round, runRound} from "../../src/app/coordination/round.ts";
import {readerOf} from "../../src/app/coordination/tools.ts";
import {type House, openHouse} from "../../src/app/house.ts";
import {openMailer} from "../../src/app/mail/send.ts";
import {importParties} from "../../src/app/parties.ts";
import {initHome} from "../../src/app/site/init.ts";
import {openSmtp, type TestSmtp} from "../../test/smtp.ts";
import {openWorld, type World} from "../../test/world/probe.ts";
import {slotTime} from "./clock.ts";
import {folderConfig, folderFiles, partyList} from "./folder.ts";
import {PLACES} from "./groups.ts";
import {openRegistry, type Registry} from "./registry.ts";

/** See the head of this file. */
export interface Scene {
  readonly house: House;
  readonly desk: CaseDesk;
  readonly smtp: TestSmtp;
  readonly world: World;
  readonly registry: Registry;
  /** Does all that is due at a time. */
  round(now: Date): Promise<Round>;
  /** A mail comes in; returns what it was. */
  receive(raw: string, now: Date): Promise<string>;
  /** Ends the world; the data folder stays. */
  close(): Promise<void>;
}

/** Where the data folder is made, and with which database: null is one of its own. */
export interface ScenePlace {
  readonly home: string;
  readonly database: string | null;
}

/** Makes the data folder and opens the world around it. */
export async function openScene({home, database}: ScenePlace): Promise<Scene> {
  const smtp = await openSmtp();
  const registry = await openRegistry();
  const world = await openWorld({addresses: Object.values(PLACES).map(({ip}) => ip)});
  const sample = {
    files: folderFiles(registry.bootstrap),
    configure: (text: string) => folderConfig(text, {smtpPort: smtp.port, database}),
  };
  await initHome({home, profile: "cn", passphrase: null, sample});
  const house = await openHouse(home);
  const choice = {of: null, countries: null, language: "zh"} as const;
  const list = {source: "week", format: "csv", text: partyList, choice, by: "editor-on-duty"};
  const {rejects} = await importParties(house, list, slotTime(0, -60));
  if (rejects.length > 0) throw new Error(JSON.stringify(rejects));
  if (house.config.mail === null) throw new Error("mail is not configured");
  const mailer = openMailer(house.config.mail);
  const reader = readerOf(house);
  const desk = await openCaseDesk(house);
  const tools = {probe: world.probe, mailer, reader, openInbox: null};
  return {
    ...{house, desk, smtp, world, registry},
    round: (now) => runRound(desk, tools, now),
    receive: (raw, now) => takeMail(desk, Buffer.from(raw), {name: "INBOX", reader, now, receivedAt: now}),
    close: async () => {
      mailer.close();
      await Promise.all([reader.close(), world.close(), smtp.close(), registry.close()]);
      await house.close();
    },
  };
}
