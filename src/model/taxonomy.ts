import data from "./taxonomy.json" with {type: "json"};

/**
 * The field's lists as data: incident classes with their RSIT and GB/T 20986-2023 names, party kinds, sectors, provinces
 * (GB/T 2260), severity levels and legal reporting deadlines (2025), vulnerability types.
 * Source: RSIT machine version 1003; GB/T 20986-2023; GB/T 2260; 国家网络安全事件报告管理办法 (2025). Class codes are ours.
 */
export const TAXONOMY = data;

/** One incident class. `rsit` and `gbt` are null where the standard has no such name. */
export type IncidentClass = (typeof data.incidentClasses)[number];

const CLASSES = new Map<string, IncidentClass>(data.incidentClasses.map((each) => [each.code, each]));

/** Returns the incident class of that code, or null. */
export function incidentClass(code: string): IncidentClass | null {
  return CLASSES.get(code) ?? null;
}

/** RSIT values that several classes of ours share, or none has: the most general class for each. */
const GENERAL_CLASSES: Readonly<Record<string, string>> = {
  "system-compromise": "att.host",
  "application-compromise": "att.host",
  "privileged-account-compromise": "att.host",
  "unprivileged-account-compromise": "att.host",
  "unauthorised-information-modification": "data.tamper",
  exploit: "att.exploit",
  masquerade: "abuse.fraud",
  undetermined: "undetermined",
};

/** Returns the code of the class that an RSIT value stands for, the most general one of ours; null when unknown. */
export function classOfRsit(value: string): string | null {
  return GENERAL_CLASSES[value] ?? data.incidentClasses.find((each) => each.rsit?.value === value)?.code ?? null;
}
