/** The content of one part, decoded without the mail library: for what OpenPGP is in. */
import type {MimeNode} from "./mime-tree.ts";

/** Returns the bytes that the transfer encoding stands for. */
export function bytesOf({body, encoding}: MimeNode): Buffer {
  if (encoding.includes("base64")) return Buffer.from(body.toString("latin1"), "base64");
  return encoding.includes("quoted-printable") ? fromQuotedPrintable(body.toString("latin1")) : body;
}

/** Returns the text of a part. An unknown character set is read as Latin-1, so that nothing throws. */
export function textOf(node: MimeNode): string {
  const bytes = bytesOf(node);
  try {
    return new TextDecoder(node.parameters.get("charset") ?? "utf-8").decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

function fromQuotedPrintable(text: string): Buffer {
  const joined = text
    .replace(/[ \t]*=[ \t]*\r?\n/g, "")
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(joined, "latin1");
}
