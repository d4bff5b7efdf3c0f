import type {ImportedFacts} from "../../model/cases/case-history.ts";
import type {CsvHistoryMapping} from "../../model/cases/history-mapping.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {type Fault, mapped} from "./collection.ts";

/** What an old case is counted by, as columns of a file and custom fields of a ticket name it. */
type FactName = "partyKind" | "crossBorder" | "brandSector" | "province";

interface Listed {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly short?: string;
}

const LISTS: Readonly<Record<Exclude<FactName, "crossBorder">, readonly Listed[]>> = {
  partyKind: TAXONOMY.partyKinds,
  brandSector: TAXONOMY.sectors,
  province: [...TAXONOMY.provinces, ...TAXONOMY.regions],
};

/**
 * Returns what an old case is counted by. `textOf` gives the text of each, "" where nothing is said. A word is looked up in
 * the map of the site, then among our own codes and names; one that is in neither is a fault.
 */
export function factsOf(
  textOf: (name: FactName) => string,
  {values}: Pick<CsvHistoryMapping, "values">,
): ImportedFacts | Fault {
  const crossing = textOf("crossBorder");
  const isCrossBorder = mapped(values.crossBorder, crossing) ?? mapped({true: true, false: false}, crossing);
  if (crossing !== "" && isCrossBorder === null) return {reason: "unknown_word", text: crossing};
  const codes = {partyKind: "", brandSector: "", province: ""};
  for (const name of ["partyKind", "brandSector", "province"] as const) {
    const text = textOf(name);
    const code = text === "" ? "" : (mapped(values[name], text) ?? codeNamed(name, text));
    if (code === null) return {reason: "unknown_word", text};
    codes[name] = code;
  }
  const {partyKind, brandSector, province} = codes;
  return {partyKind: partyKind || null, isCrossBorder, brandSector: brandSector || null, province: province || null};
}

function codeNamed(name: keyof typeof LISTS, text: string): string | null {
  return LISTS[name].find(({code, zh, en, short}) => [code, zh, en, short].includes(text))?.code ?? null;
}
