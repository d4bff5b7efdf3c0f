import {z} from "zod";
import {WatchfloorError} from "../../model/errors.ts";
import type {RuleFile} from "../rule-file.ts";

const id = z.union([z.string(), z.number()]).transform(String);
const text = z
  .string()
  .nullish()
  .transform((said) => said ?? null);

/** A pointer to another object; which of its fields are there depends on what was asked for. */
const pointer = z.object({id, Name: text, EmailAddress: text, RealName: text});
const many = z
  .union([z.array(pointer), pointer.transform((one) => [one])])
  .nullish()
  .transform((said) => said ?? []);

const transaction = z.object({
  Type: z.string(),
  Field: text,
  NewValue: text,
  Created: text,
  Creator: pointer.nullish().transform((said) => said ?? null),
  Object: pointer.nullish().transform((said) => said ?? null),
  Content: text,
});
const transactions = z
  .union([z.array(transaction), z.object({items: z.array(transaction)}).transform(({items}) => items)])
  .nullish()
  .transform((said) => said ?? []);

const ticket = z.object({
  id,
  Queue: z.union([
    pointer,
    z.string().transform((name) => ({id: name, Name: name, EmailAddress: null, RealName: null})),
  ]),
  Subject: text,
  Status: z.string(),
  Created: text,
  Resolved: text,
  EffectiveId: pointer.nullish().transform((said) => said ?? null),
  Requestor: many,
  CustomFields: z
    .array(z.object({name: z.string(), values: z.array(z.unknown()).nullish()}))
    .nullish()
    .transform((said) => said ?? []),
  _hyperlinks: z
    .array(z.object({ref: z.string(), type: text, id: id.nullish(), _url: text}))
    .nullish()
    .transform((said) => said ?? []),
  Transactions: transactions,
});

/** A ticket as `GET /REST/2.0/ticket/ID` gives it, with its history under `Transactions`. */
export type RtTicket = z.infer<typeof ticket>;
/** A transaction as `GET /REST/2.0/ticket/ID/history` gives it. */
export type RtTransaction = z.infer<typeof transaction>;

const list = z.array(z.unknown());
const collection = z.object({items: list});
const both = z.object({tickets: list, transactions: list.default([])});

/** One entry of an export: a ticket, or what is wrong with it. */
export type RtEntry = {readonly ticket: RtTicket} | {readonly id: string | null; readonly fault: string};

/**
 * Reads an export: a list of tickets, a collection as RT gives it (`items`), or `tickets` and `transactions`, which are
 * then put to their tickets. Throws history_unreadable when the text is no JSON, or of another shape.
 */
export function readRtExport(file: RuleFile): RtEntry[] {
  const {tickets, transactions: apart} = shapeOf(file);
  const read = z.array(transaction).safeParse(apart);
  if (!read.success)
    throw new WatchfloorError("history_unreadable", `${file.name} transactions.${faultOf(read.error)}`, read.error);
  const byTicket = Map.groupBy(read.data, (each) => each.Object?.id ?? "");
  return tickets.map((each): RtEntry => {
    const made = ticket.safeParse(each);
    if (!made.success) return {id: z.object({id}).safeParse(each).data?.id ?? null, fault: faultOf(made.error)};
    return {ticket: {...made.data, Transactions: [...made.data.Transactions, ...(byTicket.get(made.data.id) ?? [])]}};
  });
}

function shapeOf(file: RuleFile): {tickets: unknown[]; transactions: unknown[]} {
  const value = parsed(file);
  const bare = list.safeParse(value);
  if (bare.success) return {tickets: bare.data, transactions: []};
  const items = collection.safeParse(value);
  if (items.success) return {tickets: items.data.items, transactions: []};
  const named = both.safeParse(value);
  if (named.success) return named.data;
  throw new WatchfloorError("history_unreadable", `${file.name} is no list of tickets`);
}

function parsed({name, text: said}: RuleFile): unknown {
  try {
    return JSON.parse(said);
  } catch (cause) {
    throw new WatchfloorError("history_unreadable", `${name} is no JSON`, cause);
  }
}

function faultOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join(".")}: ${issue?.message}`;
}

/** Returns a time of RT; null when it is missing, cannot be read, or is not set, which RT writes as 1970. */
export function rtTime(said: string | null): Date | null {
  if (said === null || !/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(said) || said.startsWith("1970-01-01")) return null;
  // without an offset it is a text of the database, which is in UTC
  const at = new Date(/(?:Z|[+-]\d{2}:?\d{2})$/.test(said) ? said : `${said.replace(" ", "T")}Z`);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** Returns the texts of the first of these custom fields that has any; `Subject` names that of the ticket. */
export function fieldTexts(from: RtTicket, names: readonly string[]): string[] {
  for (const name of names) {
    const values =
      name === "Subject" ? [from.Subject] : (from.CustomFields.find((each) => each.name === name)?.values ?? []);
    const texts = values.flatMap((value) => (typeof value === "string" && value.trim() !== "" ? [value.trim()] : []));
    if (texts.length > 0) return texts;
  }
  return [];
}
