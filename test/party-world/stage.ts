/** The stage of a world: names, sites, a mail server, and a data folder of a product that looks at them. */
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import path from "node:path";
import {LIMITS, type ProbeSettings} from "../../src/app/probe/settings.ts";
import {openSmtp, type TestSmtp} from "../smtp.ts";
import {openDns} from "../world/dns.ts";
import {openSites} from "../world/sites.ts";
import {diceOf} from "./dice.ts";
import {type House, housesOf, NO_HOST, PLACES} from "./houses.ts";
import {makeHome} from "./product.ts";
import {openScenery, show} from "./scenery.ts";
import {type Story, storiesOf} from "./stories.ts";
import {openPartyWorld, type PartyWorld} from "./world.ts";

/** See the head of this file. */
export interface Stage {
  readonly home: string;
  readonly smtp: TestSmtp;
  readonly world: PartyWorld;
  readonly probe: ProbeSettings;
  readonly houses: readonly House[];
  readonly stories: readonly Story[];
  close(): Promise<void>;
}

/** What a stage is made with: so many sites. `url` null: the product starts its own database. */
export interface Staging {
  readonly seed: number;
  readonly count: number;
  readonly url: string | null;
  readonly listHours?: number;
}

/** How often the list of pages comes, where nothing else is said. */
const LIST_HOURS = 6;

/** Opens a stage. */
export async function openStage({seed, count, url, listHours = LIST_HOURS}: Staging): Promise<Stage> {
  const home = path.join(mkdtempSync(path.join(tmpdir(), "watchfloor-world-")), "home");
  const [dns, sites, smtp] = [await openDns(), await openSites(), await openSmtp()];
  const dice = diceOf(seed);
  const [houses, stories] = [housesOf(dice), storiesOf(dice, count)];
  openScenery({dns, sites}, PLACES[0].ip);
  const world = openPartyWorld({
    dice,
    stories,
    houses,
    listHours,
    show: (story, phase) => show({dns, sites}, story, phase),
  });
  const guarded = stories.flatMap(({isProtected, domain}) => (isProtected ? [`.${domain}`] : []));
  await makeHome({home, url, smtpPort: smtp.port, houses, guarded});
  return {
    ...{home, smtp, world, houses, stories},
    probe: {
      ...{resolvers: [dns.address], userAgent: "test", acceptLanguage: "en", concurrency: 64, controlName: null},
      limits: LIMITS,
      dial: sites.dial(...PLACES.map(({ip}) => ip), NO_HOST.ip),
    },
    close: async () => {
      await Promise.all([dns.close(), sites.close(), smtp.close()]);
      rmSync(path.dirname(home), {recursive: true, force: true});
    },
  };
}
