import type { FindingCode } from "./finding.ts";
import type { GovernedPorts } from "./groupPlan.ts";
import type { AccountId, GroupId, Rule } from "./rule.ts";
import type { InterfaceId } from "./snapshot.ts";

/** A rule by which others than load balancers get in to a served port, whichever group of the interfaces it is in. */
export interface Entrance {
  readonly interfaces: readonly InterfaceId[];
  readonly ports: GovernedPorts;
  readonly group: GroupId;
  readonly rule: Rule;
  /** Does somebody from the internet get in who is no allowed source? */
  readonly isPublic: boolean;
}

/** Why a way in stays. */
export type StaysBecause =
  | { readonly kind: "foreignGroup"; readonly owner: AccountId }
  | { readonly kind: "managedGroup" }
  | { readonly kind: "ignored" }
  | { readonly kind: "unread" }
  /** `why` and `until` as the tag says. */
  | { readonly kind: "kept"; readonly why: string; readonly until?: string }
  /** By the policy, or by the group's own `elb-only:allow`. */
  | { readonly kind: "allowed" }
  | { readonly kind: "self" }
  /** A group of another account, or a prefix list that could not be read. */
  | { readonly kind: "unresolvable" }
  /** The policy closes addresses only, or public ones. */
  | { readonly kind: "notToClose" }
  /** A group or a private range is let in to everything, and the group's owner did not ask to have that divided. */
  | { readonly kind: "allProtocols" }
  | { readonly kind: "admitOnly"; readonly obstacles: readonly FindingCode[] }
  /** The load balancer that serves the port cannot be let in by reference, or asks for less. */
  | { readonly kind: "notGoverned" }
  | { readonly kind: "audit" }
  | { readonly kind: "toClose" };

/** A served port that is open to others than load balancers, and why it stays so. */
export interface OpenPort extends Entrance {
  readonly because: StaysBecause;
  /** Since when it has been seen to stay, or the call was made that opened it: ISO 8601, UTC. Missing: it is no exemption, or older than what is remembered. */
  readonly since?: string;
  /** Who made that call, as its event says. */
  readonly by?: string;
}
