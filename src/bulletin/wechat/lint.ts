import {charactersIn, WECHAT_LIMITS, type WechatArticle} from "./limits.ts";

/** One thing that WeChat would refuse, drop or show wrongly: the rule, why, and where. */
export interface WechatFinding {
  readonly rule: string;
  readonly reason: string;
  /** `title`, `digest`, `images`, or the character in the HTML with what stands there. */
  readonly place: string;
}

const TAGS = new Set(["section", "p", "span", "strong", "img", "table", "tbody", "tr", "th", "td"]);
const EMPTY_TAGS = new Set(["img"]);
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {img: ["src", "alt"], td: ["colspan"], th: ["colspan"]};
const PROPERTIES =
  /^(color|background-color|font-size|font-weight|line-height|letter-spacing|text-align|text-indent|vertical-align|display|width|margin|padding|border|border-collapse|border-radius|table-layout|word-break|white-space)(-(top|right|bottom|left))?$/;
const VALUES =
  /^(?!.*(var|calc|hsla?|url|expression|image|attr)\s*\()(?!.*!important)(?!(inline-)?(flex|grid)$)[\w\s#%.,()-]+$/i;
const TAG = /<(\/?)([a-z][\w-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>/gi;
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g;
const SHOWN = 40;

/** Returns everything in the article that the WeChat editor does not take; nothing when it is fit to be sent. */
export function lintWechat(article: WechatArticle): WechatFinding[] {
  return [...lintSizes(article), ...lintMarkup(article.html), ...lintImages(article)];
}

function lintSizes({title, digest, html}: WechatArticle): WechatFinding[] {
  const {titleCharacters, digestCharacters, htmlCharacters, htmlBytes} = WECHAT_LIMITS;
  const [long, wide] = [charactersIn(html), new TextEncoder().encode(html).length];
  const checks: [boolean, string, string, string][] = [
    [title.trim() === "", "title-empty", "an article needs a title", "title"],
    [charactersIn(title) > titleCharacters, "title-long", `more than ${titleCharacters} characters`, "title"],
    [charactersIn(digest) > digestCharacters, "digest-long", `more than ${digestCharacters} characters`, "digest"],
    [long >= htmlCharacters, "html-long", `${long} characters; the limit is ${htmlCharacters}`, "html"],
    [wide >= htmlBytes, "html-large", `${wide} bytes; the limit is ${htmlBytes}`, "html"],
  ];
  return checks.filter(([isWrong]) => isWrong).map(([, rule, reason, place]) => ({rule, reason, place}));
}

function lintMarkup(html: string): WechatFinding[] {
  const findings: WechatFinding[] = [];
  const open: string[] = [];
  let done = 0;
  for (const found of html.matchAll(TAG)) {
    const [whole, slash, name = "", attributes = "", selfClosing] = found;
    const tag = name.toLowerCase();
    const add = (rule: string, reason: string) => findings.push({rule, reason, place: placeOf(html, found.index)});
    if (html.slice(done, found.index).includes("<"))
      add("markup-broken", "a sign < that begins no tag before this one");
    done = found.index + whole.length;
    if (!TAGS.has(tag)) add("tag", `<${tag}> is dropped or breaks the layout`);
    if (slash === "/") {
      if (open.pop() !== tag) add("markup-broken", `</${tag}> closes nothing`);
      continue;
    }
    if (selfClosing !== "/" && !EMPTY_TAGS.has(tag)) open.push(tag);
    for (const [rule, reason] of lintTag(tag, attributes)) add(rule, reason);
  }
  const end = placeOf(html, html.length);
  if (html.slice(done).includes("<"))
    findings.push({rule: "markup-broken", reason: "a sign < begins no tag", place: end});
  if (open.length > 0) findings.push({rule: "markup-broken", reason: `not closed: ${open.join(", ")}`, place: end});
  return findings;
}

/** What is wrong with one opening tag: pairs of rule and reason. */
function lintTag(tag: string, attributes: string): [string, string][] {
  const found = new Map([...attributes.matchAll(ATTRIBUTE)].map(([, name = "", value = ""]) => [name, value]));
  const allowed = ["style", ...(ATTRIBUTES[tag] ?? [])];
  const wrong = [...found.keys()].filter((name) => !allowed.includes(name.toLowerCase()));
  const style = declarationsOf(found.get("style") ?? "");
  const findings: [string, string][] = wrong.map((name) => ["attribute", `${name} is dropped`]);
  for (const [property, value] of style) {
    if (!PROPERTIES.test(property)) findings.push(["style", `${property} is dropped`]);
    else if (!VALUES.test(value)) findings.push(["style", `${property}: ${value} is not understood`]);
  }
  if (tag === "p" && !style.has("color")) findings.push(["color", "a paragraph without its own colour"]);
  if (tag === "img" && !style.has("width")) findings.push(["image-width", "a picture without a width in its style"]);
  if (tag === "img" && !found.has("alt")) findings.push(["image-alt", "a picture without an alternative text"]);
  return findings;
}

function declarationsOf(style: string): Map<string, string> {
  const parts = style.split(";").filter((part) => part.trim() !== "");
  return new Map(
    parts.map((part) => {
      const [property = "", ...value] = part.split(":");
      return [property.trim().toLowerCase(), value.join(":").trim()];
    }),
  );
}

function lintImages({html, images}: WechatArticle): WechatFinding[] {
  const findings: WechatFinding[] = [];
  const names = new Set(images.map(({name}) => name));
  const used = new Set([...html.matchAll(/<img\s[^>]*?src="([^"]*)"/gi)].map(([, src = ""]) => src));
  const add = (rule: string, reason: string) => findings.push({rule, reason, place: "images"});
  for (const src of used) if (!names.has(src)) add("image-missing", `${src} is not among the pictures`);
  for (const {name, png} of images) {
    if (!used.has(name)) add("image-unused", `${name} is not in the article`);
    if (!/^[\w-]+(\.[\w-]+)*\.png$/.test(name)) add("image-name", `${name} is no plain name of a PNG file`);
    if (png[0] !== 0x89 || png[1] !== 0x50) add("image-kind", `${name} is no PNG`);
    if (png.length >= WECHAT_LIMITS.imageBytes) add("image-large", `${name} has ${png.length} bytes`);
  }
  return findings;
}

function placeOf(html: string, at: number): string {
  return `character ${at}: ${html.slice(at, at + SHOWN)}`;
}
