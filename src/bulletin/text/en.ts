/** The English of an edition; see text/zh.ts for what each part is. Sentence forms follow the English edition of 2013. */
import type {Change, Quantity} from "../numbers.ts";
import {enFigures} from "./en-figures.ts";
import {enSite} from "./en-site.ts";
import type {Text} from "./zh.ts";

const about = ({text, isAbout}: Quantity): string => (isAbout ? `about ${text}` : text);
const none = (count: string): string => (count === "0" ? "none" : count);

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const month = (number: number | undefined): string => MONTHS[(number ?? 1) - 1] ?? "";

function changed(change: Change, isExact: boolean): string {
  if (change.direction === "same") return isExact ? "the same as last week" : "about the same as last week";
  return `${change.direction === "up" ? "an increase" : "a decrease"} of ${change.percent}% from last week`;
}

const title: Text["title"] = {
  issue: (year, number) => `${year}, Issue ${number}`,
  period: (from, to) => {
    const end = `${to[2]} ${month(to[1])} ${to[0]}`;
    if (from[0] !== to[0]) return `${from[2]} ${month(from[1])} ${from[0]} – ${end}`;
    return from[1] === to[1] ? `${from[2]}–${end}` : `${from[2]} ${month(from[1])} – ${end}`;
  },
  gap: " ",
  full: (series, issue, period) => `${[series, issue].join(" ").trim()}${period === "" ? "" : ` (${period})`}`,
  date: ([year, at, date]) => `${date} ${month(at)} ${year}`,
};

const headings: Text["headings"] = {
  situation: "The week at a glance",
  hosts: "Malware activity",
  websites: "Website security",
  vulnerabilities: "Vulnerabilities",
  incidents: "Incidents handled",
  news: "Industry news",
  rating: "How the week was rated",
  review: "Recent issues",
  method: "Method and data",
  about: "About this bulletin",
};

const short: Text["short"] = {
  rating: (grade) => `This week, the overall internet security situation is rated ${grade}.`,
  infraQuiet: (ours, reach) =>
    `On the whole, ${ours} internet infrastructure ran steadily; no infrastructure security event of major impact occurred ${reach}.`,
  infraEvents: (_reach, count, titles) =>
    `${count === 1 ? "One infrastructure security event" : `${count} infrastructure security events`} of major impact occurred: ${titles}.`,
  threats:
    "The main threats to government, enterprises and internet users at large came from high-risk software vulnerabilities, the spread of malicious code and attacks on websites.",
  handled: ({us, parties, total, crossBorder}) =>
    total === "0"
      ? `This week, ${us} had no cyber security incident to handle with ${parties}.`
      : `This week, ${us} coordinated with ${parties} to handle ${counted(total, "cyber security incident")}${
          crossBorder === null ? "" : ofThem(crossBorder, total, "cross-border")
        }.`,
  phishing: ({us, isFirst, parties, complaints}) =>
    isFirst
      ? `This week, ${us} handled ${counted(complaints, "phishing complaint")} with ${parties}.`
      : `Among them, ${counted(complaints, "phishing complaint")} ${wereIn(complaints)} handled as a priority with ${parties}.`,
  mobile: ({us, isFirst, platforms, urls}) =>
    `${isFirst ? `This week, ${us}` : `${us} also`} worked with ${counted(platforms, "platform")} that offered malicious mobile apps for download${
      urls === null
        ? ""
        : `, and ${counted(urls, "malicious URL")} that spread mobile malware ${wereIn(urls)} dealt with`
    }.`,
};

