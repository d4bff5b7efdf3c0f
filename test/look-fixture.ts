/** Looks for tests: one that saw a living site, and what a test wants otherwise. */
import {readPage} from "../src/cases/verification/page.ts";
import type {Evidence, Look, PageFacts} from "../src/model/verification.ts";

/** When the looks of tests are, if not said otherwise. */
export const LOOK_AT = "2023-02-20T08:00:00.000Z";
/** The page that the looks of tests are at. */
export const LOOK_URL = "http://login.bank.example/verify";

/** Returns the facts of a page that came with this HTML. */
export function pageWith(
  html: string,
  {status = 200, url = LOOK_URL}: {status?: number; url?: string} = {},
): PageFacts {
  return readPage({url, status, type: "text/html; charset=utf-8", bytes: Buffer.from(html), isTruncated: false}).facts;
}

/** Returns evidence of a page with this HTML. */
export function evidenceWith(html: string): Evidence {
  return {at: LOOK_AT, page: pageWith(html)};
}

/** Returns the DNS part of a look at the name of `LOOK_URL`. */
export function dnsWith(own: Partial<NonNullable<Look["dns"]>>): Look["dns"] {
  return {
    name: "login.bank.example",
    answers: [{server: "a", status: "answered", addresses: ["8.8.4.4"]}],
    alias: null,
    zone: "bank.example",
    zoneStatus: "answered",
    nameServers: ["ns1.host.example"],
    ...own,
  };
}

/** Returns a look that saw nothing amiss and no page, with these parts in place of its own. */
export function lookWith(own: Partial<Look>): Look {
  return {
    id: "1",
    at: LOOK_AT,
    asset: {kind: "url", value: LOOK_URL},
    dns: dnsWith({}),
    registration: null,
    chain: [{url: LOOK_URL, address: "8.8.4.4", status: own.page?.status ?? null, location: null}],
    tls: null,
    page: null,
    troubles: [],
    kept: null,
    screenshot: null,
    milliseconds: 1,
    ...own,
  };
}
