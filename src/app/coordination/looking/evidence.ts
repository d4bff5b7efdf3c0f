/** What our looks at a case keep: the page of the first one is what later ones are compared with, and what its party is told. */
import {cut} from "../../../cases/notices/width.ts";
import {evidenceOf} from "../../../cases/verification/page.ts";
import {type Evidence, type Look, lookSchema} from "../../../model/verification.ts";
import {firstSeenLooks, type KeptLook} from "../../../store/cases/looks.ts";
import type {Reading} from "../../../store/cases/rows.ts";

const MOST_TITLE = 120;
const HASH_DIGITS = 16;

/** Returns a kept look as it was taken; null when an older version kept something else. */
function lookOf({seen}: KeptLook): Look | null {
  const read = lookSchema.safeParse(seen);
  return read.success ? read.data : null;
}

/** Returns what the first look that found the page kept of it; null when none did. */
export function evidenceOfFirst(first: KeptLook | undefined): Evidence | null {
  const look = first === undefined ? null : lookOf(first);
  return look === null ? null : evidenceOf(look);
}

/** Returns what was seen of some cases, in words that need no language, by case. */
export async function evidenceTexts(db: Reading, ids: readonly string[]): Promise<Map<string, string>> {
  const looks = await firstSeenLooks(db, ids);
  return new Map(
    [...looks].flatMap(([id, kept]) => {
      const page = lookOf(kept)?.page;
      if (page === undefined || page === null) return [];
      const title = page.title === null ? "" : ` "${cut(page.title, MOST_TITLE)}"`;
      const at = `${kept.at.toISOString().slice(0, "YYYY-MM-DDTHH:MM".length)}Z`;
      const words = `${at} HTTP ${page.status}${title} SHA-256 ${page.sha256.slice(0, HASH_DIGITS)}`;
      return [[id, words] as const];
    }),
  );
}
