/**
 * A process that sends what is due and may be killed. Usage: sender.ts HOME SECONDS MOMENT ISO-TIME. With the moment `before`
 * or `after` it says "there" when it stands right before or after the handing over of a mail, and stays there; with `never`
 * it says "done" with what it sent.
 */
import {writeSync} from "node:fs";
import {openCaseDesk} from "../../src/app/coordination/case-desk.ts";
import {sendDue} from "../../src/app/coordination/telling/sending.ts";
import {openHouse} from "../../src/app/house.ts";
import {type Mailer, openMailer} from "../../src/app/mail/send.ts";

const [home = "", seconds = "", moment = "", time = ""] = process.argv.slice(2);
const house = await openHouse(home);
const desk = await openCaseDesk(house);
const {mail} = house.config;
if (mail === null) throw new Error("no mail");
const real = openMailer(mail);
const stay = async (at: string): Promise<void> => {
  if (at !== moment) return;
  writeSync(1, "there\n");
  await new Promise((resolve) => setTimeout(resolve, 3_600_000));
};
const mailer: Mailer = {
  send: async (each) => {
    await stay("before");
    const result = await real.send(each);
    await stay("after");
    return result;
  },
  close: () => real.close(),
};
const run = await sendDue(desk, {mailer, now: new Date(time), leaseSeconds: Number(seconds)});
writeSync(1, `done ${JSON.stringify(run)}\n`);
mailer.close();
await house.close();
