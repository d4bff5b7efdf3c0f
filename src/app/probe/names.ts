import {Resolver} from "node:dns/promises";
import {getDomain} from "tldts";
import type {DnsStatus, Look} from "../../model/verification.ts";
import type {ProbeSettings} from "./settings.ts";
import {codeOf} from "./trouble.ts";

/** Asks the configured DNS servers, never the machine's hosts file. */
export interface Names {
  /** Returns every server's answer, and what stands around the name. Never rejects. */
  ask(name: string): Promise<NonNullable<Look["dns"]>>;
  /** Returns the addresses that the first server that answers has; empty when none has. Never rejects. */
  addresses(name: string): Promise<string[]>;
  /** Whether the control name is found: if not, NXDOMAIN is our own failure. True without a control name. */
  isNetworkThere(): Promise<boolean>;
}

const STATUSES: Readonly<Record<string, DnsStatus>> = {
  ENODATA: "no-data",
  ENOTFOUND: "no-name",
  ESERVFAIL: "server-failure",
  EREFUSED: "refused",
  ECONNREFUSED: "refused",
  ETIMEOUT: "timeout",
};
const TIMEOUT_MS = 1500;
const TRIES = 2;
const MOST_ADDRESSES = 32;
const MOST_NAME = 255;
const MOST_SERVERS = 16;
/** So long one answer about the control name is good for all looks. */
const CONTROL_MS = 30_000;

interface Answer {
  readonly status: DnsStatus;
  readonly values: readonly string[];
}

/** Opens the resolvers of a probe. */
export function openNames({resolvers, controlName}: Pick<ProbeSettings, "resolvers" | "controlName">): Names {
  const servers = resolvers.map((server) => {
    const resolver = new Resolver({timeout: TIMEOUT_MS, tries: TRIES});
    resolver.setServers([server]);
    return {server, resolver};
  });
  let control: {at: number; isThere: Promise<boolean>} | null = null;
  const first = servers[0]?.resolver ?? new Resolver();
  return {
    ask: async (name) => {
      const domain = getDomain(name, {allowPrivateDomains: false});
      const zone = domain ?? null;
      const [answers, alias, servants] = await Promise.all([
        Promise.all(servers.map(async ({server, resolver}) => ({server, ...(await askAddresses(resolver, name))}))),
        settle(first.resolveCname(name)),
        zone === null ? null : settle(first.resolveNs(zone)),
      ]);
      return {
        name: name.slice(0, MOST_NAME),
        answers: answers.map(({server, status, values}) => ({server, status, addresses: [...values]})),
        alias: alias.values[0]?.slice(0, MOST_NAME) ?? null,
        zone: zone?.slice(0, MOST_NAME) ?? null,
        zoneStatus: servants?.status ?? null,
        nameServers: (servants?.values ?? []).slice(0, MOST_SERVERS).map((each) => each.slice(0, MOST_NAME)),
      };
    },
    addresses: async (name) => {
      for (const {resolver} of servers) {
        const {status, values} = await askAddresses(resolver, name);
        if (status === "answered") return [...values];
        if (status === "no-name" || status === "no-data") return [];
      }
      return [];
    },
    isNetworkThere: () => {
      if (controlName === null) return Promise.resolve(true);
      if (control === null || performance.now() - control.at > CONTROL_MS) {
        const asked = Promise.all(servers.map(({resolver}) => askAddresses(resolver, controlName)));
        control = {at: performance.now(), isThere: asked.then((all) => all.every(({status}) => status === "answered"))};
      }
      return control.isThere;
    },
  };
}

/** A name has addresses when it has some of either kind; it does not exist only when both questions say so. */
async function askAddresses(resolver: Resolver, name: string): Promise<Answer> {
  const [four, six] = await Promise.all([settle(resolver.resolve4(name)), settle(resolver.resolve6(name))]);
  const values = [...four.values, ...six.values].slice(0, MOST_ADDRESSES);
  if (values.length > 0) return {status: "answered", values};
  const isClear = ({status}: Answer): boolean => status === "no-name" || status === "no-data";
  if (!isClear(four)) return four;
  if (!isClear(six)) return six;
  return four.status === six.status ? four : {status: "no-data", values: []};
}

async function settle(asked: Promise<string[]>): Promise<Answer> {
  try {
    const values = await asked;
    return {status: values.length === 0 ? "no-data" : "answered", values};
  } catch (error) {
    return {status: STATUSES[codeOf(error)] ?? "failed", values: []};
  }
}
