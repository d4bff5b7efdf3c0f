/**
 * A probe in a world of its own: a DNS server, sites, and one public address that leads to them. Use it for whatever needs
 * real looks at sites that a test makes up:
 *
 *     const world = await openWorld();
 *     world.place("shop.example.com", {body: "<h1>hello</h1>"});
 *     const look = await world.look("http://shop.example.com/");
 *     world.sites.hosts.set("shop.example.com", {status: 404});
 *     world.dns.names.set("shop.example.com", "no-name");
 *     await world.close();
 *
 * The guard of the probe is in force: the world's address is a public one, and only there is it told where to really go.
 */

import {openProbe, type Probe} from "../../src/app/probe/probe.ts";
import {LIMITS, type ProbeSettings} from "../../src/app/probe/settings.ts";
import type {Look, ProbeOrder} from "../../src/model/verification.ts";
import {type DnsRecords, type DnsWorld, openDns} from "./dns.ts";
import {openSites, type Site, type SitesWorld} from "./sites.ts";

/** The public addresses at which the sites of the world are. */
export const ADDRESS = "8.8.4.4";
export const ADDRESS_V6 = "2001:4860:4860::8844";

/** A probe with its world. */
export interface World {
  readonly dns: DnsWorld;
  readonly sites: SitesWorld;
  readonly probe: Probe;
  readonly settings: ProbeSettings;
  /** Gives a host name an address and a site. */
  place(host: string, site: Site, records?: DnsRecords): void;
  /** Looks at a page; `own` is what the order has otherwise. */
  look(url: string, own?: Partial<ProbeOrder>): Promise<Look>;
  close(): Promise<void>;
}

/** Settings of the probe in place of the world's; `extraDial` adds places to those of its sites, `addresses` more public addresses of theirs. */
export type WorldWish = Partial<ProbeSettings> & {
  readonly extraDial?: NonNullable<ProbeSettings["dial"]>;
  readonly addresses?: readonly string[];
};

/** Opens a world. */
export async function openWorld({extraDial = {}, addresses = [], ...own}: WorldWish = {}): Promise<World> {
  const dns = await openDns();
  const sites = await openSites();
  const settings: ProbeSettings = {
    resolvers: [dns.address],
    userAgent: "test",
    acceptLanguage: "en",
    concurrency: 64,
    controlName: null,
    limits: LIMITS,
    dial: {...sites.dial(ADDRESS, ADDRESS_V6, ...addresses), ...extraDial},
    ...own,
  };
  const probe = openProbe(settings);
  let count = 0;
  return {
    dns,
    sites,
    probe,
    settings,
    place: (host, site, records = {a: [ADDRESS]}) => {
      sites.hosts.set(host, site);
      dns.names.set(host, records);
    },
    look: (url, order = {}) =>
      probe.look({
        id: String(++count),
        at: "2023-02-20T08:00:00.000Z",
        asset: {kind: "url", value: url},
        registration: null,
        wants: {body: false, screenshot: false},
        ...order,
      }),
    close: async () => {
      await probe.close();
      await Promise.all([dns.close(), sites.close()]);
    },
  };
}
