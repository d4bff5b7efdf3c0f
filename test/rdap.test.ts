/** Asking registries: a registry on loopback, a real database, answers that grow old. */
import assert from "node:assert/strict";
import {createServer} from "node:http";
import test, {after} from "node:test";
import {contactsIn, whoIsResponsible} from "../src/app/parties.ts";
import {knowFromRdap} from "../src/app/rdap.ts";
import type {AssetFacts} from "../src/model/party.ts";
import {createDatabase} from "./database.ts";
import {openSite} from "./site.ts";

const card = (name: string, mail?: string) => [
  "vcard",
  [["fn", {}, "text", name], ...(mail === undefined ? [] : [["email", {}, "text", mail]])],
];
let isUp = true;
const asked: string[] = [];
const server = createServer(({url = ""}, answer) => {
  asked.push(url);
  const self = `http://rdap.registry.example:${port}/entity/AB-1`;
  const found: Readonly<Record<string, object>> = {
    "/domain/shop.example": {
      objectClassName: "domain",
      ldhName: "shop.example",
      status: ["active"],
      entities: [
        {
          roles: ["registrar"],
          vcardArray: card("Sample Names"),
          publicIds: [{type: "IANA Registrar ID", identifier: "9999"}],
          entities: [{roles: ["abuse"], handle: "AB-1", links: [{rel: "self", href: self}]}],
        },
      ],
    },
    "/entity/AB-1": {objectClassName: "entity", handle: "AB-1", vcardArray: card("Desk", "abuse@names.example")},
  };
  const body = found[url];
  if (!isUp) answer.writeHead(503).end();
  else if (body === undefined) answer.writeHead(404).end();
  else answer.end(JSON.stringify(body));
});
await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
after(() => server.close());
const address = server.address();
const port = typeof address === "object" && address !== null ? address.port : 0;

const {url, drop} = await createDatabase();
after(drop);
const house = await openSite({
  config: {database: {url}},
  files: {
    "tables/rdap/dns.json": JSON.stringify({services: [[["example"], [`http://rdap.registry.example:${port}/`]]]}),
  },
});
const dial = {resolve: async () => ["127.0.0.1"], isAllowed: (ip: string) => ip === "127.0.0.1"};
const NOW = new Date("2023-02-22T02:00:00Z");
const later = (days: number): Date => new Date(NOW.getTime() + days * 24 * 60 * 60 * 1000);
const know = (asset: string, now = NOW, isOffline = false) =>
  knowFromRdap(house, {asset, by: "Chen", dial, isOffline}, now);

test("a registry's answer gives the registrar with the abuse desk that it only names, and the registrar's party", async () => {
  assert.equal(await know("shop.example", NOW, true), null, "offline nobody is asked");
  assert.deepEqual(asked, []);
  const found = await know("shop.example");
  assert.deepEqual([found?.facts.registrar, found?.imported?.added, found?.ageDays], [9999, 1, 0]);
  assert.deepEqual(asked, ["/domain/shop.example", "/entity/AB-1"]);
  const facts: AssetFacts = {
    ...{kind: "site", value: "shop.example", ips: [], asns: [], host: "shop.example", domain: "shop.example"},
    ...{tld: ".example", registrar: 9999, store: null, country: null, province: null, sector: null, brand: null},
  };
  const [decision] = await whoIsResponsible(house, [{facts, order: ["registrar"]}], NOW);
  const [contact] = await contactsIn(house, {parties: [decision?.party ?? 0]}, NOW);
  assert.deepEqual([contact?.address, contact?.source], ["abuse@names.example", "rdap"]);
});

test("an answer is kept with its age, and asked for anew when it is a month old", async () => {
  asked.length = 0;
  const kept = await know("shop.example", later(29));
  assert.deepEqual([kept?.ageDays, kept?.imported, asked.length], [29, null, 0]);
  const anew = await know("shop.example", later(30));
  assert.deepEqual([anew?.ageDays, anew?.imported?.unchanged, asked.length], [0, 1, 2]);
});

test("that there is nothing is an answer as well, and kept", async () => {
  asked.length = 0;
  assert.equal((await know("none.example"))?.isThere, false);
  assert.equal((await know("none.example", later(1)))?.isThere, false);
  assert.equal(asked.length, 1);
});

test("a registry that is down is told; what is kept of it can still be seen offline", async () => {
  isUp = false;
  await assert.rejects(know("shop.example", later(90)), /could not be asked.*answers 503/);
  assert.equal((await know("shop.example", later(90), true))?.ageDays, 60);
  await assert.rejects(know("shop.test"), /no registry is known for shop.test/);
});
