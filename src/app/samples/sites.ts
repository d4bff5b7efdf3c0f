/** Made-up reports of web sites: malware, defacements, backdoors, phishing, mobile apps. Names are reserved ones (RFC 2606). */
import {SHADOWSERVER_TYPES} from "../../feeds/shadowserver-types.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {addDays, type Day} from "../../model/week.ts";
import {type Dice, dice, itemAt} from "./dice.ts";
import {type Abroad, addressAbroad, addressAtHome} from "./places.ts";
import {
  clockOf,
  csvText,
  dayIn,
  deliveredAfter,
  localClockOf,
  type SampleReport,
  SYNTHETIC,
  WEEK_SECONDS,
} from "./report.ts";
import {BRANDS} from "./tables.ts";

/** How many sites a week has. Sites are numbered through: weeks share those whose numbers overlap. */
export interface SiteNumbers {
  readonly seed: number;
  readonly first: number;
  readonly malware: number;
  readonly defaced: number;
  readonly defacedGov: number;
  readonly backdoored: number;
  readonly backdooredGov: number;
  readonly phishing: number;
  readonly apps: number;
  readonly appPlatforms: number;
}

const FIRST = "amber bamboo cedar delta ember fern grove harbor iris jade kite lotus maple north orchid pine".split(
  " ",
);
const SECOND =
  "press garden school clinic library market studio museum farm sports tea travel parts print craft home".split(" ");
const DOMAINS = ["example", "example", "example", "test", "example.com", "example.net", "example.org"];
const TOOLS = ["sample-shell-a", "sample-shell-b", "sample-shell-c"];
const LATE = 6;

/** A name that nobody can have: amber-press.example. */
function nameOf(number: number, below = itemAt(DOMAINS, number)): string {
  const round = Math.floor(number / (FIRST.length * SECOND.length));
  const words = `${itemAt(FIRST, number)}-${itemAt(SECOND, Math.floor(number / FIRST.length))}`;
  return `${words}${round === 0 ? "" : round + 1}.${below}`;
}

/** Names that tell by themselves that they are at home: the sample counts .example and .test so. */
function homeName(number: number): string {
  return nameOf(number, itemAt(["example", "example", "test"], number));
}

/** Below example.com and its like there is one domain only, so it lies abroad with all its names. */
function pageName(number: number, country: string): string {
  return country === "CN" ? homeName(number) : nameOf(number);
}

function governmentName(number: number): string {
  return `${itemAt(FIRST, number)}${1 + Math.floor(number / FIRST.length)}.gov.example`;
}

/** One in `homeEvery` stands at home. */
function placeOf(number: number, homeEvery: number): Abroad {
  return number % homeEvery === 0 ? {ip: addressAtHome(100_000 + number), country: "CN"} : addressAbroad(number);
}

/** Gives each row of a report its time, by the clock that the report's format is read by. */
function timesOf(timeAt: (seconds: number) => string, throwDice: Dice): (index: number) => string {
  return (index) => timeAt(throwDice(index, WEEK_SECONDS));
}

function report(monday: Day, what: string, text: string): SampleReport {
  const fetchedAt = deliveredAfter(monday, LATE);
  return {feed: `${SYNTHETIC}${what}`, fileName: `synthetic-${monday}-${what}.csv`, fetchedAt, text};
}

/** Returns the reports of web sites of a week. */
export function siteReports(monday: Day, numbers: SiteNumbers): SampleReport[] {
  return [malware, defacements, backdoors, phishing, apps].map((make) => make(monday, numbers));
}

