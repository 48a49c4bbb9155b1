import type { ChangeId } from "./changeId.ts";
import type { Finding } from "./finding.ts";
import type { GovernedPorts, Reach, AttachedInterface } from "./groupPlan.ts";
import type { Difference } from "./difference.ts";
import type { OpenPort } from "./openPort.ts";
import type { Mode } from "./policy.ts";
import type { Range } from "./portRange.ts";
import type { AccountId, GroupId, Rule } from "./rule.ts";
import type { CheckedTarget, LoadBalancerId } from "./snapshot.ts";
import type { Trigger } from "./trigger.ts";

/** Where a security group is. */
export interface AccountRegion {
  readonly account: AccountId;
  /** As in `eu-west-1`. */
  readonly region: string;
  /** AWS's partition, as ARNs have it: `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

/** Whom a proof is about: a load balancer, strangers from one half of the internet, or those who had a protected port. */
export type Visitor =
  | { readonly kind: "loadBalancer"; readonly id: LoadBalancerId; readonly name: string }
  | { readonly kind: "internet"; readonly family: "ipv4" | "ipv6" }
  | { readonly kind: "people" };

/** Ports of one protocol. */
export interface ProtocolPorts extends Range {
  readonly protocol: "tcp" | "udp";
}

/** One question, answered before and after: does MyLoadBalancer reach tcp/80? */
export interface Proof {
  readonly who: Visitor;
  readonly ports: ProtocolPorts;
  readonly before: boolean;
  readonly after: boolean;
  /** Does `after` hold what was promised? */
  readonly holds: boolean;
}

/**
 * What was done in one group and what is left.
 * `unchanged`: nothing to do. `changed`: done, and proven by reading back. `drift`: audit, or held (see findings); what `remaining` says is open.
 * `incomplete`: enforced, but something could not be finished (see findings). `failed`: a call was denied or gave up; tried again. `gone`: no such group.
 */
export type Result = "unchanged" | "changed" | "drift" | "incomplete" | "failed" | "gone";

export interface Outcome extends AccountRegion {
  readonly version: 1;
  /** The change's id in the journal, by which it is undone. Missing: nothing was tried, or an earlier version wrote it. */
  readonly change?: ChangeId;
  readonly group: GroupId;
  readonly name: string;
  readonly vpc?: string;
  readonly result: Result;
  readonly mode: Mode;
  readonly reach: Reach;
  /** What woke us; several where a batch touched the group more than once. Empty: a person at the CLI, or the group was only lent a hand. */
  readonly triggers: readonly Trigger[];
  readonly before: readonly Rule[];
  readonly after: readonly Rule[];
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  /** The interfaces' targets that load balancers found healthy just before the first removal. Missing: nothing was removed, or nobody knows. */
  readonly healthyBefore?: readonly CheckedTarget[];
  /** What is still to do: in audit what would be done, in enforce what could not be. */
  readonly remaining: { readonly add: readonly Rule[]; readonly remove: readonly Rule[] };
  readonly governed: readonly GovernedPorts[];
  /** Judged on the rules before and after by `admits`, not by the planner. */
  readonly proof: readonly Proof[];
  /** Served ports of the interfaces that are open to others than load balancers, by whichever of their groups. Missing: no look succeeded, or an earlier version wrote it. */
  readonly open?: readonly OpenPort[];
  /** Exactly who lost and who gained what by the rules of this group, from the first look to the last. Missing as `open` is. */
  readonly difference?: Difference;
  readonly findings: readonly Finding[];
  /** Names of the load balancers that serve the group. */
  readonly loadBalancers: readonly string[];
  /** The network interfaces that the group is attached to. */
  readonly interfaces: readonly AttachedInterface[];
  /** When the last look was taken: ISO 8601, UTC. Missing: no look succeeded. */
  readonly at?: string;
  /** Seconds from the call that opened a removed rule to the look that found it gone. Missing: nobody can say. */
  readonly exposedSeconds?: number;
  readonly looks: number;
  readonly writes: number;
}
