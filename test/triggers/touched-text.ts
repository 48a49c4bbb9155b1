import type { Touched } from "../../lib/values/trigger.ts";

/** "group sg-...": short, for tables. */
export const touchedText = (touched: Touched): string => Object.values(touched).join(" ");
