import {z} from "zod";
import {WatchfloorError} from "../model/errors.ts";
import {ASSET_COLUMNS, EVENT_DIMENSIONS, type IndicatorDefinition} from "../model/indicator.ts";
import {checkDefinitions} from "./indicators.ts";

const bilingual = z.strictObject({zh: z.string().min(1), en: z.string().min(1)});
const id = z.string().regex(/^[a-z][a-z0-9_]*\.[a-z0-9_]+$/, "an id looks like site.name");
/** An asset may have several families in a week, so they are a breakdown and can be new, but no column to test. */
const column = z.enum(ASSET_COLUMNS).exclude(["family"]);
const values = z.array(z.union([z.string(), z.number()])).min(1);
const where = z
  .array(
    z.union([
      z.strictObject({column, is: values}),
      z.strictObject({column, isNot: values}),
      z.strictObject({column, isFilled: z.boolean()}),
    ]),
  )
  .min(1);
const by = z.array(z.enum(EVENT_DIMENSIONS)).default([]);

const counting = z.discriminatedUnion("how", [
  z.strictObject({how: z.literal("counted"), distinct: column, where, by}),
  z.strictObject({how: z.literal("sum"), of: z.array(id).min(2), by}),
  z.strictObject({how: z.literal("ratio"), of: id, to: id}),
  z.strictObject({how: z.literal("new"), distinct: z.literal("family"), where}),
  z.strictObject({how: z.literal("entered")}),
]);

/** A site's own indicators: the list in indicators.yaml of its data folder. */
export const siteIndicatorsSchema = z.array(
  z.strictObject({
    id,
    version: z.number().int().min(1).default(1),
    title: bilingual,
    meaning: bilingual,
    unit: bilingual,
    counting,
    mayBeEntered: z.boolean().default(false),
    isHandled: z.boolean().default(false),
  }),
);

/**
 * Returns the given indicators and after them those of the site, which may build on all above them but not replace any.
 * `value` is the parsed file. Throws config_invalid with the place in the file or the id.
 */
export function withSiteIndicators(
  definitions: readonly IndicatorDefinition[],
  value: unknown,
): readonly IndicatorDefinition[] {
  const read = siteIndicatorsSchema.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new WatchfloorError("config_invalid", `indicators.yaml: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const all = [...definitions, ...read.data];
  checkDefinitions(all);
  return all;
}
