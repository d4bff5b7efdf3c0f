/**
 * Which addresses may be asked: those of the public internet, by number, never by how they are written.
 * Source: TRUST.md lessons 39-43; IANA special-purpose address registries, as ipaddr.js has them.
 */
import {lookup} from "node:dns/promises";
import ipaddr from "ipaddr.js";

/** Returns whether an address is a global unicast one: not loopback, private, reserved, nor a way to such a one. */
export function isGlobalUnicast(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.kind() === "ipv4") return /^\d+(\.\d+){3}$/.test(text) && address.range() === "unicast";
  const [first = 0] = address.toByteArray();
  return address.range() === "unicast" && first >= 0x20 && first <= 0x3f; // 2000::/3 is all that is given out
}

/** How names become addresses, and which of these may be reached. Tests hand in their own. */
export interface Dial {
  readonly resolve: (host: string) => Promise<string[]>;
  readonly isAllowed: (address: string) => boolean;
}

/** The system's resolver, and the public internet only. */
export const publicDial: Dial = {
  resolve: async (host) => (await lookup(host, {all: true})).map(({address}) => address),
  isAllowed: isGlobalUnicast,
};

/**
 * Returns the addresses of a host that may be reached. When one of them may not, none is: a name that leads to the inside
 * as well is not to be trusted. Null then, and when there is none.
 */
export async function reachable(dial: Dial, host: string): Promise<string[] | null> {
  const plain = host.replace(/^\[|\]$/g, "");
  const addresses = ipaddr.isValid(plain) ? [plain] : await dial.resolve(plain).catch(() => []);
  return addresses.length > 0 && addresses.every((each) => dial.isAllowed(each)) ? addresses : null;
}
