/**
 * The document tree of an edition: what is said, not how it looks. Made once for each language and variant from the
 * situation (compose.ts), then given to each renderer. All text in it is plain text: a renderer escapes it for its format.
 */
import type {Grade} from "../model/indicator.ts";
import type {Chart} from "./chart.ts";

export type Language = "zh" | "en";
export type Variant = "short" | "long";

/**
 * A run of text. `link` is an address inside the archive (relative path) or a checked http(s) address; `lang` is the
 * language of words that are not in that of the document.
 */
export interface Span {
  readonly text: string;
  readonly strong?: boolean;
  readonly link?: string;
  readonly lang?: Language;
}

export interface Paragraph {
  readonly kind: "paragraph";
  /** Names the sentence for corrections and tests, such as `incident.total`. */
  readonly id: string;
  readonly spans: readonly Span[];
}

export interface TableColumn {
  readonly heading: string;
  readonly align: "start" | "end";
}

/**
 * A table; its first column is the row heading. `caption` is printed. `look` tells a renderer that can do more what the
 * table is: `front` is the front table of the week, `key-figures` a few large numbers; both read well as plain tables.
 */
export interface Table {
  readonly kind: "table";
  readonly id: string;
  readonly caption: string;
  readonly look?: "front" | "key-figures";
  readonly columns: readonly TableColumn[];
  readonly rows: readonly {
    readonly cells: readonly string[];
    readonly isIndented?: boolean;
    readonly trend?: "up" | "down" | "same" | null;
  }[];
}

/** A chart with everything a reader without sight needs: title, description, the data as a table. */
export interface Figure {
  readonly kind: "figure";
  readonly id: string;
  /** Printed below the chart, with its number: 图1 ... */
  readonly caption: string;
  readonly description: string;
  readonly chart: Chart;
  readonly data: Table;
}

export interface List {
  readonly kind: "list";
  readonly id: string;
  readonly items: readonly (readonly Span[])[];
}

/** The strip of the five grades with one of them marked; none when the week is not rated. */
export interface RatingStrip {
  readonly kind: "rating";
  readonly grade: Grade | null;
  readonly label: string;
  /** The five names from best to worst in the language. */
  readonly names: readonly [string, string, string, string, string];
  /** The sentence that a screen reader reads. */
  readonly description: string;
}

/** A remark beside the text: a gap, a correction, a method note. */
export interface Note {
  readonly kind: "note";
  readonly tone: "info" | "gap" | "correction";
  readonly id: string;
  readonly spans: readonly Span[];
}

export type Block = Paragraph | Table | Figure | List | RatingStrip | Note;

export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export interface EditionDocument {
  readonly language: Language;
  readonly variant: Variant;
  /** 网络安全信息与动态周报2023年第9期（2月20日-2月26日） */
  readonly title: string;
  /** The bulletin's name alone. */
  readonly series: string;
  /** 2023年第9期 */
  readonly issue: string;
  /** 2月20日-2月26日 */
  readonly period: string;
  readonly publisher: string;
  /** One or two sentences for feeds and the digest of a WeChat article. */
  readonly summary: string;
  readonly sections: readonly Section[];
  /** Day of publication in the constituency's zone; null in a draft. */
  readonly publishedOn: string | null;
  /** Marks drafts and synthetic samples on every page; null in a real published edition. */
  readonly stamp: string | null;
}
