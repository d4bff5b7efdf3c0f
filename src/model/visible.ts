/**
 * C0 and C1 controls but tab and line feed, bidi controls and isolates, zero-width and tag characters, soft hyphen, and
 * the two that XML 1.0 forbids besides.
 */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/gu;
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/** Returns the text with hidden characters written out, such as ⟨U+202E⟩, so that a reader sees that they were there. */
export function visible(text: string): string {
  return text.replace(HIDDEN, codePoint).replace(LONE_SURROGATE, "\ufffd");
}

/** Returns whether the text holds characters that a reader would not see. */
export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}

/** Returns a character by its number, such as ⟨U+202E⟩. */
export function codePoint(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