const detail: Text["detail"] = {
  infected: (domestic, {infected, bots, worms}) => {
    const parts = [
      bots && `${none(about(bots))} controlled by trojans or bots`,
      worms && `${none(about(worms))} infected by the Conficker worm`,
    ].filter(isSaid);
    return `This week, ${counted(about(infected), `${domestic} host`)} ${wereIn(infected.text)} infected by malware${
      parts.length === 0 || infected.text === "0" ? "" : `: ${parts.join(" and ")}`
    }.`;
  },
  infectedChange: (change, isExact) => `This is ${changed(change, isExact)}.`,
  provinces: (mainland, map, names) =>
    `The distribution of hosts controlled by trojans or bots in ${mainland} ${
      map === null ? "was" : `${map} are the most affected,`
    } led by ${andList(names)}.`,
  controlServers: (us, ips, overseas) =>
    `This week, ${us} observed ${counted(ips, "control server address", "control server addresses")} of trojans and botnets${
      overseas === null ? "" : ofThem(overseas, ips, "overseas")
    }.`,
  complaints: (received) =>
    `This week, ${counted(received, "complaint")} ${wereIn(received)} received. Complaints are counted apart from incidents: several may be of one incident, and some become none.`,
  takedowns: ({verified, share, median, p90}) => {
    const half = median && `, half of them within ${median} hours of the first notification`;
    const most = p90 && `${half === null ? "," : " and"} nine in ten within ${p90} hours`;
    return `Of the incidents handled, ${counted(verified, "was", "were")} verified as gone${
      share === null ? "" : ` (${share}%)`
    }${half ?? ""}${most ?? ""}.`;
  },
  newMalware: (us, {names, families, areMany}) => {
    const parts = [names && counted(names, "new name"), families && counted(families, "new family", "new families")];
    return `This week, ${us} captured ${areMany ? "many " : ""}new malware files: ${parts.filter(isSaid).join(" and ")}.`;
  },
  malwareSites: (us, domains, ips) =>
    `Malware distribution sites are where malware spreads from. This week, ${us} observed ${counted(domains, "domain")}${
      ips === null ? "" : ` and ${counted(ips, ...ADDRESS)}`
    } of such sites.`,
  malwareDomainShares: (domains, {overseas, com}, place) => {
    const where = place === "registered" ? "were registered overseas" : "had sites overseas";
    const parts = [
      overseas && `${shareOf({...overseas, isAbout: false})} ${where}`,
      com && `${shareOf(com)} were under .com`,
    ];
    return `Of the ${domains} domains, ${parts.filter(isSaid).join(" and ")}`;
  },
  malwareIpShares: (ips, overseas) => `of the ${ips} addresses, ${shareOf(overseas)} were overseas`,
  directIps: (ips, areFew) =>
    areFew
      ? `Most of these sites were reached by domain name; ${counted(ips, ...ADDRESS)} ${wereIn(ips)} used directly in URLs.`
      : `${capital(counted(ips, ...ADDRESS))} ${wereIn(ips)} used directly in URLs.`,
  websites: (us, domestic, counts) => {
    const parts = [
      counts.defaced && counted(counts.defaced, `defaced ${domestic} website`),
      counts.backdoored && `${counted(counts.backdoored, `${domestic} website`)} with a backdoor`,
      counts.phishing && `${counted(counts.phishing, "phishing page")} aimed at ${domestic} websites`,
    ].filter(isSaid);
    return `This week, ${us} observed ${andList(parts)}.`;
  },
  govDefaced: (domestic, count, share) =>
    count === "0"
      ? `no ${domestic} government websites were defaced`
      : `the defaced ${domestic} government websites totalled ${count}${inBrackets(share)}`,
  govBackdoored: (domestic, count, share) =>
    `backdoors were found in ${counted(count, `${domestic} government website`)}${count === "0" ? "" : inBrackets(share)}`,
  phishing: (domestic, {domains, ips, each}) => {
    const counts = [domains && counted(domains, "domain"), ips && counted(ips, ...ADDRESS)].filter(isSaid);
    const average =
      each === null ? "" : `${counts.length === 0 ? "" : ", "}about ${counted(each, "page")} for each address`;
    return `the phishing pages aimed at ${domestic} websites involved ${counts.join(" and ")}${average}`;
  },
  changed,
  clauses: (parts) => `This week, ${parts.join("; ")}.`,
  joined: (sentence, clause) => (clause === null ? sentence : `${sentence}, ${clause}`),
  ended: (clauses) => `${clauses.join("; ")}.`,
  vulnerabilities: (source, {total, counts, level}) =>
    `This week, ${source} published ${counted(total, "new vulnerability", "new vulnerabilities")}${
      counts.length === 0 || total === "0" ? "" : `: ${andList(counts)}`
    }${level === null ? "" : `; the overall threat level of vulnerabilities is ${level}`}.`,
  severity: (name, count) => `${none(count)} of ${name} severity`,
  vulnerabilityTypes: (source, types) => {
    const [first, ...others] = types;
    const next = others.length === 0 ? "" : `, followed by ${andList(others)}`;
    return `Among the vulnerabilities that ${source} published this week, ${first} took the largest share${next}.`;
  },
};

