import { checkMessage, ownMessage } from "../../lib/values/ownMessages.ts";
import type { Finding } from "../../lib/values/finding.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { type GroupId, ruleText } from "../../lib/values/rule.ts";
import type { HealthReading } from "../../lib/values/snapshot.ts";
import {
  lostTargets,
  type TargetCheck,
  targetHealth,
  targetText,
} from "../../lib/values/targetCheck.ts";
import { ownActor, type Trigger } from "../../lib/values/trigger.ts";
import { sendOutcomes } from "../runtime/outbox.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { chunks, inLog, whyOf } from "../runtime/invocation.ts";

/** So that a message fits, whatever the group: rules beyond it are only counted. */
const targetsAMessage = 200;
const rulesAMessage = 200;

/** What is to be looked at after what was removed; nothing where no target is known to have been healthy. @internal */
export function checksOf({
  group,
  change,
  triggers,
  removed,
  healthyBefore = [],
}: Outcome): readonly TargetCheck[] {
  const texts = removed.map(ruleText);
  const left = texts.length - rulesAMessage;
  const told = left > 0 ? [...texts.slice(0, rulesAMessage), `${left} more`] : texts;
  if (told.length === 0) return [];
  return chunks(healthyBefore, targetsAMessage).map((healthy) => ({
    group,
    eventId: triggers[0]?.eventId ?? "none",
    ...(change === undefined ? {} : { change }),
    removed: told,
    healthy,
  }));
}

/** Sends the checks of these outcomes to the enforce queue, to come back later. What was removed stays removed without them: a lost one is only logged. */
export async function checkLater(
  outcomes: readonly Outcome[],
  { outbox, log }: Pick<Runtime, "outbox" | "log">,
  delaySeconds: number,
): Promise<void> {
  const checks = outcomes.flatMap(checksOf);
  if (checks.length === 0) return;
  const unsent = await outbox.enforce(
    checks.map((check) => ownMessage(checkMessage, check)),
    delaySeconds,
  );
  if (unsent.length === 0) return;
  log.error("Targets will not be checked after a removal", {
    ...inLog(unsent.flatMap(({ index }) => checks[index]?.group ?? [])),
    why: unsent[0]?.why,
  });
}

/**
 * Reads, for all groups at once, how the targets fare that were healthy before a removal, and tells people of those that do not answer any more.
 * Answers of which groups the check is to be made again, and why.
 */
export async function checkTargets(
  checks: readonly TargetCheck[],
  runtime: Runtime,
  restore: Restore,
): Promise<ReadonlyMap<GroupId, string>> {
  const byGroup = Map.groupBy(checks, ({ group }) => group);
  let health: readonly HealthReading[];
  try {
    health = await runtime.world.health([...byGroup.keys()]);
  } catch (error) {
    runtime.log.error("The health of targets could not be read", {
      error,
      ...inLog([...byGroup.keys()]),
    });
    return new Map([...byGroup.keys()].map((group) => [group, whyOf(error)]));
  }

  const found = [...byGroup].map(([group, some]) => {
    const check = together(group, some);
    return { check, lost: lostTargets(check, health) };
  });
  for (const { check, lost } of found) {
    const line = {
      group: check.group,
      eventId: check.eventId,
      healthy: check.healthy.length,
      lost: lost.map(({ target }) => targetText(target)),
    };
    if (lost.length > 0) runtime.log.warn("Targets checked after a removal", line);
    else runtime.log.info("Targets checked after a removal", line);
  }
  const bad = new Map(
    found.filter(({ lost }) => lost.length > 0).map((one) => [one.check.group, one]),
  );
  const restored = new Map<GroupId, Restored>();
  for (const [group, { check }] of bad) {
    const one = await restore(check, health);
    if (one !== undefined) restored.set(group, one);
  }
  const outcomes = await runtime.observe(
    new Map([...bad].map(([group, { check }]) => [group, [triggerOf(check)]])),
  );
  const unsent = await sendOutcomes(
    outcomes.map((outcome) => {
      const one = bad.get(outcome.group);
      return one === undefined
        ? outcome
        : {
            ...outcome,
            findings: [
              ...(restored.get(outcome.group)?.findings ?? []),
              targetHealth(one.check, one.lost),
              ...outcome.findings,
            ],
          };
    }),
    runtime,
  );
  for (const [group, { told }] of restored) if (!unsent.has(group)) await told();
  return unsent;
}

/** Undoes the change after which targets fell silent, if that is to be done; answers what people should know of it. */
export type Restore = (
  check: TargetCheck,
  health: readonly HealthReading[],
) => Promise<Restored | undefined>;

/** What people should know of it, and that they do. */
export interface Restored {
  readonly findings: readonly Finding[];
  readonly told: () => Promise<void>;
}

/** All checks of one group as one; about the last of their changes. */
const together = (group: GroupId, checks: readonly TargetCheck[]): TargetCheck => ({
  ...checks.at(-1),
  group,
  eventId: checks[0]?.eventId ?? "none",
  removed: [...new Set(checks.flatMap(({ removed }) => removed))],
  healthy: [
    ...new Map(
      checks.flatMap(({ healthy }) => healthy.map((one) => [targetText(one), one] as const)),
    ).values(),
  ],
});

const triggerOf = ({ group, eventId }: TargetCheck): Trigger => ({
  event: "HealthCheck",
  eventId,
  actor: ownActor,
  touched: [{ kind: "group", group }],
  rules: [],
});
