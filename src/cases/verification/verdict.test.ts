import assert from "node:assert/strict";
import test from "node:test";
import {dnsWith, evidenceWith, lookWith, pageWith} from "../../../test/look-fixture.ts";
import type {Evidence, Look, Verdict} from "../../model/verification.ts";
import {readKnownHosts} from "./known-hosts.ts";
import {judgeLook} from "./verdict.ts";

const KNOWN = readKnownHosts([
  {
    name: "t",
    text: "kind,match\nparking,parking.example\nsinkhole,sinkhole.example\nsinkhole,198.51.100.0/24\nparking,8.8.8.8",
  },
]);
const FORM =
  "<title>Bank login</title><h1>Welcome to online banking of the Example Bank</h1>" +
  "<form><input name=user><input type=password></form><p>Enter your card number and the code that we sent you.</p>";
const FULL_SITE = `<title>Bakery</title>${Array.from({length: 12}, (_, at) => `<a href="/${at}">Bread and cake number ${at}</a>`).join("")}<p>${"We bake fresh bread each morning and deliver to your door. ".repeat(15)}</p>`;
const EVIDENCE = evidenceWith(FORM);

interface Example {
  readonly says: string;
  readonly look: Partial<Look>;
  readonly evidence?: Evidence | null;
  readonly verdict: Verdict;
  readonly reason: string;
}

const page = (html: string, status = 200): Partial<Look> => ({page: pageWith(html, {status})});
const noName = [{server: "a", status: "no-name" as const, addresses: []}];
const hold = {statuses: ["client hold"], at: "2023-02-20T00:00:00.000Z"};

