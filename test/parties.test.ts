/** Parties through the API layer and a real database: local changes, conflicts, contacts, who is responsible. */
import assert from "node:assert/strict";
import test from "node:test";
import {generateKey} from "openpgp";
import {
  addContact,
  addParty,
  confirmationsDue,
  contactFor,
  contactsIn,
  dossierOf,
  editContact,
  editParty,
  importParties,
  partyConflicts,
  protectedNames,
  recordContactNews,
  resolveConflict,
} from "../src/app/parties.ts";
import {protectionOf} from "../src/cases/parties/protected-list.ts";
import type {AssetFacts, Contact} from "../src/model/party.ts";
import {act, coded, contact, EXAMPLE, house, later, list, NOW, named, ours, who} from "./party-desk.ts";

await importParties(house, ours(EXAMPLE), NOW);

test("the party of an asset is found by address, AS, name, registrar, store, province and country", async () => {
  const by = async (facts: Partial<AssetFacts>) => {
    const decision = await who(facts);
    return [decision?.by?.claim.names.en ?? null, decision?.by?.match.rule ?? null];
  };
  assert.deepEqual(await by({ips: ["192.0.2.200"]}), ["Sample Telecom", "network"]);
  assert.deepEqual(await by({ips: ["2001:db8:1ff::1"]}), ["Sample Telecom", "network"]);
  assert.deepEqual(await by({asns: [64500]}), ["Sample Telecom", "asn"]);
  assert.deepEqual(await by({ips: ["198.51.100.9"], asns: [64500]}), ["Sample Cloud", "network"]);
  assert.deepEqual(await by({host: "phish.cloud.example"}), ["Sample Cloud", "suffix"]);
  assert.deepEqual(await by({registrar: 9999}), ["Sample Names", "registrar"]);
  assert.deepEqual(await by({store: "apps.store.example"}), ["Sample Store", "store"]);
  assert.deepEqual(await by({province: "44"}), ["Guangdong branch", "province"]);
  assert.deepEqual(await by({host: "shop.at", country: "AT"}), ["Sample National CERT", "tld"]);
  assert.deepEqual(await by({country: "AT"}), ["Sample National CERT", "country"]);
  assert.equal((await who({host: "nobody.test"}))?.why?.code, "no-claim");
  assert.equal((await who({brand: "SAMPLE　bank"}))?.why?.code, "not-in-order");
});

test("a local change stays when the list comes again; what the list changed under it is told, and a person decides", async () => {
  const party = await named("Sample Telecom");
  await editParty(
    house,
    {party, fields: {"names.en": "Sample Telecom Ltd"}, add: [{kind: "asn", value: "AS64510"}]},
    act(),
  );
  const [desk] = await contactsIn(house, {parties: [party]}, NOW);
  assert.ok(desk);
  const hours = {calendar: "none", zone: null, from: "08:00", to: "20:00"};
  await editContact(house, {party, key: desk.key, fields: {hours}}, act());
  const changed = EXAMPLE.replace("Sample Telecom,", "Sample Telecom Group,").replace("09:00-18:00", "10:00-18:00");
  const answer = await importParties(house, ours(changed), later(1));
  assert.deepEqual([answer.changed, answer.unchanged, answer.conflicts], [1, 6, 2]);
  const now = await dossierOf(house, {party, limit: 100}, NOW);
  assert.equal(now.names.en, "Sample Telecom Ltd");
  assert.equal(now.contacts[0]?.id, desk.id, "a contact keeps its number");
  assert.deepEqual(now.contacts[0]?.hours, hours);
  assert.equal((await who({asns: [64510]}))?.party, party);
  const [found] = await partyConflicts(house, null);
  assert.equal(found?.party, party);
  const name = found?.conflicts.find((each) => each.path === "names.en");
  assert.deepEqual(
    [name?.base, name?.value, name?.imported],
    ["Sample Telecom", "Sample Telecom Ltd", "Sample Telecom Group"],
  );
  await resolveConflict(house, {party, path: "names.en", take: "imported"}, act("Wang"));
  await resolveConflict(house, {party, path: `contact:${desk.key}#hours`, take: "local"}, act("Wang"));
  assert.deepEqual(await partyConflicts(house, null), []);
  const after = await dossierOf(house, {party, limit: 100}, NOW);
  assert.deepEqual([after.names.en, after.contacts[0]?.hours], ["Sample Telecom Group", hours]);
  assert.deepEqual((await importParties(house, ours(changed), later(2))).conflicts, 0);
  await coded(resolveConflict(house, {party, path: "names.en", take: "local"}, act()), "usage");
  assert.deepEqual(after.history.at(-1)?.by, "Wang");
});

