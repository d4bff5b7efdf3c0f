import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import {nextFetchAt, periodSeconds} from "./schedule.ts";

const SHANGHAI = "Asia/Shanghai";
const at = (text: string): Date => new Date(text);
const next = (every: number | string, last: string | null, zone = SHANGHAI): string =>
  nextFetchAt(every, last === null ? null : at(last), {now: at("2026-11-25T00:00:00Z"), zone}).toISOString();

test("a feed that was never fetched is due at once, and so is one whose last fetch lies ahead of the clock", () => {
  assert.equal(next(60, null), "2026-11-25T00:00:00.000Z");
  assert.equal(next("06:30", "2027-01-01T00:00:00Z"), "2026-11-25T00:00:00.000Z");
});

test("minutes count from the last fetch", () => {
  assert.equal(next(90, "2026-11-24T00:00:00Z"), "2026-11-24T01:30:00.000Z");
  assert.equal(periodSeconds(90), 5400);
});

test("local times are those of the constituency, on the days that are named", () => {
  assert.equal(next("06:30,18:00", "2026-11-23T22:30:00Z"), "2026-11-24T10:00:00.000Z", "06:30 was just fetched");
  assert.equal(next("06:30", "2026-11-23T22:29:00Z"), "2026-11-23T22:30:00.000Z");
  assert.equal(next("Mon 07:00", "2026-11-22T23:00:00Z"), "2026-11-29T23:00:00.000Z", "a week later");
  assert.equal(next("Mon-Fri 06:30", "2026-11-20T00:00:00Z"), "2026-11-22T22:30:00.000Z", "after Friday comes Monday");
  assert.equal(next("Sat,Sun 00:00", "2026-11-20T12:00:00Z"), "2026-11-20T16:00:00.000Z");
  assert.equal(periodSeconds("06:30,18:00"), 12 * 3600);
  assert.equal(periodSeconds("Mon-Fri 06:30"), (7 * 86_400) / 5);
});

test("where clocks are set forward a skipped time comes as much later, and it comes once", () => {
  const berlin = "Europe/Berlin";
  assert.equal(next("02:30", "2026-03-28T12:00:00Z", berlin), "2026-03-29T01:30:00.000Z");
  assert.equal(next("02:30", "2026-03-29T01:30:00Z", berlin), "2026-03-30T00:30:00.000Z");
});

test("the next fetch is always later than the last one, and never more than eight days", () => {
  const day = fc.constantFrom("", "Mon ", "Tue,Thu ", "Fri-Mon ");
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map((all) => all.map((each) => String(each).padStart(2, "0")).join(":"));
  const zone = fc.constantFrom(SHANGHAI, "America/New_York", "Australia/Lord_Howe", "Pacific/Apia");
  fc.assert(
    fc.property(
      day,
      fc.array(time, {minLength: 1, maxLength: 3}),
      zone,
      fc.date({min: at("2020-01-01"), max: at("2026-11-01"), noInvalidDate: true}),
      (days, times, where, last) => {
        const found = nextFetchAt(`${days}${times.join(",")}`, last, {now: at("2026-11-25"), zone: where});
        assert.ok(
          found > last && found.getTime() - last.getTime() <= 8 * 86_400_000,
          `${last.toISOString()} ${found.toISOString()}`,
        );
      },
    ),
  );
});
