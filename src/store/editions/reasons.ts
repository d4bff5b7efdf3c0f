/** What people write in one language or in both, such as reasons. */
import {WatchfloorError} from "../../model/errors.ts";
import type {Written} from "../../model/format.ts";
import {written} from "./people.ts";

/** Returns words as they are kept. Throws usage when they were written in no language, or one of them is blank. */
export function writtenIn({zh, en}: Written, what: string): Written {
  if (zh === null && en === null) throw new WatchfloorError("usage", `${what} is missing`);
  return {zh: zh === null ? null : written(zh, what), en: en === null ? null : written(en, what)};
}

/** Returns the reason in one line, as logs and manifests have it. */
export function inOneLine({zh, en}: Written): string {
  return [zh, en].filter((text) => text !== null).join(" / ");
}

/** Returns the reason as columns. */
export function reasonColumns({zh, en}: Written) {
  return {reason_zh: zh, reason_en: en};
}

/** Returns the reason that the columns hold; null when they hold none. */
export function reasonOf({reason_zh: zh, reason_en: en}: ReturnType<typeof reasonColumns>): Written | null {
  return zh === null && en === null ? null : {zh, en};
}
