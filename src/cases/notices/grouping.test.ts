import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {caseOf, contactOf, NOW} from "../../../test/notice-samples.ts";
import {TLP_MARKS} from "../../model/cases/case.ts";
import {NOTICE_EVENTS} from "../../model/notification.ts";
import {groupNotices} from "./grouping.ts";
import {type ContactState, DEFAULT_TLP, type GroupSettings, type PendingNotice} from "./pending.ts";
import {readTemplateFile} from "./template.ts";

const MINUTE_MS = 60_000;
const ago = (minutes: number): Date => new Date(NOW.getTime() - minutes * MINUTE_MS);
const templates = {
  templates: NOTICE_EVENTS.flatMap((event) =>
    ["zh", "en"].flatMap(
      (language) => readTemplateFile(`event: ${event}\nlanguage: ${language}\nsubject: x\ntext: x\n`, event).templates,
    ),
  ),
  requests: [],
};

const usual: GroupSettings = {
  intervalMinutes: 240,
  gatherMinutes: 15,
  casesPerMail: 50,
  mailsPerDay: 24,
  tlp: DEFAULT_TLP,
  templates,
  contacts: new Map(),
  sentToday: new Map(),
  told: new Set(),
};

function pendingOf(number: number, given: Partial<PendingNotice> = {}): PendingNotice {
  return {
    id: `P-${String(number).padStart(5, "0")}`,
    event: "opened",
    case: caseOf(number),
    subject: null,
    contact: contactOf(),
    ordinal: 1,
    isUrgent: false,
    since: ago(30),
    needsRelease: false,
    releasedBy: null,
    ...given,
  };
}

const stateOf = (given: Partial<ContactState>): Pick<GroupSettings, "contacts"> => ({
  contacts: new Map([["CT-1", {isHealthy: true, canEncrypt: false, lastGroupedAt: {}, ...given}]]),
});
const outcomes = (pending: readonly PendingNotice[], settings: Partial<GroupSettings> = {}): string[] =>
  groupNotices(pending, {...usual, ...settings}, NOW).decisions.map(({outcome}) => outcome);

test("all cases of one contact go out in one mail, in the order of their ids", () => {
  const {groups, decisions} = groupNotices([pendingOf(3), pendingOf(1), pendingOf(2)], usual, NOW);
  assert.equal(groups.length, 1);
  assert.deepEqual(
    groups[0]?.cases.map(({id}) => id),
    ["WF-2023-000001", "WF-2023-000002", "WF-2023-000003"],
  );
  assert.deepEqual(
    decisions.map(({pending, group}) => [pending, group]),
    [
      ["P-00003", 0],
      ["P-00001", 0],
      ["P-00002", 0],
    ],
  );
});

test("other contacts, events and ordinals are other mails", () => {
  const all = [
    pendingOf(1),
    pendingOf(2, {contact: contactOf({id: "CT-2", address: "b@registrar.example"})}),
    pendingOf(3, {event: "reminder"}),
    pendingOf(4, {event: "reminder", ordinal: 2}),
  ];
  assert.equal(groupNotices(all, usual, NOW).groups.length, 4);
});

test("an urgent case goes out by itself and at once, the gravest first", () => {
  const all = [
    pendingOf(1, {since: ago(0)}),
    pendingOf(2, {isUrgent: true, since: ago(0), case: caseOf(2, {severity: "II"})}),
    pendingOf(3, {isUrgent: true, since: ago(0), case: caseOf(3, {severity: "I"})}),
  ];
  const {groups, decisions} = groupNotices(all, usual, NOW);
  assert.deepEqual(
    groups.map(({pending}) => pending),
    [["P-00003"], ["P-00002"]],
  );
  assert.equal(decisions[0]?.outcome, "waits-for-interval");
});

test("the first case of a group waits for others, and the next group for the interval", () => {
  assert.deepEqual(outcomes([pendingOf(1, {since: ago(14)})]), ["waits-for-interval"]);
  assert.deepEqual(outcomes([pendingOf(1, {since: ago(15)}), pendingOf(2, {since: ago(1)})]), ["told", "told"]);
  assert.deepEqual(outcomes([pendingOf(1)], stateOf({lastGroupedAt: {opened: ago(239)}})), ["waits-for-interval"]);
  assert.deepEqual(outcomes([pendingOf(1)], stateOf({lastGroupedAt: {opened: ago(240)}})), ["told"]);
  assert.deepEqual(outcomes([pendingOf(1, {event: "reminder"})], stateOf({lastGroupedAt: {opened: ago(1)}})), ["told"]);
});

test("many cases are several mails, and what the budget of the address does not hold waits", () => {
  const all = Array.from({length: 120}, (_, at) => pendingOf(at));
  const {groups, decisions} = groupNotices(
    all,
    {...usual, mailsPerDay: 4, sentToday: new Map([["abuse@registrar.example", 2]])},
    NOW,
  );
  assert.deepEqual(
    groups.map(({cases}) => cases.length),
    [50, 50],
  );
  assert.deepEqual(decisions.filter(({outcome}) => outcome === "budget-used").length, 20);
  assert.match(decisions.at(-1)?.reason ?? "", /4 of 4/);
});

test("the budget is that of the address, whatever contacts have it and however it is written", () => {
  const all = [pendingOf(1), pendingOf(2, {contact: contactOf({id: "CT-2", address: "ABUSE@registrar.example"})})];
  assert.deepEqual(outcomes(all, {mailsPerDay: 1}), ["told", "budget-used"]);
});

