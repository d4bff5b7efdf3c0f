/** The parties of the world: who answers for which names and addresses, and in which manner each of them behaves. */
import type {Dice} from "./dice.ts";

/** How a party behaves when it is written to. */
export const MANNERS = {
  /** Takes down within hours and says so. */
  prompt: 22,
  /** Says that it has come in, takes down, says so. */
  polite: 14,
  /** Does nothing before it is reminded, then takes its time. */
  late: 10,
  /** Says that it is done, and it is not. The second time it is, mostly. */
  wrong: 10,
  /** Takes down, and says so twice, once in the very same words. */
  twice: 6,
  /** Takes down and never says anything. */
  mute: 5,
  never: 9,
  "not-ours": 5,
  asks: 4,
  /** A machine answers each mail, and nobody else ever. */
  machine: 4,
  /** A machine answers each mail, and a person later. */
  "machine-first": 6,
  /** A ticket system that does not say that it is a machine. */
  tickets: 3,
  /** A stranger answers for it, from another domain. */
  stranger: 3,
  /** Answers case by case, with our number of the case in the subject. */
  "by-case": 4,
  "hard-bounce": 2,
  "soft-bounce": 2,
  "late-bounce": 2,
} as const;
export type Manner = keyof typeof MANNERS;

/** A party. `claims` is what it answers for. */
export interface House {
  readonly name: string;
  readonly kind: "registrar" | "registry" | "hosting-provider" | "site-owner";
  readonly country: string;
  readonly address: string;
  readonly manner: Manner;
  readonly claims: readonly {readonly kind: "tld" | "network" | "domain"; readonly value: string}[];
}

/** Top-level domains with a registrar of their own each; the last ones belong to nobody. */
const TLDS =
  "com net org info biz xyz site online shop club vip icu live fun work link click app dev io co me cc top".split(" ");
/** Names under these have no registrar that we know. */
export const ORPHANS = ["pw", "ws"] as const;
/** Addresses in networks of which it is known where they are, each network with a host of its own. */
export const PLACES = [
  {ip: "8.8.4.4", network: "8.8.4.0/24", country: "US"},
  {ip: "8.8.8.8", network: "8.8.8.0/24", country: "US"},
  {ip: "4.2.2.2", network: "4.2.2.0/24", country: "US"},
  {ip: "208.67.222.222", network: "208.67.222.0/24", country: "US"},
  {ip: "202.12.27.33", network: "202.12.27.0/24", country: "JP"},
  {ip: "168.126.63.1", network: "168.126.63.0/24", country: "KR"},
  {ip: "223.5.5.5", network: "223.5.5.0/24", country: "CN"},
  {ip: "114.114.114.114", network: "114.114.114.0/24", country: "CN"},
  {ip: "180.76.76.76", network: "180.76.76.0/24", country: "CN"},
  {ip: "119.29.29.29", network: "119.29.29.0/24", country: "HK"},
] as const;
/** An address in a network of nobody. */
export const NO_HOST = {ip: "202.96.209.5", country: "CN"} as const;

const COUNTRIES = ["US", "CN", "DE", "CN", "SG", "CN"] as const;
/** Party kinds begin at other places of the table of manners, so that a small world has all of them, too. */
const ORDER = Object.keys(MANNERS) as Manner[];

/** Returns the parties of a world. */
export function housesOf(dice: Dice): House[] {
  const registrars = TLDS.map((tld, n): House => {
    const manner = n < ORDER.length ? (ORDER[n] ?? "prompt") : dice.weighed(MANNERS, "manner", tld);
    return {
      name: `Registrar of ${tld}`,
      kind: "registrar",
      // what bounces is at home: a party that never had the mail makes no case cross-border
      country: isBouncing(manner) ? "CN" : (COUNTRIES[n % COUNTRIES.length] ?? "US"),
      address: `abuse@registrar-${tld}.example`,
      manner,
      claims: [{kind: "tld", value: tld}],
    };
  });
  const hosts = PLACES.map(({network, country}, n): House => {
    const manner =
      n < 4 ? (["prompt", "polite", "never", "wrong"] as const)[n] : dice.weighed(MANNERS, "host", network);
    const plain = manner === undefined || isBouncing(manner) ? "prompt" : manner;
    return {
      ...{name: `Host of ${network}`, kind: "hosting-provider", country},
      ...{address: `noc@host-${n}.example`, manner: plain, claims: [{kind: "network", value: network}]},
    };
  });
  const registries = TLDS.filter((_, n) => n % 3 === 0).map(
    (tld): House => ({
      ...{name: `Registry of ${tld}`, kind: "registry", country: "US", address: `duty@registry-${tld}.example`},
      ...{manner: dice.weighed(MANNERS, "registry", tld), claims: [{kind: "tld", value: tld}]},
    }),
  );
  return [...registrars, ...hosts, ...registries.map(quiet)];
}

function isBouncing(manner: Manner): boolean {
  return manner.endsWith("-bounce");
}

/** The last in the chain does not bounce. */
function quiet(house: House): House {
  return isBouncing(house.manner) ? {...house, manner: "never"} : house;
}

/** Returns the domain that mails of a party come from. */
export function homeOf({address}: Pick<House, "address">): string {
  return address.slice(address.indexOf("@") + 1);
}

/** All top-level domains in which sites of the world are. */
export const SITE_TLDS: readonly string[] = [...TLDS, ...TLDS, ...ORPHANS];
