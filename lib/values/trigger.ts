import { ownSource } from "./ownMessages.ts";
import type { GroupId, Rule, RuleId } from "./rule.ts";
import type { InstanceId, InterfaceId } from "./snapshot.ts";
import type { TargetCheck } from "./targetCheck.ts";

/** Why we woke: who touched what, and when. It says where to look, never what is true. */
export interface Trigger {
  /** CloudTrail's eventName; of our own "Sweep", "HealthCheck" and "LeaseEnd". */
  readonly event: string;
  /** CloudTrail's eventID: one call, however often it is delivered. */
  readonly eventId: string;
  /** When the call was made: ISO 8601, UTC. Missing: nobody can say (a sweep found it). */
  readonly at?: string;
  readonly actor: Actor;
  readonly touched: readonly Touched[];
  /** The inbound rules that the call made, changed or revoked, as far as the event tells. */
  readonly rules: readonly Rule[];
  /** What it touched is about to go: it is looked at when it has gone, for until then it counts. */
  readonly leaving?: true;
  /** It is looked at some time after the call: what the call has left behind goes. */
  readonly isLater?: true;
}

/** Who made the call; each as CloudTrail says it, where it does. */
export interface Actor {
  /** ARN of the user or of the assumed role's session; a service's name for a service. */
  readonly principal: string;
  /** Who stands behind an assumed role: its session name. */
  readonly session?: string;
  readonly sourceAddress?: string;
  readonly userAgent?: string;
  /** The service that called for them. */
  readonly invokedBy?: string;
}

/** Ourselves: a sweep, a check after a removal. */
export const ownActor: Actor = { principal: ownSource };

/** A thing that an event names. */
export type Touched =
  | { readonly kind: "group"; readonly group: GroupId }
  /** By name: in a default VPC. */
  | { readonly kind: "groupName"; readonly name: string }
  | { readonly kind: "rule"; readonly rule: RuleId }
  | { readonly kind: "instance"; readonly instance: InstanceId }
  | { readonly kind: "interface"; readonly interface: InterfaceId }
  /** Of an interface to an instance. */
  | { readonly kind: "attachment"; readonly attachment: string }
  /** A group that an interface was added to: it concerns us only where a load balancer gets in. */
  | { readonly kind: "joined"; readonly group: GroupId }
  /** The groups are those whose rules name it. */
  | { readonly kind: "prefixList"; readonly prefixList: string }
  | { readonly kind: "classicLoadBalancer"; readonly name: string }
  | { readonly kind: "loadBalancer"; readonly arn: string }
  | { readonly kind: "targetGroup"; readonly arn: string }
  /** Target groups that have no load balancer: the call may have taken it from any of them, and does not say from which. */
  | { readonly kind: "detached" }
  /** An IP target; the address alone does not say which VPC. */
  | { readonly kind: "address"; readonly address: string }
  /** The event does not say what (its request was left out): look everywhere. */
  | { readonly kind: "everything" };

/** What one event is to us. */
export type Parsed =
  | {
      readonly kind: "trigger";
      readonly trigger: Trigger;
      /** Why its shape is not one that we know: it touches everything, and belongs with the dead letters. */
      readonly unreadable?: string;
    }
  | { readonly kind: "check"; readonly check: TargetCheck }
  /** The record of a call that changes nothing: whoever made it, events come through. `at`: when it was made, as in a trigger. */
  | { readonly kind: "canary"; readonly at?: string }
  | { readonly kind: "notOurs"; readonly why: string };

/** The event name of our own sweep. */
export const sweepEvent = "Sweep";

export const isSweep = ({ event }: Trigger): boolean => event === sweepEvent;

/** The event name of a look that is only due if the worker died that was to take it. */
export const leaseEndEvent = "LeaseEnd";

export const isLeaseEnd = ({ event }: Trigger): boolean => event === leaseEndEvent;

/** Calls by which a load balancer, or a group of its, may have no more use for admissions of ours. */
const withdrawals: readonly string[] = [
  "DeleteLoadBalancer",
  "SetSecurityGroups",
  "ApplySecurityGroupsToLoadBalancer",
];

/** May the call leave admissions behind? They block the deletion of the load balancer's group; but one that is soon taken back must find its door. */
export const leavesBehind = ({ event, isLater }: Trigger): boolean =>
  isLater !== true && withdrawals.includes(event);

/** Is it time for admissions to go that nobody needs any more? */
export const cleansUp = (trigger: Trigger): boolean => isSweep(trigger) || trigger.isLater === true;

export const isRevocation = ({ event }: Trigger): boolean => event === "RevokeSecurityGroupIngress";
