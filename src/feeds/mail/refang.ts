import {parse} from "tldts";

/** Makes web addresses readable again that people made harmless on purpose: hxxp, [.], (dot), "h t t p : / /", full width. */

const BRACKETED_DOT =
  /[ \t]?[[({<][ \t]?(?:\.|dot|点)[ \t]?[\])}>][ \t]?|(?<=\w)\[\.(?=\w)|(?<=\w)\.\](?=\w)|(?<=\w)\\\.(?=\w)/gi;
/** The schemes with their separators, each defanged or spaced in some way. */
const SCHEME =
  /\b(?:h[\t ]?[tx*+_]{1,2}[\t ]?[tx*+_]?[\t ]?p|meow|h\[?(?:tt|xx)\]?p)([\t ]?s)?[\t ]?(?:\[:\/\/\]|\[?[:：]\]?[\t ]?[/／\\][\t ]?[/／\\]|\[:\][\t ]?\/\/)[\t ]?/gi;
const SPELT_DOT = /\b([\w-]+(?: dot [\w-]+)+)\b/gi;
const AT = /(?<=[\w-])[\t ]?[[({][\t ]?(?:at|@)[\t ]?[\])}][\t ]?(?=[\w-])/gi;
/** Letters, digits and the signs of addresses; Chinese comma, semicolon and brackets stay what they are. */
const WIDE = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a．／－＿＠？＝＆％＃]/g;

/** Returns the text with all of that undone. What was not defanged stays as it is. */
export function refang(text: string): string {
  return text
    .replace(WIDE, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(SCHEME, (_, secure: string | undefined) => (secure === undefined ? "http://" : "https://"))
    .replace(BRACKETED_DOT, ".")
    .replace(SPELT_DOT, spelt)
    .replace(AT, "@");
}

/** "example dot com" is a name when it ends like one, "the dot at the end" is not. */
function spelt(words: string): string {
  const name = words.replace(/ dot /gi, ".");
  return parse(name).isIcann === true ? name : words;
}

/** Whether somebody made an address of the text harmless: then those are what it is about. */
export function isDefanged(text: string): boolean {
  return (
    /\bh[x*+_]{1,2}[t]?p|\[\s?\.\s?\]|\(\s?\.\s?\)|[[({]\s?(?:dot|点)\s?[\])}]|\[:\/?\/?\]|h\s+t\s+t\s+p/i.test(text) ||
    SPELT_DOT_ONE.test(text)
  );
}

const SPELT_DOT_ONE = /\b[\w-]+ dot (?:com|net|org|cn|info|biz|xyz|top|site|online|shop)\b/i;
