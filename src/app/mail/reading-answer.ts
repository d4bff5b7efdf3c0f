/** What the reading process says, checked: it is not trusted more than the mails it reads. */
import type {ChildProcess} from "node:child_process";
import {z} from "zod";
import {type Understood, understood} from "../../model/complaint.ts";
import {mailHead, readMail, UNREADABLE, type UnreadableReason} from "../../model/mail.ts";
import type {BareReading} from "./reading.ts";
import type {ReadingAnswer, ReadingRequest} from "./reading-process.ts";

const contents = z.map(z.string(), z.instanceof(Uint8Array));
const reading = z.discriminatedUnion("state", [
  z.object({state: z.literal("read"), mail: readMail, contents}),
  z.object({
    state: z.literal("unreadable"),
    reason: z.custom<UnreadableReason>((value) => typeof value === "string" && Object.hasOwn(UNREADABLE, value)),
    head: mailHead.nullable(),
  }),
]);
const answer = z.union([
  z.object({id: z.number(), understood}),
  z.object({id: z.number(), fault: z.string()}),
  z.object({id: z.number(), reading: reading.nullable()}),
]) satisfies z.ZodType<ReadingAnswer>;

/** What was heard of one mail until the process had said all, or had ended. */
export interface Heard {
  readonly reading: BareReading | null;
  readonly understood: Understood | null;
  /** What went wrong in the process; null when it said all, or ended without a word. */
  readonly fault: string | null;
}

/** Sends a mail and listens until all is said. Always comes back when the process ends. */
export function converse(child: ChildProcess, request: ReadingRequest): Promise<Heard> {
  let heard: Heard = {reading: null, understood: null, fault: null};
  return new Promise((resolve) => {
    const done = (): void => {
      child.off("message", listen).off("exit", done);
      resolve(heard);
    };
    const listen = (message: unknown): void => {
      const said = answer.safeParse(message);
      if (!said.success)
        heard = {...heard, fault: `the reading process said what it should not: ${said.error.message}`};
      else if ("fault" in said.data) heard = {...heard, fault: said.data.fault};
      else if ("understood" in said.data) heard = {...heard, understood: said.data.understood};
      else heard = {...heard, reading: said.data.reading};
      if (heard.fault !== null || heard.understood !== null || heard.reading?.state === "unreadable") done();
    };
    child.on("message", listen).on("exit", done);
    if (!child.connected) return done();
    child.send(request, () => undefined); // when it fails, the process has ended or will be killed
  });
}
