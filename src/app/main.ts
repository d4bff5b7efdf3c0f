import path from "node:path";
import {parseArgs} from "node:util";
import {WatchfloorError} from "../model/errors.ts";
import {type Answer, type Call, COMMON_OPTIONS, type Command} from "./command.ts";
import {allCommands, COMMAND_NAMES, commandOf} from "./commands/index.ts";
import {environment, keepCompiled} from "./environment.ts";
import type {House} from "./house.ts";
import {endWith, mindClosedPipes} from "./terminal/closed-pipe.ts";
import {didYouMean, nearest} from "./terminal/nearest.ts";
import {TOOL_VERSION} from "./version.ts";

const DONE = 0;
const REFUSED = 1;
const WRONG_USE = 2;

/** Runs the command line and returns the exit code: 0 done, 1 refused or failed, 2 wrong use. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  if (args.length === 0 || args[0] === "--help" || args[0] === "-h" || args[0] === "help")
    return print(await manual(), DONE);
  if (args[0] === "--version") return print(TOOL_VERSION, DONE);
  const command = await commandOf(args);
  if (command === null) return complain(`watchfloor: ${unknownText(args)} See watchfloor --help.`, WRONG_USE);
  const rest = args.slice(command.name.split(" ").length);
  let house: House | null = null;
  try {
    const call = callOf(command, rest);
    if (call.options["help"] === true)
      return print(`watchfloor ${command.name} ${command.usage}\n\n${command.summary}`, DONE);
    const answer = await command.run(call, async () => {
      const {openHouse} = await import("./house.ts"); // its libraries are costly, and some commands need none
      house = await openHouse(call.home);
      return house;
    });
    const text = call.options["json"] === true ? JSON.stringify(answer.json, null, 1) : visible(answer.text);
    for (const each of answer.complaints ?? []) complain(`watchfloor ${command.name}: ${each}`, REFUSED);
    return print(text, exitOf(answer));
  } catch (error) {
    return tell(command, error);
  } finally {
    await closeHouse(house);
  }
}

/** What is wrong with a name that no command has: the commands that begin with it, or the one that was probably meant. */
function unknownText(args: readonly string[]): string {
  const below = COMMAND_NAMES.filter((name) => name.startsWith(`${args[0]} `));
  const words = wordsOf(args);
  if (below.length > 0 && words === args[0]) return `"${words}" is more than one command: ${below.join(", ")}.`;
  const said = [words, args[0] ?? ""].find((each) => nearest(each, COMMAND_NAMES) !== null) ?? words;
  return `there is no command "${said}".${didYouMean(said, COMMAND_NAMES)}`;
}

/** What may have been meant as the name of a command. */
function wordsOf(args: readonly string[]): string {
  const end = args.findIndex((word, index) => index > 0 && word.startsWith("-"));
  return args.slice(0, end === -1 ? 2 : Math.min(end, 2)).join(" ");
}

function exitOf(answer: Answer): number {
  return answer.isFailed === true ? REFUSED : DONE;
}

async function closeHouse(house: House | null): Promise<void> {
  await house?.close();
}

function callOf(command: Command, args: readonly string[]): Call {
  const {values, positionals} = parseArgs({
    args: [...args],
    options: {...COMMON_OPTIONS, ...command.options},
    allowPositionals: true,
    strict: true,
  });
  if (command.takesPositionals !== true && positionals.length > 0)
    throw new WatchfloorError("usage", `${command.name} takes no "${positionals[0]}"`);
  const home = typeof values.home === "string" ? values.home : (environment("WATCHFLOOR_HOME") ?? "var");
  const isQuiet = values.json === true || !process.stderr.isTTY;
  return {
    options: values,
    positionals,
    home: path.resolve(home),
    now: new Date(),
    say: isQuiet ? () => undefined : (line) => process.stderr.write(`${line}\n`),
  };
}

/** Says in one line what is wrong; a bug shows its trace. */
function tell(command: Command, error: unknown): number {
  if (error instanceof WatchfloorError) {
    const isUse = error.code === "usage";
    return complain(
      `watchfloor ${command.name}: ${error.message}${isUse ? ` Usage: watchfloor ${command.name} ${command.usage}` : ""}`,
      isUse ? WRONG_USE : REFUSED,
    );
  }
  if (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code.startsWith("ERR_PARSE_ARGS")
  ) {
    return complain(
      `watchfloor ${command.name}: ${wrongOption(command, error.message)} Usage: watchfloor ${command.name} ${command.usage}`,
      WRONG_USE,
    );
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return complain(`watchfloor ${command.name}: an unexpected error, please report it.\n${trace}`, REFUSED);
}

/** Node's own words for an unknown option speak of positional arguments, which nobody meant. */
function wrongOption({options}: Command, message: string): string {
  const unknown = /^Unknown option '--?([^']*)'/.exec(message)?.[1];
  if (unknown === undefined) return `${message.split("\n")[0]}`;
  const known = Object.keys({...COMMON_OPTIONS, ...options}).map((name) => `--${name}`);
  return `there is no option --${unknown}.${didYouMean(`--${unknown}`, known)}`;
}

async function manual(): Promise<string> {
  const lines = (await allCommands()).map(
    (command) => `  ${`${command.name} ${command.usage}`.trim()}\n      ${command.summary}`,
  );
  return `watchfloor ${TOOL_VERSION}: from threat reports to a reviewed, signed weekly bulletin\n\nwatchfloor COMMAND [--home DIR] [--json]\n\n${lines.join("\n")}\n\n--home or WATCHFLOOR_HOME names the data folder, ./var when neither is given.`;
}

function print(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}

/** Lines of reports are other people's text: what would steer a terminal is shown as a mark. */
function visible(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, "\ufffd");
}

function complain(text: string, code: number): number {
  process.stderr.write(`${visible(text)}\n`);
  return code;
}

keepCompiled();
mindClosedPipes();
endWith(await runCommandLine(process.argv.slice(2)));
