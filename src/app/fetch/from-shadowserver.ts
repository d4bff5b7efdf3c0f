/**
 * The reports API of Shadowserver: what there is for a day is asked for by a signed request, and each report is downloaded
 * once. Source: github.com/The-Shadowserver-Foundation/api_utils (requests are JSON by POST, with the key in it; the header
 * HMAC2 is the HMAC-SHA256 of the very bytes, in hex; a report is at the download address under its id).
 */
import {createHmac} from "node:crypto";
import {buffer} from "node:stream/consumers";
import {z} from "zod";
import {addDays} from "../../model/week.ts";
import type {Delivery} from "../../store/opening.ts";
import {secretOf} from "../environment.ts";
import {FetchError} from "./failures.ts";
import {ask, type HttpAnswer, type HttpRequest} from "./http.ts";
import type {ShadowserverConfig} from "./schema.ts";
import type {FetchWork, Source} from "./work.ts";

const LIST_BYTES = 16 * 1024 * 1024;
const LIST_SECONDS = 120;
const DOWNLOAD_SECONDS = 900;

const listSchema = z.array(
  z.object({
    id: z.string().regex(/^[\w-]{1,200}$/),
    file: z.string().min(1),
    type: z.string(),
    report: z.string().optional(),
  }),
);
const errorSchema = z.object({error: z.string()});

type ListedReport = z.infer<typeof listSchema>[number];

/** Offers the reports of the last days that were not downloaded yet, oldest first. Throws FetchError, secret_missing. */
export async function* fromShadowserver(config: ShadowserverConfig, work: FetchWork): Source {
  const today = work.now.toISOString().slice(0, 10); // reports are by days of UTC
  for (let back = config.daysBack; back >= 0; back--) {
    const listed = await reportsOf(addDays(today, -back), config, work);
    const known = await work.known(listed.map(itemOf));
    for (const report of listed.filter((each) => !known.has(itemOf(each)))) {
      yield {
        item: itemOf(report),
        name: report.file,
        fetchedAt: work.now,
        deliveries: () => download(report, config, work),
        settle: async () => {},
      };
    }
  }
  return {};
}

function itemOf({id}: ListedReport): string {
  return `report ${id}`;
}

async function reportsOf(date: string, config: ShadowserverConfig, work: FetchWork): Promise<ListedReport[]> {
  const {reports, types} = config;
  const body = JSON.stringify({
    date,
    ...(reports === undefined ? {} : {reports}),
    apikey: secretOf(config.keyFrom),
  });
  const signature = createHmac("sha256", secretOf(config.secretFrom)).update(body).digest("hex");
  const answer = await ask({
    ...common(config, work),
    url: new URL("reports/list", withSlash(config.api)),
    body,
    secretHeaders: {HMAC2: signature, "content-type": "application/json"},
    maxBytes: LIST_BYTES,
    timeoutSeconds: LIST_SECONDS,
  });
  const listed = listOf(await textOf(answer), new URL(config.api).host);
  return listed.filter(({type}) => types === undefined || types.includes(type));
}

async function* download(
  {id, file}: ListedReport,
  config: ShadowserverConfig,
  work: FetchWork,
): AsyncGenerator<Delivery> {
  const answer = await ask({
    ...common(config, work),
    url: new URL(encodeURIComponent(id), withSlash(config.download)),
    secretHeaders: {},
    maxBytes: work.limits.downloadBytes,
    timeoutSeconds: DOWNLOAD_SECONDS,
  });
  try {
    yield {stream: answer.body, name: file, scratch: work.scratch};
  } finally {
    await answer.drop();
  }
}

function common(
  {allowPrivate}: ShadowserverConfig,
  {signal}: FetchWork,
): Pick<HttpRequest, "headers" | "allowPrivate" | "signal"> {
  return {headers: {}, allowPrivate, signal};
}

function withSlash(base: string): string {
  return base.endsWith("/") ? base : `${base}/`;
}

async function textOf({body}: HttpAnswer): Promise<string> {
  return (await buffer(body)).toString("utf8");
}

/** An error comes with status 200 as well: a map with the key `error`. */
function listOf(text: string, host: string): ListedReport[] {
  const value = jsonOf(text);
  const list = listSchema.safeParse(value);
  if (list.success) return list.data;
  const {data} = errorSchema.safeParse(value);
  if (data === undefined) throw new FetchError("odd-answer", `${host}: reports/list gave no list`);
  const isAccess = /key|hmac|auth|access|permission/i.test(data.error);
  throw new FetchError(isAccess ? "access-denied" : "odd-answer", `${host}: ${data.error.slice(0, 200)}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
