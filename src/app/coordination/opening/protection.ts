/** What nobody is told of without a second person: what the site's list names, and the brands' own sites. */
import {type ProtectedList, protectionOf} from "../../../cases/parties/protected-list.ts";
import type {CaseFacts} from "../../../model/cases/case.ts";
import type {House} from "../../house.ts";
import {protectedNames} from "../../parties.ts";

/** Tells whether an asset is protected, by what is known of it. */
export type Protecting = (facts: Pick<CaseFacts, "host" | "domain" | "ip">) => boolean;

/** Reads what is protected now. Throws table_invalid with file and line. */
export async function openProtection(house: House): Promise<Protecting> {
  const list: ProtectedList = await protectedNames(house);
  const {names} = await house.placing();
  return ({host, domain, ip}) =>
    protectionOf(list, {host, domain, ips: ip === null ? [] : [ip]}) !== null ||
    // a page that pretends to be a brand stands elsewhere
    (host !== null && (names.host(host)?.owner ?? null) !== null);
}
