/** Cases that belong together or apart, and the files of a case. */
import path from "node:path";
import {merged} from "../../cases/desk.ts";
import {canBeLookedAt} from "../../cases/opening/plan.ts";
import type {CaseAtWork} from "../../model/cases/case-change.ts";
import {WatchfloorError} from "../../model/errors.ts";
import {keepArtefact, readArtefact} from "../../store/artefacts.ts";
import {caseOfId} from "../../store/cases/changing.ts";
import {attachFile, linkCases, mergeCases, splitCase} from "../../store/cases/joining.ts";
import {matterOf} from "../../store/cases/lists.ts";
import {openCaseDesk, yearOf} from "../coordination/case-desk.ts";
import type {House} from "../house.ts";
import type {Act} from "./acts.ts";
import {assetOfText} from "./opening.ts";

/** Merges one case into another, which is given back. Throws case_unknown, case_step_not_allowed. */
export async function mergeInto(
  house: House,
  {id, into}: {readonly id: string; readonly into: string},
  act: Act,
): Promise<CaseAtWork> {
  const {db} = await house.database();
  return mergeCases(db, {from: id, into, decide: (pair) => merged(pair, act.now.toISOString()), ...act});
}

/** Takes an asset out of a case that has several; gives back the new case. Throws case_unknown, case_step_not_allowed, usage. */
export async function splitOff(
  house: House,
  {id, asset, kind}: {readonly id: string; readonly asset: string; readonly kind: string | null},
  act: Act,
): Promise<CaseAtWork> {
  const desk = await openCaseDesk(house);
  const year = yearOf(desk, act.now);
  const own = assetOfText(asset, kind);
  return splitCase(desk.db, {id, asset: own, year, isLookedAt: canBeLookedAt({asset: own}), ...act});
}

/** Says that two cases have to do with each other. Throws case_unknown, case_step_not_allowed (one case). */
export async function linkWith(
  house: House,
  {id, other}: {readonly id: string; readonly other: string},
  act: Act,
): Promise<CaseAtWork> {
  const {db} = await house.database();
  await linkCases(db, {id, other, ...act});
  return caseOfId(db, id);
}

/** A file that somebody hands in. `name` and `type` are what he says; neither is believed. */
export interface FileIn {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

const MOST_NAME = 200;

/** Attaches a file to a case: kept under its hash, never shown inline. Throws case_unknown, file_too_large, disk_full. */
export async function attachTo(house: House, {id, name, type, bytes}: FileIn, act: Act): Promise<CaseAtWork> {
  const most = house.config.limits.messageBytes;
  if (bytes.length > most) throw new WatchfloorError("file_too_large", `${bytes.length} bytes; the limit is ${most}`);
  const {db} = await house.database();
  await caseOfId(db, id); // before the file is kept
  const kept = await keepArtefact(house.home, bytes);
  const shown = path.basename(name).toWellFormed().replaceAll("\0", "\ufffd").slice(0, MOST_NAME);
  await attachFile(db, {id, file: {...kept, name: shown, type}, ...act});
  return caseOfId(db, id);
}

/** Returns the bytes of a file of a case. Throws case_unknown, artefact_missing. */
export async function fileOf(
  house: House,
  {id, sha256}: {readonly id: string; readonly sha256: string},
): Promise<Buffer> {
  const {db} = await house.database();
  const {files} = await matterOf(db, id);
  if (!files.some((each) => each.sha256 === sha256))
    throw new WatchfloorError("artefact_missing", `${id} has no file ${sha256}`);
  return readArtefact(house.home, sha256);
}
