/** A list of complaints as CSV, such as a hotline or a partner hands in. docs/cases.md has its columns. */
import type {AssetKey} from "../model/cases/case.ts";
import {WatchfloorError} from "../model/errors.ts";
import {ASSET_KINDS} from "../model/format.ts";
import {incidentClass} from "../model/taxonomy.ts";
import {readAsset} from "./history/asset-text.ts";
import {csvRows} from "./history/csv-rows.ts";
import {type TimeReader, timeReader} from "./history/time-format.ts";
import {canonicalAsset} from "./opening/asset.ts";
import {canonicalAddressText} from "./parties/networks.ts";
import type {RuleFile} from "./rule-file.ts";

/** The columns and what each says; `received_at` has to be there, and `asset` or `text`. */
export const COMPLAINT_COLUMNS = {
  received_at: "When it came in: ISO 8601; without an offset in the time zone of the constituency.",
  asset: "What it is about: URL, host name, address or hash; defanged ones too.",
  kind: `Kind of the asset (${[...ASSET_KINDS, "domain", "org"].join(", ")}); without it by its form.`,
  class: "Class of taxonomy.md, such as web.phish; without it a person decides.",
  reporter: "Who complained, as a mail address where answers are wanted.",
  wants_answer: "yes or no; no when empty.",
  brand: "The impersonated brand.",
  ip: "Address of the machine.",
  text: "What the reporter says.",
  key: "Number of the complaint there. With it a line counts once, whatever file it comes in; without it once in its file.",
} as const;

type Column = keyof typeof COMPLAINT_COLUMNS;
const COLUMNS: readonly string[] = Object.keys(COMPLAINT_COLUMNS);

/** Why a line was not taken. */
export const COMPLAINT_REJECTS = {
  structure: "The line has more or fewer values than the first one, or a quote is broken.",
  no_time: "There is no received_at.",
  bad_time: "received_at cannot be read, or has not come yet.",
  unknown_class: "There is no class of that code.",
  bad_asset: "The asset is not of the kind that is stated, or of none.",
  bad_address: "ip is no address.",
  bad_answer: "wants_answer is neither yes nor no.",
  nothing_said: "There is neither an asset nor a text.",
} as const;
type RejectReason = keyof typeof COMPLAINT_REJECTS;

/** A line that was not taken. */
export interface ComplaintReject {
  /** First physical line of the row, 1 for the first of the file. */
  readonly line: number;
  readonly reason: RejectReason;
  /** The value that is meant. */
  readonly text: string;
}

/** A line that was read. */
export interface ListedComplaint {
  readonly line: number;
  readonly key: string | null;
  readonly receivedAt: Date;
  readonly reporter: string | null;
  readonly wantsAnswer: boolean;
  readonly class: string | null;
  readonly asset: AssetKey | null;
  readonly brand: string | null;
  readonly ip: string | null;
  readonly text: string;
}

/** Reads a list. Throws complaints_unreadable when its first line does not name the columns. */
export function readComplaintList(
  file: RuleFile,
  {zone, now}: {readonly zone: string; readonly now: Date},
): {complaints: ListedComplaint[]; rejects: ComplaintReject[]} {
  const [head, ...rows] = csvRows(file.text);
  const header = (head?.values ?? []).map((name) => name.trim().toLowerCase());
  checkHeader(file.name, header);
  const readTime = timeReader("iso", zone);
  const complaints: ListedComplaint[] = [];
  const rejects: ComplaintReject[] = [];
  for (const {line, values} of rows) {
    const made =
      values?.length === header.length
        ? complaintOf(new Map(header.map((name, at) => [name, values[at]?.trim() ?? ""])), {readTime, now})
        : fault("structure", `${values?.length ?? 0} values, not ${header.length}`);
    if ("reason" in made) rejects.push({line, ...made});
    else complaints.push({line, ...made});
  }
  return {complaints, rejects};
}

function checkHeader(name: string, header: readonly string[]): void {
  const wrong = header.find((column) => !COLUMNS.includes(column));
  if (wrong !== undefined)
    throw new WatchfloorError(
      "complaints_unreadable",
      `${name} has a column "${wrong}"; there are ${COLUMNS.join(", ")}`,
    );
  const twice = header.find((column, at) => header.indexOf(column) < at);
  if (twice !== undefined) throw new WatchfloorError("complaints_unreadable", `${name} has the column ${twice} twice`);
  if (!header.includes("received_at") || !(header.includes("asset") || header.includes("text")))
    throw new WatchfloorError("complaints_unreadable", `${name} lacks received_at, or both asset and text`);
}

type Fault = Omit<ComplaintReject, "line">;

function fault(reason: RejectReason, text: string): Fault {
  return {reason, text: text.slice(0, 300)};
}

const YES: readonly string[] = ["yes", "y", "true", "1", "是"];
const NO: readonly string[] = ["", "no", "n", "false", "0", "否"];
const AHEAD_MS = 24 * 60 * 60 * 1000;

function complaintOf(
  row: ReadonlyMap<string, string>,
  {readTime, now}: {readTime: TimeReader; now: Date},
): Omit<ListedComplaint, "line"> | Fault {
  const said = (column: Column): string => row.get(column) ?? "";
  if (said("received_at") === "") return fault("no_time", "");
  const receivedAt = readTime(said("received_at"));
  if (receivedAt === null || receivedAt.getTime() > now.getTime() + AHEAD_MS)
    return fault("bad_time", said("received_at"));
  if (said("class") !== "" && incidentClass(said("class")) === null) return fault("unknown_class", said("class"));
  const asset = said("asset") === "" ? null : readAsset(said("asset"), said("kind") || "auto");
  if (said("asset") !== "" && asset === null) return fault("bad_asset", said("asset"));
  const ip = said("ip") === "" ? null : canonicalAddressText(said("ip"));
  if (said("ip") !== "" && ip === null) return fault("bad_address", said("ip"));
  const wants = said("wants_answer").toLowerCase();
  if (!YES.includes(wants) && !NO.includes(wants)) return fault("bad_answer", said("wants_answer"));
  if (asset === null && said("text") === "") return fault("nothing_said", "");
  return {
    key: said("key") || null,
    receivedAt,
    reporter: said("reporter") || null,
    wantsAnswer: YES.includes(wants),
    class: said("class") || null,
    asset: asset === null ? null : canonicalAsset(asset),
    brand: said("brand") || null,
    ip,
    text: said("text"),
  };
}
