import {WatchfloorError} from "../../model/errors.ts";
import {type FetchState, fetchRuns, fetchStates} from "../../store/fetches.ts";
import {type Command, tableText} from "../command.ts";
import type {FeedConfig} from "../config.ts";
import type {Fetched} from "../fetch/fetch.ts";
import {type FetchStanding, RUNS_LOOKED_AT, standingOf} from "../fetch/standing.ts";
import {feedOf, type House} from "../house.ts";

const feeds: Command = {
  name: "feeds",
  summary:
    "Lists the feeds, and of those that are fetched how it stands: last fetch, lag, count against the usual, what is wrong.",
  usage: "",
  options: {},
  run: async (call, open) => {
    const house = await open();
    const all = Object.entries(house.config.feeds).map(([name, feed]) => ({name, ...feed}));
    const {standings, complaint} = await standingsOf(house, call.now);
    return {
      json: all.map((feed) => ({...feed, state: standings.get(feed.name) ?? null})),
      text: tableText(all.map((feed) => [...feedCells(feed), ...standingCells(standings.get(feed.name), call.now)])),
      ...(complaint === null ? {} : {complaints: [complaint]}),
    };
  },
};

const feedsFetch: Command = {
  name: "feeds fetch",
  summary: "Fetches feeds now, whether they are due or not: those that are named, else all that are enabled.",
  usage: "[NAME...]",
  options: {},
  takesPositionals: true,
  run: async (call, open) => {
    const house = await open();
    const names = call.positionals.length > 0 ? call.positionals : enabledFeeds(house);
    for (const name of names)
      if (feedOf(house, name).feed.fetch === undefined) throw new WatchfloorError("feed_not_fetched", name);
    const {fetchFeed} = await import("../fetch/fetch.ts"); // its libraries would slow every other command down
    const runs: Fetched[] = [];
    const complaints: string[] = [];
    for (const name of names) {
      call.say(`fetching ${name}`);
      try {
        const run = await fetchFeed(house, name, {now: new Date()});
        runs.push(run);
        if (run.problem !== null) complaints.push(`${name}: ${run.problem.words.zh}；${run.problem.words.en}`);
      } catch (error) {
        if (!(error instanceof WatchfloorError) || names.length === 1) throw error;
        complaints.push(`${name}: ${error.message}`); // the others are fetched all the same
      }
    }
    return {
      json: {runs: runs.map(runDocument)},
      text:
        runs.length === 0 ? "nothing was fetched; docs/fetching.md says how a feed is" : tableText(runs.map(runCells)),
      isFailed: complaints.length > 0,
      complaints,
    };
  },
};

function enabledFeeds(house: House): string[] {
  return Object.entries(house.config.feeds).flatMap(([name, {enabled, fetch}]) =>
    enabled && fetch !== undefined ? [name] : [],
  );
}

interface Standings {
  readonly standings: ReadonlyMap<string, FetchStanding>;
  readonly complaint: string | null;
}

/** The list is shown without a database as well; it is opened only where some feed is fetched. */
async function standingsOf(house: House, now: Date): Promise<Standings> {
  const fetched = Object.entries(house.config.feeds).flatMap(([name, {fetch}]) =>
    fetch === undefined ? [] : [{name, fetch}],
  );
  if (fetched.length === 0) return {standings: new Map(), complaint: null};
  try {
    const {db} = await house.database();
    const states: Map<string, FetchState> = await fetchStates(db);
    const standings = new Map<string, FetchStanding>();
    for (const {name, fetch} of fetched) {
      const delivering = await fetchRuns(db, name, {limit: RUNS_LOOKED_AT, isDelivering: true});
      const about = {every: fetch.every, zone: house.config.profile.zone, state: states.get(name) ?? null, delivering};
      standings.set(name, standingOf(about, now));
    }
    return {standings, complaint: null};
  } catch (error) {
    if (!(error instanceof WatchfloorError)) throw error;
    return {standings: new Map(), complaint: `how it stands with fetching cannot be told. ${error.message}`};
  }
}

function feedCells({name, format, enabled, tlp, fetch}: FeedConfig & {name: string}): string[] {
  const how = !enabled ? "by hand" : fetch === undefined ? "enabled, by ingest" : `every ${fetch.every}`;
  return [name, format, how, `TLP:${tlp}`];
}

function standingCells(standing: FetchStanding | undefined, now: Date): string[] {
  if (standing === undefined) return ["", "", "", "", ""];
  const {lastRunAt, lagSeconds, isLate, lines, usualLines, mark, problem, isRunning} = standing;
  return [
    isRunning ? "fetching now" : lastRunAt === null ? "never fetched" : `fetched ${agoText(now, lastRunAt)}`,
    lagSeconds === null ? "no report yet" : `newest report ${durationText(lagSeconds)} old${isLate ? ", LATE" : ""}`,
    lines === null ? "" : `${lines} lines${usualLines === null ? "" : `, usually ${usualLines}`}`,
    mark === null || mark === "usual" ? (mark ?? "") : mark.toUpperCase(),
    problem === null ? "" : `${problem.zh}；${problem.en}`,
  ];
}

function agoText(now: Date, at: string): string {
  return `${durationText(Math.max(0, (now.getTime() - Date.parse(at)) / 1000))} ago`;
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

function runDocument({begunAt, endedAt, problem, ...run}: Fetched) {
  const said = problem === null ? null : {code: problem.code, ...problem.words};
  return {...run, begunAt: begunAt.toISOString(), endedAt: endedAt.toISOString(), problem: said};
}

function runCells({feed, outcome, newReports, received, refused}: Fetched): string[] {
  return [feed, outcome, `${newReports} new reports`, `${received} lines`, refused === 0 ? "" : `${refused} refused`];
}

/** Commands about feeds and how they are fetched. */
export const FEED_COMMANDS: readonly Command[] = [feeds, feedsFetch];
