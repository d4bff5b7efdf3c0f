import {mkdtemp, rm} from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import {composeMail} from "../src/app/mail/compose.ts";
import {createSigner} from "../src/app/mail/pgp-write.ts";
import {loadTemplates} from "../src/app/mail/templates.ts";
import {groupNotices} from "../src/cases/notices/grouping.ts";
import {noticeId} from "../src/cases/notices/identity.ts";
import {DEFAULT_TLP, type PendingNotice} from "../src/cases/notices/pending.ts";
import {renderNotice} from "../src/cases/notices/render.ts";
import {caseOf, contactOf, NOW, SENDER, TOKEN_KEY} from "../test/notice-samples.ts";
import type {Bar} from "./bench.ts";

const PENDING = 10_000;
const CASES_PER_CONTACT = 20;
const MOST_SECONDS = 30;

/** 10,000 pending things, each tenth urgent: grouped, written and made into signed mails. */
export async function benchNotices(): Promise<Bar[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "watchfloor-bench-keys-"));
  const signer = await createSigner(folder, {name: "Bench", address: SENDER.address, passphrase: null}, NOW);
  await rm(folder, {recursive: true, force: true});
  const templates = await loadTemplates(null);
  const setting = {templates, sender: SENDER, tokenKey: TOKEN_KEY};
  const mailing = {
    sender: SENDER,
    from: SENDER.address,
    replyTo: null,
    envelopeFrom: null,
    encryptFor: [],
    isAutomatic: true,
  };
  const pending = Array.from({length: PENDING}, (_, at) => pendingOf(at));
  const limits = {intervalMinutes: 240, gatherMinutes: 15, casesPerMail: 50, mailsPerDay: 24, tlp: DEFAULT_TLP};
  const started = performance.now();
  const {groups} = groupNotices(
    pending,
    {...limits, templates, contacts: new Map(), sentToday: new Map(), told: new Set()},
    NOW,
  );
  const grouped = performance.now();
  const notices = groups.map((group, at) =>
    renderNotice(
      {...group, id: noticeId(2023, at + 1), complaint: null, reason: null, toldAt: null, thread: []},
      setting,
      NOW,
    ),
  );
  const rendered = performance.now();
  let bytes = 0;
  for (const notice of notices) {
    const mail = await composeMail(notice, {...mailing, signer}, NOW);
    bytes += mail.kind === "mail" ? mail.bytes.length : 0;
  }
  const composed = performance.now();
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
  const whole = (composed - started) / 1000;
  return [
    {
      what: `${PENDING} things to tell, grouped, written and signed`,
      bar: `${MOST_SECONDS} s or less`,
      measured: `${whole.toFixed(1)} s for ${groups.length} mails, ${(bytes / 2 ** 20).toFixed(0)} MiB (grouping ${seconds(started, grouped)}, words ${seconds(grouped, rendered)}, mails ${seconds(rendered, composed)})`,
      isMet: whole <= MOST_SECONDS,
    },
  ];
}

function pendingOf(at: number): PendingNotice {
  const contact = Math.floor(at / CASES_PER_CONTACT);
  return {
    id: `P-${at}`,
    event: "opened",
    case: caseOf(at),
    subject: null,
    contact: contactOf({
      id: `CT-${contact}`,
      address: `abuse@party-${contact}.example`,
      language: contact % 2 === 0 ? "zh" : "en",
    }),
    ordinal: 1,
    isUrgent: at % 10 === 0,
    since: new Date(NOW.getTime() - 3_600_000),
    needsRelease: false,
    releasedBy: null,
  };
}
