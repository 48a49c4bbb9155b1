import type { Bus, BusEvent } from "../state/events.ts";
import { matches } from "./patterns.ts";

/** Each rule that matches delivers its own copy. */
export function put(bus: Bus, event: BusEvent): void {
  bus.events.push(event);
  for (const { pattern, deliver, isDisabled, targets } of bus.rules)
    if (isDisabled !== true && targets.length > 0 && matches(pattern, event)) deliver(event);
}
