import type { ChangeId } from "./changeId.ts";
import { type Finding, finding } from "./finding.ts";
import type { GroupId } from "./rule.ts";
import type { CheckedTarget, HealthReading } from "./snapshot.ts";

/** To be looked at some time after a removal, since a health check takes its time to fail: do the targets that were healthy still answer? */
export interface TargetCheck {
  readonly group: GroupId;
  /** Of the call that had the rules removed. */
  readonly eventId: string;
  /** The change that removed them, in the journal. Missing: an earlier version sent it. */
  readonly change?: ChangeId;
  /** The removed rules, as text for people. */
  readonly removed: readonly string[];
  /** Targets among the group's interfaces that were healthy before. */
  readonly healthy: readonly CheckedTarget[];
}

/** The one text of a target, for people, and to tell targets apart: "i-1 (eni-1) in web:8080". */
export const targetText = ({ interface: id, at, by }: CheckedTarget): string =>
  `${at} (${id}) in ${checkerText(by)}`;

const checkerText = (by: CheckedTarget["by"]): string =>
  by.kind === "targetGroup" ? `${by.name}:${by.port}` : by.name;

/** A target that was healthy and does not answer any more, and the load balancer's reason. */
export interface LostTarget {
  readonly target: CheckedTarget;
  readonly reason: string;
}

export function lostTargets(
  { healthy }: Pick<TargetCheck, "healthy">,
  readings: readonly HealthReading[],
): readonly LostTarget[] {
  const now = new Map(readings.map(({ target, health }) => [targetText(target), health]));
  return healthy.flatMap((target) => {
    const health = now.get(targetText(target));
    return health?.state === "silent" ? [{ target, reason: health.reason }] : [];
  });
}

/** Those who check targets and find none alive of all that were healthy before: "web:80". */
export function silencedBy(
  healthy: readonly CheckedTarget[],
  readings: readonly HealthReading[],
): readonly string[] {
  const lost = new Set(lostTargets({ healthy }, readings).map(({ target }) => targetText(target)));
  const byChecker = Map.groupBy(healthy, ({ by }) => checkerText(by));
  return [...byChecker]
    .filter(([, some]) => some.every((one) => lost.has(targetText(one))))
    .map(([name]) => name);
}

export function targetHealth(
  { group, removed }: TargetCheck,
  lost: readonly LostTarget[],
): Finding {
  const targets = lost.map(({ target, reason }) => `${targetText(target)} (${reason})`);
  const [was, does] = lost.length === 1 ? ["was", "does"] : ["were", "do"];
  const text = `${few(targets)} ${was} healthy before a removal and ${does} not answer now. Removed: ${few(removed)}.`;
  return finding("target-health", group, text);
}

/** As many as a person reads. */
const few = (items: readonly string[]): string =>
  items.length > 6
    ? `${items.slice(0, 5).join(", ")} and ${items.length - 5} more`
    : items.join(", ");
