/** The two layers of a party: what sources say, overlaid field by field by what people changed. */
import type {
  HeldContact,
  HeldParty,
  HeldResponsibility,
  ImportedRecord,
  PartyConflict,
  PartyEdit,
  PartyFields,
  PartyLayer,
  PartyValue,
} from "../../model/party.ts";
import {contactAt, fieldsOfPaths, isSameValue, pathsOfRecord, responsibilityAt, thingOf} from "./paths.ts";

/** What the sources say of a party, by path, and which of them says it. */
export interface ImportedLayer {
  readonly paths: ReadonlyMap<string, PartyValue>;
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Returns the imported layer of a party. Lists of several sources are joined; of a field the first source that states it is
 * kept, in the order in which they joined the party: a later one does not silently take its place. A record that is gone
 * gives no responsibilities and contacts any more, and what the party is only where nobody else says it.
 */
export function importedLayer(records: readonly ImportedRecord[]): ImportedLayer {
  const paths = new Map<string, PartyValue>();
  const sources = new Map<string, string>();
  const ordered = [...records.filter((each) => !each.isGone), ...records.filter((each) => each.isGone)];
  for (const {source, record, isGone} of ordered) {
    const stated = isGone ? {...record, responsibilities: [], contacts: []} : record;
    for (const [path, value] of pathsOfRecord(stated)) {
      if (paths.has(path)) continue;
      paths.set(path, value);
      sources.set(path, source);
    }
  }
  return {paths, sources};
}

/** Returns what a path says in the imported layer, null when no source states it. */
export function importedAt(layer: ImportedLayer, path: string): PartyValue {
  return layer.paths.get(path) ?? null;
}

/** Returns the paths that hold: the imported ones, with the local changes in their place. */
export function overlay(
  imported: ReadonlyMap<string, PartyValue>,
  edits: readonly PartyEdit[],
): Map<string, PartyValue> {
  const paths = new Map(imported);
  for (const {path, value} of edits) {
    if (value === null) paths.delete(path);
    else paths.set(path, value);
  }
  return paths;
}

/**
 * Returns the local changes under which a source has changed what it says: a person has to decide. A source that now says
 * what was set locally agrees, and that is no conflict.
 */
export function conflictsOf(layer: ImportedLayer, edits: readonly PartyEdit[]): PartyConflict[] {
  return edits.flatMap((edit) => {
    const imported = importedAt(layer, edit.path);
    return isSameValue(imported, edit.base) || isSameValue(imported, edit.value) ? [] : [{...edit, imported}];
  });
}

/**
 * Returns the party as it holds. Null when nothing says what it is, which only a party without records and changes is.
 * A responsibility or contact that was set locally is of the local layer, also where a source says the same.
 */
export function heldParty(records: readonly ImportedRecord[], edits: readonly PartyEdit[]): HeldParty | null {
  const layer = importedLayer(records);
  const paths = overlay(layer.paths, edits);
  const fields: PartyFields | null = fieldsOfPaths(paths);
  if (fields === null) return null;
  const local = new Set(edits.filter(({value}) => value === true).map(({path}) => path));
  const origin = (path: string): {layer: PartyLayer; source: string | null} =>
    local.has(path) ? {layer: "local", source: null} : {layer: "imported", source: layer.sources.get(path) ?? null};
  const responsibilities: HeldResponsibility[] = [];
  const contacts: HeldContact[] = [];
  for (const path of paths.keys()) {
    const responsibility = responsibilityAt(paths, path);
    if (responsibility !== null) responsibilities.push({...responsibility, ...origin(path)});
    const contact = contactAt(paths, path);
    if (contact !== null) contacts.push({...contact, ...origin(path)});
  }
  const isStated =
    records.some((each) => !each.isGone) || edits.some(({path, value}) => value !== null && thingOf(path) === path);
  return {...fields, isStated, responsibilities, contacts};
}
