import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {CONTACT_LANGUAGES, CONTACT_PURPOSES, type ContactRecord, type KnownContact} from "../../model/party.ts";
import {type ContactQuestion, chooseContact, PURPOSE_FALLBACK} from "./contact-choice.ts";
import {type ConfirmationRule, healthOf, keyState, planConfirmations} from "./health.ts";

const NOW = new Date("2023-02-22T02:00:00Z");
const DAY = 24 * 60 * 60 * 1000;
const ago = (days: number): Date => new Date(NOW.getTime() - days * DAY);
const RULE: ConfirmationRule = {softBounces: 3, softBounceDays: 14, confirmDays: 365, askAgainDays: 30};
const FRESH: ContactRecord = {
  ...{addedAt: ago(10), hardBounceAt: null, softBouncesAt: [], deliveredAt: null, askedAt: null, confirmedAt: null},
};

function contact(id: number, given: Partial<KnownContact> = {}, record: Partial<ContactRecord> = {}): KnownContact {
  return {
    ...{id, party: 1, key: `k${id}`, purpose: "abuse", language: "en", channel: "mail", address: `c${id}@example.net`},
    ...{pgpKey: null, pgpFingerprints: [], pgp: null, hours: null, from: null, until: null},
    ...{layer: "imported", source: "list"},
    record: {...FRESH, ...record},
    ...given,
  };
}
const QUESTION: ContactQuestion = {
  ...{purpose: "phishing", language: "zh", channels: ["api", "mail"], on: "2023-02-22", now: NOW, rule: RULE},
  isOpen: ({from}) => from === "09:00",
};
const chosen = (contacts: readonly KnownContact[], question: Partial<ContactQuestion> = {}) =>
  chooseContact(contacts, {...QUESTION, ...question});

test("the contact for the purpose goes before one of the right language; what stands in for it is said", () => {
  const phishing = contact(1, {purpose: "phishing"});
  const abuse = contact(2, {language: "zh"});
  assert.deepEqual([chosen([abuse, phishing]).contact?.id, chosen([abuse, phishing]).usesFallback], [1, null]);
  assert.deepEqual([chosen([abuse]).contact?.id, chosen([abuse]).usesFallback], [2, "abuse"]);
  assert.equal(chosen([contact(1), contact(2, {language: "zh"})]).contact?.id, 2);
});

test("an abuse desk is no stand-in for everything: an escalation goes to the general contact first", () => {
  const [abuse, general] = [contact(1), contact(2, {purpose: "general"})];
  assert.equal(chosen([abuse, general], {purpose: "escalation"}).contact?.id, 2);
  assert.equal(chosen([abuse, general], {purpose: "malware"}).contact?.id, 1);
  for (const purpose of CONTACT_PURPOSES) assert.equal(PURPOSE_FALLBACK[purpose][0], purpose);
});

test("a desk that works now goes before one that does not, but a closed one is better than none", () => {
  const hours = {calendar: "cn", zone: null, from: "09:00", to: "18:00"};
  const night = contact(1, {hours: {...hours, from: "21:00", to: "24:00"}});
  const open = contact(2, {hours});
  assert.equal(chosen([night, open]).contact?.id, 2);
  assert.equal(chosen([night]).contact?.id, 1);
});

test("an interface goes before mail where the caller says so, and a form only where it can be used", () => {
  const api = contact(2, {channel: "api", address: "https://example.net/report"});
  const portal = contact(3, {channel: "portal", address: "https://example.net/form"});
  assert.equal(chosen([contact(1), api]).contact?.id, 2);
  assert.deepEqual([chosen([portal]).contact, chosen([portal]).why], [null, "none-by-channel"]);
  assert.equal(chosen([portal], {channels: ["mail", "portal"]}).contact?.id, 3);
});

test("when nobody can be written to, it says what has to be mended, and why each was passed over", () => {
  assert.equal(chosen([]).why, "no-contact");
  assert.equal(chosen([contact(1, {until: "2023-02-21"})]).why, "none-valid");
  assert.equal(chosen([contact(1, {purpose: "vulnerability"})]).why, "none-for-purpose");
  const bounced = contact(2, {}, {hardBounceAt: ago(1)});
  const {why, passedOver} = chosen([contact(1, {until: "2023-02-21"}), bounced]);
  assert.equal(why, "none-healthy");
  assert.deepEqual(passedOver, [
    {id: 1, reason: "not-valid"},
    {id: 2, reason: "unhealthy"},
  ]);
});

