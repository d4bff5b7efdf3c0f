import type {EditionDocument} from "../src/bulletin/document.ts";
import {mapText} from "../src/bulletin/tree-text.ts";

/** Returns the words of the document in the order of reading, one paragraph, cell or item a line. */
export function plainText(document: EditionDocument): string {
  const lines: string[] = [];
  mapText(document, (text) => {
    lines.push(text);
    return text;
  });
  return lines.join("\n");
}
