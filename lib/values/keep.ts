import { keepTag, keepUntilTag } from "./ownTags.ts";
import type { Tags } from "./rule.ts";
import { days, endOfDay, millis } from "./time.ts";

/** What `elb-only:keep` and `elb-only:keep-until` say of a rule at a time. Only `kept` and `expiring` keep it. */
export type Keep = "none" | "kept" | "expiring" | "expired" | "unreadable";

/** A kept rule is kept to the end of its day in UTC; a day that cannot be read keeps nothing. */
export function keepOf(tags: Tags, at: string): Keep {
  if (tags[keepTag] === undefined) return "none";
  const until = tags[keepUntilTag]?.trim();
  if (until === undefined) return "kept";
  const end = endOfDay(until);
  if (end === undefined) return "unreadable";
  const left = end - millis(at);
  return left <= 0 ? "expired" : left <= days(7) ? "expiring" : "kept";
}

export const isKept = (tags: Tags, at: string): boolean =>
  ["kept", "expiring"].includes(keepOf(tags, at));
