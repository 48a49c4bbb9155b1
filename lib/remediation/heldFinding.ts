import { type Finding, finding } from "../values/finding.ts";
import { breaker, everyGroup, type Held, holdsOn, holdText } from "../values/hold.ts";
import type { GroupId } from "../values/rule.ts";
import { millis } from "../values/time.ts";

/** What a hold keeps from being done in a group, by whom, and how to end it. */
export const heldFinding = (group: GroupId, held: Held): Finding => {
  const nothing = held.stops === "writes" ? "written to" : "removed from";
  const which = held.on === everyGroup ? "" : ` ${group}`;
  return held.by === breaker
    ? finding(
        "breaker",
        group,
        `Nothing is removed from ${group} that was not opened just now: ${held.why}. To let it go: elb-only resume${which}`,
      )
    : finding(
        "held",
        group,
        `Nothing is ${nothing} ${group} ${holdText(held)}. To end it: elb-only resume${which}`,
      );
};

/** Has somebody let go what the breaker held, or would hold, in a group? */
export const isLetGo = (group: GroupId, holds: readonly Held[], at: string): boolean =>
  holdsOn(group, holds, millis(at)).some(({ stops }) => stops === "nothing");