test("a hidden contact and a removed responsibility stay away, whatever the list says", async () => {
  const party = await named("Sample Cloud");
  const form = (await contactsIn(house, {parties: [party]}, NOW)).find(({channel}) => channel === "portal");
  await editContact(house, {party, key: form?.key ?? "", isHidden: true}, act());
  await editParty(house, {party, remove: [{kind: "network", value: "198.51.100.0/24"}]}, act());
  await importParties(house, ours(EXAMPLE.replace("样例云", "样例云服务")), later(3));
  const now = await dossierOf(house, {party, limit: 10}, NOW);
  assert.deepEqual(
    [now.names.zh, now.contacts.length, now.responsibilities.map(({value}) => value)],
    ["样例云服务", 1, ["cloud.example"]],
  );
  assert.equal((await contactsIn(house, {ids: [form?.id ?? 0]}, NOW)).length, 1, "notices of before still point to it");
  await editContact(house, {party, key: form?.key ?? "", isHidden: false}, act());
  assert.deepEqual((await contactsIn(house, {parties: [party]}, NOW)).map(({id}) => id).includes(form?.id ?? 0), true);
});

test("two parties that claim one AS: nobody is told, until one of the claims is entered locally", async () => {
  const claim = "key,kind,name_zh,name_en,responsible_for\nrival,network-operator,,Rival,asn:64500\n";
  await importParties(house, list({source: "rivals", format: "csv", text: claim}), NOW);
  const decision = await who({asns: [64500]});
  assert.deepEqual([decision?.party, decision?.why?.code, decision?.others.length], [null, "ambiguous", 2]);
  const rival = await named("Rival");
  await editParty(house, {party: rival, add: [{kind: "asn", value: "64500"}]}, act());
  assert.equal((await who({asns: [64500]}))?.party, rival);
});

test("a party of our own has a name of a known kind, and what it answers for is checked", async () => {
  const own = {
    kind: "constituent",
    names: {zh: "本院", en: null},
    country: "CN",
    province: "11",
    from: null,
    until: null,
  };
  const party = await addParty(house, {...own, responsibilities: [{kind: "domain", value: "Own.Example"}]}, act());
  assert.deepEqual((await dossierOf(house, {party, limit: 5}, NOW)).responsibilities[0]?.layer, "local");
  await coded(addParty(house, {...own, kind: "friend", responsibilities: []}, act()), "usage");
  await coded(addParty(house, {...own, names: {zh: null, en: null}, responsibilities: []}, act()), "usage");
  await coded(addParty(house, {...own, responsibilities: [{kind: "asn", value: "0"}]}, act()), "usage");
  await coded(editParty(house, {party, fields: {"names.zh": null}}, act()), "usage");
  await coded(editParty(house, {party: 999_999, fields: {country: "AT"}}, act()), "party_unknown");
  await coded(editParty(house, {party, fields: {country: "AT"}}, act(" ")), "usage");
  const before = (await dossierOf(house, {party, limit: 5}, NOW)).history.length;
  await editParty(house, {party, fields: {country: "CN"}}, act());
  assert.equal(
    (await dossierOf(house, {party, limit: 5}, NOW)).history.length,
    before,
    "what is so already is no change",
  );
  const protectedList = await protectedNames(house);
  assert.equal(protectionOf(protectedList, {host: "www.own.example", domain: null, ips: []})?.because, "own-party");
  assert.equal(protectionOf(protectedList, {host: "a.partner.example", domain: null, ips: []})?.remark, "ours");
});

