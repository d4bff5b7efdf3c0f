import {z} from "zod";
import {probeSettingsSchema} from "../settings.ts";
import {openGate} from "./gate.ts";
import {takePicture} from "./picture.ts";

/**
 * The process of one screenshot: a gate, a browser behind it, one picture. It has an empty environment, and ends with its
 * task, or when its parent goes away or has waited long enough.
 */

/** What it is started with. */
export const pictureOrderSchema = z.strictObject({
  url: z.string(),
  hosts: z.array(z.string()).min(1),
  executable: z.string(),
  folder: z.string(),
  settings: probeSettingsSchema,
});

/** Bytes that may come in for one picture. */
const MOST_BYTES = 16 * 1024 * 1024;

const {url, hosts, executable, folder, settings} = pictureOrderSchema.parse(JSON.parse(process.argv[2] ?? "{}"));
process.on("disconnect", () => process.exit(0)); // the browser ends with its pipe
process.on("SIGINT", () => undefined);
const gate = await openGate({settings, hosts, bytes: MOST_BYTES, signal: new AbortController().signal});
const {userAgent, acceptLanguage} = settings;
const png = await takePicture(url, {executable, folder, proxyPort: gate.port, userAgent, acceptLanguage}).catch(
  () => null,
);
gate.close();
process.send?.({png}, () => process.exit(0));
