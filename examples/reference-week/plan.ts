/** The week thing by thing, from the groups and a seed: the same seed makes the same week. */
import {type Dice, dice, itemAt} from "../../src/app/samples/dice.ts";
import {BRANDS} from "./brands.ts";
import {FATES, type Fate, GROUPS, type Group, PLACES, type PlaceName, type Source, timesHandled} from "./groups.ts";

/** Three times a day things come in, are told of, and are answered: Monday 09:00 is slot 0, Sunday 20:00 slot 20. */
export const SLOTS = 21;

/** One thing that is reported: it becomes one case. */
export interface Thing {
  readonly number: number;
  readonly class: Group["class"];
  /** What its case is about, in the words of events. */
  readonly asset: string;
  readonly urls: readonly string[];
  readonly host: string | null;
  readonly domain: string | null;
  readonly place: PlaceName;
  readonly ip: string;
  readonly registrar: number | null;
  readonly brand: string | null;
  readonly channel: Group["channel"] | null;
  readonly fate: Fate;
  /** When it is reported first, by what, and by what again. */
  readonly slot: number;
  readonly sources: readonly {readonly source: Source; readonly slot: number}[];
  /** When its party answers, or it is gone. */
  readonly answerSlot: number;
  readonly border: readonly string[];
}

/** Returns all things of the week. `part`: only every so many of each group, for a quick look. */
export function planWeek(seed: number, part = 1): Thing[] {
  const things: Thing[] = [];
  for (const [at, group] of GROUPS.entries()) {
    const throwDice = dice(seed + at);
    for (const [n, fate] of fatesOf(group, part).entries())
      things.push(thingOf({group, at, n, fate, number: things.length + 1, throwDice}));
  }
  return things;
}

/** The fates of a group's things: as many handled ones as it says, in the shares that it says, then the others. */
function fatesOf({handled, fates, others = {}}: Group, part: number): Fate[] {
  const wanted = Math.ceil(handled / part);
  const shares = entries(fates);
  const sum = shares.reduce((all, [, share]) => all + share, 0);
  const found: Fate[] = [];
  let count = 0;
  for (const [fate, share] of shares) {
    const upTo = count + Math.floor((wanted * share) / sum);
    for (; count + timesHandled(fate) <= upTo; count += timesHandled(fate)) found.push(fate);
  }
  for (; count < wanted; count += 1) found.push("done");
  const rest = entries(others).flatMap(([fate, many]) => Array<Fate>(Math.ceil(many / part)).fill(fate));
  return [...found, ...rest];
}

function entries(fates: Group["fates"]): [Fate, number][] {
  const known: [string, number][] = Object.entries(fates);
  return known.flatMap(([name, share]) => {
    const fate = FATES.find((each) => each === name);
    return fate === undefined ? [] : [[fate, share]];
  });
}

interface Place {
  readonly group: Group;
  readonly at: number;
  readonly n: number;
  readonly fate: Fate;
  readonly number: number;
  readonly throwDice: Dice;
}

function thingOf({group, at, n, fate, number, throwDice}: Place): Thing {
  const share = Math.floor(n / group.aDomain);
  const place = itemAt(group.places, share);
  const chosen = firstSlot(fate, (below) => throwDice(n * 8, below));
  const slot = isByFeed(itemAt(group.sources, n)) ? morning(chosen) : chosen;
  const names = namesOf({group, at, n, number, share});
  return {
    ...{number, class: group.class, fate, slot, place, ...names},
    ip: group.class === "mal.c2" ? names.asset : PLACES[place].ip,
    registrar: group.registrars.length === 0 ? null : itemAt(group.registrars, share),
    brand: group.brands === undefined ? null : brandOf(group.brands, throwDice(n * 8 + 1, 100)),
    channel: group.channel ?? null,
    sources: sourcesOf(group, {n, slot, fate, throwDice}),
    answerSlot: answerSlotOf(fate, slot, throwDice(1_000_000 + slot, 100)), // a party works through a list at one go
    border: [...group.border, ...(PLACES[place].country === "CN" ? [] : ["hosting"])].toSorted(),
  };
}

/** Late enough to be answered within the week, where it is to be. */
function firstSlot(fate: Fate, throwOne: (below: number) => number): number {
  if (fate === "returns") return throwOne(8);
  if (fate === "gone") return throwOne(13); // seen gone at the next look that is due anyway
  return throwOne(SLOTS - 4);
}

