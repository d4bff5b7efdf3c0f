/**
 * The product as a process that may be killed at any moment. Usage: worker.ts HOME SETTINGS, the settings of the probe as
 * JSON. What it has to do comes in over the channel, one thing at a time, and what came of it goes out.
 */
import type {ComplaintIn} from "../../src/app/coordination/opening/complaints.ts";
import {probeSettingsSchema} from "../../src/app/probe/settings.ts";
import {WatchfloorError} from "../../src/model/errors.ts";
import {openProduct, type Product} from "../party-world/product.ts";

/** Something to do. */
export type Order =
  | {readonly do: "mail"; readonly raw: Uint8Array; readonly receivedAt: Date; readonly now: Date}
  | {readonly do: "complain"; readonly complaints: readonly ComplaintIn[]; readonly now: Date}
  | {readonly do: "report"; readonly name: string; readonly text: string; readonly now: Date}
  | {readonly do: "round"; readonly now: Date}
  | {readonly do: "close"};

/** What came of it. The first answer says that the process is ready. */
export type Answer =
  | {readonly is: "done"; readonly text: string}
  | {readonly is: "failed"; readonly code: string | null; readonly text: string};

const [home = "", settings = ""] = process.argv.slice(2);
const parent = process.send?.bind(process);
if (parent === undefined) throw new Error("the worker is started by killable.ts");

function answer(what: Answer): Promise<void> {
  return new Promise((resolve) => void parent?.(what, undefined, {}, () => resolve()));
}

function failed(error: unknown): Answer {
  const code = error instanceof WatchfloorError ? error.code : null;
  return {is: "failed", code, text: error instanceof Error ? (error.stack ?? error.message) : String(error)};
}

async function obey(product: Product, order: Order): Promise<string> {
  switch (order.do) {
    case "mail":
      return product.mail(Buffer.from(order.raw), order);
    case "complain":
      await product.complain(order.complaints, order.now);
      return "";
    case "report":
      await product.report(order, order.now);
      return "";
    case "round":
      await product.round(order.now);
      return "";
    default:
      await product.close();
      return "";
  }
}

process.on("disconnect", () => process.exit(0));
try {
  const product = await openProduct(home, {probe: probeSettingsSchema.parse(JSON.parse(settings))});
  process.on("message", (order: Order) => {
    void obey(product, order)
      .then((text): Answer => ({is: "done", text}), failed)
      .then(answer)
      .then(() => (order.do === "close" ? process.disconnect() : undefined));
  });
  await answer({is: "done", text: "ready"});
} catch (error) {
  await answer(failed(error));
  process.disconnect();
}
