import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type {Deadline} from "../../model/cases/deadlines.ts";
import {clockOf, dueOf} from "./due.ts";
import {type Assignment, type CaseFacts, chainOf, type NextStep, nextStep} from "./escalation.ts";
import {HOUR_MS, workingTimeOf} from "./working-time.ts";

const START = new Date("2023-02-20T01:00:00Z");
const after = (hours: number): Date => new Date(START.getTime() + hours * HOUR_MS);
const deadline: Deadline = {
  clock: "always",
  acknowledgeHours: 10,
  resolveHours: 40,
  remindEveryHours: 5,
  mostReminders: 2,
};
const everyDay = {id: "weekdays", isWorkingDay: () => true, unknownYear: () => null};
const workingTime = workingTimeOf({days: everyDay, spans: [{fromMinute: 540, toMinute: 1020}], zone: "Asia/Shanghai"});
const rule = {deadline, clock: clockOf(deadline, {workingTime, isUrgent: false})};
const chain = chainOf(
  ["hosting-provider", "registrar", "registry", "foreign-cert"],
  new Map([
    ["hosting-provider", ["P-host"]],
    ["registrar", ["P-registrar"]],
    ["foreign-cert", ["P-cert"]],
  ]),
);
const told: Assignment = {
  rank: 0,
  queuedAt: START,
  notifiedAt: START,
  undeliverableAt: null,
  acknowledgedAt: null,
  remindedAt: [],
  claims: [],
};
const facts = (over: Partial<CaseFacts> = {}, assigned: Partial<Assignment> = {}): CaseFacts => ({
  state: "notified",
  since: START,
  chain,
  assignment: {...told, ...assigned},
  handedAt: null,
  ...over,
});

test("a case that nobody was told of goes to the first party that is known", () => {
  assert.deepEqual(nextStep(facts({state: "open", assignment: null}), rule, START), {do: "notify", rank: 0});
  const unknownHost = [{kind: "hosting-provider", party: null}, ...chain.slice(1)];
  assert.deepEqual(nextStep(facts({assignment: null, chain: unknownHost}), rule, START), {do: "notify", rank: 1});
  const nobody = nextStep(facts({assignment: null, chain: [{kind: "registrar", party: null}]}), rule, START);
  assert.deepEqual(nobody, {do: "hand", because: "nobody_known"});
});

test("a party that does not answer is reminded when its answer is due, twice, and then the next one is told", () => {
  assert.deepEqual(nextStep(facts(), rule, after(9)), {do: "wait", until: after(10), for: "answer"});
  assert.deepEqual(nextStep(facts(), rule, after(10)), {do: "remind", rank: 0, number: 1});
  const once = facts({}, {remindedAt: [after(10)]});
  assert.deepEqual(nextStep(once, rule, after(10)), {do: "wait", until: after(15), for: "answer"});
  assert.deepEqual(nextStep(once, rule, after(15)), {do: "remind", rank: 0, number: 2});
  const twice = facts({}, {remindedAt: [after(10), after(15)]});
  assert.deepEqual(nextStep(twice, rule, after(20)), {do: "escalate", rank: 1, because: "no_answer"});
});

test("a party that answered has until the takedown is due, and is reminded then", () => {
  const answered = facts({state: "acknowledged"}, {acknowledgedAt: after(3)});
  assert.deepEqual(nextStep(answered, rule, after(39)), {do: "wait", until: after(40), for: "takedown"});
  assert.deepEqual(nextStep(answered, rule, after(40)), {do: "remind", rank: 0, number: 1});
  const late = facts({state: "acknowledged"}, {acknowledgedAt: after(12), remindedAt: [after(10), after(40)]});
  assert.deepEqual(nextStep(late, rule, after(45)), {do: "escalate", rank: 1, because: "no_takedown"});
});

test("a party that answered after a reminder has until the takedown is due as well", () => {
  const answered = facts({state: "acknowledged"}, {acknowledgedAt: after(11), remindedAt: [after(10)]});
  assert.deepEqual(nextStep(answered, rule, after(20)), {do: "wait", until: after(40), for: "takedown"});
});

test("a desk that slept for days does not send all reminders at once", () => {
  assert.deepEqual(nextStep(facts(), rule, after(200)), {do: "remind", rank: 0, number: 1});
  const reminded = facts({}, {remindedAt: [after(200)]});
  assert.deepEqual(nextStep(reminded, rule, after(200)), {do: "wait", until: after(205), for: "answer"});
});

