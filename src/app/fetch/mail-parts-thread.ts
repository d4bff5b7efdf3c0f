/** Reads one mail and gives its parts back; the thread of mail-parts.ts. */
import {parentPort, workerData} from "node:worker_threads";
import PostalMime from "postal-mime";

const parser = new PostalMime({attachmentEncoding: "arraybuffer", maxNestingDepth: 50, maxHeadersSize: 1024 * 1024});
const mail = await parser.parse(workerData);
const attachments = mail.attachments.map(({filename, content}, index) => ({
  name: filename ?? `attachment-${index + 1}`,
  bytes: typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content),
}));
parentPort?.postMessage({text: mail.text ?? "", attachments});
