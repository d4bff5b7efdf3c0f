import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type {Contact, PartyEdit, PartyRecord, PartyValue, Responsibility} from "../../model/party.ts";
import {planImport, recordOfText, recordText} from "./import-plan.ts";
import {conflictsOf, heldParty, importedAt, importedLayer, overlay} from "./overlay.ts";
import {contactKey, contactPath, pathsOfRecord, responsibilityPath} from "./paths.ts";

const dayOrNone = fc.constantFrom(null, "2022-01-01", "2023-06-30");
const name = fc.constantFrom(null, "一号", "甲", "b #%");
const responsibility: fc.Arbitrary<Responsibility> = fc.record({
  kind: fc.constantFrom("asn", "brand"),
  value: fc.constantFrom("1", "2", "c#until", "100%23"),
  from: dayOrNone,
  until: dayOrNone,
});
const contact: fc.Arbitrary<Contact> = fc
  .record({
    purpose: fc.constantFrom("abuse", "general"),
    language: fc.constantFrom("zh", "en"),
    isMail: fc.boolean(),
    local: fc.constantFrom("Abuse", "abuse", "cert"),
    pgpFingerprints: fc.constantFrom<string[][]>([], ["A".repeat(40)]),
    hours: fc.constantFrom(null, {calendar: "cn", zone: null, from: "09:00", to: "17:00"}),
    from: dayOrNone,
    until: dayOrNone,
  })
  .map(({isMail, local, ...rest}) => ({
    ...rest,
    pgpKey: null,
    channel: isMail ? "mail" : "portal",
    address: isMail ? `${local}@example.net` : `https://example.net/${local}#from`,
  }));
const record: fc.Arbitrary<PartyRecord> = fc
  .record({
    kind: fc.constantFrom("registrar", "cloud-provider"),
    names: fc.record({zh: name, en: fc.constantFrom("One", "Two")}),
    country: fc.constantFrom(null, "CN", "AT"),
    province: fc.constantFrom(null, "11", "44"),
    from: dayOrNone,
    until: dayOrNone,
    responsibilities: fc.array(responsibility, {maxLength: 4}),
    contacts: fc.array(contact, {maxLength: 4}),
  })
  .map((rest) => ({key: "1", identity: null, party: null, ...rest}));

/** Changes of some paths of a record, and of some that it does not have; the base is what the record said. */
function editsOver(of: PartyRecord): fc.Arbitrary<PartyEdit[]> {
  const paths = pathsOfRecord(of);
  const things = ["responsibility:asn:77", "contact:abuse:en:mail:new@example.net"];
  const value = (path: string): fc.Arbitrary<PartyValue> =>
    path.includes("#") || !path.includes(":") ? fc.constantFrom("x", null) : fc.constantFrom(true, null);
  return fc
    .subarray([...paths.keys(), ...things])
    .chain((chosen) =>
      fc.tuple(...chosen.map((path) => value(path).map((to) => ({path, value: to, base: paths.get(path) ?? null})))),
    );
}

const layered = record.chain((before) =>
  fc.record({before: fc.constant(before), edits: editsOver(before), after: record}),
);
const asImport = (each: PartyRecord) => [{source: "list", record: each, isGone: false}];

test("what people changed survives every re-import, field by field", () => {
  fc.assert(
    fc.property(layered, ({edits, after}) => {
      const paths = overlay(importedLayer(asImport(after)).paths, edits);
      for (const {path, value} of edits) assert.deepEqual(paths.get(path) ?? null, value);
      for (const [path, value] of pathsOfRecord(after))
        if (!edits.some((edit) => edit.path === path)) assert.deepEqual(paths.get(path), value);
    }),
  );
});

test("there is a conflict if and only if a source changed what was changed locally, and does not agree with it", () => {
  fc.assert(
    fc.property(layered, ({before, edits, after}) => {
      assert.deepEqual(conflictsOf(importedLayer(asImport(before)), edits), []);
      const found = conflictsOf(importedLayer(asImport(after)), edits).map(({path}) => path);
      const [old, now] = [pathsOfRecord(before), pathsOfRecord(after)];
      const text = (value: PartyValue | undefined): string => JSON.stringify(value ?? null);
      const expected = edits.filter(
        ({path, value}) => text(old.get(path)) !== text(now.get(path)) && text(now.get(path)) !== text(value),
      );
      assert.deepEqual(
        found,
        expected.map(({path}) => path),
      );
    }),
  );
});

test("a record goes to paths and back without loss: nothing that a source says is dropped", () => {
  fc.assert(
    fc.property(record, (each) => {
      const held = heldParty(asImport(each), []);
      assert.ok(held !== null);
      const {isStated, responsibilities, contacts, ...fields} = held;
      const back = {
        ...fields,
        key: "1",
        identity: null,
        party: null,
        responsibilities: responsibilities.map(({layer, source, ...rest}) => rest),
        contacts: contacts.map(({layer, source, key, ...rest}) => rest),
      };
      const once = recordOfText(recordText(each));
      const addressOf = ({address, channel}: Contact): string => (channel === "mail" ? address.toLowerCase() : address);
      assert.equal(isStated, true);
      assert.deepEqual(back.contacts.map(addressOf).toSorted(), once.contacts.map(addressOf).toSorted());
      assert.deepEqual(
        recordOfText(recordText(back)).responsibilities.map(responsibilityPath),
        once.responsibilities.map(responsibilityPath),
      );
      assert.deepEqual(fields.names, {...each.names});
    }),
  );
});

