import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../../remediation/ports.ts";

/** The time of day, which passes by itself. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => sleep(milliseconds),
};