const EXAMPLES: readonly Example[] = [
  {says: "the page of the evidence is up", look: page(FORM), verdict: "up", reason: "same-as-evidence"},
  {
    says: "the page of the evidence with another token in it is up",
    look: page(FORM.replace("name=user", "name=user value=8fa31")),
    verdict: "up",
    reason: "same-as-evidence",
  },
  {says: "a page without evidence is up", look: page(FORM), evidence: null, verdict: "up", reason: "answers"},
  {
    says: "NXDOMAIN of the domain is the registrar's",
    look: {dns: dnsWith({answers: noName, zoneStatus: "no-name"})},
    verdict: "down-registrar",
    reason: "no-such-domain",
  },
  {
    says: "NXDOMAIN below a domain that is there is the host's",
    look: {dns: dnsWith({answers: noName})},
    verdict: "down-host",
    reason: "name-removed",
  },
  {
    says: "a CNAME that leads nowhere is the host's",
    look: {dns: dnsWith({answers: noName, alias: "app.cloud.example"})},
    verdict: "down-host",
    reason: "alias-target-gone",
  },
  {
    says: "a name without any address is taken down by who keeps the zone",
    look: {dns: dnsWith({answers: [{server: "a", status: "no-data", addresses: []}]})},
    verdict: "down-host",
    reason: "no-address",
  },
  {
    says: "resolvers that do not agree tell nothing: one of them may filter",
    look: {dns: dnsWith({answers: [...noName, {server: "b", status: "answered", addresses: ["8.8.4.4"]}]})},
    verdict: "unknown",
    reason: "resolvers-disagree",
  },
  ...(["server-failure", "timeout", "refused", "failed"] as const).map(
    (status): Example => ({
      says: `a resolver's ${status} tells nothing`,
      look: {dns: dnsWith({answers: [{server: "a", status, addresses: []}]})},
      verdict: "unknown",
      reason: "dns-failed",
    }),
  ),
  {
    says: "a domain on hold is the registrar's",
    look: {registration: hold},
    verdict: "down-registrar",
    reason: "on-hold",
  },
  {
    says: "a domain on hold whose page is still seen is up",
    look: {registration: hold, ...page(FORM)},
    verdict: "up",
    reason: "same-as-evidence",
  },
  {
    says: "a transfer lock is no hold",
    look: {registration: {statuses: ["clientTransferProhibited"], at: hold.at}, ...page(FORM)},
    verdict: "up",
    reason: "same-as-evidence",
  },
  {
    says: "a delegation to a sinkhole is the registrar's",
    look: {dns: dnsWith({nameServers: ["ns1.sinkhole.example"]})},
    verdict: "down-registrar",
    reason: "sinkhole-servers",
  },
  {
    says: "a sinkhole's address may be our own filter's",
    look: {dns: dnsWith({answers: [{server: "a", status: "answered", addresses: ["198.51.100.7"]}]})},
    verdict: "blocked",
    reason: "sinkhole-address",
  },
  {
    says: "a parking company's name servers are no takedown",
    look: {dns: dnsWith({nameServers: ["ns1.parking.example"]}), ...page("<p>something</p>")},
    verdict: "parked",
    reason: "parking-servers",
  },
  {
    says: "a parking address is no takedown",
    look: {dns: dnsWith({answers: [{server: "a", status: "answered", addresses: ["8.8.8.8"]}]})},
    verdict: "parked",
    reason: "parking-address",
  },
  {
    says: "a name that leads to 0.0.0.0 is blocked",
    look: {
      dns: dnsWith({answers: [{server: "a", status: "answered", addresses: ["0.0.0.0"]}]}),
      troubles: [{kind: "address-refused", text: "0.0.0.0"}],
    },
    verdict: "blocked",
    reason: "null-address",
  },
  {says: "404 is removed", look: page("<h1>no</h1>", 404), verdict: "removed", reason: "gone"},
  {says: "410 is removed", look: page("", 410), verdict: "removed", reason: "gone"},
  {
    says: "a page that says with 200 that it is not found is removed",
    look: page("<title>404 Not Found</title>"),
    verdict: "removed",
    reason: "gone",
  },
  {
    says: "the host's notice is the host's",
    look: page("<title>Account Suspended</title>"),
    verdict: "down-host",
    reason: "suspended",
  },
  {
    says: "a page that speaks of a suspended account and wants a password is no notice",
    look: page("<title>Account Suspended</title><form><input type=password></form>"),
    verdict: "unknown",
    reason: "changed",
  },
  {says: "a whole other site is removed", look: page(FULL_SITE), verdict: "removed", reason: "replaced"},
  {says: "a short other page tells nothing", look: page("<p>hello</p>"), verdict: "unknown", reason: "changed"},
  {says: "an empty page tells nothing", look: page(""), verdict: "unknown", reason: "changed"},
  ...[500, 502, 503, 504, 520].map(
    (status): Example => ({
      says: `${status} tells nothing`,
      look: page("404 not found", status),
      verdict: "unknown",
      reason: "server-error",
    }),
  ),
  {says: "429 tells nothing", look: page("", 429), verdict: "unknown", reason: "too-many-requests"},
  {says: "401 tells nothing", look: page("", 401), verdict: "unknown", reason: "login-wall"},
  {says: "403 tells nothing", look: page("", 403), verdict: "unknown", reason: "access-denied"},
  {says: "451 tells nothing", look: page("", 451), verdict: "unknown", reason: "geo-block"},
  {says: "400 tells nothing", look: page("", 400), verdict: "unknown", reason: "bad-status"},
  {
    says: "a visitor sent to another site is told nothing",
    look: {page: pageWith(FULL_SITE, {url: "https://search.example.org/"})},
    verdict: "unknown",
    reason: "moved-on",
  },
  {
    says: "not found at another site tells nothing of this one",
    look: {page: pageWith("", {url: "https://search.example.org/x", status: 404})},
    verdict: "unknown",
    reason: "moved-on",
  },
  {
    says: "a page that was cut off tells nothing, whatever its status",
    look: {...page("<h1>no</h1>", 404), troubles: [{kind: "cut", text: ""}]},
    verdict: "unknown",
    reason: "not-seen",
  },
  {
    says: "evidence that is a notice itself cannot say that the page is up",
    look: page("<title>Account Suspended</title>"),
    evidence: evidenceWith("<title>Account Suspended</title>"),
    verdict: "unknown",
    reason: "evidence-is-notice",
  },
  {
    says: "our own failure tells nothing, even with NXDOMAIN",
    look: {dns: dnsWith({answers: noName}), troubles: [{kind: "no-network", text: ""}]},
    verdict: "unknown",
    reason: "own-failure",
  },
  ...(
    ["connection-refused", "connection-reset", "unreachable", "timeout", "cut", "tls-failed", "bad-response"] as const
  ).map(
    (kind): Example => ({
      says: `${kind} tells nothing`,
      look: {troubles: [{kind, text: ""}]},
      verdict: "unknown",
      reason: "not-seen",
    }),
  ),
];

for (const {says, look, evidence = EVIDENCE, verdict, reason} of EXAMPLES) {
  test(says, () => {
    const found = judgeLook({look: lookWith(look), evidence, known: KNOWN});
    assert.deepEqual([found.verdict, found.reasons[0]?.code], [verdict, reason]);
  });
}
