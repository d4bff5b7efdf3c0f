/** A made-up registry on loopback: it answers by RDAP who the registrar of a domain is. */
import {createServer} from "node:http";
import type {Dial} from "../../src/app/rdap/guard.ts";

/** The registrars that it knows: two abroad, two at home. */
export const REGISTRARS: Readonly<
  Record<number, {readonly name: string; readonly country: string; readonly mail: string}>
> = {
  9001: {name: "Sample Names wfc Inc.", country: "US", mail: "abuse@names-wfc.example"},
  9002: {name: "Beispiel Domains wfc GmbH", country: "DE", mail: "abuse@domains-wfc.example"},
  9101: {name: "Sample Registrar wfc One", country: "CN", mail: "abuse@registrar-one-wfc.example"},
  9102: {name: "Sample Registrar wfc Two", country: "CN", mail: "abuse@registrar-two-wfc.example"},
};

/** A running registry. `domains` says who registered what. */
export interface Registry {
  readonly domains: Map<string, number>;
  /** The file in which the data folder finds it, as IANA publishes such. */
  readonly bootstrap: string;
  readonly dial: Dial;
  close(): Promise<void>;
}

/** Opens a registry for `.example`. */
export async function openRegistry(): Promise<Registry> {
  const domains = new Map<string, number>();
  const server = createServer(({url = ""}, answer) => {
    const domain = decodeURIComponent(url.replace(/^\/domain\//, ""));
    const id = domains.get(domain);
    if (id === undefined) answer.writeHead(404).end();
    else answer.setHeader("content-type", "application/rdap+json").end(JSON.stringify(answerFor(domain, id)));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    domains,
    bootstrap: JSON.stringify({services: [[["example"], [`http://rdap.registry.example:${port}/`]]]}),
    dial: {resolve: async () => ["127.0.0.1"], isAllowed: (ip) => ip === "127.0.0.1"},
    close: () => new Promise((done) => void server.close(() => done())),
  };
}

function answerFor(domain: string, id: number): object {
  const {name = "", country = "", mail = ""} = REGISTRARS[id] ?? {};
  const card = (more: readonly unknown[]) => ["vcard", [["fn", {}, "text", name], ...more]];
  return {
    objectClassName: "domain",
    ldhName: domain,
    status: ["active"],
    entities: [
      {
        roles: ["registrar"],
        publicIds: [{type: "IANA Registrar ID", identifier: String(id)}],
        vcardArray: card([["adr", {cc: country}, "text", ["", "", "", "", "", "", ""]]]),
        entities: [{roles: ["abuse"], vcardArray: card([["email", {}, "text", mail]])}],
      },
    ],
  };
}
