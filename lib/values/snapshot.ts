import type { Range } from "./portRange.ts";
import type { AccountId, GroupId, Rule, RuleId, Tags } from "./rule.ts";

export type InterfaceId = string; // eni-...
export type InstanceId = string; // i-...
export type LoadBalancerId = string; // a Classic Load Balancer's name, any other's ARN
export type VpcId = string; // vpc-...

/** What is, for some security groups, as read from EC2 and ELB at one time. Everything the planner knows. */
export interface Snapshot {
  /** When it was read: ISO 8601, UTC. */
  readonly at: string;
  /** Whose account we act in. */
  readonly account: AccountId;
  /** The groups asked about that exist. All groups that are attached to the same interfaces are in `groups`. */
  readonly inQuestion: readonly GroupId[];
  /** The groups in question, every other group attached to the same interfaces, and the load balancers' groups. */
  readonly groups: ReadonlyMap<GroupId, Group>;
  /**
   * Every interface that one of `groups` is attached to, and of the groups that inbound rules of those refer to the load balancers' own interfaces. (Those
   * without any in question may have groups that are not in `groups`.)
   */
  readonly interfaces: readonly Interface[];
  /** Those of `groups` whose interfaces could not all be read: nobody knows who else is attached. Missing: none. */
  readonly attachmentsUnread?: ReadonlySet<GroupId>;
  /** Every load balancer of the region. */
  readonly loadBalancers: readonly LoadBalancer[];
  /** Every prefix list that a rule of `groups` refers to, and those that are allowed sources. */
  readonly prefixLists: ReadonlyMap<string, PrefixList>;
  /** Of the groups that a cluster's groups let in: to which cluster they belong. Missing: none does. */
  readonly sourceClusters?: ReadonlyMap<GroupId, string>;
  /** The ranges of each VPC in play, of both families: whoever comes from there is a neighbour, public as his address may look. */
  readonly vpcRanges: ReadonlyMap<VpcId, readonly string[]>;
  /** Admissions of ours that no load balancer has used for longer than a rollback takes. Missing: nobody knows of any. */
  readonly pastGrace?: ReadonlySet<RuleId>;
  /** Target groups whose targets could not be read, while all else could. Missing: none. */
  readonly unreadTargets?: readonly UnreadTargets[];
  /** What could not be read, in words. Not empty: half a picture; nothing is removed. */
  readonly gaps: readonly string[];
}

/** A security group. */
export interface Group {
  readonly id: GroupId;
  readonly name: string;
  readonly owner: AccountId;
  /** Missing: EC2-Classic. */
  readonly vpc?: VpcId;
  readonly tags: Tags;
  /** Inbound. */
  readonly rules: readonly Rule[];
  /** Outbound; `source` reads as destination. */
  readonly egress: readonly Rule[];
}

/** What a network interface is, by what EC2 alone can say of it (requester, type, `aws:` tags), never by its description. */
export type InterfaceUse =
  | {
      readonly kind: "instance";
      readonly instance: InstanceId;
      readonly primary: boolean;
      readonly autoScalingGroup?: string;
    }
  /** One of ELB's own. */
  | { readonly kind: "loadBalancer" }
  /**
   * `service`: the ECS service (and its cluster) that runs the task, where ECS says so. `attachment`: by which ECS attached it, as the description says: good
   * enough to find it by, and no proof of anything.
   */
  | { readonly kind: "ecsTask"; readonly service?: string; readonly attachment?: string }
  /** A database, function, endpoint, ...; `what` is for people. */
  | { readonly kind: "other"; readonly what: string };

/** A network interface. */
export interface Interface {
  readonly id: InterfaceId;
  readonly vpc?: VpcId;
  readonly groups: readonly GroupId[];
  /** Private addresses, both families. */
  readonly addresses: readonly string[];
  readonly use: InterfaceUse;
}

export type LoadBalancerKind = "classic" | "application" | "network" | "gateway";

/** A load balancer and where it sends traffic, whatever its kind. */
export interface LoadBalancer {
  readonly id: LoadBalancerId;
  readonly name: string;
  readonly kind: LoadBalancerKind;
  readonly vpc?: VpcId;
  /** Empty: a group reference cannot name it. */
  readonly groups: readonly GroupId[];
  /** Read only for those that serve an interface in `interfaces` */
  readonly tags: Tags;
  readonly targets: readonly Target[];
  /** A Network Load Balancer that does not apply its groups to traffic from PrivateLink. */
  readonly privateLinkUnenforced?: boolean;
}

/** One back end as a load balancer knows it, with every port on which it is contacted. */
export interface Target {
  readonly at:
    | { readonly kind: "instance"; readonly instance: InstanceId }
    | { readonly kind: "address"; readonly address: string; readonly vpc: VpcId };
  readonly ports: readonly ServicePort[];
}

/** A target group whose targets could not be read: on these ports any of these may be served by it. */
export interface UnreadTargets {
  /** What failed, in words. */
  readonly why: string;
  /** Its targets when they were last read; else any instance of its VPC, or any interface where its targets are addresses. */
  readonly at: readonly (
    | Target["at"]
    | { readonly kind: "anyInstance"; readonly vpc: VpcId }
    | { readonly kind: "anything" }
  )[];
  readonly ports: readonly ServicePort[];
}

/** A protocol and port (or range, where ports are dynamic) on which a load balancer contacts a back end. */
export interface ServicePort extends Range {
  readonly protocol: "tcp" | "udp";
  /** Why the load balancer needs it, in words: "listener", "health check", "target", "target control". */
  readonly purpose: string;
  /** A range that stands for one port of many (ECS dynamic host ports). */
  readonly dynamic?: boolean;
}

/** A target as it is checked. */
export interface CheckedTarget {
  readonly interface: InterfaceId;
  /** The instance's id, or the address, as it is registered. */
  readonly at: string;
  /** A target group checks each port of a target; a Classic Load Balancer an instance but once. */
  readonly by:
    | { readonly kind: "targetGroup"; readonly name: string; readonly port: number }
    | { readonly kind: "classicLoadBalancer"; readonly name: string };
}

/** What a load balancer finds at a target, with its reason: `silent` where there is no answer, as if the port were closed, `unhealthy` for all else. */
export type Health =
  | { readonly state: "healthy" }
  | { readonly state: "silent"; readonly reason: string }
  | { readonly state: "unhealthy"; readonly reason: string };

export interface HealthReading {
  readonly target: CheckedTarget;
  readonly health: Health;
}

/** A prefix list: the CIDRs it stands for, or none where they could not be read. */
export interface PrefixList {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly entries?: readonly string[];
  /** How many entries it may have: so much of a group's quota a rule from it takes. AWS does not tell it of its own lists. */
  readonly maxEntries?: number;
}
