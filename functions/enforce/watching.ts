import type { World } from "../../lib/remediation/ports.ts";
import { inLog, type Log } from "../runtime/invocation.ts";

/** The world as remediation sees it: with checks turned off it asks nobody about targets' health; where that cannot be read, the log says why. */
export const watching = (world: World, checkHealthAfter: number | "off", log: Log): World => ({
  ...world,
  health: async (groups) => {
    if (checkHealthAfter === "off") return [];
    try {
      return await world.health(groups);
    } catch (error) {
      log.warn(
        "The health of targets before a removal could not be read: it will not be checked after",
        { error, ...inLog(groups) },
      );
      throw error;
    }
  },
});
