/** Finds armored OpenPGP in a text. */
import {PGP_PIECES} from "./limits.ts";

/** One block, from its first mark to its last. */
export interface ArmorBlock {
  readonly from: number;
  readonly to: number;
  readonly what: "signed" | "encrypted";
}

const BEGINS = {signed: "-----BEGIN PGP SIGNED MESSAGE-----", encrypted: "-----BEGIN PGP MESSAGE-----"} as const;
const ENDS = {signed: "-----END PGP SIGNATURE-----", encrypted: "-----END PGP MESSAGE-----"} as const;

/**
 * Returns the blocks of a text in their order, at most PGP_PIECES. Marks count at the beginning of a line only: what is
 * quoted with ">" was signed by somebody at some other time.
 */
export function armorBlocks(text: string): ArmorBlock[] {
  const blocks: ArmorBlock[] = [];
  let at = 0;
  while (blocks.length < PGP_PIECES) {
    const [signed, encrypted] = [markAt(text, BEGINS.signed, at), markAt(text, BEGINS.encrypted, at)];
    if (signed === -1 && encrypted === -1) break;
    const what = encrypted === -1 || (signed !== -1 && signed < encrypted) ? "signed" : "encrypted";
    const from = what === "signed" ? signed : encrypted;
    const end = markAt(text, ENDS[what], from);
    if (end === -1) break;
    at = end + ENDS[what].length;
    blocks.push({from, to: at, what});
  }
  return blocks;
}

function markAt(text: string, mark: string, from: number): number {
  for (let at = text.indexOf(mark, from); at !== -1; at = text.indexOf(mark, at + mark.length))
    if (at === 0 || text[at - 1] === "\n") return at;
  return -1;
}
