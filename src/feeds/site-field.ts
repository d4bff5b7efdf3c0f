import {z} from "zod";
import {type Conversion, type FieldRule, OBSERVATION_FIELDS, type ObservationField} from "../model/format.ts";

/** A field that a site may map. */
export type SiteField = Exclude<ObservationField, "class">;

/** All fields that a site may map. */
export const SITE_FIELDS = OBSERVATION_FIELDS.filter((field): field is SiteField => field !== "class");

type As = Conversion["as"];

/** What each field may be read as; the first is meant when the mapping says nothing. */
export const READ_AS: Readonly<Record<SiteField, readonly [As, ...As[]]>> = {
  seenAt: ["time"],
  ip: ["ip", "address"],
  port: ["port"],
  asn: ["asn"],
  protocol: ["lower", "look-up"],
  country: ["country", "look-up"],
  hostname: ["lower", "text"],
  host: ["host", "host-of-url"],
  url: ["url"],
  file: ["hash"],
  app: ["text"],
  account: ["text", "lower"],
  vuln: ["text"],
  family: ["lower", "look-up"],
  tag: ["text", "lower", "look-up"],
  brand: ["text", "look-up"],
  sector: ["text", "look-up"],
  severity: ["lower", "look-up"],
  title: ["text"],
  channelKind: ["lower", "look-up"],
  responsible: ["text", "look-up"],
  vulnType: ["text", "look-up"],
};
/** Fields whose value is no text: they cannot be a constant. */
const TYPED: readonly SiteField[] = ["seenAt", "ip", "port", "asn"];

/** Which settings go with which conversion. */
const SETTINGS: Readonly<Record<string, readonly As[]>> = {
  pattern: ["time"],
  zone: ["time"],
  table: ["look-up"],
  otherwise: ["look-up"],
  except: ["text", "lower"],
};

/** One word or several. */
export const words = z.preprocess(
  (said) => (typeof said === "string" ? [said] : said),
  z.array(z.string().min(1)).min(1),
);

/** A time zone of the IANA database. */
export const zone = z
  .string()
  .refine(isZone, {error: ({input}) => `"${input}" is no time zone; say one such as Asia/Shanghai`});

/** A condition on a row, as a site writes it. */
const condition = z
  .strictObject({
    column: z.string().min(1),
    equals: words.optional(),
    contains: words.optional(),
    isEmpty: z.boolean().optional(),
  })
  .transform(({column, equals, contains, isEmpty}, context) => {
    if (equals !== undefined && contains === undefined && isEmpty === undefined) return {column, equals};
    if (contains !== undefined && equals === undefined && isEmpty === undefined) return {column, contains};
    if (isEmpty !== undefined && equals === undefined && contains === undefined) return {column, isEmpty};
    context.addIssue({code: "custom", message: "say one of equals, contains, isEmpty"});
    return z.NEVER;
  });

/** One condition or several, which must all hold. */
export const conditions = z.preprocess((said) => (Array.isArray(said) ? said : [said]), z.array(condition));

/** How a site writes a field: a column, several columns, or an object. */
export const siteField = z.preprocess(
  (said) => (typeof said === "string" || Array.isArray(said) ? {columns: said} : said),
  z.strictObject({
    columns: words.optional(),
    constant: z.string().min(1).optional(),
    as: z.string().optional(),
    pattern: z
      .string()
      .regex(/^(?:[^%]|%[YmdeHIMSpbjTF%])+$/, "knows %Y %m %d %e %H %I %M %S %p %b %j %T %F")
      .optional(),
    zone: zone.optional(),
    table: z.record(z.string(), z.string()).optional(),
    otherwise: z.string().min(1).optional(),
    except: words.optional(),
    required: z.boolean().optional(),
    when: conditions.optional(),
  }),
);

type Said = z.infer<typeof siteField>;

/** What is wrong with a field: the key in it, and a sentence. */
export interface FieldFault {
  readonly key: string | null;
  readonly message: string;
}

/** Returns the rule that a site means, or what is wrong with it. `usualZone` is for times without an offset. */
export function fieldRule(field: SiteField, said: Said, usualZone: string): FieldRule | FieldFault {
  const options = {
    ...(said.required === undefined ? {} : {required: said.required}),
    ...(said.when === undefined ? {} : {when: said.when}),
  };
  if (said.constant !== undefined) {
    if (TYPED.includes(field) || said.columns !== undefined || said.as !== undefined)
      return {key: "constant", message: "is for fields that are texts, and stands alone"};
    return {columns: [], conversion: {as: "look-up", table: {}, otherwise: said.constant}, ...options};
  }
  if (said.columns === undefined) return {key: null, message: "names neither columns nor a constant"};
  const conversion = conversionOf(field, said, usualZone);
  return "message" in conversion ? conversion : {columns: said.columns, conversion, ...options};
}

function conversionOf(field: SiteField, said: Said, usualZone: string): Conversion | FieldFault {
  const allowed = READ_AS[field];
  const as = said.as === undefined ? (said.table === undefined ? allowed[0] : "look-up") : said.as;
  const known = allowed.find((each) => each === as);
  if (known === undefined)
    return {
      key: said.as === undefined ? "table" : "as",
      message: `${field} can be read as ${allowed.join(", ")}, not as ${as}`,
    };
  const stray = Object.entries(said).find(
    ([key, value]) => value !== undefined && SETTINGS[key]?.includes(known) === false,
  );
  if (stray !== undefined) return {key: stray[0], message: `goes only with as: ${SETTINGS[stray[0]]?.join(" or ")}`};
  const except = said.except === undefined ? {} : {except: said.except};
  switch (known) {
    case "time":
      return {as: known, zone: said.zone ?? usualZone, ...(said.pattern === undefined ? {} : {pattern: said.pattern})};
    case "look-up":
      if (said.table === undefined) return {key: "table", message: "is missing: a look-up needs one"};
      return {as: known, table: lowered(said.table), otherwise: said.otherwise ?? null};
    case "text":
    case "lower":
      return {as: known, ...except};
    default:
      return {as: known};
  }
}

/** A look-up is by the lower-case text. */
function lowered(table: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key.toLowerCase(), value]));
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", {timeZone: name});
    return true;
  } catch {
    return false;
  }
}
