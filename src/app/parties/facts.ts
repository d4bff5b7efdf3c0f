/** What is known of an asset that a person names: the facts by which its party is found. */
import {canonicalAddressText} from "../../cases/parties/networks.ts";
import {asnOf} from "../../cases/parties/spelling.ts";
import {WatchfloorError} from "../../model/errors.ts";
import type {AssetFacts} from "../../model/party.ts";
import {placesOf} from "../../store/parties/places.ts";
import type {House} from "../house.ts";

/** Facts that somebody states; they go before what look-ups find. */
export type StatedFacts = Partial<
  Pick<AssetFacts, "ips" | "registrar" | "store" | "country" | "province" | "sector" | "brand">
> & {
  readonly asn?: number;
};

/**
 * Returns the facts of a URL, host name, address or AS number (`AS64500`). Nothing is asked of the network: an address that
 * belongs to a name has to be stated. Throws usage when the text is none of these.
 */
export async function factsOf(house: House, asset: string, stated: StatedFacts = {}): Promise<AssetFacts> {
  const named = read(asset.trim());
  const ips = (stated.ips ?? named.ips).map((ip) => {
    const address = canonicalAddressText(ip);
    if (address === null) throw new WatchfloorError("usage", `${ip} is no address`);
    return address;
  });
  const placing = ips.length === 0 && named.host === null ? null : await house.placing();
  const places =
    placing === null
      ? []
      : await placesOf(house.engine, {dictionaries: placing.dictionaries, home: placing.country}, ips);
  const host = named.host === null ? null : (placing?.names.host(named.host) ?? null);
  if (named.host !== null && host === null) throw new WatchfloorError("usage", `${named.host} is no host name`);
  const asns = [stated.asn, named.asn, ...places.map(({asn}) => asn)].filter((asn) => asn != null);
  return {
    kind: named.kind,
    value: asset.trim(),
    ips,
    asns: stated.asn === undefined ? [...new Set(asns)] : [stated.asn],
    host: host?.site ?? null,
    domain: host?.domain ?? null,
    tld: host?.tld ?? null,
    registrar: stated.registrar ?? null,
    store: stated.store ?? null,
    country: stated.country ?? places.find(({country}) => country !== null)?.country ?? null,
    province: stated.province ?? places.find(({province}) => province !== null)?.province ?? null,
    sector: stated.sector ?? host?.sector ?? null,
    brand: stated.brand ?? null,
  };
}

interface Named {
  readonly kind: string;
  readonly host: string | null;
  readonly ips: readonly string[];
  readonly asn: number | null;
}

function read(asset: string): Named {
  const asn = /^AS/i.test(asset) ? asnOf(asset) : null;
  if (asn !== null) return {kind: "asn", host: null, ips: [], asn};
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(asset);
  if (isUrl && !URL.canParse(asset)) throw new WatchfloorError("usage", `${asset} is no URL`);
  const name = isUrl ? new URL(asset).hostname.replace(/^\[|\]$/g, "") : asset;
  const address = canonicalAddressText(name);
  if (address !== null) return {kind: isUrl ? "url" : "ip", host: null, ips: [address], asn: null};
  return {kind: isUrl ? "url" : "site", host: name, ips: [], asn: null};
}
