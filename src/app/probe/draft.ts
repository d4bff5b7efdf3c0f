import type {Look, ProbeOrder} from "../../model/verification.ts";

/** A look while it is taken. */
export type Draft = {-readonly [Key in keyof Look]: Look[Key]};

/** Returns a look that has seen nothing yet. */
export function draftOf({id, at, asset, registration}: ProbeOrder): Draft {
  return {
    id,
    at,
    asset,
    dns: null,
    registration,
    chain: [],
    tls: null,
    page: null,
    troubles: [],
    kept: null,
    screenshot: null,
    milliseconds: 0,
  };
}
