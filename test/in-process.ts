/** Commands run in this process on a house that stays open: what they answer is the same, and nothing has to be started. */
import {parseArgs} from "node:util";
import {type Call, COMMON_OPTIONS} from "../src/app/command.ts";
import {commandOf} from "../src/app/commands/index.ts";
import type {House} from "../src/app/house.ts";

/** Runs the words as `watchfloor --json` does and returns its document. Throws what the command throws. */
export async function answerOf<Json>(house: House, ...words: readonly string[]): Promise<Json> {
  const command = await commandOf(words);
  if (command === null) throw new Error(`there is no command ${words.join(" ")}`);
  const {values, positionals} = parseArgs({
    args: words.slice(command.name.split(" ").length),
    options: {...COMMON_OPTIONS, ...command.options},
    allowPositionals: true,
  });
  const call: Call = {options: values, positionals, home: house.home, now: new Date(), say: () => undefined};
  const answer = await command.run(call, async () => house);
  return JSON.parse(JSON.stringify(answer.json));
}
