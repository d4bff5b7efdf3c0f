/** What registries say of an asset: from the answers that are kept, or asked anew when these are old. */
import {type RdapFacts, rdapFacts, withFollowed} from "../cases/parties/readers/rdap.ts";
import {WatchfloorError} from "../model/errors.ts";
import {keepRdapAnswer, keptRdapAnswer, type RdapAnswer} from "../store/parties/rdap-answers.ts";
import type {House} from "./house.ts";
import {type ImportAnswer, importInto} from "./parties/importing.ts";
import {askRdapServer, type RdapLimits} from "./rdap/client.ts";
import {type Dial, publicDial} from "./rdap/guard.ts";
import {questionFor, readRdapServers} from "./rdap/servers.ts";
import {TOOL_VERSION} from "./version.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Name of the source that these answers are, among the imports. */
const SOURCE = "rdap";
/** An answer names few desks; more would be a server that plays with us. */
const MOST_FOLLOWED = 2;

/** What is asked. `isOffline` asks nobody; `dial` is the tests'. */
export interface RdapRequest {
  readonly asset: string;
  readonly by: string;
  readonly isOffline?: boolean;
  readonly dial?: Dial;
}

/** What is known from registries. `ageDays` are whole days; `imported` is null where the answer was there already. */
export interface RdapKnowledge {
  readonly key: string;
  readonly url: string;
  readonly fetchedAt: Date;
  readonly ageDays: number;
  readonly isThere: boolean;
  readonly facts: RdapFacts;
  readonly imported: ImportAnswer | null;
}

/**
 * Returns what the registry says of a domain, an address or an AS number (`AS64500`); a new answer also goes into the parties.
 * Null when nothing is kept and nobody may be asked. Throws usage when no server is known, rdap_failed.
 */
export async function knowFromRdap(house: House, wanted: RdapRequest, now: Date): Promise<RdapKnowledge | null> {
  const {db} = await house.database();
  const servers = await readRdapServers(house.home);
  const question = questionFor(servers, wanted.asset);
  if (question === null)
    throw new WatchfloorError("usage", `no registry is known for ${wanted.asset}: see tables/rdap/ in docs/parties.md`);
  const kept = await keptRdapAnswer(db, question.key);
  const isFresh = kept !== null && now.getTime() - kept.fetchedAt.getTime() < house.config.parties.rdapDays * DAY_MS;
  if (isFresh || wanted.isOffline === true) return kept === null ? null : knowledge(kept, null, now);
  const {rdapSeconds: seconds, rdapBytes: bytes} = house.config.parties;
  const agent = `watchfloor/${TOOL_VERSION}`;
  const limits: RdapLimits = {seconds, bytes, origins: servers.origins, dial: wanted.dial ?? publicDial, agent};
  const {url, status, text} = await askRdapServer(new URL(question.key, question.server).href, limits);
  const answer: RdapAnswer = {
    ...{key: question.key, url, status, fetchedAt: now},
    answer: text === null ? null : await followed(text, limits),
  };
  await keepRdapAnswer(db, answer);
  return knowledge(answer, await imported(house, answer, {by: wanted.by, now}), now);
}

/** Where an answer only names the abuse desk, the desk is asked for as well; without its answer the rest still holds. */
async function followed(text: string, limits: RdapLimits): Promise<string> {
  const desks = new Map<string, string>();
  for (const url of rdapFacts(text).follow.slice(0, MOST_FOLLOWED)) {
    if (!URL.canParse(url) || !limits.origins.has(new URL(url).origin)) continue;
    const desk = await askRdapServer(url, limits).catch((error: unknown) => {
      if (error instanceof WatchfloorError) return null; // the answer itself is there: a desk that fails is told by its absence
      throw error;
    });
    if (desk?.text != null) desks.set(url, desk.text);
  }
  return withFollowed(text, desks);
}

async function imported(
  house: House,
  {answer}: RdapAnswer,
  {by, now}: {by: string; now: Date},
): Promise<ImportAnswer | null> {
  if (answer === null) return null;
  const {db} = await house.database();
  const choice = {of: null, countries: null, language: "en"} as const;
  return importInto(db, {source: SOURCE, format: "rdap", text: answer, choice, by}, now).catch((error: unknown) => {
    if (error instanceof WatchfloorError && error.code === "party_import_unfit") return null; // an answer without a party
    throw error;
  });
}

function knowledge(answer: RdapAnswer, found: ImportAnswer | null, now: Date): RdapKnowledge {
  const {key, url, fetchedAt} = answer;
  return {
    ...{key, url, fetchedAt, imported: found, isThere: answer.answer !== null},
    ageDays: Math.floor((now.getTime() - fetchedAt.getTime()) / DAY_MS),
    facts: rdapFacts(answer.answer ?? "{}"),
  };
}
