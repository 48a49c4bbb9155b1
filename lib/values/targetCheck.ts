import { type Finding, finding } from "./finding.ts";
import type { GroupId } from "./rule.ts";
import type { Health, InterfaceId, Target, TargetKey } from "./snapshot.ts";

/** To be looked at some time after a removal, since a health check takes its time to fail: do the targets that were healthy still answer? */
export interface TargetCheck {
  readonly group: GroupId;
  /** Of the call that had the rules removed. */
  readonly eventId: string;
  /** The removed rules, in words. */
  readonly removed: readonly string[];
  /** Targets among the group's interfaces that were healthy before. */
  readonly healthy: readonly TargetKey[];
}

/** `by` is the target group and the target's port, `web:8080`, or the Classic Load Balancer's name. */
export const targetKey = (id: InterfaceId, at: Target["at"], by: string): TargetKey =>
  `${id} ${at.kind === "instance" ? at.instance : at.address} ${by}`;

export const interfaceOf = (target: TargetKey): InterfaceId => target.split(" ")[0] ?? "";

/** The targets that were healthy and do not answer any more, each with the load balancer's reason. */
export const lostTargets = (
  { healthy }: TargetCheck,
  health: ReadonlyMap<TargetKey, Health>,
): ReadonlyMap<TargetKey, string> =>
  new Map(
    healthy.flatMap((target) => {
      const now = health.get(target);
      return now?.startsWith("silent:") ? [[target, now.slice("silent:".length)] as const] : [];
    }),
  );

export function targetHealth(
  { group, removed }: TargetCheck,
  lost: ReadonlyMap<TargetKey, string>,
): Finding {
  const targets = [...lost].map(([target, reason]) => {
    const [id, at, by] = target.split(" ");
    return `${at} (${id}) in ${by} (${reason})`;
  });
  const [was, does] = lost.size === 1 ? ["was", "does"] : ["were", "do"];
  const text = `${few(targets)} ${was} healthy before a removal and ${does} not answer now. Removed: ${few(removed)}.`;
  return finding("target-health", group, text);
}

/** As many as a person reads. */
const few = (items: readonly string[]): string =>
  items.length > 6
    ? `${items.slice(0, 5).join(", ")} and ${items.length - 5} more`
    : items.join(", ");
