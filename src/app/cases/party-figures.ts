/** How parties handle their cases: how many, how fast, how often without a word. */
import {dueOf} from "../../cases/deadlines/due.ts";
import {type PartyRound, type PartyStatistics, partyStatistics} from "../../cases/party-statistics.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {isPartyKind, type PartyFields, partyId} from "../../model/party.ts";
import {TAXONOMY} from "../../model/taxonomy.ts";
import {addDays, type Day, startOfDay} from "../../model/week.ts";
import {type PartyTurn, partyTurns} from "../../store/cases/party-rounds.ts";
import {type PartyView, partiesOfNumbers} from "../../store/parties/reading.ts";
import {BY_RULE, deadlineOf, openCaseDesk} from "../coordination/case-desk.ts";
import type {House} from "../house.ts";

/** What the figures are put together by. */
export const FIGURES_PER = ["party", "kind", "country"] as const;
type FiguresPer = (typeof FIGURES_PER)[number];

/** What is asked. Days are local and both counted in: those on which the parties were told. */
export interface FiguresAsked {
  readonly from: Day;
  readonly to: Day;
  readonly per: FiguresPer;
  readonly kind?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
}

/** The figures of a party, of all parties of a kind, or of a country. */
export interface PartyFigures extends Omit<PartyStatistics, "party"> {
  /** Id of the party, code of the kind, or code of the country; null: parties whose country is not known. */
  readonly key: string | null;
  readonly names: PartyFields["names"];
  /** Of a party; null for others. */
  readonly kind: string | null;
  readonly country: string | null;
}

/** Returns the figures of the period, those with most cases first. Throws usage (a kind that is none, a period that ends before it begins). */
export async function partyFigures(house: House, asked: FiguresAsked, now: Date): Promise<PartyFigures[]> {
  if (asked.kind !== undefined && !isPartyKind(asked.kind))
    throw new WatchfloorError("usage", `${asked.kind} is no kind of party; docs/taxonomy.md has them`);
  if (asked.to < asked.from) throw new WatchfloorError("usage", `${asked.to} lies before ${asked.from}`);
  const desk = await openCaseDesk(house);
  const period = {from: startOfDay(asked.from, desk.zone), to: startOfDay(addDays(asked.to, 1), desk.zone)};
  const turns = await partyTurns(desk.db, {...period, byRule: BY_RULE});
  const parties = await partiesOfNumbers(
    desk.db,
    turns.map(({party}) => party),
  );
  const rounds = turns.flatMap((turn): PartyRound[] => {
    const party = parties.get(turn.party);
    if (party === undefined || !isAsked(party, asked)) return [];
    const {deadline, clock} = deadlineOf(desk, {case: turn}, party.kind);
    const {acknowledgeBy} = dueOf(turn.notifiedAt, deadline, clock);
    return [roundOf(turn, {key: keyOf(party, asked.per), acknowledgeBy})];
  });
  return partyStatistics(rounds, now)
    .map(({party: key, ...figures}) => ({...headOf(key, asked.per, parties), ...figures}))
    .sort((a, b) => b.cases - a.cases);
}

function isAsked(party: PartyView, {kind, country}: FiguresAsked): boolean {
  return (kind === undefined || party.kind === kind) && (country === undefined || party.country === country);
}

function roundOf(turn: PartyTurn, {key, acknowledgeBy}: {key: string; acknowledgeBy: Date}): PartyRound {
  const {notifiedAt, answeredAt, goneAt, isReturned} = turn;
  return {party: key, notifiedAt, acknowledgeBy, answeredAt, goneAt, isReturned};
}

const NOWHERE = "";

function keyOf(party: PartyView, per: FiguresPer): string {
  if (per === "party") return String(party.party);
  return per === "kind" ? party.kind : (party.country ?? NOWHERE);
}

type Head = Pick<PartyFigures, "key" | "names" | "kind" | "country">;

function headOf(key: string, per: FiguresPer, parties: ReadonlyMap<number, PartyView>): Head {
  if (per === "party") {
    const {names, kind, country} = parties.get(Number(key)) ?? {names: {zh: null, en: null}, kind: null, country: null};
    return {key: partyId(Number(key)), names, kind, country};
  }
  if (per === "kind") {
    const named = TAXONOMY.partyKinds.find(({code}) => code === key);
    return {key, names: {zh: named?.zh ?? null, en: named?.en ?? null}, kind: key, country: null};
  }
  if (key === NOWHERE) return {key: null, names: {zh: null, en: null}, kind: null, country: null};
  const region = TAXONOMY.regions.find(({country}) => country === key);
  const names = {zh: region?.zh ?? countryName(key, "zh"), en: region?.en ?? countryName(key, "en")};
  return {key, names, kind: null, country: key};
}

function countryName(code: string, language: string): string | null {
  return new Intl.DisplayNames([language], {type: "region", fallback: "none"}).of(code) ?? null;
}
