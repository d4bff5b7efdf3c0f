/** Where addresses are, by the same tables that reports are read with. */
import {TAXONOMY} from "../../model/taxonomy.ts";
import type {Engine} from "../events/engine.ts";
import type {DictionaryNames} from "../events/lookups.ts";
import {literal, literals} from "../events/sql.ts";

/** Network, country and province of an address; null where the tables have none. */
export interface Place {
  readonly asn: number | null;
  readonly country: string | null;
  readonly province: string | null;
}

/** Returns the place of each address, in their order. `home` is the territory's country, null when it is none. */
export async function placesOf(
  engine: Engine,
  {dictionaries, home}: {dictionaries: DictionaryNames; home: string | null},
  ips: readonly string[],
): Promise<Place[]> {
  if (ips.length === 0) return [];
  const {networksV4, networksV6, provinces} = dictionaries;
  const networks = [networksV4, networksV6].flatMap((name) =>
    name === null ? [] : [`dictGetOrDefault(${literal(name)}, 'place', tuple(ip), toUInt64(0))`],
  );
  const network = networks.length === 2 ? `bitOr(${networks.join(", ")})` : (networks[0] ?? "toUInt64(0)");
  const range = provinces === null ? "''" : `dictGetOrDefault(${literal(provinces)}, 'province', tuple(ip), '')`;
  const rows = await engine.query<{asn: number; country: string; range: string}>(`
    SELECT toUInt32(bitShiftRight(${network}, 16)) AS asn, ${range} AS range,
      reinterpretAsString(toUInt16(bitAnd(${network}, 65535))) AS country
    FROM (SELECT toIPv6(text) AS ip, at FROM (
      SELECT ${literals(ips)} AS all, arrayJoin(arrayEnumerate(all)) AS at, all[at] AS text
    )) ORDER BY at`);
  return rows.map((row) => placeOf(row, home));
}

/** The site's own table of provinces goes before the general table, and names regions by themselves. */
function placeOf({asn, country, range}: {asn: number; country: string; range: string}, home: string | null): Place {
  const region = TAXONOMY.regions.find(({code}) => code === range);
  const plain = country.replaceAll("\0", "");
  return {
    asn: asn === 0 ? null : asn,
    country: region?.country ?? (range === "" ? plain || null : home),
    province: range === "" || region !== undefined ? null : range,
  };
}
