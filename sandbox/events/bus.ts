import type { Bus, BusEvent } from "../state/events.ts";
import { matches } from "./patterns.ts";

/** Each rule that matches delivers its own copy. */
export function put(bus: Bus, event: BusEvent): void {
  bus.events.push(event);
  for (const { pattern, deliver, isDisabled } of bus.rules)
    if (isDisabled !== true && matches(pattern, event)) deliver(event);
}
