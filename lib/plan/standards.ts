import type { Policy } from "../values/policy.ts";
import type { GroupId } from "../values/rule.ts";
import type { Group, ServicePort } from "../values/snapshot.ts";
import { type Allowance, allowancesIn } from "./allowances.ts";
import { waysOf } from "./consent.ts";
import { byProtocol, type Ports } from "./governed.ts";
import type { Topology } from "./topology.ts";

/** Everything by which one group's rules are judged on some of its ports. */
export interface Standards {
  readonly group: Group;
  readonly governed: Ports;
  /** Who may enter though it is no load balancer. */
  readonly allowances: readonly Allowance[];
  /** The load balancers' ways in to the group's interfaces: from which group on which ports. */
  readonly ways: ReadonlyMap<GroupId, Ports>;
  readonly topology: Topology;
  readonly policy: Policy;
}

export const standardsOf = (
  group: Group,
  governed: Ports,
  topology: Topology,
  policy: Policy,
): Standards => ({
  group,
  governed,
  allowances: allowancesIn(group, topology, policy),
  ways: waysInto(group, topology, policy),
  topology,
  policy,
});

/** By which of its groups each load balancer reaches the interfaces that it serves, and on which ports. */
function waysInto(group: Group, topology: Topology, policy: Policy): ReadonlyMap<GroupId, Ports> {
  const found = new Map<GroupId, ServicePort[]>();
  const servings = topology.servings(group.id);
  const distinct = new Map(
    servings.map((one) => [
      `${one.loadBalancer.id} ${one.port.protocol} ${one.port.from}-${one.port.to}`,
      one,
    ]),
  );
  for (const { loadBalancer, port } of distinct.values())
    for (const way of waysOf(loadBalancer, topology, policy))
      found.set(way, [...(found.get(way) ?? []), port]);
  return new Map([...found].map(([way, ports]) => [way, byProtocol(ports)]));
}
