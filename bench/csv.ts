import {once} from "node:events";
import {createWriteStream} from "node:fs";

/** Columns of the generated report: a Shadowserver sinkhole report. */
export const COLUMNS = [
  "timestamp",
  "protocol",
  "src_ip",
  "src_port",
  "src_asn",
  "src_geo",
  "src_region",
  "src_city",
  "src_hostname",
  "src_naics",
  "src_sector",
  "device_vendor",
  "device_type",
  "device_model",
  "dst_ip",
  "dst_port",
  "dst_asn",
  "dst_geo",
  "infection",
  "family",
  "tag",
  "application",
  "version",
  "event_id",
  "severity",
] as const;

const FAMILIES = [
  "andromeda",
  "conficker",
  "mirai",
  "necurs",
  "gamut",
  "mozi",
  "avalanche",
  "qakbot",
  "emotet",
  "ramnit",
];
const BLOCK = 1 << 20;

/** Writes a synthetic report of so many rows, seeded: the same numbers give the same bytes. One row in 20 is IPv6, `bad` rows cannot be read. */
export async function writeReport(file: string, rows: number, bad: number): Promise<void> {
  const next = random(20230220);
  const upTo = (limit: number): number => Math.floor(next() * limit);
  const out = createWriteStream(file);
  let block = `${COLUMNS.map((column) => `"${column}"`).join(",")}\n`;
  for (let row = 0; row < rows; row++) {
    const family = FAMILIES[upTo(FAMILIES.length)] ?? "";
    const at = new Date(Date.UTC(2023, 1, 20) + upTo(86_400) * 1000).toISOString();
    const address =
      row < bad
        ? "not an address"
        : next() < 0.05
          ? `2001:db8:${hex(upTo(65536))}:${hex(upTo(65536))}::${hex(upTo(65536))}`
          : `${1 + upTo(222)}.${upTo(256)}.${upTo(256)}.${upTo(256)}`;
    block += `"${at.slice(0, 10)} ${at.slice(11, 19)}","tcp","${address}",${1 + upTo(65535)},${64500 + upTo(1000)},"CN","REGION ${upTo(34)}","CITY ${upTo(300)}",,517311,"Communications, Service Provider, and Hosting Service",,,,"198.51.100.${upTo(256)}",80,64496,"US","${family}","${family}","${family}","http",,"","critical"\n`;
    if (block.length > BLOCK) {
      if (!out.write(block)) await once(out, "drain");
      block = "";
    }
  }
  out.end(block);
  await once(out, "finish");
}

function hex(value: number): string {
  return value.toString(16);
}

/** xorshift32: fast, and the same everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}
