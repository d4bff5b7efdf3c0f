/**
 * How a kind of report is read. A table format is data that the engine runs (store/reading.ts turns it into one
 * statement); a document format is a function from text to observations. Both end in the same observation fields.
 */

/** A text in both languages of the product. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** What a person wrote in one of the languages or in both; null where it was not written. At least one is there. */
export interface Written {
  readonly zh: string | null;
  readonly en: string | null;
}

/** The fields of an observation, in our words. What a format does not state stays null. */
export const OBSERVATION_FIELDS = [
  "seenAt", // when it was seen
  "class", // incident class of taxonomy.ts, such as mal.bot
  "ip", // address of the asset
  "port",
  "protocol", // transport: tcp, udp
  "asn", // as the provider states it; the look-up has its own column
  "country", // as the provider states it, ISO 3166-1 alpha-2
  "hostname", // reverse DNS name of the address
  "host", // host name of the asset, or of its URL
  "url",
  "file", // hash of a file: MD5, SHA-1 or SHA-256, lower case hex
  "app", // package name of a mobile app
  "account",
  "vuln", // CNVD or CVE number, the asset of a vulnerability record
  "family", // malware family, lower case
  "tag", // the provider's own finer label
  "brand", // impersonated brand, as stated
  "sector", // sector code of taxonomy.ts, or the provider's text
  "severity", // critical, high, medium, low, info
  "title",
  "channelKind", // kind of a mobile channel: app-store, cloud-provider, ad-platform, personal-site, registrar
  "responsible", // branch or registrar named by the row
  "vulnType", // affected object type of a vulnerability
] as const;

export type ObservationField = (typeof OBSERVATION_FIELDS)[number];

/** What an event is about. `site` is a host name without `www.`. */
export const ASSET_KINDS = ["ip", "site", "url", "file", "app", "account", "vuln"] as const;
export type AssetKind = (typeof ASSET_KINDS)[number];

/** In place of a zone: texts without an offset, a bare day above all, are meant in the zone of the data folder. */
export const HOME_ZONE = "home";

/**
 * How a column's text becomes a value. A text that cannot be converted gives null, and rejects the row when the field
 * is `required`. An empty text is null.
 */
export type Conversion =
  | {readonly as: "text"; readonly except?: readonly string[]} // `except`: texts that say nothing, such as "n/a"; letter case aside
  | {readonly as: "lower"; readonly except?: readonly string[]} // trimmed and in lower case
  | {readonly as: "time"; readonly pattern?: string; readonly zone: string} // no pattern: ISO-like text; zone is for texts without an offset, HOME_ZONE for that of the data folder
  | {readonly as: "ip"} // IPv4 or IPv6; brackets and a prefix /32 or /128 are taken off
  | {readonly as: "address"} // an address out of "1.2.3.4:80"
  | {readonly as: "port"} // 1 to 65535
  | {readonly as: "asn"} // "AS64500" or 64500; 0 is null
  | {readonly as: "country"} // two letters, upper case; NA is Namibia
  | {readonly as: "host"} // host name, lower case, final dot taken off; an address is null
  | {readonly as: "url"} // http, https or ftp; refanged (hxxp, [.]); without scheme http:// is put in front
  | {readonly as: "host-of-url"}
  | {readonly as: "hash"} // hex of 32, 40 or 64 digits, lower case
  | {readonly as: "look-up"; readonly table: Readonly<Record<string, string>>; readonly otherwise: string | null}; // by the lower-case text; `otherwise` also stands for an empty text and for no columns

/** One field of the observation: from the first of `columns` that gives a value; a look-up without columns is a constant. */
export interface FieldRule {
  readonly columns: readonly string[];
  readonly conversion: Conversion;
  /** A row without it is a reject. */
  readonly required?: boolean;
  /** The rule is for rows where all of these hold; in others the field is empty. */
  readonly when?: readonly Condition[];
}

/** A condition on a column's text; letters compare without regard to case. */
export type Condition =
  | {readonly column: string; readonly equals: readonly string[]}
  | {readonly column: string; readonly contains: readonly string[]}
  | {readonly column: string; readonly isEmpty: boolean};

/** The class of a row: the first rule whose conditions all hold. */
export interface ClassRule {
  readonly when: readonly Condition[];
  readonly class: string;
}

