import type {House} from "../house.ts";

/**
 * Recurring work of the whole data folder, done by one process at a time: that it is due is told by `now`, and it has to
 * look itself what there is to do. It may be broken off anywhere and is then done again, so it must not mind doing twice.
 */
export interface Tick {
  /** A short name that stays: `notify`, `remind`, `probe`. */
  readonly name: string;
  readonly everySeconds: number;
  /** `signal` tells that the process ends, or that another one has taken the work over. */
  run(house: House, now: Date, signal: AbortSignal): Promise<void>;
}
