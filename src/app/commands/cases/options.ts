/** Options that commands about cases share, and the answer that they give. */
import type {CaseAtWork} from "../../../model/cases/case-change.ts";
import {WatchfloorError} from "../../../model/errors.ts";
import {visible} from "../../../model/visible.ts";
import {type Act, type BulkResult, eachCase} from "../../cases/acts.ts";
import {type Answer, BY, type Call, type Command, needed, optional, person, several} from "../../command.ts";

/** The option that names a case. */
export const CASE = {id: {type: "string"}} as const satisfies Command["options"];
/** The option that names one or more cases. */
export const CASES = {id: {type: "string", multiple: true}, ...BY} as const satisfies Command["options"];
/** How the person who does it is named, for the manual. */
export const WHO = "[--by NAME]";

/** Returns who does it, and when. */
export function actOf(call: Call): Act {
  return {by: person(call), now: call.now};
}

/** Returns the text of an option, or null. */
export function maybe(call: Call, name: string): string | null {
  return optional(call, name) ?? null;
}

/** Returns the answer about a case after something was done to it. */
export function doneAnswer(there: CaseAtWork, what = ""): Answer {
  return {json: there, text: `${there.case.id}${what === "" ? "" : ` ${what}`}: ${stateText(there)}`};
}

/** Returns where a case stands, in a line. */
function stateText({case: one, round, waitsFor}: CaseAtWork): string {
  return [
    `${one.state}, round ${round.round}, level ${one.severity}`,
    one.assignee === null ? "" : `with ${visible(one.assignee)}`,
    waitsFor === null ? "" : `waits for a person (${waitsFor})`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

/**
 * Does the same to every case of --id and tells of each. What one refuses is a complaint, the others are done; one case
 * alone throws as it is.
 */
export async function bulkAnswer(call: Call, act: (id: string) => Promise<CaseAtWork>): Promise<Answer> {
  const ids = several(call, "id").flatMap((each) => each.split(","));
  const [only] = ids;
  if (only === undefined || only.trim() === "") throw new WatchfloorError("usage", "--id is missing");
  if (ids.length === 1) return doneAnswer(await act(only));
  const results = await eachCase(ids, act);
  return {
    json: results.map(({id, done, error}) => ({id, case: done, error: codeOf(error)})),
    text: results.map(({id, done}) => (done === null ? `${id}: not done` : doneAnswer(done).text)).join("\n"),
    complaints: results.flatMap(complaintOf),
    isFailed: results.some(({done}) => done === null),
  };
}

function complaintOf({error}: BulkResult): string[] {
  if (error === null) return [];
  if (error instanceof WatchfloorError) return [error.message];
  throw error;
}

function codeOf(error: unknown): string | null {
  return error instanceof WatchfloorError ? error.code : null;
}

/** Returns the id of --id. Throws usage. */
export function caseOption(call: Call): string {
  return needed(call, "id");
}
