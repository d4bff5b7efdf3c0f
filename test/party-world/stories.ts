/** What is to become of each site of the world: where it is, who reports it when and how, and what happens to it by itself. */
import type {Dice} from "./dice.ts";
import {NO_HOST, PLACES, SITE_TLDS} from "./houses.ts";
import {BLINK_HOURS, CALENDAR} from "./times.ts";

/** Where a site stands. `how` says by which means it is gone or hidden. */
export interface Phase {
  readonly is: "up" | "gone" | "veiled";
  readonly how: string;
}

/** Ways to be gone that two looks have to see as gone. */
export const GONE_WAYS = [
  "no-domain",
  "no-name",
  "no-address",
  "404",
  "410",
  "suspended",
  "not-found-page",
  "other-site",
] as const;
/** Ways to look gone that are none. */
export const VEILS = [
  "503",
  "500",
  "captcha",
  "429",
  "geo-block",
  "denied",
  "parked",
  "reset",
  "dns-failure",
  "search-engine",
  "login",
] as const;

/** Once a site is reported. `hour` is when it comes in. */
export interface Report {
  readonly hour: number;
  readonly by: "feed" | "mail" | "api";
  readonly reporter: string;
  readonly wantsAnswer: boolean;
  readonly key: string;
}

/** What happens to a site. */
export interface Story {
  readonly n: number;
  readonly class: "web.phish" | "mal.site" | "web.deface";
  readonly asset: {readonly kind: "url" | "site"; readonly value: string};
  readonly host: string;
  readonly domain: string;
  readonly tld: string;
  readonly ip: string;
  /** Where the machine stands. */
  readonly country: string;
  readonly isProtected: boolean;
  readonly reports: readonly Report[];
  /** What happens to it whatever anybody does. */
  readonly own: readonly {readonly hour: number; readonly phase: Phase; readonly isBlink: boolean}[];
  /** How it stands when it is first reported. */
  readonly first: Phase;
  /** Parties can take it down. */
  readonly isTakeable: boolean;
  /** When it comes back after its first takedown: within the day, or so late that somebody has to report it anew. */
  readonly returns: null | "soon" | "late";
}

export const UP: Phase = {is: "up", how: "page"};
const KINDS = {
  stays: 40,
  vanishes: 18,
  "gone-before": 5,
  returns: 12,
  "returns-late": 4,
  blinks: 5,
  veiled: 8,
  "veiled-then-gone": 3,
  moves: 5,
} as const;
const REPEATS = [0, 0, 0, 0, 1, 1, 2, 4];

/** Returns the stories of so many sites. */
export function storiesOf(dice: Dice, count: number): Story[] {
  return Array.from({length: count}, (_, n) => storyOf(dice, n, Math.max(8, Math.ceil(count / 8))));
}

function storyOf(dice: Dice, n: number, people: number): Story {
  const kind = dice.weighed(KINDS, "kind", n);
  const problem = dice.weighed({"web.phish": 78, "mal.site": 15, "web.deface": 7}, "class", n);
  const isProtected = n % 97 === 13;
  const tld = problem === "web.deface" ? "cn" : dice.pick(SITE_TLDS, "tld", n);
  const domain = `${isProtected ? "guarded" : "shop"}-${n}.${tld}`;
  const host = `${problem === "web.deface" ? "portal" : "login"}.${domain}`;
  const isHoused = problem === "web.deface" || dice.roll("housed", n) < 0.97;
  const place = isHoused ? dice.pick(PLACES, "place", n) : NO_HOST;
  const hour = dice.between(0.2, CALENDAR.lastReport, "reported", n);
  return {
    ...{n, class: problem, host, domain, tld, ip: place.ip, country: place.country, isProtected},
    asset:
      problem === "web.deface"
        ? {kind: "site", value: host}
        : {kind: "url", value: `http://${host}/account/index.html`},
    reports: reportsOf(dice, {n, hour, problem, people}),
    first: kind === "gone-before" ? goneUnseen(dice, n) : UP,
    own: ownChanges(dice, {n, kind, hour}),
    isTakeable: !["veiled", "veiled-then-gone", "gone-before"].includes(kind),
    returns: kind === "returns" ? "soon" : kind === "returns-late" ? "late" : null,
  };
}

/** Returns a way to be gone. */
export function goneBy(dice: Dice, n: number, why: string): Phase {
  return {is: "gone", how: dice.pick(GONE_WAYS, "gone", n, why)};
}

/** Where nobody ever saw the page, nobody can tell that another one has taken its place. */
function goneUnseen(dice: Dice, n: number): Phase {
  return {
    is: "gone",
    how: dice.pick(
      GONE_WAYS.filter((how) => how !== "other-site"),
      ...["gone", n],
    ),
  };
}

function reportsOf(
  dice: Dice,
  {n, hour, problem, people}: {n: number; hour: number; problem: string; people: number},
): Report[] {
  const ways = problem === "web.phish" ? {feed: 45, mail: 35, api: 20} : {feed: 0, mail: 0, api: 100};
  return Array.from({length: 1 + dice.pick(REPEATS, "repeats", n)}, (_, at): Report => {
    const by = dice.weighed(ways, "by", n, at);
    const when = at === 0 ? hour : dice.between(hour, CALENDAR.lastLetter - 1, "again", n, at);
    const reporter = `person-${Math.floor(dice.roll("reporter", n, at) * people)}@people.example`;
    return {hour: when, by, reporter, wantsAnswer: by === "mail" && dice.roll("wants", n, at) < 0.5, key: `${n}-${at}`};
  });
}

/** From a day before the report on, so that hosts of all kinds are seen in all their states. */
function ownChanges(dice: Dice, {n, kind, hour}: {n: number; kind: keyof typeof KINDS; hour: number}): Story["own"] {
  const after = (least: number, most: number, why: string): number => hour + dice.between(least, most, why, n);
  const veil: Phase = {is: "veiled", how: dice.pick(VEILS, "veil", n)};
  switch (kind) {
    case "vanishes":
    case "returns":
    case "returns-late":
      return [
        {hour: after(3, kind === "vanishes" ? 48 : 24, "vanishes"), phase: goneBy(dice, n, "own"), isBlink: false},
      ];
    case "blinks": {
      const at = Math.ceil(after(3, 30, "blinks") * 2) / 2;
      return [
        {hour: at, phase: goneBy(dice, n, "blink"), isBlink: true},
        {hour: at + BLINK_HOURS, phase: UP, isBlink: true},
      ];
    }
    case "veiled":
      return [{hour: after(-2, 40, "veils"), phase: veil, isBlink: false}];
    case "veiled-then-gone":
      return [
        {hour: after(-2, 10, "veils"), phase: veil, isBlink: false},
        {hour: after(14, 36, "goes"), phase: goneUnseen(dice, n), isBlink: false},
      ];
    case "moves":
      return [{hour: after(2, 30, "moves"), phase: {is: "up", how: "moved"}, isBlink: false}];
    default:
      return [];
  }
}
