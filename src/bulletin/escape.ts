/**
 * What of other people's text may reach a page: links that lead where they say, characters that can be seen, and no
 * markup. HTML, SVG and XML are escaped here; Markdown and CSV have signs of their own and do it themselves.
 */
import {hasHidden, visible} from "../model/visible.ts";

export {visible};

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

/** Returns the text for HTML, SVG and XML, as content or as a quoted attribute, whatever it holds. */
export function escapeMarkup(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
