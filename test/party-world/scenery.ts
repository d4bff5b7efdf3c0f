/** How sites look: each phase as the names, answers and pages that a visitor meets. */
import type {DnsRecords, DnsWorld} from "../world/dns.ts";
import type {Site, SitesWorld} from "../world/sites.ts";
import type {Phase, Story} from "./stories.ts";

/** Where pages go that have moved. */
export const NEW_HOME = "moved-pages.example-hosting.net";

interface Stage {
  readonly dns: DnsWorld;
  readonly sites: SitesWorld;
}

/** Sets the names and pages of a site for a phase. */
export function show({dns, sites}: Stage, story: Story, phase: Phase): void {
  const {host, domain, ip, n} = story;
  const zone: DnsRecords = {ns: [`ns1.${story.tld}-names.example`]};
  const found: DnsRecords = {a: [ip]};
  dns.names.set(domain, phase.how === "no-domain" ? "no-name" : zone);
  dns.names.set(host, nameOf(phase) ?? found);
  sites.hosts.set(host, siteOf(story, phase));
  if (phase.how === "moved")
    sites.hosts.set(NEW_HOME, {answer: ({url}, response) => response.end(pageOf(numberIn(url) ?? n))});
}

function numberIn(url: string | undefined): number | null {
  const found = /n=(\d+)/.exec(url ?? "")?.[1];
  return found === undefined ? null : Number(found);
}

function nameOf({how}: Phase): DnsRecords | "no-name" | "server-failure" | null {
  if (how === "no-domain" || how === "no-name") return "no-name";
  if (how === "no-address") return {};
  return how === "dns-failure" ? "server-failure" : null;
}

const WORDS =
  "account bank card secure login verify customer service notice update password mobile branch credit transfer".split(
    " ",
  );

/** The page of a fraud: each has words of its own, so no two pages are taken for one another. */
function pageOf(n: number): string {
  const words = Array.from(
    {length: 60},
    (_, at) => `${WORDS[(n * 7 + at * (1 + (n % 5))) % WORDS.length]}${(n * 31 + at) % 97}`,
  );
  return `<html><head><title>Example Bank ${n} login</title></head><body><h1>Example Bank ${n}</h1><p>${words.join(" ")}</p>
<form action="/drop-${n}.php" method="post"><input name="card"><input type="password" name="pin"></form></body></html>`;
}

function notice(title: string, text: string): string {
  return `<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`;
}

/** A shop that has taken the place: long, with links, without a password. */
function otherSite(n: number): string {
  const items = Array.from(
    {length: 40},
    (_, at) => `<li><a href="/item-${at}">Garden chair model ${at * 3 + n} in green and brown wood</a></li>`,
  );
  return `<html><head><title>Garden furniture</title></head><body><ul>${items.join("")}</ul></body></html>`;
}

function siteOf({n}: Story, {how}: Phase): Site {
  switch (how) {
    case "page":
      return {body: pageOf(n)};
    case "moved":
      return {status: 302, headers: {location: `http://${NEW_HOME}/?n=${n}`}};
    case "404":
      return {status: 404, body: notice("Not here", "There is nothing here.")};
    case "410":
      return {status: 410, body: ""};
    case "suspended":
      return {body: notice("Account Suspended", "Contact your hosting provider.")};
    case "not-found-page":
      return {body: notice("Site not found", "Page not found.")};
    case "other-site":
      return {body: otherSite(n)};
    case "503":
      return {status: 503, body: notice("Service Unavailable", "Try again later.")};
    case "500":
      return {status: 500, body: ""};
    case "captcha":
      return {body: notice("Just a moment...", "Verify you are human to go on.")};
    case "429":
      return {status: 429, body: "Too many requests"};
    case "geo-block":
      return {status: 451, body: notice("Sorry", "This page is not available in your country.")};
    case "denied":
      return {status: 403, body: notice("403 Forbidden", "Access denied.")};
    case "parked":
      return {body: notice("This domain is parked", "Buy this domain. Related searches.")};
    case "reset":
      return {answer: (_request, response) => void response.socket?.destroy()};
    case "search-engine":
      return {status: 302, headers: {location: `http://${SEARCH}/`}};
    case "login":
      return {status: 401, body: ""};
    default:
      return {status: 404};
  }
}

const SEARCH = "search.example-engine.org";

/** Puts up what all of them share. */
export function openScenery({dns, sites}: Stage, ip: string): void {
  for (const host of [SEARCH, NEW_HOME]) dns.names.set(host, {a: [ip], ns: ["ns1.example.net"]});
  sites.hosts.set(SEARCH, {body: notice("Search", "Search the web.")});
}
