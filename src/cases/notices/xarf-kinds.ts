/**
 * Which X-ARF category and type a class of ours is, with the fields that the type demands. Where X-ARF has no type that
 * our facts can fill (it wants a source port, or a web address), the report is one of threat intelligence that names the
 * class. Source: X-ARF v4 schemas, version 4.2.
 */
import type {NoticeCase} from "../../model/notification.ts";

/** The part of a report that depends on its class. */
export interface XarfKind {
  readonly category: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
}

/** Returns how many events there were, in words. */
export function timesSeen({events}: Pick<NoticeCase, "events">): string {
  return events === 1 ? "1 event" : `${events} events`;
}

type Make = (each: NoticeCase) => XarfKind;

const UNKNOWN = "unknown";
const WHOLE = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/is;
const AUTHORITY = /^([\w.~!$&'()*+,;=:%-]*@)?([\w.~-]+|\[[0-9a-f:.]+\])(:\d*)?$/i;
const REST = /^[\w.~:/?@!$&'()*+,;=%-]*(#[\w.~:/?@!$&'()*+,;=%-]*)?$/;

const intelligence =
  (threat: string): Make =>
  () => ({category: "reputation", type: "threat_intelligence", fields: {threat_type: threat}});

const onPage =
  (type: string, fields: XarfKind["fields"] = {}): Make =>
  (each) => {
    const url = urlOf(each);
    if (url === null) return intelligence(each.class)(each);
    const {brand} = each.asset;
    return {category: "content", type, fields: {url, ...fields, ...(brand === null ? {} : {target_brand: brand})}};
  };

const bot: Make = (each) => ({
  category: "infrastructure",
  type: "botnet",
  fields: {compromise_evidence: each.evidence ?? `${each.class}, ${timesSeen(each)}`},
});
const server: Make = () => ({
  category: "infrastructure",
  type: "compromised_server",
  fields: {compromise_method: UNKNOWN},
});
const weakness =
  (type: string): Make =>
  ({asset}) => ({category: "vulnerability", type, fields: {service: asset.service ?? UNKNOWN}});

/** By class. A class that is not here is threat intelligence under its own code. */
const KINDS: Readonly<Record<string, Make>> = {
  "web.phish": onPage("phishing"),
  "web.fakeapp": onPage("fraud", {fraud_type: "other"}),
  "abuse.fraud": onPage("fraud", {fraud_type: "other"}),
  "mal.site": onPage("malware"),
  "mal.page": onPage("malware"),
  "mal.mobile": onPage("malware"),
  "mal.conf": onPage("malware"),
  "web.deface": onPage("remote_compromise", {compromise_type: "defacement"}),
  "web.darklink": onPage("remote_compromise", {compromise_type: "seo_spam"}),
  "web.backdoor": onPage("remote_compromise", {compromise_type: "webshell"}),
  "data.leak": onPage("exposed_data", {data_types: ["other"], exposure_method: "other"}),
  "mal.bot": bot,
  "mal.worm": bot,
  "mal.mine": server,
  "mal.ransom": server,
  "att.host": server,
  "mal.c2": intelligence("command_and_control"),
  "mal.dga": intelligence("dga_domain"),
  "vuln.exposed": weakness("open_service"),
  "vuln.amp": weakness("open_service"),
  "vuln.host": weakness("misconfiguration"),
  "vuln.crypto": weakness("misconfiguration"),
  "vuln.info": weakness("misconfiguration"),
  "abuse.spam": () => ({category: "messaging", type: "spam", fields: {protocol: "other"}}),
};

/** Returns what a case is in X-ARF. */
export function xarfKind(each: NoticeCase): XarfKind {
  return (KINDS[each.class] ?? intelligence(each.class))(each);
}

/** The web address of the asset; of a site or domain that of its root, of anything else none. */
function urlOf({asset: {kind, value}}: NoticeCase): string | null {
  if (kind === "url") return uriOf(value);
  return kind === "site" || kind === "domain" ? uriOf(`http://${value}/`) : null;
}

/** X-ARF wants a URI of ASCII: what a browser would send. A value that is one stays as it is. Source: RFC 3986. */
function uriOf(value: string): string | null {
  const url = URL.parse(value);
  if (url === null) return null;
  if (isUri(value)) return value;
  const [beginning = "", ...rest] = url.href.split("#");
  const at = beginning.indexOf("/", url.protocol.length + 2);
  const [authority, path] = at < 0 ? [beginning, ""] : [beginning.slice(0, at), beginning.slice(at)];
  const fragment = rest.length === 0 ? "" : `#${escaped(rest.join("%23"))}`;
  const uri = `${authority}${escaped(path)}${fragment}`;
  return isUri(uri) ? uri : null;
}

function isUri(text: string): boolean {
  const [, authority = "", rest = ""] = WHOLE.exec(text) ?? [];
  return AUTHORITY.test(authority) && REST.test(rest) && !/%(?![0-9a-f]{2})/i.test(text);
}

function escaped(text: string): string {
  return text
    .replace(/%(?![0-9a-f]{2})/gi, "%25")
    .replace(
      /[^\w.~:/?@!$&'()*+,;=%-]/gu,
      (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
    );
}
