/** What a request says of the language that its reader wants. Header names are in lower case. */
type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Headers that the choice depends on, for caches. */
export const LANGUAGE_VARY = "Accept-Language, Sec-Fetch-Site";

/**
 * Returns the language to show at the root: the first of `offered` (whose pages lie there) unless the reader's browser
 * wants another one more. Somebody who comes from one of our own pages has chosen already.
 * Source: RFC 9110 section 12.5.4 (Accept-Language).
 */
export function languageOf<Language extends string>(
  headers: Headers,
  offered: readonly [Language, ...Language[]],
): Language {
  const [first] = offered;
  if (headers["sec-fetch-site"] === "same-origin") return first;
  const wanted = wishesOf(String(headers["accept-language"] ?? ""));
  const weights = offered.map((language) => ({language, weight: weightOf(wanted, language)}));
  const best = weights.reduce((most, each) => (each.weight > most.weight ? each : most));
  return best.weight > 0 ? best.language : first;
}

interface Wish {
  readonly tag: string;
  /** 0 to 1; 0 is "not this one". */
  readonly weight: number;
}

const LONGEST_HEADER = 500;

function wishesOf(header: string): Wish[] {
  return header
    .slice(0, LONGEST_HEADER)
    .toLowerCase()
    .split(",")
    .flatMap((part) => {
      const [tag = "", ...parameters] = part.split(";").map((each) => each.trim());
      const stated = parameters.find((each) => each.startsWith("q="))?.slice(2) ?? "1";
      const weight = /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(stated) ? Number(stated) : null;
      return weight === null || tag === "" ? [] : [{tag, weight}];
    });
}

/** "en" is wanted as much as the most wanted of en, en-us ...; a star stands for what is not named. */
function weightOf(wishes: readonly Wish[], language: string): number {
  const own = wishes.filter(({tag}) => tag === language || tag.startsWith(`${language}-`));
  const any = wishes.find(({tag}) => tag === "*")?.weight ?? 0;
  return own.length === 0 ? any : Math.max(...own.map(({weight}) => weight));
}