test("what the party says is checked: a claim waits for our look, a second false one goes to the next party", () => {
  const claim = {at: after(5), refutedAt: null};
  const resolved = facts({state: "resolved", since: after(5)}, {claims: [claim]});
  assert.deepEqual(nextStep(resolved, rule, after(6)), {do: "wait", until: after(53), for: "check"});
  assert.deepEqual(nextStep(resolved, rule, after(53)), {do: "hand", because: "claim_unchecked"});
  const refuted = {at: after(5), refutedAt: after(8)};
  assert.deepEqual(nextStep(facts({}, {claims: [refuted]}), rule, after(12)), {
    do: "wait",
    until: after(40),
    for: "takedown",
  });
  assert.deepEqual(nextStep(facts({}, {claims: [refuted, refuted]}), rule, after(12)), {
    do: "escalate",
    rank: 1,
    because: "false_claims",
  });
});

test("a contact that bounces is passed over at once, and a notice that is stuck for a day goes to a person", () => {
  assert.deepEqual(nextStep(facts({}, {undeliverableAt: after(1)}), rule, after(1)), {
    do: "escalate",
    rank: 1,
    because: "undeliverable",
  });
  const held = facts({state: "open"}, {notifiedAt: null});
  assert.deepEqual(nextStep(held, rule, after(23)), {do: "wait", until: after(24), for: "sending"});
  assert.deepEqual(nextStep(held, rule, after(24)), {do: "hand", because: "not_sent"});
});

test("the chain passes over unknown kinds and whoever was asked before, and ends with a person", () => {
  const bounced = (rank: number): NextStep => nextStep(facts({}, {rank, undeliverableAt: START}), rule, START);
  assert.deepEqual(bounced(1), {do: "escalate", rank: 3, because: "undeliverable"}, "no registry is known");
  assert.deepEqual(bounced(3), {do: "hand", because: "chain_exhausted"});
  const same = [...chain.slice(0, 1), {kind: "registrar", party: "P-host"}, {kind: "registry", party: "P-registry"}];
  assert.deepEqual(nextStep(facts({chain: same}, {undeliverableAt: START}), rule, START), {
    do: "escalate",
    rank: 2,
    because: "undeliverable",
  });
});

test("a case that a person has is shown again when the person is late", () => {
  const handed = facts({handedAt: after(50)});
  assert.deepEqual(nextStep(handed, rule, after(60)), {do: "wait", until: after(90), for: "person"});
  assert.deepEqual(nextStep(handed, rule, after(90)), {do: "hand", because: "person_late"});
});

test("an urgent case is counted round the clock though its deadline counts working hours", () => {
  const slow: Deadline = {...deadline, clock: "working"};
  const dueBy = (isUrgent: boolean): Date => dueOf(START, slow, clockOf(slow, {workingTime, isUrgent})).acknowledgeBy;
  assert.deepEqual(dueBy(true), after(10));
  assert.deepEqual(dueBy(false), after(26), "8 hours on the first day, 2 on the second");
});

