import {createReadStream} from "node:fs";

const READ_BYTES = 1 << 18;
const LINES_PER_BLOCK = 1000;

/** Gives the lines of the files, one after the other. Not by readline, which also ends lines at U+2028. */
export async function* linesIn(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files) {
    let rest = "";
    for await (const piece of createReadStream(file, {encoding: "utf8", highWaterMark: READ_BYTES})) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    if (rest !== "") yield rest;
  }
}

/** Gives texts in pieces that are worth a write. */
export async function* inBlocks(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let block: string[] = [];
  for await (const text of texts) {
    if (block.push(text) < LINES_PER_BLOCK) continue;
    yield block.join("");
    block = [];
  }
  yield block.join("");
}