/** Most answer by the next time, some take days; nobody who is to count answers after Sunday. */
function answerSlotOf(fate: Fate, slot: number, luck: number): number {
  if (fate === "late") return SLOTS;
  if (fate === "returns" || fate === "gone") return slot + 1;
  const slots = luck < 55 ? 1 : luck < 80 ? 2 : luck < 92 ? 3 : 6;
  return Math.min(slot + slots, SLOTS - 2);
}

/** A second and a third report of the same thing come a little later. */
function sourcesOf(
  {sources, class: problem}: Group,
  {n, slot, fate, throwDice}: {n: number; slot: number; fate: Fate; throwDice: Dice},
): Thing["sources"] {
  // who complains of what was dismissed opens it again: false alarms are reported once
  const isAgain = (problem === "web.phish" || problem === "mal.site") && fate !== "dismissed";
  const luck = throwDice(n * 8 + 3, 6);
  const count = !isAgain || luck < 3 ? 1 : luck < 5 ? 2 : 3;
  return Array.from({length: count}, (_, again) => {
    const source = itemAt(sources, n + again * 2);
    return {source, slot: again > 0 && isByFeed(source) ? morning(slot + again + 2) : slot + again};
  });
}

const isByFeed = (source: Source): boolean => !["mail", "xarf", "csv", "api"].includes(source);

/** Feeds deliver once a day, in the morning. */
const morning = (slot: number): number => slot - (slot % 3);

/** Every made-up host has this in its name, so that one is found wherever it should not be. */
export const CANARY = "wfc";

function namesOf({group, at, n, number, share}: Omit<Place, "fate" | "throwDice"> & {share: number}) {
  const id = String(number).padStart(5, "0");
  // sites at home are under .test, which is the territory's in this data folder; what is aimed at it is under .example
  const tld = group.class === "web.deface" || group.class === "web.backdoor" ? "test" : "example";
  const domain = group.class === "web.fakeapp" ? "store-wfc.example" : `${CANARY}-${at}-${share}.${tld}`;
  const page = (host: string, path: string): string => `http://${host}/${path}`;
  switch (group.class) {
    case "mal.c2": {
      const network = group.places[0] === "south" ? "192.0.2" : n % 2 === 0 ? "198.51.100" : "203.0.113";
      return {
        asset: `${network}.${1 + Math.floor(n / (network === "192.0.2" ? 1 : 2))}`,
        urls: [],
        host: null,
        domain: null,
      };
    }
    case "mal.mobile": {
      const host = `dl.${domain}`;
      const many = itemAt(group.channel?.urls ?? [1], n);
      return {
        asset: domain,
        urls: Array.from({length: many}, (_, u) => page(host, `app-${id}-${u}.apk`)),
        host,
        domain,
      };
    }
    case "web.deface":
    case "web.backdoor":
      return {
        asset: `www-${CANARY}.${domain}`,
        urls: [page(`www-${CANARY}.${domain}`, `${id}.php`)],
        host: `www-${CANARY}.${domain}`,
        domain,
      };
    default: {
      const url = page(`login.${domain}`, `${id}/index.html`);
      return {asset: url, urls: [url], host: `login.${domain}`, domain};
    }
  }
}

function brandOf(home: "home" | "abroad", luck: number): string {
  const own = BRANDS.filter(({country}) => (country === "CN") === (home === "home"));
  const all = own.flatMap((brand) => Array<string>(brand.weight).fill(brand.name));
  return itemAt(all, luck);
}

/** What the world itself knows of a week: how often things were handled in it, by what they are. */
export interface WorldCounts {
  readonly handled: number;
  readonly crossBorder: number;
  readonly phishing: number;
  readonly platforms: number;
  readonly urls: number;
}

/** Counts the things of a week, by what becomes of each: no case, no database, nothing of the product. */
export function countThings(things: readonly Thing[]): WorldCounts {
  const sum = (some: readonly Thing[]): number => some.reduce((all, {fate}) => all + timesHandled(fate), 0);
  const apps = things.filter((each) => each.class === "mal.mobile" && timesHandled(each.fate) > 0);
  return {
    handled: sum(things),
    crossBorder: sum(things.filter(({border}) => border.length > 0)),
    phishing: sum(things.filter((each) => each.class === "web.phish")),
    platforms: new Set(apps.map(({domain}) => domain)).size,
    urls: new Set(apps.flatMap(({urls}) => urls)).size,
  };
}
