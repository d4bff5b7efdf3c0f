/** One round of all coordination now, as the server does it again and again. */
import {openCaseDesk} from "../coordination/case-desk.ts";
import {type Round, runRound} from "../coordination/round.ts";
import {openTools} from "../coordination/tools.ts";
import type {House} from "../house.ts";

/** Does all that is due at `now` and returns what was done. Throws rules_invalid, notice_template_invalid, secret_missing. */
export async function workNow(house: House, now: Date): Promise<Round> {
  const desk = await openCaseDesk(house);
  const tools = openTools(house);
  try {
    return await runRound(desk, tools, now);
  } finally {
    await tools.close();
  }
}
