import {BORDER_TESTS, type BorderTest} from "../../model/cases/case.ts";
import type {Profile} from "../../model/profile.ts";

/** The country of each, ISO 3166-1 alpha-2; null when it is not known. */
export type BorderCountries = Readonly<Record<BorderTest, string | null>>;

/** Which tests say that a case crosses the border, and which could not be made. */
export interface BorderResult {
  readonly fired: readonly BorderTest[];
  readonly unknown: readonly BorderTest[];
  /** True when a test fired, false when all were made and none fired, null when one that could not be made might have. */
  readonly isCrossBorder: boolean | null;
}

/**
 * Returns whether a case crosses the border: the party told, the hosting, the registrar or the impersonated brand lies
 * outside the territory. Regions that the profile counts as overseas (for mainland China HK, MO, TW) lie outside. Where the
 * constituency is no country every known country lies inside, those regions excepted.
 * Source: BULLETIN.md (c), proposed definition; the bulletin publishes none.
 */
export function crossBorderTests(
  countries: BorderCountries,
  territory: Pick<Profile["territory"], "country" | "overseasRegions">,
): BorderResult {
  const unknown = BORDER_TESTS.filter((test) => countries[test] === null);
  const fired = BORDER_TESTS.filter((test) => isOutside(countries[test], territory));
  return {fired, unknown, isCrossBorder: fired.length > 0 ? true : unknown.length > 0 ? null : false};
}

function isOutside(
  country: string | null,
  territory: Pick<Profile["territory"], "country" | "overseasRegions">,
): boolean {
  if (country === null) return false;
  if (territory.overseasRegions.includes(country)) return true;
  return territory.country !== null && country !== territory.country;
}
