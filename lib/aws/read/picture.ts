import type { AccountId } from "../../values/rule.ts";
import { type Services, servicesOf } from "../../values/served.ts";
import type { Interface, LoadBalancer, Snapshot } from "../../values/snapshot.ts";

/** A picture with nothing in it. */
export const emptyPicture = (account: AccountId, at: string): Snapshot => ({
  at,
  account,
  inQuestion: [],
  groups: new Map(),
  interfaces: [],
  loadBalancers: [],
  prefixLists: new Map(),
  vpcRanges: new Map(),
  gaps: [],
});

/** Which of these load balancers contact which of these interfaces, by the planner's own rule. */
export const servicesAt = (
  loadBalancers: readonly LoadBalancer[],
  interfaces: readonly Interface[],
): Services => servicesOf({ loadBalancers, interfaces });

/** The load balancers that contact any of these interfaces. */
export const servingAny = (
  loadBalancers: readonly LoadBalancer[],
  interfaces: readonly Interface[],
): readonly LoadBalancer[] => [
  ...new Set(
    [...servicesAt(loadBalancers, interfaces).values()].flatMap((services) =>
      services.map(({ loadBalancer }) => loadBalancer),
    ),
  ),
];
