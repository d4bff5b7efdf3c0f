/** Values out of JSON of others: what is not there, or is of another kind than it should be, is not there. */

/** Returns the JSON of a text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\uFEFF") ? text.slice(1) : text);
  } catch {
    return undefined; // told by the caller as a reject
  }
}

/** Returns whether the value is an object, no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns what is at the key of an object, else undefined. */
export function at(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Returns the list at the key, else an empty one. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? found : [];
}

/** Returns the text at the key, a number as text; null when there is none. */
export function textAt(value: unknown, key: string): string | null {
  const found = at(value, key);
  if (typeof found === "number" && Number.isSafeInteger(found)) return String(found);
  return typeof found === "string" && found.trim() !== "" ? found.trim() : null;
}

/** Returns the texts of the list at the key. */
export function textsAt(value: unknown, key: string): string[] {
  return listAt(value, key).filter((each) => typeof each === "string");
}
