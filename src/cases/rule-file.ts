import {isMap, isScalar, isSeq, LineCounter, parseDocument} from "yaml";
import type {z} from "zod";
import {FaultyFile} from "../model/errors.ts";

/** A file of rules as text; `name` stands in error messages. */
export interface RuleFile {
  readonly name: string;
  readonly text: string;
}

/** Reads a file of rules in YAML by its schema. Throws rules_invalid, naming file, line, key and what is wrong there. */
export function readRuleFile<Schema extends z.ZodType>(schema: Schema, file: RuleFile): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(file.text, {lineCounter: lines, uniqueKeys: true});
  const [broken] = document.errors;
  if (broken !== undefined) {
    const faults = document.errors.map(
      ({linePos, message}) => `${file.name}:${linePos?.[0].line ?? 1} ${message.split("\n")[0]}`,
    );
    throw new FaultyFile("rules_invalid", faults, broken);
  }
  const read = schema.safeParse(document.toJS() ?? {});
  if (read.success) return read.data;
  const faults = read.error.issues.flatMap(faultsOf).map(({path, message}) => {
    const {line} = lines.linePos(offsetOf(document.contents, path));
    return `${file.name}:${line} ${path.length === 0 ? `the file ${message}` : `"${path.join(".")}" ${message}`}`;
  });
  throw new FaultyFile("rules_invalid", faults);
}

type Path = readonly (string | number)[];

/** What is wrong; an unknown key is named by itself. */
function faultsOf(issue: z.core.$ZodIssue): {readonly path: Path; readonly message: string}[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({path: [...path, key], message: "is not known"}));
  if (issue.code === "invalid_type" && issue.message.includes("received undefined"))
    return [{path, message: "is missing"}];
  return [{path, message: issue.message}];
}

/** Where the last step of the path that is there begins. A key may be a number in the file and a text in the path. */
function offsetOf(contents: unknown, path: Path): number {
  let here = contents;
  let offset = 0;
  for (const step of path) {
    const pair = isMap(here)
      ? here.items.find(({key}) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const next = pair?.value ?? (isSeq(here) && typeof step === "number" ? here.items[step] : undefined);
    const place = isScalar(pair?.key) ? pair.key : next;
    if (isScalar(place) || isMap(place) || isSeq(place)) offset = place.range?.[0] ?? offset;
    if (next === undefined) break;
    here = next;
  }
  return offset;
}
