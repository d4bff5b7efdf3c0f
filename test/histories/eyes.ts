/** What clients see and read with, without processes of their own: histories are about the database. */
import {MAIL_LIMITS} from "../../src/app/mail/limits.ts";
import {openKeys} from "../../src/app/mail/pgp-read.ts";
import type {MailReader} from "../../src/app/mail/reader.ts";
import {readWhole} from "../../src/app/mail/reading.ts";
import type {Probe} from "../../src/app/probe/probe.ts";
import {understandMail} from "../../src/feeds/mail/understand.ts";
import {dnsWith, lookWith, pageWith} from "../look-fixture.ts";
import type {Dice} from "../party-world/dice.ts";

const PHASE_MS = 6 * 60 * 60 * 1000;

/** Returns a probe of pages that come and go, each in its own time. */
export function openEyes(dice: Dice): Probe {
  return {
    look: async ({id, at, asset}) => {
      const phase = Math.floor(new Date(at).getTime() / PHASE_MS);
      const isGone = dice.roll("gone", asset.value, phase) < 0.5;
      const seen = isGone
        ? {
            dns: dnsWith({
              answers: [{server: "a", status: "no-name", addresses: []}],
              zoneStatus: "no-name",
              nameServers: [],
            }),
          }
        : {dns: null, page: pageWith("<title>Bank</title><form><input type=password></form>", {url: asset.value})};
      return lookWith({id, at, asset, chain: [], ...seen});
    },
    pid: () => null,
    close: async () => undefined,
  };
}

/** Returns a reader of mails for whom `csirt.example` is our own domain. */
export function openReader(): MailReader {
  const context = {ownDomains: ["csirt.example"], messageIdHosts: ["csirt.example"]};
  return {
    read: async (source, now) => {
      if (!("bytes" in source)) throw new Error("mails come whole");
      const raw = Buffer.from(source.bytes);
      const keys = () => openKeys({ours: [], contacts: []});
      const reading = await readWhole({raw, limits: MAIL_LIMITS, keys, now});
      return reading.state === "read" ? {...reading, understood: understandMail(reading.mail, context)} : reading;
    },
    close: async () => undefined,
  };
}
