import type { Affected, Outbox } from "../../lib/remediation/ports.ts";
import { lookMessage, ownMessage } from "../../lib/values/ownMessages.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import { leavesBehind, type Trigger } from "../../lib/values/trigger.ts";
import { chunks } from "../runtime/invocation.ts";

/** Seconds. Most instances have shut down by then, and load balancers' interfaces have gone; for those that have not, the sweep is there. */
const leavingTime = 300;

/** So that a message fits. */
const groupsAMessage = 1000;

/**
 * Groups to look at now, and, by trigger, those to look at later: something is leaving them, and while it is there it counts as if it stayed; or it leaves
 * admissions of ours behind, which stay for a while, as it may be taken back.
 */
interface Apart {
  readonly now: Affected;
  readonly later: ReadonlyMap<Trigger, readonly GroupId[]>;
}

export function apart(affected: Affected): Apart {
  const now = new Map<GroupId, readonly Trigger[]>();
  const later = new Map<Trigger, readonly GroupId[]>();
  for (const [group, triggers] of affected) {
    const staying = triggers.filter(({ leaving }) => leaving === undefined);
    if (staying.length > 0) now.set(group, staying);
    for (const trigger of triggers)
      if (trigger.leaving === true || leavesBehind(trigger))
        later.set(trigger, [...(later.get(trigger) ?? []), group]);
  }
  return { now, later };
}

/** Sends triggers to the enforce queue, with groups to look at, to come back when what is leaving has gone, or, sooner, when it is said. Answers which were not sent, and why. */
export async function lookLater(
  later: Apart["later"],
  outbox: Pick<Outbox, "enforce">,
  delaySeconds = leavingTime,
): Promise<ReadonlyMap<Trigger, string>> {
  if (later.size === 0) return new Map();
  const parts = [...later].flatMap(([trigger, groups]) =>
    chunks(groups, groupsAMessage).map((some) => ({ trigger, groups: some })),
  );
  const unsent = await outbox.enforce(
    parts.map(({ trigger: { event, eventId, at, actor }, groups }) =>
      ownMessage(lookMessage, {
        groups,
        event,
        eventId,
        at,
        actor,
        ...(delaySeconds < leavingTime ? {} : { isLater: true }),
      }),
    ),
    delaySeconds,
  );
  return new Map(
    unsent.flatMap(({ index, why }) => {
      const trigger = parts[index]?.trigger;
      return trigger === undefined ? [] : [[trigger, why] as const];
    }),
  );
}
