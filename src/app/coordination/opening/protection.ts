/** What nobody is told of without a second person: what the site's list names, and the brands' own sites. */

import {canonicalAddressText} from "../../../cases/parties/networks.ts";
import {type ProtectedList, protectionOf} from "../../../cases/parties/protected-list.ts";
import type {AssetKey, CaseFacts} from "../../../model/cases/case.ts";
import type {House} from "../../house.ts";
import {protectedNames} from "../../parties.ts";

/** Tells whether a case would be about something protected: by its asset itself, and by what is known of it. */
export type Protecting = (about: {
  readonly asset: AssetKey;
  readonly facts: Pick<CaseFacts, "host" | "domain" | "ip">;
}) => boolean;

/** Reads what is protected now. Throws table_invalid with file and line. */
export async function openProtection(house: House): Promise<Protecting> {
  const list: ProtectedList = await protectedNames(house);
  const {names} = await house.placing();
  const isListed = ({host, domain, ip}: Pick<CaseFacts, "host" | "domain" | "ip">): boolean =>
    protectionOf(list, {host, domain, ips: ip === null ? [] : [ip]}) !== null ||
    // a page that pretends to be a brand stands elsewhere
    (host !== null && (names.host(host)?.owner ?? null) !== null);
  return ({asset, facts}) => isListed(facts) || isListed(placeOf(asset));
}

/** The host or address that an asset is itself, whatever else is stated of it. */
function placeOf({kind, value}: AssetKey): Pick<CaseFacts, "host" | "domain" | "ip"> {
  const host =
    kind === "url" ? (URL.parse(value)?.hostname ?? null) : kind === "site" || kind === "domain" ? value : null;
  const ip = canonicalAddressText((kind === "ip" ? value : host)?.replace(/^\[|\]$/g, "") ?? "");
  return {host: ip === null ? host : null, domain: null, ip};
}
