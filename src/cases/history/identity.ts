import {createHash} from "node:crypto";
import type {ImportedCase} from "../../model/cases/case-history.ts";

/** Returns the case with the hash of what it says. */
export function withHash(content: Omit<ImportedCase, "contentHash">): ImportedCase {
  const {kind, source, externalId, openedAt, class: code, asset, parties, states, subject, notes, links} = content;
  const {otherAssets, reporter, facts} = content;
  const said = JSON.stringify([
    [kind, source, externalId, openedAt, code, asset.kind, asset.value, subject],
    [facts.partyKind, facts.isCrossBorder, facts.brandSector, facts.province],
    otherAssets.map((each) => [each.kind, each.value]),
    reporter === null ? null : [reporter.name, reporter.contact],
    parties.map(({name, contact}) => [name, contact]),
    states.map(({state, at}) => [state, at]),
    notes.map(({at, by, text}) => [at, by, text]),
    links.map(({relation, to}) => [relation, to]),
  ]);
  return {...content, contentHash: createHash("sha256").update(said).digest("hex")};
}

const MOST_ID = 200;

/** Returns whether a number of a case can be a key: short enough for the store, and with nothing in it that cannot be seen. */
export function isImportId(externalId: string): boolean {
  return externalId.length <= MOST_ID && externalId.isWellFormed() && !/\p{C}/u.test(externalId);
}

/** Returns the key by which an imported case is known again. */
export function importKey({source, externalId}: Pick<ImportedCase, "source" | "externalId">): string {
  return JSON.stringify([source, externalId]);
}

/** What importing a case does: it is new, it was taken before just so, or what it says has changed since. */
export type ImportStep = "add" | "keep" | "update";

/** Returns what importing does with a case of which this hash is stored under its key; null: none is. */
export function importStep(found: string | null, {contentHash}: ImportedCase): ImportStep {
  if (found === null) return "add";
  return found === contentHash ? "keep" : "update";
}
