/** One thing found in a page: a tag with its attributes, or a piece of text. Names are in small letters. */
export type HtmlToken =
  | {
      readonly kind: "tag";
      readonly name: string;
      readonly isEnd: boolean;
      readonly attribute: (name: string) => string | null;
    }
  | {readonly kind: "text"; readonly text: string};

/** What stands in these is no text that a visitor reads. */
const RAW = new Set(["script", "style", "template", "svg"]);
/** An attribute list longer than this is cut: no page needs it, and nobody may make us work for it. */
const MOST_ATTRIBUTE_CHARACTERS = 4096;
const TAG_NAME = /[a-zA-Z][a-zA-Z0-9:-]*/y;

/**
 * Calls `visit` with the tags and texts of a page, in order. It never fails, builds no tree, and its work grows with the
 * length of the page only, however broken it is.
 */
export function scanHtml(html: string, visit: (token: HtmlToken) => void): void {
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    const end = open < 0 ? html.length : open;
    if (end > at) visit({kind: "text", text: html.slice(at, end)});
    if (open < 0) return;
    at = afterMarkup(html, open, visit);
  }
}

/** Reads what begins with `<` at `open` and returns where to go on. */
function afterMarkup(html: string, open: number, visit: (token: HtmlToken) => void): number {
  if (html.startsWith("<!--", open)) return after(html, "-->", open + 4);
  const next = html.charAt(open + 1);
  if (next === "!" || next === "?") return after(html, ">", open + 2);
  const isEnd = next === "/";
  TAG_NAME.lastIndex = open + (isEnd ? 2 : 1);
  const name = TAG_NAME.exec(html)?.[0].toLowerCase();
  if (name === undefined) {
    visit({kind: "text", text: "<"});
    return open + 1;
  }
  const from = TAG_NAME.lastIndex;
  const close = closeOfTag(html, from);
  const inside = html.slice(from, Math.min(close, from + MOST_ATTRIBUTE_CHARACTERS));
  visit({kind: "tag", name, isEnd, attribute: (wanted) => attributeOf(inside, wanted)});
  return !isEnd && RAW.has(name) ? endOfRaw(html, name, close + 1) : close + 1;
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

/** Returns where the `>` of a tag stands; one inside a quoted value does not count. */
function closeOfTag(html: string, from: number): number {
  let quote = "";
  let before = "";
  for (let at = from; at < html.length; at += 1) {
    const character = html.charAt(at);
    if (quote === "" && character === ">") return at;
    if (character === quote) quote = "";
    else if (quote === "" && before === "=" && (character === '"' || character === "'")) quote = character;
    if (character > " ") before = character;
  }
  return html.length;
}

function endOfRaw(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}`, "gi");
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}

const ATTRIBUTE = /([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g;

function attributeOf(inside: string, wanted: string): string | null {
  for (const [, name = "", double, single, bare] of inside.matchAll(ATTRIBUTE)) {
    if (name.toLowerCase() === wanted) return decodeEntities(double ?? single ?? bare ?? "");
  }
  return null;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  copy: "©",
};
const MOST_CODE = 0x10ffff;

/** Returns the text with the usual character references replaced; what is not known stays as it is. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,6}));/g,
    (whole, decimal, hexadecimal, named) => {
      if (named !== undefined) return NAMED[String(named).toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(String(hexadecimal), 16) : Number(decimal);
      return code > 0 && code <= MOST_CODE ? String.fromCodePoint(code) : whole;
    },
  );
}
