/** All that cases are worked by, as the data folder has it now: rules, words, keys and who we are. */
import {randomBytes} from "node:crypto";
import path from "node:path";
import type {Kysely} from "kysely";
import {clockOf} from "../../cases/deadlines/due.ts";
import {deadlineFor} from "../../cases/deadlines/table.ts";
import type {DeskRules} from "../../cases/desk-rules.ts";
import type {NoticeTemplates} from "../../cases/notices/template.ts";
import type {CaseAtWork} from "../../model/cases/case-change.ts";
import type {NoticeSender} from "../../model/notification.ts";
import type {AssetFacts} from "../../model/party.ts";
import {dayOf} from "../../model/week.ts";
import {readIfThere, writeDurably} from "../../store/durable.ts";
import {withLock} from "../../store/lock.ts";
import type {Schema} from "../../store/postgres/schema.ts";
import type {House} from "../house.ts";
import {loadTemplates} from "../mail/templates.ts";
import {openDeskRules} from "../site/case-rules.ts";

/** Who does what the rules do, as it stands in histories. */
export const BY_RULE = "watchfloor";

/** File of the secret that proves tokens, in the folder keys/. */
export const TOKEN_KEY = "notices.key";
/** Its length. */
export const TOKEN_BYTES = 32;

/** See the head of this file. */
export interface CaseDesk {
  readonly house: House;
  readonly db: Kysely<Schema>;
  readonly zone: string;
  readonly rules: DeskRules;
  readonly templates: NoticeTemplates;
  /** Secret that proves the token in a subject to be ours. */
  readonly tokenKey: Uint8Array;
  /** Null while `mail` is not configured. */
  readonly sender: NoticeSender | null;
}

/** Opens the desk. Throws rules_invalid, notice_template_invalid, database_unavailable. */
export async function openCaseDesk(house: House): Promise<CaseDesk> {
  const {profile, mail} = house.config;
  const {db} = await house.database();
  return {
    house,
    db,
    zone: profile.zone,
    rules: await openDeskRules(house.home, profile),
    templates: await loadTemplates(house.home),
    tokenKey: await tokenKeyOf(path.join(house.home, "keys")),
    sender:
      mail === null
        ? null
        : {
            name: profile.publisher.name,
            address: mail.replyTo ?? mail.from,
            domain: mail.domain,
            phone: mail.phone,
            zone: profile.zone,
          },
  };
}

/** The key is made when it is first needed, by one process. */
async function tokenKeyOf(folder: string): Promise<Uint8Array> {
  const file = path.join(folder, TOKEN_KEY);
  const known = await readIfThere(file);
  if (known !== null) return known;
  return withLock(`${file}.lock`, async () => {
    const there = await readIfThere(file);
    if (there !== null) return there;
    const fresh = randomBytes(TOKEN_BYTES);
    await writeDurably(file, fresh, 0o600);
    return fresh;
  });
}

/** Returns the year in which something begins, for its number. */
export function yearOf(desk: CaseDesk, now: Date): number {
  return Number(dayOf(now, desk.zone).slice(0, 4));
}

/** Returns the deadline of a case with a party of that kind, and the clock that it is counted by. */
export function deadlineOf(
  {rules}: Pick<CaseDesk, "rules">,
  {case: one}: {readonly case: Pick<CaseAtWork["case"], "class" | "severity" | "rule" | "isUrgent">},
  partyKind: string,
) {
  const rule = rules.rules.rules.find(({id}) => id === one.rule);
  const name = rule?.do === "open" ? rule.deadline : null;
  const {deadline} = deadlineFor(rules.deadlines, {class: one.class, severity: one.severity, partyKind, name});
  return {deadline, clock: clockOf(deadline, {workingTime: rules.workingTime, isUrgent: one.isUrgent})};
}

/** Returns the facts by which the party of a case's asset is found. */
export function partyFacts({case: {asset, facts}}: Pick<CaseAtWork, "case">): AssetFacts {
  const ip = facts.ip ?? (asset.kind === "ip" ? asset.value : null);
  return {
    kind: asset.kind,
    value: asset.value,
    ips: ip === null ? [] : [ip],
    asns: facts.asn === null ? [] : [facts.asn],
    host: facts.host,
    domain: facts.domain,
    tld: facts.tld,
    registrar: facts.registrar,
    store: facts.channelKind === "app-store" ? facts.host : null,
    country: facts.country,
    province: facts.province,
    sector: facts.sector ?? facts.brandSector,
    brand: facts.brand,
  };
}
