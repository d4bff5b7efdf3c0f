/** The English of an edition; see text/zh.ts for what each part is. Sentence forms follow the English edition of 2013. */
import type {Change, Quantity} from "../numbers.ts";
import {enFigures} from "./en-figures.ts";
import {enSite} from "./en-site.ts";
import type {Text} from "./zh.ts";

const about = ({text, isAbout}: Quantity): string => (isAbout ? `about ${text}` : text);

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
    `This week, ${us} coordinated with ${parties} to handle ${total} cyber security incidents${
      crossBorder === null ? "" : `, ${crossBorder} of them cross-border`
    }.`,
  phishing: ({us, isFirst, parties, complaints}) =>
    isFirst
      ? `This week, ${us} handled ${complaints} phishing complaints with ${parties}.`
      : `Among them, ${complaints} phishing complaints were handled as a priority with ${parties}.`,
  mobile: ({us, isFirst, platforms, urls}) =>
    `${isFirst ? `This week, ${us}` : `${us} also`} worked with ${platforms} platforms that offered malicious mobile apps for download${
      urls === null ? "" : `, and ${urls} malicious URLs that spread mobile malware were dealt with`
    }.`,
};

const detail: Text["detail"] = {
  infected: (domestic, {infected, bots, worms}) => {
    const parts = [
      bots && `${about(bots)} controlled by trojans or bots`,
      worms && `${about(worms)} infected by the Conficker worm`,
    ].filter(isSaid);
    return `This week, ${about(infected)} ${domestic} hosts were infected by malware${
      parts.length === 0 ? "" : `: ${parts.join(" and ")}`
    }.`;
  },
  infectedChange: (change, isExact) => `This is ${changed(change, isExact)}.`,
  provinces: (mainland, map, names) =>
    `The distribution of hosts controlled by trojans or bots in ${mainland} ${
      map === null ? "was led by" : `${map} hold most of them. The most affected were`
    } ${andList(names)}.`,
  controlServers: (us, ips, overseas) =>
    `This week, ${us} observed ${ips} addresses of control servers of trojans and botnets${
      overseas === null ? "" : `, ${overseas} of them overseas`
    }.`,
  newMalware: (us, names, families) => {
    const parts = [names && `${names} new by name`, families && `${families} new by family`];
    return `This week, ${us} captured many new malware files: ${parts.filter(isSaid).join(", ")}.`;
  },
  malwareSites: (us, domains, ips) =>
    `Malware distribution sites are where malware spreads from. This week, ${us} observed ${domains} domains${
      ips === null ? "" : ` and ${ips} IP addresses`
    } of such sites.`,
  malwareDomainShares: (domains, {overseas, com}, place) => {
    const where = place === "registered" ? "were registered overseas" : "had sites overseas";
    const parts = [overseas && `${overseas}% ${where}`, com && `about ${com}% were under .com`];
    return `Of the ${domains} domains, ${parts.filter(isSaid).join(" and ")}`;
  },
  malwareIpShares: (ips, overseas) => `of the ${ips} addresses, about ${overseas}% were overseas`,
  directIps: (ips, areFew) =>
    areFew
      ? `Most of these sites were reached by domain name; ${ips} IP addresses were used directly in URLs.`
      : `${ips} IP addresses were used directly in URLs.`,
  websites: (us, domestic, counts) => {
    const parts = [
      counts.defaced && `${counts.defaced} defaced ${domestic} websites`,
      counts.backdoored && `${counts.backdoored} ${domestic} websites with a backdoor`,
      counts.phishing && `${counts.phishing} phishing pages aimed at ${domestic} websites`,
    ].filter(isSaid);
    return `This week, ${us} observed ${andList(parts)}.`;
  },
  govDefaced: (domestic, count, share) =>
    `the defaced ${domestic} government websites totalled ${count}${share === null ? "" : ` (${share}%)`}`,
  govBackdoored: (domestic, count, share) =>
    `backdoors were found in ${count}${share === null ? "" : ` (${share}%)`} ${domestic} government websites`,
  phishing: (domestic, {domains, ips, each}) => {
    const counts = [domains && `${domains} domains`, ips && `${ips} IP addresses`].filter(isSaid);
    const average = each === null ? "" : `${counts.length === 0 ? "" : ", "}about ${each} pages for each address`;
    return `the phishing pages aimed at ${domestic} websites involved ${counts.join(" and ")}${average}`;
  },
  changed,
  clauses: (parts) => `This week, ${parts.join("; ")}.`,
  joined: (sentence, clause) => (clause === null ? sentence : `${sentence}, ${clause}`),
  ended: (clauses) => `${clauses.join("; ")}.`,
  vulnerabilities: (source, {total, counts, level}) =>
    `This week, ${source} published ${total} new vulnerabilities${counts.length === 0 ? "" : `: ${andList(counts)}`}${
      level === null ? "" : `; the overall threat level of vulnerabilities is ${level}`
    }.`,
  severity: (name, count) => `${count} of ${name} severity`,
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

/** A name as it stands within a sentence; abbreviations keep their capitals. */
function inSentence(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? `${name.charAt(0).toLowerCase()}${name.slice(1)}` : name;
}

function andList(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

const notes: Text["notes"] = {
  correction: (date, version, {text, isForeign}) =>
    `Correction (${date}, version ${version}${isForeign ? ", in Chinese" : ""}): ${text}`,
  gap: (feed, delivered, usual) => {
    const normal = usual === null ? "" : ` (usually about ${usual} a week)`;
    return `The feed ${feed} delivered ${delivered === "0" ? "nothing" : `only ${delivered} events`} this week${normal}`;
  },
  gapAffects: (names) =>
    names.length === 0 ? "; figures that depend on it may be too low." : `; these may be too low: ${names.join(", ")}.`,
  newsSource: (source) => `(Source: ${source})`,
  index: (index, base) =>
    `The Weekly Situation Index is ${index} (0 to 100; 50 is as usual) against ${
      base === "baseline" ? "a signed baseline table" : "the median of up to 52 recent weeks"
    }.`,
  fixedBase: (index) => `Against a fixed yearly base the same index is ${index}.`,
  weightPresent: (percent) => `Indicators with ${percent}% of the weight were present.`,
  ownMethod: "The rating follows the open Weekly Situation Index; counts of handled incidents do not enter it.",
  week: (from, to, zone) => `The week runs from ${from} 00:00 to ${to} 24:00 (time zone ${zone}).`,
  rounding: () =>
    "Changes are worked out from raw counts; shares and changes are rounded to one decimal. Sentences round counts of hosts from 10,000 on to thousands and say “about”; tables, charts and data files give them exactly.",
  frozen: (at, zone) =>
    `The figures were frozen at ${at} (time zone ${zone}); data that arrived later does not change this edition.`,
  reports: (count, events) =>
    `The figures rest on ${count} ${count === "1" ? "report" : "reports"} with ${events} ${events === "1" ? "event" : "events"}.`,
  moreReports: (count) => `The hashes of ${count} more reports are in the JSON file of this edition.`,
  entered: (names) => `The duty desk entered: ${names.map(inSentence).join(", ")}.`,
  merged: (below) => `To protect individuals, cells below ${below} in public breakdowns are merged into “Other”.`,
  tool: (version) => `Made with Watchfloor ${version}.`,
  byHand: "The figures of this edition were given by the editor.",
};

/** Every word of an edition and its pages in English. */
export const en: Text = {title, headings, short, long: short, detail, notes, figures: enFigures, site: enSite};
