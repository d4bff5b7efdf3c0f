/**
 * Which addresses a fetch may connect to: global unicast ones only, looked at as numbers, before connecting and again in
 * the very look-up that the connection is made by, so that a name cannot point elsewhere in between.
 */
import {lookup as systemLookup} from "node:dns";
import type {LookupFunction} from "node:net";
import ipaddr from "ipaddr.js";
import {FetchError} from "./failures.ts";

/** The part of IPv6 that is given out; the rest is not in use. Source: IANA IPv6 Global Unicast Address Assignments. */
const GLOBAL_V6 = ipaddr.parseCIDR("2000::/3");

/** Returns whether the address is one of the public internet. A text that is no address is not. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  return address.range() === "unicast" && (address.kind() === "ipv4" || address.match(GLOBAL_V6));
}

/** Throws address-refused for a host that is an address and no public one. Names are looked at when they are looked up. */
export function checkHost(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (ipaddr.isValid(host) && !isPublicAddress(host)) throw new FetchError("address-refused", host);
}

/** Looks a name up like the system does, and fails unless every address of it is public. */
export const publicLookup: LookupFunction = (host, options, callback) => {
  systemLookup(host, {...options, all: true}, (error, found) => {
    const bad = error === null ? found.find(({address}) => !isPublicAddress(address)) : undefined;
    const [first] = found ?? [];
    if (error !== null) callback(error, "", 0);
    else if (bad !== undefined) callback(new FetchError("address-refused", `${host} (${bad.address})`), "", 0);
    else if (options.all === true) callback(null, found);
    else callback(null, first?.address ?? "", first?.family ?? 0);
  });
};
