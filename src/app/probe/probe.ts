import type {Look, ProbeOrder} from "../../model/verification.ts";
import {type ProbeChild, startProbeChild} from "./child.ts";
import {draftOf} from "./draft.ts";
import type {Screen} from "./screen/screen.ts";
import type {ProbeSettings} from "./settings.ts";

/** Looks at what is reported, from a process of its own. */
export interface Probe {
  /**
   * Takes one look. Never rejects: when the process dies under it, or was closed, the look says so and can only be judged
   * unknown. Many may be asked for at once; as many as the settings say are taken at the same time.
   */
  look(order: ProbeOrder): Promise<Look>;
  /** Process id of the running probe, or null; for tests that kill it. */
  pid(): number | null;
  close(): Promise<void>;
}

/** So much longer than its own limit a look may take before its process is taken to hang. */
const GRACE_MS = 5000;

/**
 * Opens the probe. Its process starts with the first order, and again when it has died. With a screen, orders that want a
 * screenshot get one; the screen is closed with the probe.
 */
export function openProbe(settings: ProbeSettings, screen: Screen | null = null): Probe {
  let child: ProbeChild | null = null;
  let running = 0;
  let isClosed = false;
  const queue: (() => void)[] = [];

  const current = (): ProbeChild => {
    if (child?.isOpen()) return child;
    child = startProbeChild(settings);
    return child;
  };
  const take = async (order: ProbeOrder): Promise<Look> => {
    if (isClosed) return ownFailure(order, "the probe was closed");
    const mine = current();
    const timer = setTimeout(() => mine.kill(), settings.limits.totalMs + GRACE_MS);
    const look = await mine.send(order);
    clearTimeout(timer);
    if (look !== null) return look;
    mine.kill(); // who sends what is no look is not asked again
    return ownFailure(order, "the probe process died");
  };
  const enter = async (): Promise<void> => {
    if (running < settings.concurrency) running += 1;
    else await new Promise<void>((resolve) => queue.push(resolve)); // takes over the place of one that leaves
  };
  const leave = (): void => {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    look: async (order) => {
      await enter();
      const look = await take(order).finally(leave);
      if (!order.wants.screenshot || screen === null || look.page === null) return look;
      return {...look, screenshot: await screen.take(look)};
    },
    pid: () => (child?.isOpen() ? child.pid : null),
    close: async () => {
      isClosed = true;
      child?.kill();
      await Promise.all([child?.gone, screen?.close()]);
    },
  };
}

/** Returns a look that saw nothing because of us. */
function ownFailure(order: ProbeOrder, text: string): Look {
  return {...draftOf(order), troubles: [{kind: "probe-died", text}]};
}
