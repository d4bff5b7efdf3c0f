import type {Command} from "../command.ts";
import {optional} from "../command.ts";
import {portOf, serveUntilStopped} from "../http/serving.ts";

const serve: Command = {
  name: "serve",
  summary:
    "Serves the public archive until it is stopped (Ctrl-C, SIGTERM), and fetches feeds and does recurring work meanwhile; --no-jobs leaves that to others.",
  usage: "[--port N] [--no-jobs]",
  options: {port: {type: "string"}, "no-jobs": {type: "boolean"}},
  run: async (call, open) => {
    const port = portOf(optional(call, "port"));
    // with --json standard output holds the answer alone
    const output = call.options["json"] === true ? process.stderr : process.stdout;
    const hasJobs = call.options["no-jobs"] !== true;
    const url = await serveUntilStopped({house: await open(), port, hasJobs, write: (text) => output.write(text)});
    return {json: {url, stopped: true}, text: `stopped serving ${url}`};
  },
};

/** Commands that run until they are stopped. */
export const SERVER_COMMANDS: readonly Command[] = [serve];