test("nobody is told twice of one round for one reason, also not within one run; a new round is told", () => {
  const again = pendingOf(1, {id: "P-again"});
  assert.deepEqual(outcomes([pendingOf(1), again]), ["told", "already-told"]);
  const told = new Set(["WF-2023-000001#1|CT-1|opened|1"]);
  assert.deepEqual(outcomes([pendingOf(1)], {told}), ["already-told"]);
  assert.deepEqual(outcomes([pendingOf(1, {case: caseOf(1, {round: 2})})], {told}), ["told"]);
});

test("a protected asset waits for a second person, also when it is urgent", () => {
  assert.deepEqual(outcomes([pendingOf(1, {needsRelease: true, isUrgent: true})]), ["needs-second-person"]);
  const {decisions} = groupNotices([pendingOf(1, {needsRelease: true, releasedBy: "Li"})], usual, NOW);
  assert.match(decisions[0]?.reason ?? "", /released by Li/);
});

test("500 complaints about protected assets tell nobody until a second person has released them", () => {
  const all = Array.from({length: 500}, (_, at) => pendingOf(at, {needsRelease: true, isUrgent: at % 2 === 0}));
  const {groups, decisions} = groupNotices(all, usual, NOW);
  assert.equal(groups.length, 0);
  assert.ok(decisions.every(({outcome}) => outcome === "needs-second-person"));
});

test("no contact, an unhealthy one and a missing template are said by name", () => {
  assert.deepEqual(outcomes([pendingOf(1, {contact: null})]), ["no-contact"]);
  assert.deepEqual(outcomes([pendingOf(1)], stateOf({isHealthy: false})), ["contact-unhealthy"]);
  assert.deepEqual(outcomes([pendingOf(1)], {templates: {templates: [], requests: []}}), ["no-template"]);
});

test("red goes to nobody; strict amber only where it can be encrypted", () => {
  const strict = (contact = contactOf()): PendingNotice[] => [
    pendingOf(1, {case: caseOf(1, {tlp: "AMBER+STRICT"}), contact}),
  ];
  assert.deepEqual(outcomes([pendingOf(1, {case: caseOf(1, {tlp: "RED"})})]), ["tlp-forbids"]);
  assert.deepEqual(outcomes(strict()), ["tlp-forbids"]);
  assert.deepEqual(outcomes(strict(), stateOf({canEncrypt: true})), ["told"]);
  assert.deepEqual(outcomes(strict(contactOf({channel: "portal"}))), ["told"]);
});

const anyPending = fc.record({
  number: fc.nat({max: 30}),
  contact: fc.option(fc.nat({max: 4}), {freq: 8}),
  event: fc.constantFrom(...NOTICE_EVENTS),
  tlp: fc.constantFrom(...TLP_MARKS),
  isUrgent: fc.boolean(),
  waited: fc.nat({max: 40}),
  needsRelease: fc.boolean(),
  isReleased: fc.boolean(),
});
const anySettings = fc.record({
  casesPerMail: fc.integer({min: 1, max: 5}),
  mailsPerDay: fc.integer({min: 1, max: 4}),
  sent: fc.nat({max: 5}),
  intervalMinutes: fc.nat({max: 60}),
  gatherMinutes: fc.nat({max: 30}),
});

test("every pending thing ends in one decision, is told once or not at all, and no budget is exceeded", () => {
  fc.assert(
    fc.property(fc.array(anyPending, {maxLength: 80}), anySettings, (drawn, {sent, ...rest}) => {
      const pending = drawn.map(({number, contact, event, tlp, isUrgent, waited, needsRelease, isReleased}, at) =>
        pendingOf(at, {
          case: caseOf(number, {tlp}),
          contact: contact === null ? null : contactOf({id: `CT-${contact}`, address: `a${contact % 3}@x.example`}),
          event,
          isUrgent,
          since: ago(waited),
          needsRelease,
          releasedBy: isReleased ? "Li" : null,
        }),
      );
      const settings = {...usual, ...rest, sentToday: new Map([["a0@x.example", sent]])};
      const {groups, decisions} = groupNotices(pending, settings, NOW);
      assert.deepEqual(
        decisions.map((each) => each.pending),
        pending.map(({id}) => id),
      );
      const told = groups.flatMap((group) => group.pending);
      assert.equal(new Set(told).size, told.length);
      for (const {pending: id, outcome, group} of decisions) {
        assert.equal(group !== null, outcome === "told");
        if (group !== null) assert.ok(groups[group]?.pending.includes(id));
        const {needsRelease, releasedBy, case: about} = pending.find((each) => each.id === id) ?? pendingOf(0);
        if (outcome === "told") assert.ok((!needsRelease || releasedBy !== null) && about?.tlp !== "RED");
      }
      for (const {cases} of groups) assert.ok(cases.length >= 1 && cases.length <= rest.casesPerMail);
      for (const address of ["a0", "a1", "a2"].map((name) => `${name}@x.example`)) {
        const mails = groups.filter(({contact}) => contact.address === address).length;
        const before = settings.sentToday.get(address) ?? 0;
        assert.ok(mails === 0 || mails + before <= rest.mailsPerDay);
      }
      assert.deepEqual(
        groupNotices(pending.toReversed(), settings, NOW).groups,
        groups,
        "the order of input decides nothing",
      );
    }),
    {numRuns: 500},
  );
});
