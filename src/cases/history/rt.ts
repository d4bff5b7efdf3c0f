import type {AssetKey} from "../../model/cases/case.ts";
import type {ImportedCase, ImportedHistory, ImportedLink, ImportedNote} from "../../model/cases/case-history.ts";
import {type RtHistoryMapping, rtHistorySchema} from "../../model/cases/history-mapping.ts";
import {type RuleFile, readRuleFile} from "../rule-file.ts";
import {readAsset} from "./asset-text.ts";
import {collected, type Entry, type Fault, isFault} from "./collection.ts";
import {classOf} from "./csv.ts";
import {factsOf} from "./facts.ts";
import {isImportId, withHash} from "./identity.ts";
import {fieldTexts, type RtTicket, readRtExport, rtTime} from "./rt-shape.ts";
import {partyOf, stateOf, statesOf} from "./rt-states.ts";

/** Reads the mapping of an RT export. Throws rules_invalid with file, line and key. */
export function readRtMapping(file: RuleFile): RtHistoryMapping {
  return readRuleFile(rtHistorySchema, file);
}

type QueueKind = "cases" | "complaints" | "investigations" | "measures" | "ignored";
const QUEUE_KINDS: readonly QueueKind[] = ["cases", "complaints", "investigations", "measures", "ignored"];

/** The tickets of a file and how they belong together. */
interface Tickets {
  readonly mapping: RtHistoryMapping;
  readonly byId: ReadonlyMap<string, RtTicket>;
  readonly childrenOf: (ticket: Pick<RtTicket, "id">) => RtTicket[];
  readonly parentOf: (ticket: Pick<RtTicket, "id">) => RtTicket | null;
}

/**
 * Reads old cases from a JSON export of RT or RTIR (REST 2.0). An incident is a case; its investigations tell who was asked
 * and when, its countermeasures are remarks; a report is a complaint and has the class and asset of its incident where it
 * names none. An investigation alone is a case. What cannot be taken is a reject.
 * Throws history_unreadable when the file is no such export.
 */
export function readRtHistory(file: RuleFile, mapping: RtHistoryMapping): ImportedHistory {
  const read = readRtExport(file);
  const all = ticketsOf(
    read.flatMap((each) => ("ticket" in each ? each.ticket : [])),
    mapping,
  );
  const entries = read.map((each, at): Entry | Part => {
    const line = at + 1;
    if ("ticket" in each) return {line, externalId: each.ticket.id, made: madeOf(each.ticket, all)};
    return {line, externalId: each.id, made: {reason: "structure", text: each.fault}};
  });
  const whole = collected(entries.filter((each): each is Entry => !isPart(each)));
  const taken = new Set(whole.cases.map(({externalId}) => externalId));
  // a part whose case was not taken is not lost in silence
  const parts = collected(
    entries.filter(isPart).map((each): Entry => {
      const parent = all.parentOf({id: each.externalId ?? ""})?.id ?? "";
      return {...each, made: taken.has(parent) ? "passed" : {reason: "no_parent", text: parent}};
    }),
  );
  return {
    ...whole,
    received: read.length,
    rejects: [...whole.rejects, ...parts.rejects].sort((a, b) => a.line - b.line),
    passed: whole.passed + parts.passed,
  };
}

/** A ticket that is told of in the case that it belongs to. */
interface Part {
  readonly line: number;
  readonly externalId: string | null;
  readonly made: "part";
}

function isPart(entry: Entry | Part): entry is Part {
  return entry.made === "part";
}

function madeOf(ticket: RtTicket, all: Tickets): Entry["made"] | "part" {
  const kind = queueKind(ticket, all.mapping);
  if (kind === null) return {reason: "unknown_queue", text: ticket.Queue.Name ?? `queue ${ticket.Queue.id}`};
  if (kind === "ignored") return "passed";
  if (kind === "measures" || (kind === "investigations" && all.parentOf(ticket) !== null)) return "part";
  return caseOf(ticket, kind === "complaints" ? "complaint" : "case", all);
}

function ticketsOf(tickets: readonly RtTicket[], mapping: RtHistoryMapping): Tickets {
  const byId = new Map(tickets.map((each) => [each.id, each]));
  const parents = new Map<string, string>();
  for (const each of tickets)
    for (const {ref, id} of each._hyperlinks) {
      if (ref === "parent" && typeof id === "string" && !parents.has(each.id)) parents.set(each.id, id);
      if (ref === "child" && typeof id === "string" && !parents.has(id)) parents.set(id, each.id);
    }
  const children = Map.groupBy(byId.values(), ({id}) => parents.get(id) ?? null);
  return {
    mapping,
    byId,
    childrenOf: ({id}) => children.get(id) ?? [],
    parentOf: ({id}) => byId.get(parents.get(id) ?? "") ?? null,
  };
}

/** A queue of a constituency is named after the general one: `Incidents - EDUNET`. */
function queueKind({Queue}: RtTicket, {queues}: RtHistoryMapping): QueueKind | null {
  const name = Queue.Name ?? Queue.id;
  return (
    QUEUE_KINDS.find((kind) => queues[kind].some((each) => name === each || name.startsWith(`${each} - `))) ?? null
  );
}