test("the facts of a contact's key are read from the key; one that is expired, secret or another's is refused", async () => {
  const party = await named("Sample Telecom");
  const userIDs = [{name: "Desk", email: "new@telecom.example"}];
  const {publicKey, privateKey} = await generateKey({
    userIDs,
    date: new Date("2023-01-01T00:00:00Z"),
    keyExpirationTime: 90 * 24 * 3600,
  });
  const added = await addContact(house, {party, contact: contact({pgpKey: publicKey})}, act());
  assert.match(added.pgp?.fingerprint ?? "", /^[0-9A-F]{40}([0-9A-F]{24})?$/);
  assert.equal(added.pgp?.expiresAt?.slice(0, 10), "2023-04-01");
  const refuse = (given: Partial<Contact>, at = NOW) =>
    coded(
      addContact(house, {party, contact: contact({address: "two@telecom.example", ...given})}, act("Chen", at)),
      "pgp_key_unfit",
    );
  assert.match(await refuse({pgpKey: privateKey}), /secret key/);
  assert.match(await refuse({pgpKey: "-----BEGIN PGP"}), /no armored/);
  assert.match(await refuse({pgpKey: publicKey}, later(60)), /expired on 2023-04-01/);
  assert.match(await refuse({pgpKey: publicKey, pgpFingerprints: ["A".repeat(40)]}), /Its fingerprint is/);
  await coded(addContact(house, {party, contact: contact({address: "a@b.test\r\nBcc: x@y.test"})}, act()), "usage");
  await coded(editContact(house, {party, key: "none", fields: {until: "2023-01-01"}}, act()), "contact_unknown");
  const csv = `key,kind,name_zh,name_en,purpose,address,pgp_key\nk,registrar,,With key,abuse,k@names.example,"${publicKey}"\nl,registrar,,Bad key,abuse,l@names.example,"abc"\n`;
  const {rejects} = await importParties(house, list({source: "keys", format: "csv", text: csv}), NOW);
  assert.deepEqual(
    rejects.map(({reason}) => reason),
    ["the key of l@names.example is left out: it is no armored OpenPGP key"],
  );
  const [withKey] = await contactsIn(house, {address: "K@names.example"}, NOW);
  assert.equal(withKey?.pgp?.fingerprint, added.pgp?.fingerprint);
});

test("a hard bounce takes a contact out of use at once, and a confirmation brings it back", async () => {
  const party = await named("Sample Names");
  const question = {purpose: "phishing", language: "en", channels: ["mail"], isOpen: () => true} as const;
  const choice = (now: Date) => contactFor(house, party, {...question, now});
  assert.equal((await choice(NOW)).contact?.address, "abuse@names.example");
  await recordContactNews(
    house,
    {of: {address: "ABUSE@names.example"}, kind: "hard-bounce", note: "550 no such user", by: "mail"},
    later(1),
  );
  const none = await choice(later(2));
  assert.deepEqual([none.contact, none.why], [null, "none-healthy"]);
  const [bounced] = await recordContactNews(
    house,
    {of: {address: "abuse@names.example"}, kind: "confirmed", note: null, by: "Chen"},
    later(3),
  );
  assert.equal(bounced?.record.hardBounceAt?.getTime(), later(1).getTime());
  assert.ok((await choice(later(4))).contact);
  for (const day of [5, 6, 7])
    await recordContactNews(
      house,
      {of: {ids: [bounced?.id ?? 0]}, kind: "soft-bounce", note: "451", by: "mail"},
      later(day),
    );
  assert.equal((await choice(later(8))).why, "none-healthy");
  assert.ok((await choice(later(30))).contact, "soft bounces grow old");
  await coded(
    recordContactNews(house, {of: {ids: [999_999]}, kind: "asked", note: null, by: "x"}, NOW),
    "contact_unknown",
  );
});

