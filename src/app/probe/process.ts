import {type Look, orderSchema} from "../../model/verification.ts";
import {takeLook} from "./look.ts";
import {openNames} from "./names.ts";
import {probeSettingsSchema} from "./settings.ts";

/**
 * The probe process: takes looks at hostile sites. It is started with an empty environment and may read nothing but the
 * program's own files, write nothing and start nothing; it knows no database and no key. Orders come in and looks go out
 * over one pipe. It may die at any time: the order then counts as our own failure.
 */

/** What comes in: an order as `orderSchema`, with the number under which the look is awaited. */
export interface ProbeRequest {
  readonly number: number;
  readonly order: unknown;
}

/** What goes out; number 0 says that the process is ready. */
export type ProbeAnswer = {readonly number: number; readonly look: Look} | {readonly number: 0};

const [text = ""] = process.argv.slice(2);
const parent = process.send?.bind(process);
if (parent === undefined) throw new Error("the probe process is started by child.ts");

const settings = probeSettingsSchema.parse(JSON.parse(text));
const eyes = {settings, names: openNames(settings)};

process.on("message", (request: ProbeRequest) => {
  const order = orderSchema.parse(request.order);
  void takeLook(order, eyes).then((look) => parent({number: request.number, look} satisfies ProbeAnswer));
});
process.on("disconnect", () => process.exit(0));
// the terminal's Ctrl-C reaches the whole group: the parent decides when the probe ends
process.on("SIGINT", () => undefined);
parent({number: 0} satisfies ProbeAnswer);
