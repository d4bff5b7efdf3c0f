/**
 * Other people's words in a mail. Nothing that a reader cannot see gets into it, and nothing in it can be clicked: web
 * addresses, domains, addresses of machines and of people are defanged (hxxp, [.], [@]). The exact values stand in the
 * attachments.
 */
import {codePoint, visible} from "../../model/visible.ts";

/** Takes no room or no ink, besides what `visible` writes out: fillers, joiners, variation selectors, blanks. */
const BLANK =
  /[\t\n\u00a0\u115f\u1160\u17b4\u17b5\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]|\u034f|[\ufe00-\ufe0f]/gu;
/** What a browser takes for a dot in a host name. Source: UTS #46. */
const DOTS = /[.\u3002\uff0e\uff61]/g;
const SCHEME = /\b(https?|ftps?|wss?)(?=:)/gi;
const FANGLESS: Readonly<Record<string, string>> = {
  http: "hxxp",
  https: "hxxps",
  ftp: "fxp",
  ftps: "fxps",
  ws: "wx",
  wss: "wxs",
};
/** A dot with a word before and a letter or digit after it. */
const INNER_DOT = /(?<=[\p{L}\p{N}\]_-])[.\uff0e\uff61](?=[\p{L}\p{N}_-])/gu;
/** A whole number or a fraction, such as 3.5: no address. */
const DECIMAL = /^\p{N}+[.]\p{N}+$/u;
/** The longest that a combining character may pile up. */
const PILED = /(\p{M}{3})\p{M}+/gu;

/** Returns the text on one line, with all that a reader would not see written out, such as ⟨U+202E⟩ or ⟨U+000A⟩. */
export function oneLine(text: string): string {
  return visible(text.replace(/\r\n?/g, "\n"))
    .replace(BLANK, (blank) => (blank === "\u3000" || blank === "\u00a0" ? " " : codePoint(blank)))
    .replace(PILED, "$1")
    .trim();
}

/** Returns the value of an asset on one line so that no program makes a link of it. */
export function defang(value: string): string {
  const shown = oneLine(value)
    .replace(SCHEME, (scheme) => FANGLESS[scheme.toLowerCase()] ?? scheme)
    .replace(DOTS, "[.]")
    .replaceAll("@", "[@]");
  return /^(hxxps?|fxps?|wxs?):/.test(shown) ? shown : shown.replace(/:/, "[:]");
}

/** Returns a text that may name addresses on one line, with these defanged and other dots left. */
export function defangText(text: string): string {
  return oneLine(text)
    .replace(SCHEME, (scheme) => FANGLESS[scheme.toLowerCase()] ?? scheme)
    .replace(/\b(?!hxxps?:|fxps?:|wxs?:)([a-z][a-z0-9+.-]*):(?=\S)/gi, "$1[:]")
    .replace(/\S+/gu, (word) =>
      DECIMAL.test(word.replace(/[,;%)\u3001\u3002\uff0c\uff1b]+$/u, "")) ? word : word.replace(INNER_DOT, "[.]"),
    )
    .replace(/(?<=\S)@(?=\S)/gu, "[@]");
}

/** Returns lines of a text that may hold several, each defanged, at most `most`; what was left out is for the caller to say. */
export function defangLines(text: string, most: number): {lines: string[]; left: number} {
  const lines = text
    .split(/\r\n?|\n|\u2028|\u2029|\u0085/u)
    .map(defangText)
    .filter((line) => line !== "");
  return {lines: lines.slice(0, most), left: Math.max(0, lines.length - most)};
}
