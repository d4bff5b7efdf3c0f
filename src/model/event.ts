/**
 * The columns of an event in the lake, besides those of the provider that no rule maps: these are kept as `x_<column>`.
 * An event holds facts only (RULINGS 6). Null means "looked up and not found" or "not stated".
 */
export const EVENT_COLUMNS = {
  report: "String", // id of the report it came from
  line: "UInt32", // first physical line of the row in the unpacked report
  row_hash: "UInt64", // hash of the raw row; with feed and occurrence it makes the event id
  seen_at: "DateTime('UTC')",
  has_own_time: "UInt8", // 0 where the line has no time: then seen_at is that of the fetch
  feed: "LowCardinality(String)",
  class: "LowCardinality(String)",
  asset_kind: "LowCardinality(String)",
  asset: "String", // canonical text of the asset; for an address empty, as it stands in ip
  ip: "Nullable(IPv6)", // IPv4 as ::ffff:a.b.c.d
  port: "Nullable(UInt16)",
  protocol: "LowCardinality(String)",
  host: "String",
  domain: "String", // registrable domain; empty when none
  tld: "LowCardinality(String)", // last label, with a leading dot
  url: "String",
  asn: "Nullable(UInt32)", // by look-up; the provider's where the look-up has none
  country: "LowCardinality(String)", // ISO 3166-1 alpha-2 by look-up; the provider's where the look-up has none; empty when unknown
  stated_asn: "Nullable(UInt32)", // as the provider states it
  stated_country: "LowCardinality(String)",
  hostname: "String", // reverse DNS name of the address, as the provider states it
  province: "LowCardinality(String)", // first two digits of the GB/T 2260 code; empty when unknown
  scope: "LowCardinality(String)", // domestic, overseas, unknown
  is_gov: "UInt8",
  sector: "LowCardinality(String)",
  brand: "LowCardinality(String)",
  brand_country: "LowCardinality(String)",
  family: "LowCardinality(String)",
  tag: "String",
  severity: "LowCardinality(String)",
  vuln_type: "LowCardinality(String)",
  channel_kind: "LowCardinality(String)",
  responsible: "LowCardinality(String)",
  title: "String",
  file: "String", // hash of a file
  app: "String", // package name
} as const;

export type EventColumn = keyof typeof EVENT_COLUMNS;

/** An event as `explain` shows it. Times are ISO 8601 in UTC. */
export interface EventView {
  readonly id: string;
  readonly report: string;
  readonly line: number;
  readonly seenAt: string;
  readonly class: string;
  readonly asset: string;
  readonly [column: string]: string | number | null;
}