const hour = fc.integer({min: 0, max: 400}).map((half) => after(half / 2));
const maybe = <T>(each: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(each, {nil: null});
const anyDeadline: fc.Arbitrary<Deadline> = fc.record({
  clock: fc.constantFrom("working", "always"),
  acknowledgeHours: fc.integer({min: 1, max: 30}),
  resolveHours: fc.integer({min: 30, max: 90}),
  remindEveryHours: fc.integer({min: 1, max: 30}),
  mostReminders: fc.integer({min: 0, max: 4}),
});
const anyChain = fc.array(
  fc.record({kind: fc.constantFrom("registrar", "registry"), party: maybe(fc.constantFrom("a", "b", "c", "d"))}),
  {minLength: 1, maxLength: 6},
);
const anyFacts: fc.Arbitrary<CaseFacts> = fc
  .record({
    state: fc.constantFrom("open", "notified", "acknowledged", "resolved", "verified", "dismissed", "merged"),
    since: hour,
    chain: anyChain,
    handedAt: maybe(hour),
    assignment: maybe(
      fc.record({
        rank: fc.integer({min: 0, max: 5}),
        queuedAt: hour,
        notifiedAt: maybe(hour),
        undeliverableAt: maybe(hour),
        acknowledgedAt: maybe(hour),
        remindedAt: fc.array(hour, {maxLength: 4}),
        claims: fc.array(fc.record({at: hour, refutedAt: maybe(hour)}), {maxLength: 3}),
      }),
    ),
  })
  .map((made) => ({
    ...made,
    assignment: made.assignment && {...made.assignment, rank: made.assignment.rank % made.chain.length},
  }));
const ruleOf = (each: Deadline) => ({deadline: each, clock: clockOf(each, {workingTime, isUrgent: false})});
const isClosed = ({state}: CaseFacts): boolean => ["verified", "dismissed", "merged"].includes(state);

test("nothing is forgotten: a case that is not closed has a step or waits for an instant to come, a closed one has none", () => {
  fc.assert(
    fc.property(anyFacts, anyDeadline, hour, (made, each, now) => {
      const step = nextStep(made, ruleOf(each), now);
      if (isClosed(made)) return step.do === "nothing";
      return step.do === "wait" ? step.until > now : step.do !== "nothing";
    }),
    {numRuns: 2000},
  );
});

test("time only moves a case on: it waits for the same instant until then, and a step that is due stays due", () => {
  fc.assert(
    fc.property(anyFacts, anyDeadline, hour, fc.integer({min: 1, max: 200}), (made, each, now, more) => {
      const step = nextStep(made, ruleOf(each), now);
      const then = new Date(now.getTime() + more * HOUR_MS);
      const next = nextStep(made, ruleOf(each), then);
      if (step.do !== "wait") assert.deepEqual(next, step);
      else if (then < step.until) assert.deepEqual(next, step);
      else assert.notEqual(nextStep(made, ruleOf(each), step.until).do, "wait");
    }),
    {numRuns: 2000},
  );
});

/** Puts a step into the facts, as the desk does: what was sent went out at once. */
function done(made: CaseFacts, step: NextStep, now: Date): CaseFacts {
  if (step.do === "hand") return {...made, handedAt: now};
  if (step.do === "remind" && made.assignment !== null)
    return {...made, assignment: {...made.assignment, remindedAt: [...made.assignment.remindedAt, now]}};
  if (step.do === "notify" || step.do === "escalate")
    return {
      ...made,
      state: "notified",
      since: now,
      assignment: {...told, rank: step.rank, queuedAt: now, notifiedAt: now},
    };
  return made;
}

test("there are never two steps at one instant: what was done leads to waiting", () => {
  fc.assert(
    fc.property(anyFacts, anyDeadline, hour, (made, each, now) => {
      const past = pastOnly(made, now);
      const step = nextStep(past, ruleOf(each), now);
      fc.pre(step.do !== "wait" && step.do !== "nothing");
      assert.equal(nextStep(done(past, step, now), ruleOf(each), now).do, "wait");
    }),
    {numRuns: 2000},
  );
});

/** What has happened so far: nothing that the facts tell lies after now. */
function pastOnly(made: CaseFacts, now: Date): CaseFacts {
  const until = (at: Date): Date => (at > now ? now : at);
  const perhaps = (at: Date | null): Date | null => (at === null ? null : until(at));
  const {assignment} = made;
  return {
    ...made,
    since: until(made.since),
    handedAt: perhaps(made.handedAt),
    assignment: assignment && {
      ...assignment,
      queuedAt: until(assignment.queuedAt),
      notifiedAt: perhaps(assignment.notifiedAt),
      undeliverableAt: perhaps(assignment.undeliverableAt),
      acknowledgedAt: perhaps(assignment.acknowledgedAt),
      remindedAt: assignment.remindedAt.map(until),
      claims: assignment.claims.map(({at, refutedAt}) => ({at: until(at), refutedAt: perhaps(refutedAt)})),
    },
  };
}

test("a case that nobody answers comes to a person in the end, told each party once and reminded it as often as allowed", () => {
  fc.assert(
    fc.property(anyChain, anyDeadline, (links, each) => {
      let made: CaseFacts = {state: "open", since: START, chain: links, assignment: null, handedAt: null};
      let now = START;
      const asked: (string | null)[] = [];
      let reminders = 0;
      for (let steps = 0; made.handedAt === null; steps++) {
        assert.ok(steps < 200, "does not end");
        const step = nextStep(made, ruleOf(each), now);
        if (step.do === "wait") now = step.until;
        if (step.do === "notify" || step.do === "escalate") asked.push(links[step.rank]?.party ?? null);
        if (step.do === "remind") reminders += 1;
        made = done(made, step, now);
      }
      const known = new Set(links.flatMap(({party}) => party ?? []));
      assert.deepEqual(asked.toSorted(), [...known].sort());
      assert.equal(reminders, known.size * each.mostReminders);
    }),
    {numRuns: 300},
  );
});