test("after a year each mail contact is due for confirmation; one that was asked is not asked twice", async () => {
  assert.deepEqual(await confirmationsDue(house, later(364)), []);
  const due = await confirmationsDue(house, later(366));
  const step = due.find(({address}) => address === "team@cert.example");
  assert.equal(step?.do, "ask");
  assert.ok(!due.some(({address}) => address.startsWith("https:")));
  await recordContactNews(house, {of: {ids: step?.contacts ?? []}, kind: "asked", note: null, by: "desk"}, later(366));
  const addresses = async (day: number) =>
    (await confirmationsDue(house, later(day))).map((each) => `${each.do} ${each.address}`);
  assert.ok(!(await addresses(367)).includes("ask team@cert.example"));
  assert.ok((await addresses(396)).includes("ask-again team@cert.example"));
});

test("a contact with another address is another contact: the bounces of the old one are not its own", async () => {
  const party = await named("Sample Store");
  const [old] = await contactsIn(house, {parties: [party]}, NOW);
  assert.ok(old);
  await recordContactNews(house, {of: {ids: [old.id]}, kind: "hard-bounce", note: "550\u0000", by: "mail"}, NOW);
  const key = await editContact(house, {party, key: old.key, fields: {address: "new@store.example"}}, act());
  const [now, ...more] = await contactsIn(house, {parties: [party]}, NOW);
  assert.deepEqual([now?.key, now?.address, now?.record.hardBounceAt, more], [key, "new@store.example", null, []]);
  assert.notEqual(now?.id, old.id);
  await importParties(house, ours(`${EXAMPLE}# again\n`), later(1));
  assert.equal(
    (await contactsIn(house, {parties: [party]}, NOW)).length,
    1,
    "the list does not bring the old one back",
  );
});

test("a change that is none, or of what is not there, is refused", async () => {
  const party = await named("Sample Store");
  const [desk] = await contactsIn(house, {parties: [party]}, NOW);
  const change = (fields: Partial<Contact>) => editContact(house, {party, key: desk?.key ?? "", fields}, act());
  await coded(change({until: "tomorrow"}), "usage");
  await coded(change({address: "a@b.test\nBcc: c@d.test"}), "usage");
  await coded(change({hours: {calendar: "cn", zone: null, from: "9", to: "17:00"}}), "usage");
  await coded(editContact(house, {party, key: "abuse:en:mail:x\ny", isHidden: false}, act()), "contact_unknown");
  await coded(editContact(house, {party, key: "none", isHidden: true}, act()), "contact_unknown");
  await coded(editParty(house, {party, fields: {"names.zh": "\u0000", "names.en": "\u200b"}}, act()), "usage");
});

test("eight people change one party while its list comes in: nothing of theirs is lost", async () => {
  const party = await named("Sample National CERT");
  const changes = Array.from({length: 8}, (_, at) =>
    editParty(house, {party, add: [{kind: "asn", value: String(90_000 + at)}]}, act(`P${at}`)),
  );
  const lists = [1, 2, 3].map((at) => importParties(house, ours(EXAMPLE.replace("team@", `team${at}@`)), later(at)));
  await Promise.all([...changes, ...lists]);
  const now = await dossierOf(house, {party, limit: 100}, NOW);
  const asns = now.responsibilities.filter(({kind}) => kind === "asn").map(({value}) => Number(value));
  assert.deepEqual(
    asns,
    Array.from({length: 8}, (_, at) => 90_000 + at),
  );
  assert.equal(now.contacts.length, 1);
});