/** A part of a sentence that is there: a count that was not measured gives none. */
function isSaid(part: string | null): part is string {
  return part !== null && part !== "";
}

/** A count with what it counts: "no pages", "1 page", "1,530 pages". */
function counted(count: string, one: string, many = `${one}s`): string {
  return `${count === "0" ? "no" : count} ${count === "1" ? one : many}`;
}

const ADDRESS = ["IP address", "IP addresses"] as const;

function wereIn(count: string): string {
  return count === "1" ? "was" : "were";
}

/** How many of a count are so, after a comma; of one alone it is said whether it is. */
function ofThem(part: string, whole: string, what: string): string {
  if (whole === "0") return "";
  if (whole === "1") return `, which was ${part === "0" ? "not " : ""}${what}`;
  return `, ${part === whole ? "all" : none(part)} of them ${what}`;
}

/** A share as it is said: 0 and 100 are no rounded shares. */
function shareOf({text, isAbout}: Quantity): string {
  if (!isAbout && (text === "100" || text === "0")) return text === "0" ? "none" : "all";
  return `${isAbout ? "about " : ""}${text}%`;
}

function inBrackets(share: Quantity | null): string {
  return share === null ? "" : ` (${share.text}%)`;
}

function capital(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** A name as it stands within a sentence; abbreviations keep their capitals. */
function inSentence(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? `${name.charAt(0).toLowerCase()}${name.slice(1)}` : name;
}

function andList(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

const notes: Text["notes"] = {
  undisclosed: "Undisclosed feed",
  correction: (date, version, {text, isForeign}) =>
    `Correction (${date}, version ${version}${isForeign ? ", in Chinese" : ""}): ${text}`,
  gap: (feed, {delivered, usual, week}) => {
    const normal = usual === null ? "" : ` (usually about ${usual} a week)`;
    const words = delivered === "0" ? "nothing" : `only ${counted(delivered, "event")}`;
    const when = week === "now" ? "this" : "last";
    return `${feed === null ? "An undisclosed feed" : `The feed ${feed}`} delivered ${words} ${when} week${normal}`;
  },
  gapAffects: (names) =>
    names.length === 0 ? "; figures that depend on it may be too low." : `; these may be too low: ${names.join(", ")}.`,
  staleText: (paragraph, composed) =>
    `The paragraph ${paragraph} was edited and its numbers have changed since; please look again. Generated now: ${composed ?? "nothing"}`,
  gapBeforeAffects: (names) => `; for these the change from last week may be too high: ${names.join(", ")}.`,
  newsSource: (source) => `(Source: ${source})`,
  index: (index, base) =>
    `The Weekly Situation Index is ${index} (0 to 100; 50 is as usual) against ${
      base === "baseline" ? "a signed baseline table" : "the median of up to 52 recent weeks"
    }.`,
  fixedBase: (index) => `Against a fixed yearly base the same index is ${index}.`,
  weightPresent: (percent) =>
    percent === null
      ? "All indicators of the rating were present."
      : `Indicators with ${percent}% of the weight were present.`,
  ownMethod: "The rating follows the open Weekly Situation Index; counts of handled incidents do not enter it.",
  week: (from, to, zone) => `The week runs from ${from} 00:00 to ${to} 24:00 (time zone ${zone}).`,
  rounding: () =>
    "Changes are worked out from raw counts; shares and changes are rounded to one decimal. Sentences round counts of hosts from 10,000 on to thousands and say “about”; tables, charts and data files give them exactly.",
  frozen: (day, time) =>
    `The figures were frozen on ${day} at ${time}; data that arrived later does not change this edition.`,
  reports: (count, events) => `The figures rest on ${counted(count, "report")} with ${counted(events, "event")}.`,
  moreReports: (count) =>
    `The hashes of ${counted(count, "more report", "more reports")} are in the JSON file of this edition.`,
  entered: (names) => `The duty desk entered: ${names.map(inSentence).join(", ")}.`,
  merged: (below) => `To protect individuals, cells below ${below} in public breakdowns are merged into “Other”.`,
  tool: (version) => `Made with Watchfloor ${version}.`,
  byHand: "The figures of this edition were given by the editor.",
};

/** Every word of an edition and its pages in English. */
export const en: Text = {title, headings, short, long: short, detail, notes, figures: enFigures, site: enSite};
