import assert from "node:assert/strict";
import test, {after} from "node:test";
import {parse, stringify} from "yaml";
import {configSchema} from "../../src/app/config.ts";
import {openProbe} from "../../src/app/probe/probe.ts";
import {probeSettings} from "../../src/app/probe/settings.ts";
import type {Look} from "../../src/model/verification.ts";
import {ADDRESS, openWorld, type World} from "../world/probe.ts";
import {openSites} from "../world/sites.ts";

/**
 * The probe never connects to what is not public. Each forbidden address is placed at a canary on loopback, so that whoever
 * passed the guard would be seen there.
 */

/** Forms of addresses that must not be reached, as an attacker would write them in a URL. */
const FORMS = [
  ..."127.0.0.1 127.1 127.0.1 0177.0.0.1 0x7f.0.0.1 0x7f000001 2130706433 017700000001 127.0.0.1. １２７.０.０.１".split(
    " ",
  ),
  ..."0.0.0.0 0 10.0.0.1 100.64.0.1 169.254.169.254 0xa9fea9fe 172.16.0.1 192.168.0.1 192.0.0.1 192.0.2.1 198.18.0.1".split(
    " ",
  ),
  ..."203.0.113.1 224.0.0.1 255.255.255.255 [::1] [::] [::ffff:127.0.0.1] [::fFFf:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1]".split(
    " ",
  ),
  ..."[64:ff9b:1::7f00:1] [2002:7f00:1::] [2001::1] [2001:db8::1] [fe80::1] [fec0::1] [fc00::1] [ff02::1]".split(" "),
];
const REDIRECTS = [301, 302, 307, 308];

const canary = await openSites();
after(() => canary.close());

/** Returns the address that a form means. */
function meantBy(form: string): string {
  return new URL(`http://${form}/`).hostname.replace(/^\[|\]$/g, "");
}

/** Places every forbidden address, in each form that a resolver or a URL may give it, at the canary. */
function traps(): Record<string, {host: string; port: number}> {
  const addresses = FORMS.map(meantBy).flatMap((each) => [each, each.replace("7f00:1", "127.0.0.1")]);
  return canary.dial(...addresses);
}

async function openTrapped(): Promise<World> {
  const world = await openWorld({extraDial: traps()});
  after(() => world.close());
  return world;
}
const ORDER = {id: "1", at: "2023-02-20T08:00:00.000Z", registration: null, wants: {body: false, screenshot: false}};

function assertRefused(look: Look, says: string): void {
  const kinds = look.troubles.map(({kind}) => kind);
  assert.ok(kinds.includes("address-refused") || kinds.includes("redirect-refused"), `${says}: ${kinds.join()}`);
}

test(`S1: ${FORMS.length} forms of address, each carried in 9 ways: no connection`, async () => {
  const world = await openTrapped();
  const looks: Promise<void>[] = [];
  const look = (url: string, says: string, check = assertRefused): void => {
    looks.push(world.look(url).then((found) => check(found, says)));
  };
  for (const [at, form] of FORMS.entries()) {
    const address = meantBy(form);
    const records = address.includes(":") ? {aaaa: [address]} : {a: [address]};
    look(`http://${form}/`, `${form} as it stands`);
    world.dns.names.set(`direct${at}.example.com`, records);
    look(`http://direct${at}.example.com/`, `${form} by DNS`);
    world.dns.names.set(`alias${at}.example.com`, {cname: `direct${at}.example.com`});
    look(`https://alias${at}.example.com/`, `${form} by CNAME`);
    world.place(`mixed${at}.example.com`, {body: "public"}, {...records, a: [...(records.a ?? []), ADDRESS]});
    look(`http://mixed${at}.example.com/`, `${form} beside a public one`, (found) =>
      assert.equal(found.page?.text, "public"),
    );
    for (const status of REDIRECTS) {
      world.place(`r${status}x${at}.example.com`, {
        status,
        headers: {location: Buffer.from(`http://${form}:8080/admin`).toString("latin1")},
      });
      look(`http://r${status}x${at}.example.com/`, `${form} by ${status}`);
    }
    world.place(`refresh${at}.example.com`, {body: `<meta http-equiv=refresh content="0;url=http://${form}/">`});
    look(`http://refresh${at}.example.com/`, `${form} by meta refresh`);
  }
  await Promise.all(looks);
  assert.equal(looks.length, FORMS.length * 9);
  assert.equal(canary.connections(), 0);
});

test("S2: a name that turns to loopback after it was looked up, 200 rounds: no connection", async () => {
  const world = await openTrapped();
  const rounds = 200;
  for (let round = 0; round < rounds; round += 1) {
    let asked = 0;
    const name = `turn${round}.example.com`;
    world.dns.names.set(name, (type) => {
      if (type !== "A") return {};
      asked += 1;
      return {a: [asked > 1 + (round % 2) ? "127.0.0.1" : ADDRESS], ttl: 0};
    });
    world.sites.hosts.set(
      name,
      round % 3 === 0 ? {status: 302, headers: {location: `http://${name}/next`}} : {body: "public"},
    );
  }
  const looks = await Promise.all(
    Array.from({length: rounds}, (_, round) => world.look(`http://turn${round}.example.com/`)),
  );
  assert.ok(looks.every(({chain}) => chain[0]?.address === ADDRESS));
  assert.equal(canary.connections(), 0);
});

test("the canary would have seen a connection", async () => {
  const world = await openWorld({extraDial: canary.dial("9.9.9.9")});
  await world.look("", {asset: {kind: "ip", value: "9.9.9.9"}});
  assert.equal(canary.connections(), 1);
  await world.close();
});

test("with the settings of the product, loopback is refused, and no configuration leads there", async () => {
  const config = configSchema.parse({profile: "cn", probe: {resolvers: ["127.0.0.1:5353"]}});
  assert.equal(probeSettings(config.probe).dial, null);
  for (const key of ["dial", "allow", "guard"]) {
    const text = stringify({profile: "cn", probe: {[key]: {"127.0.0.1:80": {host: "127.0.0.1", port: 80}}}});
    assert.equal(configSchema.safeParse(parse(text)).success, false, key);
  }
  const world = await openWorld();
  world.dns.names.set("in.example.com", {a: ["127.0.0.1"]});
  const probe = openProbe({...probeSettings(config.probe), resolvers: [world.dns.address]});
  for (const value of [`http://127.0.0.1:8080/`, "http://in.example.com/"]) {
    const look = await probe.look({...ORDER, asset: {kind: "url", value}});
    assert.deepEqual(
      look.troubles.map(({kind}) => kind),
      ["address-refused"],
    );
  }
  await probe.close();
  await world.close();
});
