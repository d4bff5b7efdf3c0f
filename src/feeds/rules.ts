import type {Condition, FieldRule, TableFormat, TableRule} from "../model/format.ts";

/** The makers of field rules, so that a table format reads like a table. Each takes the columns, best first. */

/** A text as it stands. */
export function text(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "text"}};
}

/** A text in lower case. */
export function lower(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "lower"}};
}

/** A time in ISO style; `zone` is for texts without an offset. */
export function time(zone: string, ...columns: string[]): FieldRule {
  return {columns, conversion: {as: "time", zone}};
}

/** An address. */
export function ip(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "ip"}};
}

/** An address out of "192.0.2.1:80". */
export function address(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "address"}};
}

/** A port, 1 to 65535. */
export function port(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "port"}};
}

/** A number of an autonomous system. */
export function asn(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "asn"}};
}

/** A country of two letters. */
export function country(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "country"}};
}

/** A host name; an address is none. */
export function host(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "host"}};
}

/** A URL. */
export function url(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "url"}};
}

/** The host name of a URL. */
export function hostOfUrl(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "host-of-url"}};
}

/** The hash of a file. */
export function hash(...columns: string[]): FieldRule {
  return {columns, conversion: {as: "hash"}};
}

/** A text looked up in a table by its lower-case form. */
export function lookUp(table: Readonly<Record<string, string>>, ...columns: string[]): FieldRule {
  return {columns, conversion: {as: "look-up", table, otherwise: null}};
}

/** The same text for every row. */
export function constant(value: string): FieldRule {
  return {columns: [], conversion: {as: "look-up", table: {}, otherwise: value}};
}

/** The rule, and a row without the field is a reject. */
export function required(rule: FieldRule): FieldRule {
  return {...rule, required: true};
}

/** The rule for rows where the condition holds. */
export function only(when: Condition, rule: FieldRule): FieldRule {
  return {...rule, when: [when]};
}

/** Returns a ruleFor that gives one rule to every report that has the columns; others do not belong to the format. */
export function always(rule: TableRule, mustHave: readonly string[] = []): TableFormat["ruleFor"] {
  return ({header}) => (mustHave.every((column) => header.includes(column)) ? {type: null, rule, warnings: []} : null);
}
