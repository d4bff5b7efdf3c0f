import {z} from "zod";
import {configSchema} from "../../src/app/config.ts";
import {ENVIRONMENT, SECRETS} from "../../src/app/environment.ts";
import {profileSchema} from "../../src/model/profile.ts";
import {code, page, table} from "./markdown.ts";

/** The parts of a JSON schema that a person wants to know. */
const node = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  required: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), node).optional();
  },
  get additionalProperties() {
    return z.union([z.boolean(), node]).optional();
  },
  get items() {
    return z.union([z.boolean(), node]).optional();
  },
  get anyOf() {
    return z.array(node).optional();
  },
});

type Node = z.infer<typeof node>;

/** Returns docs/config.md: every key of watchfloor.yaml and of a profile. */
export function configPage(): string {
  return page("Configuration", "src/app/config.ts, src/app/environment.ts and src/model/profile.ts", [
    "`watchfloor init` writes `watchfloor.yaml` into the data folder. A key that is not known, or a value that is not right, stops the start and is named with its file and line; `watchfloor config check` says whether all is right. Secrets are never in it: passphrases of keys and passwords come from the [environment](#environment-variables). How feeds are fetched is shown in [fetching.md](fetching.md).",
    `## watchfloor.yaml\n\n${keyTable(configSchema)}`,
    "## Profiles\n\nA profile is all that is particular to a country or sector. `profiles/cn.yaml` and `profiles/generic.yaml` come with the product. What is otherwise at a site goes under `overrides` in `watchfloor.yaml`, under the same keys: maps are merged key by key, everything else is replaced. A text in both languages has the keys `zh` and `en`.",
    keyTable(profileSchema),
    `## Environment variables\n\n${table(
      ["variable", "what it says"],
      [...Object.entries(ENVIRONMENT), [SECRETS.name, SECRETS.text] as const].map(([name, text]) => [code(name), text]),
    )}`,
  ]);
}

function keyTable(schema: z.ZodType): string {
  const root = node.parse(z.toJSONSchema(schema, {io: "input", unrepresentable: "any"}));
  return table(["key", "value", "without it", "what it says"], rowsOf(root, ""));
}

function rowsOf({properties = {}, required = []}: Node, path: string): string[][] {
  return Object.entries(properties).flatMap(([key, each]) => {
    const name = `${path}${key}`;
    if (isBilingual(each)) return [[code(name), "text in zh and en", absent(each, required, key), said(each)]];
    const choices = (each.anyOf ?? []).filter((choice) => choice.properties !== undefined);
    const inside = [
      ...[each, ...choices].flatMap((choice) => rowsOf(choice, `${name}.`)),
      ...(isNode(each.additionalProperties) ? rowsOf(each.additionalProperties, `${name}.NAME.`) : []),
      ...(isNode(each.items) ? rowsOf(each.items, `${name}[].`) : []),
    ];
    return each.properties !== undefined && each.description === undefined
      ? inside
      : [[code(name), valueText(each), absent(each, required, key), said(each)], ...inside];
  });
}

function isNode(value: Node | boolean | undefined): value is Node {
  return typeof value === "object";
}

function isBilingual({properties = {}}: Node): boolean {
  return Object.keys(properties).join() === "zh,en";
}

function said({description = ""}: Node): string {
  return description;
}

function absent(each: Node, required: readonly string[], key: string): string {
  if (each.default !== undefined) return code(JSON.stringify(each.default));
  return required.includes(key) ? "must be there" : "–";
}

function valueText({type, enum: values, minimum, maximum, items, additionalProperties, anyOf, format}: Node): string {
  if (values !== undefined) return values.map((value) => code(String(value))).join(" ");
  if (anyOf !== undefined) return anyOf.map(valueText).join(" or ");
  if (Array.isArray(type)) return type.join(" or ");
  if (type === "array") return `list${isNode(items) ? ` of ${valueText(items)}` : ""}`;
  if (type === "object") return isNode(additionalProperties) ? "map by name" : "map";
  if (type === "integer") return `whole number${rangeText(minimum, maximum)}`;
  return format === "date" ? "day" : (type ?? "any");
}

/** The largest whole number of the language says nothing. */
function rangeText(minimum: number | undefined, maximum: number | undefined): string {
  return minimum === undefined || maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
    ? ""
    : `, ${minimum} to ${maximum}`;
}
