import {z} from "zod";
import {TAXONOMY} from "../taxonomy.ts";

const CLASS_CODES = TAXONOMY.incidentClasses.map(({code}) => code);
const PARTY_KINDS = TAXONOMY.partyKinds.map(({code}) => code);

/** The code of a party kind of the taxonomy, such as `registrar`. */
export const partyKind = z.string().refine((code) => PARTY_KINDS.includes(code), {
  error: ({input}) => `"${input}" is no party kind; there are ${PARTY_KINDS.join(", ")}`,
});

/** A class code, `mal.*` for all that begin so, or `*` for all. */
export const classPattern = z.string().refine((pattern) => classesOf(pattern).length > 0, {
  error: ({input}) => `"${input}" fits no class; write a code of docs/taxonomy.md, web.* or *`,
});

/** Returns the class codes that a pattern stands for. */
export function classesOf(pattern: string): readonly string[] {
  return CLASS_CODES.filter((code) => isOfClass(code, pattern));
}

/** Returns whether a class code is one of those that a pattern stands for. */
export function isOfClass(code: string, pattern: string): boolean {
  return pattern === "*" || code === pattern || (pattern.endsWith(".*") && code.startsWith(pattern.slice(0, -1)));
}

/** Reads one value as a list of one. */
export function oneOrMore<Item extends z.ZodType>(item: Item) {
  return z.preprocess((said) => (said === undefined || Array.isArray(said) ? said : [said]), z.array(item).min(1));
}
