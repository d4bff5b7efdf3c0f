import {writeFile} from "node:fs/promises";
import {WatchfloorError} from "../../../model/errors.ts";

/** Writes bytes that others made to a new file that only its owner can read. Throws usage when there is one, or it cannot be written. */
export async function writeNew(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(file, bytes, {flag: "wx", mode: 0o600}).catch((cause: unknown) => {
    throw new WatchfloorError("usage", `${file} is there already or cannot be written`, cause);
  });
}
