/** What is in a mail, read by a thread of its own that is ended when a hostile mail takes too much time or memory. */
import {Worker} from "node:worker_threads";
import {z} from "zod";
import {WatchfloorError} from "../../model/errors.ts";

const SECONDS = 30;
const MEMORY_MB = 256;
const THREAD = new URL("./mail-parts-thread.ts", import.meta.url);

/** What the thread gives back. */
export const mailPartsSchema = z.strictObject({
  text: z.string(),
  attachments: z.array(z.strictObject({name: z.string(), bytes: z.instanceof(Uint8Array)})),
});

/** The plain text of a mail, empty when it has none, and its attachments. */
export type MailParts = z.infer<typeof mailPartsSchema>;

/** Returns the parts of a mail. Throws report_unreadable when it cannot be read within its limits. */
export function partsOf(raw: Buffer, signal: AbortSignal): Promise<MailParts> {
  const worker = new Worker(THREAD, {
    workerData: raw,
    resourceLimits: {maxOldGenerationSizeMb: MEMORY_MB},
    env: {},
    execArgv: ["--no-warnings"],
    stdin: false,
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(SECONDS * 1000)]);
  return new Promise<MailParts>((resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(new WatchfloorError("report_unreadable", "the mail takes too much time or memory, or is no mail", cause));
    limit.addEventListener("abort", () => (signal.aborted ? reject(signal.reason) : fail(limit.reason)), {once: true});
    worker.once("message", (value: unknown) => {
      const parts = mailPartsSchema.safeParse(value);
      if (parts.success) resolve(parts.data);
      else fail(parts.error);
    });
    worker.once("error", fail);
    worker.once("exit", fail); // after an answer nobody hears it
  }).finally(() => worker.terminate());
}
