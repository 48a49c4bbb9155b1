import { randomUUID } from "node:crypto";
import type { Later } from "../../lib/remediation/leases.ts";
import type { GroupId } from "../../lib/values/rule.ts";
import { leaseEndEvent, ownActor, type Trigger } from "../../lib/values/trigger.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { lookLater } from "./lookLater.ts";

/** Seconds: SQS delays no message longer. */
const longestDelay = 900;

/**
 * Groups that others have are looked at by them; only if one of them dies, when its lease ends. What nobody has got round to is looked at as soon as may be.
 * Answers for which groups the queue did not take that, and why.
 */
export async function leaveToOthers(
  later: readonly Later[],
  { outbox, clock }: Pick<Runtime, "outbox" | "clock">,
): Promise<ReadonlyMap<GroupId, string>> {
  const busy = later.filter(({ triggers }) => triggers.length === 0);
  const end = Math.max(...busy.map(({ at }) => at));
  const delay = Math.ceil((end - clock.now()) / 1000) + 1;
  const leaseEnd: Trigger = {
    event: leaseEndEvent,
    eventId: randomUUID(),
    actor: ownActor,
    touched: [],
    rules: [],
  };
  const ends = new Map(busy.length === 0 ? [] : [[leaseEnd, groupsOf(busy)]]);
  const owed = Map.groupBy(
    later.flatMap((one) => one.triggers.map((trigger) => ({ ...one, trigger }))),
    ({ trigger }) => trigger,
  );
  const atOnce = new Map([...owed].map(([trigger, some]) => [trigger, groupsOf(some)]));
  const unsent = new Map([
    ...(await lookLater(ends, outbox, Math.min(longestDelay, Math.max(1, delay)))),
    ...(await lookLater(atOnce, outbox, 0)),
  ]);
  return new Map(
    [...unsent].flatMap(([trigger, why]) =>
      (ends.get(trigger) ?? atOnce.get(trigger) ?? []).map(
        (group) => [group, `it is left for later, and a later look was not sent: ${why}`] as const,
      ),
    ),
  );
}

const groupsOf = (some: readonly Later[]): readonly GroupId[] => [
  ...new Set(some.map(({ group }) => group)),
];
