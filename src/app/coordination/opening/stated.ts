/** What somebody names, a person of ours or one who complains: what is known of it, and what the rules say of it. */
import {canonicalAsset} from "../../../cases/opening/asset.ts";
import {crossBorderTests} from "../../../cases/opening/cross-border.ts";
import {decideOpening, type EventFacts} from "../../../cases/opening/rules.ts";
import {caseAssetOf} from "../../../cases/opening/unit.ts";
import {canonicalAddressText} from "../../../cases/parties/networks.ts";
import {type AssetKey, type CaseFacts, caseFacts} from "../../../model/cases/case.ts";
import type {CaseCandidate} from "../../../model/cases/case-change.ts";
import type {CaseRule, OpeningRule} from "../../../model/cases/case-rules.ts";
import type {CaseDesk} from "../case-desk.ts";
import {openProtection, type Protecting} from "./protection.ts";

/** The name under which rules and histories know complaints: they come from no feed. */
const COMPLAINTS = "complaints";

/** What names are looked up in. */
export interface NameLookUps {
  readonly isProtected: Protecting;
  readonly names: Awaited<ReturnType<CaseDesk["house"]["placing"]>>["names"];
}

/** Opens what names are looked up in. */
export async function nameLookUps({house}: CaseDesk): Promise<NameLookUps> {
  const isProtected = await openProtection(house);
  const {names} = await house.placing();
  return {isProtected, names};
}

/** Something named: its kind of problem, the asset, and what is stated of it. */
export interface StatedThing {
  readonly class: string;
  readonly asset: AssetKey;
  readonly known: Partial<CaseFacts>;
}

/** Returns what is known of a thing: what is stated goes before what names tell. */
export function statedFacts(
  {house}: CaseDesk,
  {asset, known}: Omit<StatedThing, "class">,
  {names}: NameLookUps,
): CaseFacts {
  const url = asset.kind === "url" ? canonicalAsset(asset).value : null;
  const hostText = hostOf(asset, url);
  const host = hostText === null ? null : names.host(hostText);
  const brand = known.brand == null ? null : names.brand(known.brand);
  const {tlds} = house.config.profile.territory;
  const tld = host?.tld ?? null;
  const found: Partial<CaseFacts> = {
    url,
    host: hostText,
    domain: host?.domain ?? null,
    tld,
    ip: addressOf(asset, hostText),
    scope: tld !== null && tlds.includes(tld.slice(1)) ? "domestic" : "unknown",
    isGov: host?.isGov ?? false,
    sector: host?.sector ?? null,
    brandCountry: brand?.country ?? null,
    brandSector: brand?.sector ?? null,
    app: asset.kind === "app" ? asset.value : null,
    file: asset.kind === "file" ? asset.value : null,
  };
  const stated = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null));
  if (known.ip != null) stated.ip = found.ip ?? canonicalAddressText(known.ip);
  return caseFacts({...found, ...stated, ...(brand === null ? {} : {brand: brand.name})});
}

function hostOf({kind, value}: AssetKey, url: string | null): string | null {
  if (url !== null && URL.canParse(url)) return new URL(url).hostname.replace(/\.$/, "");
  return kind === "site" || kind === "domain" ? value : null;
}

/** The address that a thing is, or that a URL has in place of a name; null for a name. */
function addressOf({kind, value}: AssetKey, host: string | null): string | null {
  if (kind === "ip") return canonicalAddressText(value);
  return host === null ? null : canonicalAddressText(host.replace(/^\[|\]$/g, ""));
}

/** Returns the rule that fits a thing, as if it were an event of the feed `complaints`. */
export function ruleFor({house, rules}: CaseDesk, {class: problem, asset}: StatedThing, facts: CaseFacts): CaseRule {
  const {country} = house.config.profile.territory;
  const event: EventFacts = {
    class: problem,
    scope: facts.scope ?? "unknown",
    sector: facts.brandSector ?? facts.sector,
    severity: null,
    feed: COMPLAINTS,
    tlp: house.config.complaints.tlp,
    assetKind: asset.kind,
    channelKind: facts.channelKind,
    isGovernment: facts.isGov,
    // whoever complains to us means us
    isAimedAtUs: facts.brandCountry === null || facts.brandCountry === country,
  };
  return decideOpening(event, rules.rules);
}

/** What the case is about and what follows from its facts: all of a candidate that no rule and no person says. */
export type StatedCandidate = Pick<
  CaseCandidate,
  "class" | "asset" | "facts" | "isProtected" | "borderTests" | "urls" | "sighting"
>;

/** Returns the case that a thing would be, counted by the unit of the rule. */
export function statedCandidate(
  {house}: CaseDesk,
  {thing, facts, unit}: {thing: StatedThing; facts: CaseFacts; unit: OpeningRule["unit"]},
  {isProtected}: NameLookUps,
): StatedCandidate {
  const {host, domain, ip} = facts;
  const {kind, value: asset} = thing.asset;
  const about = caseAssetOf(unit, {kind, asset, ip: ip ?? "", host: host ?? "", domain: domain ?? ""});
  const {territory} = house.config.profile;
  const own = canonicalAsset(about);
  return {
    class: thing.class,
    asset: own,
    facts: {...facts, platform: facts.platform ?? (unit === "platform" ? about.value : null)},
    isProtected: isProtected({asset: own, facts}) || isProtected({asset: thing.asset, facts}),
    borderTests: crossBorderTests(
      {party: null, hosting: facts.country, registrar: facts.registrarCountry, brand: facts.brandCountry},
      territory,
    ).fired,
    urls: facts.url === null ? [] : [facts.url],
    sighting: null,
  };
}