test("no contact is chosen that is out of its days or unhealthy, whatever else there is", () => {
  const any = fc.record({
    purpose: fc.constantFrom(...CONTACT_PURPOSES),
    language: fc.constantFrom(...CONTACT_LANGUAGES),
    until: fc.constantFrom(null, "2023-02-21"),
    hard: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(any, {maxLength: 6}), fc.constantFrom(...CONTACT_PURPOSES), (all, purpose) => {
      const contacts = all.map(({hard, ...given}, at) => contact(at, given, {hardBounceAt: hard ? ago(1) : null}));
      const {contact: found, why, passedOver} = chosen(contacts, {purpose});
      assert.equal(found === null, why !== null);
      assert.equal(passedOver.length, contacts.length - (found === null ? 0 : 1));
      if (found !== null) assert.ok(found.until === null && found.record.hardBounceAt === null);
      assert.deepEqual(chosen(contacts.toReversed(), {purpose}).contact, found);
    }),
  );
});

test("a hard bounce takes a contact out until it is confirmed; delivered mail after it is as good", () => {
  const health = (record: Partial<ContactRecord>): boolean => healthOf({...FRESH, ...record}, RULE, NOW).isHealthy;
  assert.equal(health({hardBounceAt: ago(300)}), false);
  assert.equal(health({hardBounceAt: ago(3), confirmedAt: ago(2)}), true);
  assert.equal(health({hardBounceAt: ago(3), deliveredAt: ago(2)}), true);
  assert.equal(health({hardBounceAt: ago(1), confirmedAt: ago(2)}), false);
});

test("three soft bounces within two weeks take a contact out; old ones, or a good sign between, do not", () => {
  const health = (days: number[], record: Partial<ContactRecord> = {}): boolean =>
    healthOf({...FRESH, softBouncesAt: days.map(ago), ...record}, RULE, NOW).isHealthy;
  assert.equal(health([1, 2, 3]), false);
  assert.equal(health([1, 2]), true);
  assert.equal(health([1, 2, 15]), true);
  assert.equal(health([1, 2, 3], {deliveredAt: ago(2.5)}), true);
});

test("a contact that was not confirmed for a year is asked, and asked again after a month without answer", () => {
  const plan = (...contacts: KnownContact[]) =>
    planConfirmations(contacts, RULE, {now: NOW, on: "2023-02-22"}).map(({do: step}) => step);
  assert.deepEqual(plan(contact(1, {}, {addedAt: ago(364)})), []);
  assert.deepEqual(plan(contact(1, {}, {addedAt: ago(365)})), ["ask"]);
  assert.deepEqual(plan(contact(1, {}, {addedAt: ago(900), confirmedAt: ago(100)})), []);
  assert.deepEqual(plan(contact(1, {}, {addedAt: ago(900), confirmedAt: ago(400), askedAt: ago(410)})), ["ask"]);
  assert.deepEqual(plan(contact(1, {}, {addedAt: ago(400), askedAt: ago(29)})), []);
  assert.deepEqual(plan(contact(1, {}, {addedAt: ago(400), askedAt: ago(30)})), ["ask-again"]);
  assert.deepEqual(plan(contact(1, {}, {addedAt: ago(400), hardBounceAt: ago(5)})), ["tell-person"]);
  assert.deepEqual(plan(contact(1, {channel: "portal"}, {addedAt: ago(400)})), []);
  assert.deepEqual(plan(contact(1, {until: "2023-01-01"}, {addedAt: ago(400)})), []);
});

test("a party's contacts at one address are asked for with one mail", () => {
  const old = {addedAt: ago(400)};
  const steps = planConfirmations(
    [
      contact(1, {address: "Cert@example.net"}, old),
      contact(2, {address: "cert@example.net", purpose: "general"}, old),
      contact(3, {address: "cert@example.net", party: 2}, old),
    ],
    RULE,
    {now: NOW, on: "2023-02-22"},
  );
  assert.deepEqual(
    steps.map(({party, contacts}) => [party, contacts]),
    [
      [1, [1, 2]],
      [2, [3]],
    ],
  );
});

test("a key is used only when it can be read, is not expired, and is the one that its source names", () => {
  const key = {pgpKey: "armored", pgpFingerprints: []};
  const pgp = {fingerprint: "A".repeat(40), expiresAt: "2023-03-01T00:00:00Z"};
  assert.equal(keyState({pgpKey: null, pgpFingerprints: []}, null, NOW), "none");
  assert.equal(keyState(key, null, NOW), "unreadable");
  assert.equal(keyState(key, pgp, NOW), "usable");
  assert.equal(keyState(key, pgp, new Date("2023-03-01T00:00:00Z")), "expired");
  assert.equal(keyState(key, {...pgp, expiresAt: null}, NOW), "usable");
  assert.equal(keyState({...key, pgpFingerprints: ["B".repeat(40)]}, pgp, NOW), "stated-otherwise");
});
