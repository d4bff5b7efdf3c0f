import assert from "node:assert/strict";
import test, {after} from "node:test";
import {sql} from "kysely";
import {openTestDatabase} from "../../../test/database.ts";
import type {ClaimKeys} from "../../model/party.ts";
import {claimsTo} from "./claims.ts";

const {db, close} = await openTestDatabase();
after(close);
/** Each party has a /24 and an AS; every 256th has the /16 around it as well. */
const PARTIES = Number(process.env["WATCHFLOOR_CLAIMS"] ?? 50_000);
const ASSETS = 1000;

async function fill(): Promise<void> {
  const at = new Date("2023-02-22T02:00:00Z");
  await sql`
    INSERT INTO parties (id, kind, name_en, is_stated, created_by, created_at, changed_at)
    SELECT n, 'network-operator', 'Party ' || n, true, 'test', ${at}, ${at} FROM generate_series(1, ${PARTIES}) AS n`.execute(
    db,
  );
  await sql`
    INSERT INTO party_responsibilities (party, kind, value, network, layer, source)
    SELECT n, 'network', net::text, net, 'imported', 'list' FROM (
      SELECT n, set_masklen('16.0.0.0'::inet + n::bigint * 256, 24)::cidr AS net FROM generate_series(1, ${PARTIES}) AS n
      UNION ALL
      SELECT n, set_masklen('16.0.0.0'::inet + n::bigint * 256, 16)::cidr FROM generate_series(256, ${PARTIES}, 256) AS n
    ) AS nets`.execute(db);
  await sql`
    INSERT INTO party_responsibilities (party, kind, value, layer, source)
    SELECT n, 'asn', (100000 + n)::text, 'imported', 'list' FROM generate_series(1, ${PARTIES}) AS n`.execute(db);
  await sql`ANALYZE party_responsibilities`.execute(db);
}
await fill();

/** The address lies in the /24 of the party. */
function keysOf(party: number): ClaimKeys {
  const first = 16 * 2 ** 24 + party * 256 + 7;
  const ip = [24, 16, 8, 0].map((bits) => Math.floor(first / 2 ** bits) % 256).join(".");
  return {
    values: [
      {kind: "asn", value: String(100_000 + party)},
      {kind: "tld", value: "example"},
    ],
    ips: [ip],
  };
}

test("the claims to a thousand assets are found at once, each with its own, among many networks", async (t) => {
  const parties = Array.from({length: ASSETS}, (_, at) => 1 + ((at * 7919) % PARTIES));
  const started = performance.now();
  const claims = await claimsTo(db, parties.map(keysOf));
  t.diagnostic(`${ASSETS} assets among ${PARTIES} networks: ${Math.round(performance.now() - started)} ms`);
  assert.equal(claims.length, ASSETS);
  for (const [at, party] of parties.entries()) {
    const around = Math.floor(party / 256) * 256;
    const expected = [party, ...(around >= 256 ? [around] : []), party].toSorted((one, other) => one - other);
    assert.deepEqual(
      claims[at]?.map((each) => each.party).toSorted((one, other) => one - other),
      expected,
    );
  }
});

test("no assets, and assets of which nothing is known, need no claims", async () => {
  assert.deepEqual(await claimsTo(db, []), []);
  assert.deepEqual(await claimsTo(db, [{values: [], ips: []}]), [[]]);
});
