import type {Format} from "../model/format.ts";
import {backdoor} from "./backdoor.ts";
import {c2Tracker, c2TrackerObservations} from "./c2-tracker.ts";
import {cnvd} from "./cnvd.ts";
import {cve} from "./cve.ts";
import {defacement, defacementReport} from "./defacement.ts";
import {intelmq} from "./intelmq.ts";
import {jpcertPhishurl} from "./jpcert-phishurl.ts";
import {kev} from "./kev.ts";
import {mobileChannel} from "./mobile-channel.ts";
import {openphish, openphishObservations} from "./openphish.ts";
import {phishtank, phishtankJson} from "./phishtank.ts";
import {shadowserver} from "./shadowserver.ts";
import {tweetfeed} from "./tweetfeed.ts";

/** Every format that is shipped. A site adds its own: site-format.ts. */
export const FORMATS: readonly Format[] = [
  shadowserver,
  intelmq,
  tweetfeed,
  jpcertPhishurl,
  c2Tracker,
  c2TrackerObservations,
  openphish,
  openphishObservations,
  phishtank,
  phishtankJson,
  cnvd,
  kev,
  cve,
  defacement,
  defacementReport,
  backdoor,
  mobileChannel,
];

/** Another shape in which the same provider publishes: `begins` says whether a report's text is of it. */
interface Shape {
  readonly format: Format;
  readonly begins: RegExp;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  "c2-tracker": {format: c2TrackerObservations, begins: /^"?family"?,"?ip"?,/},
  openphish: {format: openphishObservations, begins: /^"?url"?,"?first_seen"?,/},
  phishtank: {format: phishtankJson, begins: /^\s*[[{]/},
  defacement: {format: defacementReport, begins: /^\s*[[{]/},
};

/**
 * Returns the format to read a report by: the given one, or the other shape of the same provider that the text is of.
 * `beginning` is the start of the unpacked text, a hundred characters will do.
 */
export function shapeOf(format: Format, beginning: string): Format {
  const other = SHAPES[format.name];
  return other?.begins.test(beginning.replace(/^\uFEFF/, "")) ? other.format : format;
}
