import type { Finding } from "./finding.ts";
import type { Mode } from "./policy.ts";
import type { Range } from "./portRange.ts";
import type { GroupId, Rule } from "./rule.ts";
import type { LoadBalancerId } from "./snapshot.ts";

/** How far we go in a group: close what is excess, only add admissions, or write nothing. */
export type Reach = "govern" | "admitOnly" | "handsOff";

/** What is to be done, group by group: each group in question, and each other that is to get an admission. */
export interface Plan {
  readonly groups: ReadonlyMap<GroupId, GroupPlan>;
}

/** What is to be done in one group. In mode `audit` it is what would be done. */
export interface GroupPlan {
  readonly group: GroupId;
  readonly mode: Mode;
  readonly reach: Reach;
  /** The ports that only load balancers may enter; none where nothing is removed. */
  readonly governed: readonly GovernedPorts[];
  /** Load balancers' ways in that are missing. */
  readonly admissions: readonly Rule[];
  /** What stays of a wide rule, missing as yet; `of` is the wide rule. */
  readonly remainders: readonly Remainder[];
  /** Excess, with everything standing that has to stand before it goes. */
  readonly removals: readonly Rule[];
  /** Excess that has to wait for an admission or a remainder to stand. */
  readonly waiting: readonly Rule[];
  /** What is not begun, since there is no room for it: ways in that are missing, and excess that stays. */
  readonly noRoom: { readonly add: readonly Rule[]; readonly remove: readonly Rule[] };
  readonly findings: readonly Finding[];
  /** The load balancers that serve an interface of the group. */
  readonly loadBalancers: readonly LoadBalancerId[];
  /** Every interface that the group is attached to, what it is, and whether it is served: the blast radius. */
  readonly attached: readonly AttachedInterface[];
  /** How far we go in the other groups of those interfaces, and why not further. */
  readonly neighbours: ReadonlyMap<GroupId, Pick<GroupPlan, "mode" | "reach" | "findings">>;
}

export interface GovernedPorts extends Range {
  readonly protocol: "tcp" | "udp";
}

export interface Remainder {
  readonly rule: Rule;
  readonly of: Rule;
}

export interface AttachedInterface {
  readonly interface: string;
  readonly what: string;
  readonly served: boolean;
}

/** Every rule that is still to be added and removed, whether there is room or not; none: the group is as it should be. */
export const remainingIn = (
  todo: GroupPlan,
): { readonly add: readonly Rule[]; readonly remove: readonly Rule[] } => ({
  add: [...todo.admissions, ...todo.remainders.map(({ rule }) => rule), ...todo.noRoom.add],
  remove: [...todo.removals, ...todo.waiting, ...todo.noRoom.remove],
});
