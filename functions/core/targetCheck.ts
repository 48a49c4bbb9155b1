import { type Finding, finding } from "./finding.ts";
import type { Wearer } from "./plan.ts";
import type { GroupId } from "./rule.ts";
import type { Health, InterfaceId } from "./snapshot.ts";

/** To be looked at some time after a removal, since a health check takes its time to fail: do the targets that were healthy still answer? */
export interface TargetCheck {
  readonly group: GroupId;
  /** Of the call that had the rules removed. */
  readonly eventId: string;
  /** The removed rules, in words. */
  readonly removed: readonly string[];
  /** Wearers of the group that were healthy before. */
  readonly healthy: readonly InterfaceId[];
}

/** A load balancer's reasons that a closed port may have: of Application and Gateway, of Network, of Classic Load Balancers. Not a wrong answer, nor ELB's own trouble. */
const noAnswer = ["Target.Timeout", "Target.FailedHealthChecks", "Instance"].map((reason) => `unhealthy:${reason}`);

/** The targets that were healthy and do not answer any more, each with the load balancer's reason. */
export const lostTargets = ({ healthy }: TargetCheck, health: ReadonlyMap<InterfaceId, Health>): ReadonlyMap<InterfaceId, string> =>
  new Map(
    healthy.flatMap((id) => {
      const now = health.get(id);
      return now !== undefined && noAnswer.includes(now) ? [[id, now.slice("unhealthy:".length)] as const] : [];
    }),
  );

export function targetHealth({ group, removed }: TargetCheck, lost: ReadonlyMap<InterfaceId, string>, wearers: readonly Wearer[]): Finding {
  const what = new Map(wearers.map((wearer) => [wearer.interface, wearer.what]));
  const targets = [...lost].map(([id, reason]) => `${id} (${[what.get(id), reason].filter(Boolean).join(": ")})`);
  const [was, does] = lost.size === 1 ? ["was", "does"] : ["were", "do"];
  const text = `${few(targets)} ${was} healthy before a removal and ${does} not answer now. Removed: ${few(removed)}.`;
  return finding("target-health", group, text);
}

/** As many as a person reads. */
const few = (items: readonly string[]): string =>
  items.length > 6 ? `${items.slice(0, 5).join(", ")} and ${items.length - 5} more` : items.join(", ");