/** How the bytes of a table become rows of named texts. */
export type Reading =
  | {
      readonly as: "csv";
      readonly delimiter?: string;
      readonly header: "first-line";
      readonly mustHave: readonly string[];
      /** The provider writes quotes as \" and leaves out columns at the end: such rows are read, see store/mended-row.ts. */
      readonly mends?: boolean;
    }
  | {
      readonly as: "csv";
      readonly delimiter?: string;
      readonly header: readonly string[];
      readonly firstLineMayBeHeader?: boolean;
    }
  | {readonly as: "json-lines"} // one object a line; a column is a key, dots included
  | {readonly as: "list"; readonly comment: string}; // one value a line, in the column "value"

/** What a table says, once for each kind of report in the format. */
export interface TableRule {
  readonly fields: Partial<Record<Exclude<ObservationField, "class">, FieldRule>>;
  readonly classes: readonly ClassRule[]; // the last one usually has no condition
  /** Column in which the row names its class itself, by our code; the rules are for rows where it is empty. */
  readonly classColumn?: string;
  /** Which field is the asset: the first that has a value. A row without any is a reject. */
  readonly assets: readonly AssetKind[];
  /** Columns that are neither mapped nor kept, because they repeat another. */
  readonly drop?: readonly string[];
  /** Mapped columns whose text is kept beside the field as x_<column>, because the conversion loses a part of it. */
  readonly keep?: readonly string[];
}

interface FormatBase {
  readonly name: string;
  readonly title: Bilingual;
  /** Where the format is described, or who publishes it. */
  readonly source: string;
  /** Lines carry no time of their own: each local fetch day's delivery is a new report (RULINGS 1). */
  readonly isStandingList?: boolean;
  /** What readers of a bulletin have to know of the source; printed in the method note when it was used. */
  readonly remark?: Bilingual;
}

export interface TableFormat extends FormatBase {
  readonly kind: "table";
  readonly reading: Reading;
  /**
   * The rule for a report, chosen by its file name and header. `type` is the provider's name of the report type.
   * Null when the header cannot belong to this format. Warnings name unknown types and columns.
   */
  readonly ruleFor: (report: {readonly fileName: string; readonly header: readonly string[]}) => ChosenRule | null;
}

export interface ChosenRule {
  readonly type: string | null;
  readonly rule: TableRule;
  readonly warnings: readonly string[];
}

/** One line of a report in our words: texts, not yet converted or looked up. `line` is 1 for the first line of the file. */
export type Observation = Partial<Record<ObservationField, string>> & {
  readonly line: number;
  /** What else the document says of it, kept as it came. */
  readonly extra?: Readonly<Record<string, string>>;
};

/** What could not be read. `reason` is a code of REJECT_REASONS. */
export interface Reject {
  readonly line: number;
  readonly reason: RejectReason;
  /** The text of the line, at most 1,000 characters of it. */
  readonly text: string;
}

export interface DocumentFormat extends FormatBase {
  readonly kind: "document";
  /** The asset kinds of its observations, first that has a value. */
  readonly assets: readonly AssetKind[];
  /** The zone of times without an offset. */
  readonly zone: string;
  /**
   * Reads a whole document. received = observations + rejects.
   * Throws report_unreadable when the text is not of this format at all.
   */
  readonly read: (
    text: string,
    report: {readonly fileName: string},
  ) => {
    readonly observations: readonly Observation[];
    readonly rejects: readonly Reject[];
    readonly warnings: readonly string[];
  };
}

export type Format = TableFormat | DocumentFormat;

/** Why a line was not read; docs/feeds.md lists them. */
export const REJECT_REASONS = {
  structure: "The line does not have the columns of the header, or a quote is broken.",
  too_long: "The line is longer than the limit (1 MiB).",
  not_json: "The line is no JSON object.",
  no_asset: "The line names nothing that could be affected: no address, site, URL, file, app or number.",
  bad_time: "The time cannot be read.",
  time_out_of_range: "The time is before the year 2000, or more than a day after the fetch.",
  bad_value: "A field that the format needs is missing or cannot be read.",
  no_class: "The line does not say what kind of event it is.",
  withdrawn: "The publisher has withdrawn the record.",
} as const;

export type RejectReason = keyof typeof REJECT_REASONS;
