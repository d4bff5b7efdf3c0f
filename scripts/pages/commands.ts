import {allCommands} from "../../src/app/commands/index.ts";
import {code, page} from "./markdown.ts";

const COMMANDS = await allCommands();

/** Returns docs/commands.md: the command line as a manual. */
export function commandsPage(): string {
  return page("Commands", "src/app/commands/", [
    "`npx watchfloor COMMAND [--home DIR] [--json]`, in the folder where `npm ci` was run.",
    [
      "- `--home DIR`, or the environment variable `WATCHFLOOR_HOME`, names the data folder; `./var` when neither is given.",
      "- `--json` prints one JSON document on standard output and nothing else.",
      "- `--help` after a command says how it is called.",
      "- Exit code 0: done. 1: refused or failed, with one line on standard error; [errors.md](errors.md) lists them. 2: wrong usage.",
      "- `--by NAME` says who does it; without it the name is that of `WATCHFLOOR_USER`, else of the account.",
      "- `WATCHFLOOR_KEY_PASSPHRASE` opens the signing key, for `init` and `edition publish`. [config.md](config.md#environment-variables) has all variables.",
    ].join("\n"),
    ...COMMANDS.map(
      ({name, usage, summary}) => `## ${name}\n\n${code(`watchfloor ${name} ${usage}`.trim())}\n\n${summary}`,
    ),
  ]);
}