function malware(monday: Day, {seed, first, malware: count}: SiteNumbers): SampleReport {
  const throwDice = dice(seed);
  const timeOf = timesOf(clockOf(monday), throwDice);
  const rows = Array.from({length: count}, (_, index) => {
    const site = first + Math.floor(index / 2); // most sites spread two files
    const {ip, country} = placeOf(site, 3);
    const host = index % 9 === 0 ? ip : pageName(site, country);
    const url = `http://${host}/files/${itemAt(SECOND, throwDice(index, 99))}${index}.bin`;
    const time = timeOf(index);
    return {timestamp: time, url, hostname: host === ip ? "" : host, ip, geo: country, port: "80", severity: "high"};
  });
  const columns = SHADOWSERVER_TYPES.get("malware_url")?.columns ?? [];
  const made = report(monday, "malware-urls", csvText(columns, rows));
  return {...made, fileName: `synthetic-${monday}-malware_url.csv`};
}

function defacements(monday: Day, {seed, first, defaced, defacedGov}: SiteNumbers): SampleReport {
  const throwDice = dice(seed + 1);
  const rows = Array.from({length: defaced}, (_, index) => {
    const name = index < defacedGov ? governmentName(first + index) : homeName(first + index);
    const date = addDays(monday, dayIn(throwDice(index, WEEK_SECONDS)));
    return {date, host: index % 3 === 0 ? `www.${name}` : name};
  });
  return report(monday, "defacements", csvText(["date", "host"], [...rows, {date: monday, host: ""}]));
}

function backdoors(monday: Day, {seed, first, backdoored, backdooredGov}: SiteNumbers): SampleReport {
  const throwDice = dice(seed + 2);
  const timeOf = timesOf(localClockOf(monday), throwDice);
  const rows = Array.from({length: backdoored}, (_, index) => {
    const site = first + 400 + index;
    const name = index < backdooredGov ? governmentName(first + 5 + index) : nameOf(site);
    return {
      time: timeOf(index),
      url: `http://${name}/upload/${itemAt(SECOND, throwDice(index, 99))}.php`,
      ip: addressAtHome(110_000 + site),
      family: itemAt(TOOLS, throwDice(index + backdoored, TOOLS.length)),
    };
  });
  return report(monday, "backdoors", csvText(["time", "url", "ip", "family"], rows));
}

function phishing(monday: Day, {seed, first, phishing: count}: SiteNumbers): SampleReport {
  const throwDice = dice(seed + 3);
  const timeOf = timesOf(clockOf(monday), throwDice);
  const rows = Array.from({length: count}, (_, index) => {
    const site = first + 900 + Math.floor(index / 4); // a site carries four pages
    const {ip, country} = placeOf(Math.floor(site / 2), 6);
    const brand = itemAt(BRANDS, Math.floor(throwDice(index, 100) ** 2 / 1250));
    return {
      time: timeOf(index),
      url: `https://login.${pageName(site, country)}/verify/${index.toString(36)}`,
      ip,
      country,
      brand: brand.alias,
    };
  });
  return report(monday, "phishing", csvText(["time", "url", "ip", "country", "brand"], rows));
}

function apps(monday: Day, {seed, first, apps: count, appPlatforms}: SiteNumbers): SampleReport {
  const throwDice = dice(seed + 4);
  const branches = ["北京", "上海", "广东", "浙江", "江苏", "四川", "Sample Registrar"];
  const rows = Array.from({length: count}, (_, index) => {
    const platform = index % appPlatforms;
    const kind = itemAt(TAXONOMY.mobileChannelKinds, throwDice(platform, 9));
    const host = `apps.${nameOf(first + 3000 + platform, "example")}`;
    const at = addDays(monday, dayIn(throwDice(index, WEEK_SECONDS)));
    return {
      time: `${at} 10:00:00`,
      platform_kind: kind.code,
      platform: host,
      url: `https://${host}/get/${index}.apk`,
      responsible: itemAt(branches, throwDice(platform + count, branches.length)),
      app_name: `样例应用${index + 1}`,
    };
  });
  const columns = ["time", "platform_kind", "platform", "url", "responsible", "apk_sha256", "app_name"];
  return report(monday, "mobile-apps", csvText(columns, rows));
}
