/** What coordination works with, as the site has configured it: opened when first needed, closed together. */
import {readIfThere} from "../../store/durable.ts";
import {keysOfContacts} from "../../store/parties/contacts.ts";
import {environment, secretOf} from "../environment.ts";
import type {House} from "../house.ts";
import {openMailbox} from "../mail/imap.ts";
import {PGP_KEY_FILE} from "../mail/pgp-write.ts";
import {type MailReader, openMailReader} from "../mail/reader.ts";
import {type Mailer, openMailer} from "../mail/send.ts";
import {openProbe, type Probe} from "../probe/probe.ts";
import {openScreen} from "../probe/screen/screen.ts";
import {probeSettings} from "../probe/settings.ts";
import type {Tools} from "./round.ts";

/** The tools of a data folder. */
export interface OpenTools extends Tools {
  close(): Promise<void>;
}

/** Opens the tools; what is not configured is null. Throws config_invalid (an account without password), secret_missing. */
export function openTools(house: House): OpenTools {
  const {mail, inbox, limits, isSample, probe: probing} = house.config;
  const probe: Probe | null = probing.isOn && !isSample ? probeOf(house) : null;
  const mailer: Mailer | null = mail === null ? null : openMailer(mail);
  const reader: MailReader | null = inbox === null ? null : readerOf(house);
  const openInbox =
    inbox === null
      ? null
      : () => {
          const {host, port, tls, user, passwordFrom, mailbox, moveTo} = inbox;
          return openMailbox(
            {host, port, tls, user, password: secretOf(passwordFrom), mailbox, moveTo},
            limits.messageBytes,
          );
        };
  return {
    ...{probe, mailer, reader, openInbox},
    close: async () => {
      mailer?.close();
      await Promise.all([probe?.close(), reader?.close()]);
    },
  };
}

/** The browser takes pictures only where there is one. */
function probeOf({config}: House): Probe {
  const settings = probeSettings(config.probe);
  return openProbe(settings, openScreen(settings, config.probe.browser));
}

/** Opens what reads mails, with our key and those of contacts. */
export function readerOf(house: House): MailReader {
  const domain = house.config.mail?.domain;
  return openMailReader({
    context: {ownDomains: domain === undefined ? [] : [domain], messageIdHosts: domain === undefined ? [] : [domain]},
    keys: async () => {
      const own = await readIfThere(`${house.home}/keys/${PGP_KEY_FILE}`);
      const {db} = await house.database();
      return {
        ours:
          own === null ? [] : [{armored: own.toString(), passphrase: environment("WATCHFLOOR_PGP_PASSPHRASE") ?? null}],
        contacts: await keysOfContacts(db),
      };
    },
  });
}
