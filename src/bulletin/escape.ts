/**
 * What of other people's text may reach a page: links that lead where they say, characters that can be seen, and no
 * markup. HTML, SVG and XML are escaped here; Markdown and CSV have signs of their own and do it themselves.
 */

/**
 * C0 and C1 controls but tab and line feed, bidi controls and isolates, zero-width and tag characters, soft hyphen, and
 * the two that XML 1.0 forbids besides.
 */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/gu;
const LONE_SURROGATE = /[\ud800-\udfff]/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Returns the address when it is a web address or a relative path inside the archive; else null. Refused are all other
 * schemes (javascript:, data:), addresses with a name in them, and paths that a browser would take for another host.
 */
export function safeLink(link: string): string | null {
  if (link === "" || /[\s\\\u0000-\u001f\u007f]/.test(link) || hasHidden(link)) return null;
  if (/^https?:\/\//i.test(link)) {
    const url = URL.parse(link);
    return url === null || url.username !== "" || url.password !== "" ? null : url.href;
  }
  return /^[a-z][a-z0-9+.-]*:/i.test(link) || link.startsWith("//") ? null : link;
}

/** Returns the text with hidden characters written out, such as ⟨U+202E⟩, so that a reader sees that they were there. */
export function visible(text: string): string {
  return text.replace(HIDDEN, codePoint).replace(LONE_SURROGATE, "\ufffd");
}

/** Returns the text for HTML, SVG and XML, as content or as a quoted attribute, whatever it holds. */
export function escapeMarkup(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

function hasHidden(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

function codePoint(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
