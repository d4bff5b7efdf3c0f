import ipaddr from "ipaddr.js";
import type {ProbeSettings} from "./settings.ts";
import {ProbeTrouble} from "./trouble.ts";

/** The only part of IPv6 that is given out. Source: IANA, IPv6 Global Unicast Address Assignments. */
const GLOBAL_UNICAST = ipaddr.IPv6.parse("2000::");
const GLOBAL_UNICAST_BITS = 3;

/**
 * Whether an address is one of the public Internet. Compared as numbers, never as text; what wraps an IPv4 address (mapped,
 * 6to4, NAT64, Teredo) is refused whatever is inside.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed instanceof ipaddr.IPv6 ? parsed.match(GLOBAL_UNICAST, GLOBAL_UNICAST_BITS) : isPlainIpv4(address);
}

/** `127.1`, `0x7f.1` and `017700000001` are addresses to some readers: only the form with four decimal parts is one here. */
function isPlainIpv4(address: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(address) && !/(^|\.)0\d/.test(address);
}

/**
 * Returns where to connect for an address and port: there. This is the last gate before the socket.
 * Throws ProbeTrouble address-refused for all that is not public, and for tests unreachable for what they have not placed.
 */
export function doorOf(
  address: string,
  port: number,
  {dial}: Pick<ProbeSettings, "dial">,
): {host: string; port: number} {
  if (!isPublic(address)) throw new ProbeTrouble("address-refused", address);
  if (dial === null) return {host: address, port};
  const placed = dial[`${address}:${port}`];
  if (placed === undefined) throw new ProbeTrouble("unreachable", `${address}:${port} is not placed`);
  return placed;
}
