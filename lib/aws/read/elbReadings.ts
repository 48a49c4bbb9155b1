import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Tags } from "../../values/rule.ts";
import type { LoadBalancer, LoadBalancerId } from "../../values/snapshot.ts";
import type { Registrations } from "./registrations.ts";
import type { ReadRegistered } from "./targetGroups.ts";

/**
 * Milliseconds for which a run goes by what ELB said. All callers of an account share 40 calls, and 10 more a second: what changes meanwhile has an event of
 * its own. EC2, where the rules and interfaces are, is asked every time.
 */
export const standsFor = 30_000;

/** ELB as one run reads it: everything once, as long as it stands. What fails is not remembered. */
export interface ElbReadings {
  readonly classic: () => Promise<readonly LoadBalancer[]>;
  readonly others: () => Promise<readonly LoadBalancer[]>;
  readonly targetGroups: () => Promise<readonly TargetGroup[]>;
  readonly registeredIn: ReadRegistered;
  readonly tagsOf: (
    loadBalancers: readonly LoadBalancer[],
  ) => Promise<ReadonlyMap<LoadBalancerId, Tags>>;
  /** What was read of target groups since then, by whomever, need not be read again by a glance. */
  readonly beginAt: (since: number) => void;
  /** Was something not read for want of time? */
  readonly isOutOfTime: () => boolean;
  /** The look that is about to follow will ask for these, and for the lists: they are asked for while it asks EC2 and the table. */
  readonly begin: (targetGroups: readonly TargetGroup[]) => void;
  /** As the index has it. */
  readonly everyone: Registrations["everyone"];
  readonly keepClassic: Registrations["keepClassic"];
  readonly complete: Registrations["complete"];
  /** What was read is kept for later runs. */
  readonly settled: () => Promise<unknown>;
  /** To be waited for before calls that are made once for each of many things. */
  readonly rateLimit: () => Promise<void>;
}
