/**
 * Templates of notifications as data: a subject and a text with slots, for an event, a language and classes; and what is
 * seen and asked for each class. A site's own goes before ours. Nothing is computed in a template.
 */
import {LineCounter, parseDocument} from "yaml";
import {z} from "zod";
import {FaultyFile, WatchfloorError} from "../../model/errors.ts";
import {NOTICE_EVENTS, NOTICE_LANGUAGES, type NoticeEvent, type NoticeLanguage} from "../../model/notification.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {slotRule} from "./slots.ts";

/** A template as it is used. */
export interface NoticeTemplate {
  /** Its file, such as zh/opened.yaml; a site's own is named site:zh/opened.yaml. */
  readonly name: string;
  readonly event: NoticeEvent;
  readonly language: NoticeLanguage;
  readonly classes: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** What is said of a class in every template. */
export interface NoticeRequest {
  readonly language: NoticeLanguage;
  readonly classes: readonly string[];
  readonly seen: string;
  readonly asked: string;
}

/** All that a site can write with. Earlier ones go before later ones that fit as closely. */
export interface NoticeTemplates {
  readonly templates: readonly NoticeTemplate[];
  readonly requests: readonly NoticeRequest[];
}

const CODES = TAXONOMY.incidentClasses.map((each) => each.code);
const SLOT = /\{([^{}]*)\}/g;

const classes = z
  .array(
    z.string().refine((pattern) => CODES.some((code) => closeness(pattern, code) > 0), {
      error: ({input}) => `no class fits "${input}": write a code such as web.phish, web.* or *`,
    }),
  )
  .min(1);
const language = z.enum(NOTICE_LANGUAGES);
const plain = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !/[{}]/.test(text), "has a brace: only templates have slots");

/** A file with one template. */
export const templateSchema = z.strictObject({
  event: z.enum(NOTICE_EVENTS).describe("What happened."),
  language: language.describe("Language of the text."),
  classes: classes.default(["*"]).describe("For which classes: codes, `web.*`, or `*` for all."),
  subject: z
    .string()
    .trim()
    .min(1)
    .regex(/^[^\r\n]*$/, "is one line")
    .describe("Subject, without the token."),
  text: z
    .string()
    .trim()
    .min(1)
    .describe("The text. A paragraph with a line that is one slot without a value is left out."),
});

/** A file with what is seen and asked for classes. */
export const requestsSchema = z.strictObject({
  language,
  requests: z
    .array(
      z.strictObject({
        classes: classes.describe("For which classes, as above."),
        seen: plain.describe("What was seen, one or two sentences."),
        asked: plain.describe("What the party is asked to do."),
      }),
    )
    .min(1),
});

/** Returns what a template file holds. Throws notice_template_invalid, naming file, line and what is wrong. */
export function readTemplateFile(text: string, name: string): NoticeTemplates {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, uniqueKeys: true});
  const refuse = (faults: readonly Fault[]): never => {
    const texts = faults.map(({path, message}) => {
      const at = path.length === 0 ? "" : `${path.map(String).join(".")}: `;
      return `${name}:${lineOf(path)} ${at}${message}`;
    });
    throw new FaultyFile("notice_template_invalid", texts);
  };
  const lineOf = (path: readonly PropertyKey[]): number => {
    const range = z.object({range: z.array(z.number()).min(1)}).safeParse(document.getIn(path, true));
    return range.success ? lines.linePos(range.data.range[0] ?? 0).line : 1;
  };
  const [broken] = document.errors;
  if (broken !== undefined) return refuse([{path: [], message: broken.message.split("\n")[0] ?? ""}]);
  const value: unknown = document.toJS();
  const isRequests = typeof value === "object" && value !== null && "requests" in value;
  if (isRequests) {
    const {language: of, requests} = checked(requestsSchema, value, refuse);
    return {templates: [], requests: requests.map((each) => ({language: of, ...each}))};
  }
  const template = checked(templateSchema, value, refuse);
  const faults = [...slotFaults(template, "subject"), ...slotFaults(template, "text")];
  return faults.length === 0 ? {templates: [{name, ...template}], requests: []} : refuse(faults);
}

/** What is wrong, and under which keys. */
interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Returns the templates of several files, those of the site before ours. */
export function mergeTemplates(files: readonly NoticeTemplates[]): NoticeTemplates {
  return {templates: files.flatMap((each) => each.templates), requests: files.flatMap((each) => each.requests)};
}

/** Which template is wanted. */
export interface TemplateWish {
  readonly event: NoticeEvent;
  readonly language: NoticeLanguage;
  /** Null for what is about no class. */
  readonly class: string | null;
}

/** Returns the template that fits the class most closely; null when there is none. */
export function templateFor({templates}: NoticeTemplates, wish: TemplateWish): NoticeTemplate | null {
  return closest(
    templates.filter(({event, language: of}) => event === wish.event && of === wish.language),
    wish.class,
  );
}

/** Returns the same. Throws notice_template_missing, saying what to write and where. */
export function templateOrThrow(templates: NoticeTemplates, wish: TemplateWish): NoticeTemplate {
  const found = templateFor(templates, wish);
  if (found !== null) return found;
  const there = templates.templates.filter(({event}) => event === wish.event).map(({name}) => name);
  throw new WatchfloorError(
    "notice_template_missing",
    `Wanted: event ${wish.event}, language ${wish.language}, class ${wish.class ?? "*"}. Of that event there ${
      there.length === 0 ? "is none" : `are ${there.join(", ")}`
    }`,
  );
}

/** Returns what is seen and asked for a class; null when no file says anything. */
export function requestFor({requests}: NoticeTemplates, of: NoticeLanguage, code: string): NoticeRequest | null {
  return closest(
    requests.filter((each) => each.language === of),
    code,
  );
}

function closest<T extends {readonly classes: readonly string[]}>(all: readonly T[], code: string | null): T | null {
  let best: T | null = null;
  let most = 0;
  for (const each of all) {
    const fit = Math.max(...each.classes.map((pattern) => closeness(pattern, code ?? "")));
    if (fit > most) [best, most] = [each, fit];
  }
  return best;
}

/** How closely a pattern fits: 3 the code itself, 2 its group, 1 everything, 0 not. */
function closeness(pattern: string, code: string): number {
  if (pattern === code) return 3;
  if (/^[a-z]+\.\*$/.test(pattern) && code.startsWith(pattern.slice(0, -1))) return 2;
  return pattern === "*" ? 1 : 0;
}

function checked<S extends z.ZodType>(
  schema: S,
  value: unknown,
  refuse: (faults: readonly Fault[]) => never,
): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  return refuse(
    result.error.issues.flatMap((issue): Fault[] =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => ({path: [...issue.path, key], message: "there is no such key"}))
        : [{path: issue.path, message: issue.message}],
    ),
  );
}

function slotFaults(template: z.infer<typeof templateSchema>, key: "subject" | "text"): Fault[] {
  const messages = [...template[key].matchAll(SLOT)].flatMap(([, name = ""]): string[] => {
    const rule = slotRule(name);
    if (rule === null) return [`there is no slot {${name}}; docs/notifications.md has all`];
    if (rule.events !== null && !rule.events.includes(template.event))
      return [`{${name}} says nothing for ${template.event}`];
    return key === "subject" && rule.inSubject !== true
      ? [`{${name}} cannot stand in a subject: it is never encrypted`]
      : [];
  });
  const isLoose = /[{}]/.test(template[key].replace(SLOT, ""));
  const all = isLoose ? [...messages, "has a brace that belongs to no slot"] : messages;
  return all.map((message) => ({path: [key], message}));
}
