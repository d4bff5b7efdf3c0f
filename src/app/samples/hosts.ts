/** Made-up reports of infected hosts and of control servers. */
import {SHADOWSERVER_TYPES} from "../../feeds/shadowserver-types.ts";
import type {Day} from "../../model/week.ts";
import {dice, itemAt} from "./dice.ts";
import {addressAbroad, addressAtHome, longAddressAtHome} from "./places.ts";
import {clockOf, csvText, dayIn, deliveredAfter, type SampleReport, SYNTHETIC, WEEK_SECONDS} from "./report.ts";

/** How many hosts and servers a week has. Hosts are numbered through, so that weeks share those whose numbers overlap. */
export interface HostNumbers {
  readonly seed: number;
  readonly firstBot: number;
  readonly bots: number;
  readonly worms: number;
  /** Hosts of the week that are both. */
  readonly both: number;
  readonly rows: number;
  readonly servers: number;
  readonly families: readonly string[];
}

const DAYS = [0, 1, 2, 3, 4, 5, 6];
/** One host in so many has an IPv6 address. */
const LONG_EVERY = 60;
const SERVERS_AT_HOME = 5;
const HEADER = SHADOWSERVER_TYPES.get("event4_sinkhole")?.columns ?? [];
/** A line that cannot be read, as every provider sends one now and then. */
const BROKEN = {src_ip: "not an address", infection: "sample", severity: "critical"};

/** Returns a sinkhole report for each day of the week. */
export function sinkholeReports(monday: Day, numbers: HostNumbers): SampleReport[] {
  const rows: {seconds: number; row: Record<string, string>}[] = [];
  const throwDice = dice(numbers.seed);
  const timeAt = clockOf(monday);
  for (let index = 0; index < numbers.rows; index++) {
    const seconds = throwDice(index, WEEK_SECONDS);
    const row = sinkholeRow(numbers, index);
    rows.push({seconds, row: {timestamp: timeAt(seconds), ...row}});
  }
  rows.sort((one, other) => one.seconds - other.seconds);
  return DAYS.map((day) => {
    const own = rows.filter(({seconds}) => dayIn(seconds) === day).map(({row}) => row);
    const last = own.at(-1);
    const broken = day === 2 && last !== undefined ? [{...last, ...BROKEN}] : [];
    return {
      feed: `${SYNTHETIC}sinkhole`,
      fileName: `synthetic-${monday}-day${day + 1}-event4_sinkhole.csv`,
      fetchedAt: deliveredAfter(monday, day),
      text: csvText(HEADER, [...own, ...broken]),
    };
  });
}

/** Each host is in at least one row; the rest of the rows name some host again. The worms come after the bots. */
function sinkholeRow(numbers: HostNumbers, index: number): Record<string, string> {
  const {seed, firstBot, bots, worms, both, families} = numbers;
  const hosts = bots + worms;
  const place = index < hosts ? index : dice(seed + 1)(index, hosts);
  const isWorm = place >= bots;
  const host = firstBot + place - (isWorm ? both : 0);
  const family = isWorm ? "conficker" : itemAt(families, weightedPlace(dice(seed + 2)(host, 100)));
  return {
    src_ip: host % LONG_EVERY === 0 ? longAddressAtHome(host) : addressAtHome(host),
    src_port: String(1024 + dice(seed + 3)(index, 64_000)),
    src_geo: "CN",
    dst_ip: "192.0.2.1",
    dst_port: "80",
    dst_geo: "US",
    protocol: "tcp",
    severity: "critical",
    infection: isWorm ? "b54-conficker" : family,
    family,
    tag: family,
  };
}

/** The first families are the large ones: 0 to 99 becomes 0, 0, ..., 1, ... with shares that halve. */
function weightedPlace(percent: number): number {
  const bounds = [38, 62, 77, 87, 94];
  const place = bounds.findIndex((bound) => percent < bound);
  return place === -1 ? bounds.length : place;
}

/** Returns the week's list of control servers; four of five stand abroad. */
export function serverReport(monday: Day, {seed, servers, families}: HostNumbers): SampleReport {
  const throwDice = dice(seed + 4);
  const timeAt = clockOf(monday);
  const rows = Array.from({length: servers}, (_, index) => {
    const home = {ip: addressAtHome(90_000 + index), country: "CN"};
    const place = index % SERVERS_AT_HOME === 0 ? home : addressAbroad(seed * 10 + index);
    return {
      time: timeAt(throwDice(index, WEEK_SECONDS)),
      ...place,
      port: itemAt(["443", "8443", "80", "4444"], throwDice(index + servers, 4)),
      family: itemAt(families, throwDice(index + 2 * servers, families.length)),
    };
  });
  return {
    feed: `${SYNTHETIC}control-servers`,
    fileName: `synthetic-${monday}-control-servers.csv`,
    fetchedAt: deliveredAfter(monday, 6),
    text: csvText(["time", "ip", "port", "country", "family"], rows),
  };
}