function caseOf(ticket: RtTicket, kind: "case" | "complaint", all: Tickets): ImportedCase | Fault {
  const {mapping} = all;
  if (!isImportId(ticket.id)) return {reason: "bad_id", text: ticket.id};
  const openedAt = rtTime(ticket.Created);
  if (openedAt === null)
    return {reason: ticket.Created === null ? "no_time" : "bad_time", text: ticket.Created ?? "Created"};
  if (stateOf(ticket.Status, mapping) === null) return {reason: "unknown_state", text: ticket.Status};
  const about = aboutOf(ticket, all);
  if (isFault(about)) return about;
  const facts = factsOf((name) => fieldTexts(ticket, mapping.fields[name] ?? [])[0] ?? "", mapping);
  if (isFault(facts)) return facts;
  const investigations = [ticket, ...all.childrenOf(ticket)].filter(
    (each) => queueKind(each, mapping) === "investigations",
  );
  const merged = ticket.EffectiveId !== null && ticket.EffectiveId.id !== ticket.id ? ticket.EffectiveId.id : null;
  const states = statesOf(ticket, {openedAt, investigations, mapping});
  return withHash({
    kind,
    source: mapping.source,
    externalId: ticket.id,
    openedAt,
    ...about,
    parties: kind === "complaint" ? [] : partiesOf(ticket, investigations, mapping),
    reporter: kind === "complaint" ? partyOf(ticket, mapping) : null,
    facts,
    states: merged === null ? states : [...states, {state: "merged", at: null}],
    subject: ticket.Subject,
    notes: [ticket, ...all.childrenOf(ticket)].flatMap((each) => notesOf(each, each === ticket, mapping)),
    links: linksOf(ticket, merged, all),
  });
}

/** Class and asset of a ticket: its own, else those of the ticket that it belongs to. */
function aboutOf(ticket: RtTicket, all: Tickets): {class: string; asset: AssetKey; otherAssets: AssetKey[]} | Fault {
  const {mapping} = all;
  const near = [ticket, all.parentOf(ticket)].filter((each) => each !== null);
  const said = near.map((each) => fieldTexts(each, mapping.fields.class)[0]).find((text) => text !== undefined) ?? "";
  const code = classOf(said, mapping);
  if (code === null) return {reason: "unknown_class", text: said};
  const texts = near.map((each) => fieldTexts(each, mapping.fields.asset)).find((found) => found.length > 0) ?? [];
  const assets = texts.map((text) => readAsset(text, mapping.assetKind));
  const bad = assets.indexOf(null);
  if (bad !== -1) return {reason: "bad_asset", text: texts[bad] ?? ""};
  const [asset, ...otherAssets] = assets.filter((each) => each !== null);
  return asset === undefined
    ? {reason: "no_asset", text: mapping.fields.asset.join(", ")}
    : {class: code, asset, otherAssets};
}

/** Who was asked, by time; without investigations whom the case itself names. */
function partiesOf(ticket: RtTicket, investigations: readonly RtTicket[], mapping: RtHistoryMapping) {
  const asked = investigations.toSorted(
    (a, b) => (rtTime(a.Created)?.getTime() ?? 0) - (rtTime(b.Created)?.getTime() ?? 0),
  );
  return (asked.length > 0 ? asked : [ticket]).flatMap((each) => partyOf(each, mapping) ?? []);
}

/** What was written, and that there was a countermeasure. What a complaint says stays with the complaint. */
function notesOf(ticket: RtTicket, isItself: boolean, mapping: RtHistoryMapping): ImportedNote[] {
  const kind = queueKind(ticket, mapping);
  if (!isItself && kind !== "investigations" && kind !== "measures") return [];
  const written = ticket.Transactions.flatMap(({Type, Created, Creator, Content}): ImportedNote[] => {
    const isText = Type === "Comment" || Type === "Correspond" || Type === "Create";
    return isText && Content !== null && Content.trim() !== ""
      ? [{at: rtTime(Created), by: Creator?.id ?? null, text: Content}]
      : [];
  });
  if (kind !== "measures") return written;
  const text = [`#${ticket.id}`, ticket.Subject ?? "", `(${ticket.Status})`].filter((part) => part !== "").join(" ");
  return [{at: rtTime(ticket.Created), by: null, text}, ...written];
}

function linksOf(ticket: RtTicket, merged: string | null, all: Tickets): ImportedLink[] {
  const relations = {investigations: "investigation", complaints: "report", measures: "measure"} as const;
  const links: ImportedLink[] = all.childrenOf(ticket).map((child) => {
    const kind = queueKind(child, all.mapping);
    const isNamed = kind === "investigations" || kind === "complaints" || kind === "measures";
    return {relation: isNamed ? relations[kind] : "related", to: child.id};
  });
  for (const {ref, id, _url} of ticket._hyperlinks) {
    const to = id ?? _url;
    if (to === null || to === undefined) continue;
    if (ref === "parent") links.push({relation: "parent", to});
    if (ref === "refers-to" || ref === "referred-to-by" || ref === "depends-on" || ref === "depended-on-by")
      links.push({relation: "related", to});
  }
  if (merged !== null) links.push({relation: "merged-into", to: merged});
  const seen = new Set<string>();
  return links
    .filter(({relation, to}) => !seen.has(`${relation} ${to}`) && seen.add(`${relation} ${to}`))
    .sort((a, b) => a.relation.localeCompare(b.relation, "en") || a.to.localeCompare(b.to, "en", {numeric: true}));
}
