/** What goes with every answer, and how long what may be kept. */
import type {ServerResponse} from "node:http";
import path from "node:path";
import {FEEDS} from "../../bulletin/site/archive.ts";

/**
 * No script, no frame, no form, no request elsewhere. Pages narrow the style down to their own by a hash in their head;
 * the header cannot, for editions keep the style that they were published with.
 */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const FORBIDDEN_FEATURES =
  "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope hid idle-detection magnetometer microphone midi payment picture-in-picture publickey-credentials-get screen-wake-lock serial usb xr-spatial-tracking";

/** Headers of every answer, of errors and refusals too. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "permissions-policy": FORBIDDEN_FEATURES.split(" ")
    .map((feature) => `${feature}=()`)
    .join(", "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Sets them before anybody else sees the request, so that no answer can do without. */
export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
}

/** What a browser may show by itself; all else is handed over as a file. */
const SHOWN = [".html", ".pdf", ".png", ".json", ".xml", ".txt", ".csv", ".md"];
/** A published version lies in a folder of its own and never changes. */
const FROZEN = /^\d{4}-\d{2}-\d{2}\/v\d+\//;
const KEPT_FOR_EVER = "public, max-age=31536000, immutable";
const KEPT_SHORTLY = "public, max-age=60";

/** Returns the headers of a file of the site; `name` is its path there, with `/`. */
export function fileHeaders(name: string): Record<string, string> {
  const feed = FEEDS.find(({file}) => file === path.posix.basename(name));
  return {
    "cache-control": FROZEN.test(name) ? KEPT_FOR_EVER : KEPT_SHORTLY,
    ...(feed === undefined ? {} : {"content-type": `${feed.type}; charset=utf-8`}),
    ...(SHOWN.includes(path.posix.extname(name)) ? {} : {"content-disposition": "attachment"}),
  };
}