test("importing twice is importing once; the order in a list says nothing", () => {
  fc.assert(
    fc.property(record, (each) => {
      const known = {
        records: new Map([["1", {party: 7, text: recordText(each), isGone: false}]]),
        identities: new Map(),
      };
      const again = {
        ...each,
        responsibilities: each.responsibilities.toReversed(),
        contacts: each.contacts.toReversed(),
      };
      const keys = each.contacts.map(contactKey);
      const isPlain =
        new Set(keys).size === keys.length &&
        new Set(each.responsibilities.map(responsibilityPath)).size === each.responsibilities.length;
      assert.deepEqual(planImport([each], known, {isWhole: true}).steps, []);
      if (isPlain) assert.deepEqual(planImport([again], known, {isWhole: true}).steps, []);
    }),
  );
});

const registrar: PartyRecord = {
  key: "9999",
  identity: "iana-registrar:9999",
  party: null,
  kind: "registrar",
  names: {zh: null, en: "Example Registrar"},
  country: null,
  province: null,
  from: null,
  until: null,
  responsibilities: [{kind: "registrar", value: "9999", from: null, until: null}],
  contacts: [],
};
const mail = (address: string): Contact => ({
  ...{purpose: "abuse", language: "en", channel: "mail", address, pgpKey: null, pgpFingerprints: [], hours: null},
  from: null,
  until: null,
});

test("two sources that know one registrar by its IANA id speak of one party; the first to say a thing keeps saying it", () => {
  const answer = {
    ...registrar,
    key: "domain:example.com",
    names: {zh: null, en: "Example Ltd"},
    contacts: [mail("abuse@example.net")],
  };
  const plan = planImport(
    [answer],
    {records: new Map(), identities: new Map([["iana-registrar:9999", 12]])},
    {isWhole: false},
  );
  assert.deepEqual(
    plan.steps.map(({party}) => party),
    [12],
  );
  const held = heldParty(
    [
      {source: "iana", record: registrar, isGone: false},
      {source: "rdap", record: answer, isGone: false},
    ],
    [],
  );
  assert.equal(held?.names.en, "Example Registrar");
  assert.deepEqual(
    held?.contacts.map(({address, source}) => [address, source]),
    [["abuse@example.net", "rdap"]],
  );
});

test("a party that its source does not list any more keeps its name, and answers for nothing", () => {
  const known = {
    records: new Map([["9999", {party: 1, text: recordText(registrar), isGone: false}]]),
    identities: new Map(),
  };
  const plan = planImport([], known, {isWhole: true});
  assert.deepEqual([plan.gone, plan.steps[0]?.isGone], [1, true]);
  assert.equal(planImport([], known, {isWhole: false}).gone, 0);
  const held = heldParty([{source: "iana", record: registrar, isGone: true}], []);
  assert.deepEqual([held?.names.en, held?.responsibilities, held?.isStated], ["Example Registrar", [], false]);
});

test("a contact that was hidden stays hidden, and it is no conflict when the source drops it as well", () => {
  const before = {...registrar, contacts: [mail("old@example.net"), mail("new@example.net")]};
  const path = contactPath(contactKey(mail("old@example.net")));
  const hide = {path, value: null, base: true} as const;
  const addresses = (each: PartyRecord): string[] =>
    (heldParty(asImport(each), [hide])?.contacts ?? []).map(({address}) => address);
  assert.deepEqual(addresses(before), ["new@example.net"]);
  assert.deepEqual(addresses(registrar), []);
  assert.deepEqual(conflictsOf(importedLayer(asImport(registrar)), [hide]), []);
});

test("the days of a contact that was changed locally are in conflict when the source drops the contact's days", () => {
  const dated = {...registrar, contacts: [{...mail("a@example.net"), until: "2023-01-01"}]};
  const path = contactPath(contactKey(mail("a@example.net")), "until");
  const edit: PartyEdit = {path, value: "2024-01-01", base: "2023-01-01"};
  assert.equal(heldParty(asImport(dated), [edit])?.contacts[0]?.until, "2024-01-01");
  const layer = importedLayer(asImport({...registrar, contacts: [mail("a@example.net")]}));
  assert.equal(importedAt(layer, path), null);
  assert.deepEqual(conflictsOf(layer, [edit]), [{...edit, imported: null}]);
});

test("a local entry of the same responsibility makes it local: it then wins against an imported claim", () => {
  const path = responsibilityPath({kind: "registrar", value: "9999"});
  const held = heldParty(asImport(registrar), [{path, value: true, base: true}]);
  assert.deepEqual(held?.responsibilities[0]?.layer, "local");
});
