/**
 * A DNS server on loopback for tests. What it answers is a map that may be changed at any time:
 *
 *     const dns = await openDns();
 *     dns.names.set("shop.example.com", {a: ["8.8.4.4"], ns: ["ns1.example.net"], ttl: 60});
 *     dns.names.set("gone.example.com", "no-name");       // also what every name answers that is not in the map
 *     dns.names.set("lame.example.com", "server-failure"); // or "drop": no answer at all
 *     dns.names.set("turn.example.com", () => ({a: [next()]})); // asked at each question: rebinding
 *     openProbe({...settings, resolvers: [dns.address]});
 *     await dns.close();
 *
 * A name above one of the map answers "no data". `questions` counts what was asked.
 */
import {createSocket} from "node:dgram";
import {type Answer, decode, encode} from "dns-packet";

/** The records of a name; what is left out it does not have. */
export interface DnsRecords {
  readonly a?: readonly string[];
  readonly aaaa?: readonly string[];
  readonly cname?: string;
  readonly ns?: readonly string[];
  /** Seconds; 0 when left out. */
  readonly ttl?: number;
}

/** What a name answers. */
export type DnsBehaviour = DnsRecords | "no-name" | "server-failure" | "drop" | ((type: string) => DnsBehaviour);

/** A running DNS server. */
export interface DnsWorld {
  /** For a resolver's list: `127.0.0.1:12345`. */
  readonly address: string;
  readonly names: Map<string, DnsBehaviour>;
  /** Questions so far, as `A shop.example.com`. */
  readonly questions: string[];
  close(): Promise<void>;
}

const NO_NAME = 3;
const SERVER_FAILURE = 2;
const MOST_ALIASES = 8;

/** Opens a DNS server on a free port of loopback. */
export async function openDns(): Promise<DnsWorld> {
  const socket = createSocket("udp4");
  const names = new Map<string, DnsBehaviour>();
  const questions: string[] = [];
  socket.on("message", (message, from) => {
    const {id, questions: [question] = []} = decode(message);
    if (question === undefined) return;
    questions.push(`${question.type} ${question.name}`);
    const found = answer(names, question.name.toLowerCase(), question.type);
    if (found === "drop") return;
    const flags = 0x0180 | found.code; // recursion was wanted and is there
    socket.send(
      encode({type: "response", id: id ?? 0, flags, questions: [question], answers: found.answers}),
      from.port,
      from.address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    names,
    questions,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

type Found = {readonly code: number; readonly answers: Answer[]} | "drop";

function answer(names: DnsWorld["names"], asked: string, type: string): Found {
  const answers: Answer[] = [];
  let name = asked;
  for (let aliases = 0; aliases < MOST_ALIASES; aliases += 1) {
    const behaviour = behaviourOf(names, name, type);
    if (behaviour === "drop") return "drop";
    if (behaviour === "server-failure") return {code: SERVER_FAILURE, answers: []};
    if (behaviour === "no-name") return {code: NO_NAME, answers};
    const ttl = behaviour.ttl ?? 0;
    if (behaviour.cname !== undefined) answers.push({type: "CNAME", name, ttl, data: behaviour.cname});
    if (behaviour.cname === undefined || type === "CNAME")
      return {code: 0, answers: [...answers, ...recordsOf(behaviour, name, type)]};
    name = behaviour.cname.toLowerCase();
  }
  return {code: SERVER_FAILURE, answers: []};
}

function behaviourOf(
  names: DnsWorld["names"],
  name: string,
  type: string,
): Exclude<DnsBehaviour, (type: string) => DnsBehaviour> {
  const found = names.get(name);
  if (typeof found === "function") return behaviourOf(new Map([[name, found(type)]]), name, type);
  if (found !== undefined) return found;
  const isAbove = [...names.keys()].some((each) => each.endsWith(`.${name}`) && names.get(each) !== "no-name");
  return isAbove ? {} : "no-name";
}

function recordsOf({a = [], aaaa = [], ns = [], ttl = 0}: DnsRecords, name: string, type: string): Answer[] {
  if (type === "A") return a.map((data) => ({type: "A", name, ttl, data}));
  if (type === "AAAA") return aaaa.map((data) => ({type: "AAAA", name, ttl, data}));
  return type === "NS" ? ns.map((data) => ({type: "NS", name, ttl, data})) : [];
}
