/** A dossier for a terminal. Other people's words are shown with what cannot be seen written out, assets defanged. */
import {defang} from "../../../cases/notices/values.ts";
import type {CaseStep} from "../../../model/cases/case.ts";
import {partyId} from "../../../model/party.ts";
import {visible} from "../../../model/visible.ts";
import type {CaseDossier, NextThing} from "../../cases/dossier.ts";
import type {TimerLine} from "../../cases/levels.ts";
import {tableText} from "../../command.ts";

const MOST_OF_EACH = 20;
const MOST_TEXT = 120;
/** Facts that a careless click would open. */
const ASSETS = ["url", "host", "domain", "ip"];

/** Returns the dossier as lines: heading and text. */
export function dossierText(dossier: CaseDossier): string {
  return tableText([...headRows(dossier), ...matterRows(dossier), ...tellingRows(dossier), ...historyRows(dossier)]);
}

function headRows(dossier: CaseDossier): string[][] {
  const {case: one, round, rounds, partyKind, partyNames, release, next} = dossier;
  const facts = Object.entries(one.facts).flatMap(([name, value]) =>
    value === null || value === false
      ? []
      : [`${name} ${ASSETS.includes(name) ? defang(String(value)) : shown(String(value))}`],
  );
  return [
    [one.id, `${one.class} ${defang(one.asset.value)} (${one.asset.kind})`],
    ["state", `${one.state}, round ${round.round} of ${rounds.length}, level ${one.severity}, TLP:${one.tlp}`],
    ["opened", `${one.openedAt} by ${one.source}${one.rule === null ? "" : `, rule ${one.rule}`}`],
    ...(one.mergedInto === null ? [] : [["merged into", one.mergedInto]]),
    ["cross-border", one.borderTests.join(", ") || "no test fired"],
    [
      "party",
      one.party === null ? "nobody" : `${partyId(one.party)} ${partyNames?.zh ?? partyNames?.en ?? ""} (${partyKind})`,
    ],
    ["assigned to", one.assignee === null ? "nobody" : visible(one.assignee)],
    ...(one.isProtected ? [["protected", releaseText(release)]] : []),
    ...nextRows(next),
    ["facts", facts.join("; ") || "-"],
  ];
}

function releaseText({askedBy, by}: CaseDossier["release"]): string {
  if (askedBy === null) return "nobody has asked for a release";
  return by === null
    ? `${visible(askedBy)} asked for a release; a second person is needed`
    : `released by ${visible(by)}`;
}

function nextRows({person, rulesAt, lookAt, acknowledgeBy, resolveBy}: NextThing): string[][] {
  return [
    ...(person === null ? [] : [["waits for a person", person.en]]),
    ...(acknowledgeBy === null ? [] : [["answer due", acknowledgeBy]]),
    ...(resolveBy === null ? [] : [["takedown due", resolveBy]]),
    ...(rulesAt === null ? [] : [["rules again", rulesAt]]),
    ...(lookAt === null ? [] : [["look again", lookAt]]),
  ];
}

function matterRows({sightings, complaints, urls, files, links, timers, looks, imported}: CaseDossier): string[][] {
  return [
    ...some(
      "seen",
      sightings,
      (each) => `${each.report} line ${each.line}: ${each.events} events, last ${each.lastSeenAt}`,
    ),
    ...some(
      "complaint",
      complaints,
      (each) => `${each.id} ${each.receivedAt} ${shown(each.reporter ?? "nobody named")}`,
    ),
    ...some("url", urls, defang),
    ...some("look", looks, (each) => `${each.at} ${each.verdict}: ${each.reasons.map(({en}) => en).join("; ")}`),
    ...some("file", files, (each) => `${each.sha256} ${shown(each.name)} (${each.bytes} bytes)`),
    ...some("linked with", links, (each) => each),
    ...some("to report", timers, timerText),
    ...some("before us", imported, (each) => `${shown(each.id)} ${each.class}, ${each.state}, opened ${each.openedAt}`),
  ];
}

/** Returns a duty in words. */
export function timerText({id, reporter, told, dueAt, doneAt, doneBy, isOverdue}: TimerLine): string {
  const when =
    doneAt !== null
      ? `done ${doneAt} by ${visible(doneBy ?? "")}`
      : dueAt === null
        ? "its clock does not run yet"
        : `due ${dueAt}`;
  return `${id}: ${reporter} → ${told}, ${when}${isOverdue ? ", OVERDUE" : ""}`;
}

function tellingRows({decisions, noticeDecisions, notifications, mails}: CaseDossier): string[][] {
  return [
    ...some("responsible", decisions, (each) => `${each.at} ${each.text.en} (${visible(each.by)})`),
    ...some("told or not", noticeDecisions, (each) => `${each.at} ${each.event}: ${shown(each.reason)}`),
    ...some("notification", notifications, (each) => `${each.id} ${each.event} to ${each.address}: ${each.state}`),
    ...some("mail", mails, (each) => `${each.id} ${each.receivedAt} ${shown(each.sender ?? "")}: ${each.kind}`),
  ];
}

function historyRows({steps}: CaseDossier): string[][] {
  return some("history", steps, stepText);
}

function stepText({at, by, step, from, to, note}: CaseStep): string {
  const move = from === to || from === null ? "" : ` ${from} → ${to}`;
  return `${at} ${visible(by)}: ${step}${move}${note === null ? "" : `, ${shown(note)}`}`;
}

function some<Each>(head: string, all: readonly Each[], textOf: (each: Each) => string): string[][] {
  const left = all.length - MOST_OF_EACH;
  return [
    ...all.slice(0, MOST_OF_EACH).map((each) => [head, textOf(each)]),
    ...(left > 0 ? [[head, `and ${left} more, see --json`]] : []),
  ];
}

function shown(text: string): string {
  const line = visible(text.replaceAll("\n", " ⏎ "));
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT)}…` : line;
}
