/** A report at an address: fetched when it has changed since. */
import {z} from "zod";
import {dayOf} from "../../model/week.ts";
import {secretOf} from "../environment.ts";
import {ask, type HttpAnswer} from "./http.ts";
import type {HttpConfig} from "./schema.ts";
import type {FetchWork, Source} from "./work.ts";

const memorySchema = z.object({
  etag: z.string().nullable().catch(null),
  modified: z.string().nullable().catch(null),
  day: z.string().nullable().catch(null),
  url: z.string().nullable().catch(null),
});

/** Offers the report unless the server says that it is the one of before. Throws FetchError, secret_missing. */
export async function* fromHttp(config: HttpConfig, work: FetchWork): Source {
  const before = memorySchema.parse(work.memory);
  const today = dayOf(work.now, work.zone);
  // a standing list stands each day anew, also when it is the same
  const isAskedIf = before.url === config.url && !(work.isStandingList && before.day !== today);
  const answer = await ask({
    url: addressOf(config),
    headers: isAskedIf ? conditions(before) : {},
    secretHeaders: config.secretFrom === undefined ? {} : {[config.secretIn]: secretOf(config.secretFrom)},
    allowPrivate: config.allowPrivate,
    maxBytes: work.limits.downloadBytes,
    timeoutSeconds: config.timeoutSeconds,
    signal: work.signal,
  });
  try {
    if (answer.status === 304) return before;
    const name = config.fileName ?? nameIn(config.url);
    yield {
      item: null,
      name,
      fetchedAt: work.now,
      deliveries: () => [{stream: answer.body, name, scratch: work.scratch}],
      settle: async () => {},
    };
    return memoryOf(answer, {day: today, url: config.url});
  } finally {
    await answer.drop();
  }
}

function addressOf({url}: HttpConfig): URL {
  return new URL(
    url.replaceAll(/\{(WATCHFLOOR_SECRET_[A-Z0-9_]+)\}/g, (_, name: string) => encodeURIComponent(secretOf(name))),
  );
}

function conditions({etag, modified}: z.infer<typeof memorySchema>): Record<string, string> {
  return {
    ...(etag === null ? {} : {"if-none-match": etag}),
    ...(modified === null ? {} : {"if-modified-since": modified}),
  };
}

function memoryOf(answer: HttpAnswer, more: {day: string; url: string}) {
  return {etag: answer.header("etag"), modified: answer.header("last-modified"), ...more};
}

/** The last part of the address as it is configured: no secret gets into a name. */
function nameIn(url: string): string {
  const {pathname, hostname} = new URL(url.replaceAll(/\{\w+\}/g, ""));
  return pathname.split("/").findLast((part) => part !== "") ?? hostname;
}
