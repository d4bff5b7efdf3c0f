/** The cases of a notification as a table for a mail program with letters of one width. */
import type {NoticeAsset, NoticeCase, NoticeLanguage} from "../../model/notification.ts";
import {incidentClass, TAXONOMY} from "../../model/taxonomy.ts";
import {localMinute, offsetName} from "./times.ts";
import {defang, defangLines, defangText} from "./values.ts";
import {aligned, cut} from "./width.ts";
import {NOTICE_WORDS} from "./words.ts";

/** Most cases that the text lists; the CSV has all. */
const MOST_ROWS = 25;
const MOST_COLUMNS = 110;
const INDENT = "      ";
const MOST_EVIDENCE_CASES = 5;
const MOST_EVIDENCE_LINES = 8;

/** How a list is set. */
export interface ListSetting {
  readonly language: NoticeLanguage;
  /** IANA zone. */
  readonly zone: string;
  /** Where all cases are, when the text cannot hold them; null when there is no such file. */
  readonly file: string | null;
}

/** Returns the table: a line of aligned columns for each case, below it the asset and what is known of it, defanged. */
export function caseTable(cases: readonly NoticeCase[], {language, zone, file}: ListSetting): string {
  const words = NOTICE_WORDS[language];
  const isMixed = new Set(cases.map((each) => each.class)).size > 1;
  const shown = cases.slice(0, MOST_ROWS);
  const rows = shown.map((each, at) => [
    String(at + 1),
    each.id,
    each.firstSeen === null ? "-" : localMinute(each.firstSeen, zone),
    each.lastSeen === null ? "-" : localMinute(each.lastSeen, zone),
    String(each.events),
    each.severity,
  ]);
  const zoneAt = shown[0]?.lastSeen ?? shown[0]?.firstSeen ?? null;
  const [head = "", ...lines] = aligned([words.heads(zoneAt === null ? "" : offsetName(zoneAt, zone)), ...rows]);
  const body = lines.flatMap((line, at) => {
    const each = shown[at];
    if (each === undefined) return [];
    const facts = factsOf(each, language, isMixed);
    return [line, `${INDENT}${assetText(each.asset)}`, ...(facts === "" ? [] : [`${INDENT}${facts}`])];
  });
  const left = cases.length - shown.length;
  return [head, ...body, ...(left > 0 ? [words.moreRows(left, file)] : [])].join("\n");
}

/** Returns the asset for a text: defanged, on one line, cut where it is very long. */
export function assetText(asset: Pick<NoticeAsset, "value">): string {
  return cut(defang(asset.value), MOST_COLUMNS);
}

/** Returns the name of a class in a language; the code itself where it has none. */
export function className(code: string, language: NoticeLanguage): string {
  return incidentClass(code)?.[language] ?? code;
}

function factsOf({asset, class: code}: NoticeCase, language: NoticeLanguage, isMixed: boolean): string {
  const words = NOTICE_WORDS[language];
  const named = (label: string, value: string | null): string[] =>
    value === null ? [] : [`${label}${words.colon}${value}`];
  const sector = TAXONOMY.sectors.find((each) => each.code === asset.sector)?.[language] ?? null;
  const shown = (text: string | null): string | null => (text === null ? null : cut(defangText(text), 40));
  const facts = [
    ...(isMixed ? named(words.classWord, className(code, language)) : []),
    ...(asset.ip === null || asset.ip === asset.value ? [] : [`${words.ip} ${defang(asset.ip)}`]),
    ...(asset.asn === null ? [] : [`AS${asset.asn}`]),
    ...(asset.country === null ? [] : [defangText(asset.country)]),
    ...named(words.service, shown(asset.service)),
    ...named(words.registrar, shown(asset.registrar)),
    ...named(words.brand, shown(asset.brand)),
    ...named(words.sector, asset.brand === null ? null : sector),
  ];
  return facts.join(" · ");
}

/** Returns what was found, case by case, as lines that begin with a bar so that nothing in them is taken for our words; empty when nothing is. */
export function evidenceText(cases: readonly NoticeCase[], language: NoticeLanguage): string {
  const words = NOTICE_WORDS[language];
  const told = cases.filter((each) => each.evidence !== null);
  const blocks = told.slice(0, MOST_EVIDENCE_CASES).flatMap((each) => {
    const {lines, left} = defangLines(each.evidence ?? "", MOST_EVIDENCE_LINES);
    const quoted = lines.map((line) => `  | ${cut(line, MOST_COLUMNS)}`);
    return lines.length === 0 ? [] : [each.id, ...quoted, ...(left > 0 ? [`  ${words.moreLines(left)}`] : [])];
  });
  const left = told.length - MOST_EVIDENCE_CASES;
  return [...blocks, ...(left > 0 ? [words.moreRows(left, null)] : [])].join("\n");
}
