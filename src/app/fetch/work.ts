import type {FetchItem} from "../../store/fetches/items.ts";
import type {FetchMemory} from "../../store/fetches.ts";
import type {Delivery} from "../../store/opening.ts";

/** What a source needs while it is fetched from. */
export interface FetchWork {
  readonly home: string;
  /** Where streams are put down. */
  readonly scratch: string;
  readonly zone: string;
  readonly isStandingList: boolean;
  readonly limits: {readonly downloadBytes: number; readonly messageBytes: number};
  readonly now: Date;
  readonly signal: AbortSignal;
  /** What the source remembered the last time. */
  readonly memory: FetchMemory;
  /** Returns those of the items that were looked at before, with what became of them. */
  known(items: readonly string[]): Promise<Map<string, FetchItem["outcome"]>>;
  /** Notes that items were looked at. */
  note(items: readonly FetchItem[]): Promise<void>;
}

/** One thing that a source offers: a file, a mail, an answer. */
export interface Offer {
  /** Its name that stays; null when it is known by its content only. */
  readonly item: string | null;
  /** What people call it. */
  readonly name: string;
  readonly fetchedAt: Date;
  /** Opens the reports in it. Throws FetchError, report_…. */
  deliveries(): AsyncIterable<Delivery> | Iterable<Delivery>;
  /** Called once it is durable that it was taken in or refused: moves the file, marks the mail. */
  settle(isRefused: boolean): Promise<void>;
}

/** Offers one thing after the other, and gives back what is to be remembered. */
export type Source = AsyncGenerator<Offer, FetchMemory>;
