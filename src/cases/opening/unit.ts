import type {OpeningRule} from "../../model/cases/case-rules.ts";

/** The asset of an event in the columns of the lake; an empty text is "not known". */
export interface EventAsset {
  readonly kind: string;
  readonly asset: string;
  readonly ip: string;
  /** Host name of the asset or of its URL. */
  readonly host: string;
  /** Registered domain. */
  readonly domain: string;
}

/** What a case is about: kind and value, as in events; `domain` besides. */
export interface CaseAsset {
  readonly kind: string;
  readonly value: string;
}

/**
 * Returns what the case is about. The site is the host without `www.`, the platform the registered domain; where there is
 * none it is the address, and an asset that has neither (a file, an app) stays as it is.
 * Source: RULINGS 13; BULLETIN.md (c): a platform is a distinct registered domain or address.
 */
export function caseAssetOf(unit: OpeningRule["unit"], {kind, asset, ip, host, domain}: EventAsset): CaseAsset {
  const itself = {kind, value: kind === "ip" && asset === "" ? ip : asset};
  if (unit === "asset" || kind === "file" || kind === "app" || kind === "account" || kind === "vuln") return itself;
  const site = host.replace(/^www\./, "");
  if (unit === "platform" && domain !== "") return {kind: "domain", value: domain};
  if (site !== "") return {kind: "site", value: site};
  return ip === "" ? itself : {kind: "ip", value: ip};
}
