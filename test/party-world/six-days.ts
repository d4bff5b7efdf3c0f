/** Six days of a world, as fast as they go: what comes in is handed in, then everything that is due is done, every half hour. */
import type {Product} from "./product.ts";
import type {Stage} from "./stage.ts";
import {CALENDAR, instant} from "./times.ts";
import type {Delivery} from "./world.ts";

/** Runs a world to its end. `onHour` is told after each round. */
export async function runSixDays(
  {world, smtp}: Stage,
  product: Product,
  onHour: (hour: number) => void = () => undefined,
): Promise<void> {
  for (let hour = 0; hour <= CALENDAR.end; hour += CALENDAR.step) {
    const now = instant(hour);
    await handIn(product, world.until(hour), now);
    await product.round(now);
    const mails = smtp.mails.slice();
    smtp.clear();
    await world.arrive(mails, hour);
    onHour(hour);
  }
}

/** What a program hands in comes in one piece. */
async function handIn(product: Product, deliveries: readonly Delivery[], now: Date): Promise<void> {
  for (const delivery of deliveries) {
    if (delivery.as === "mail") await product.mail(delivery.raw, {receivedAt: instant(delivery.hour), now});
    else if (delivery.as === "feed") await product.report(delivery, now);
  }
  const complaints = deliveries.flatMap((delivery) => (delivery.as === "complaint" ? [delivery.complaint] : []));
  if (complaints.length > 0) await product.complain(complaints, now);
}
