import { type Sorted, sortRules } from "./excess.ts";
import { governedPorts, type Ports, type Served, servedIn } from "./governed.ts";
import type { Policy } from "../values/policy.ts";
import type { Topology } from "./topology.ts";
import type { Group } from "../values/snapshot.ts";
import type { Eligibility } from "./eligibility.ts";

/** Everything about one group that decides what is done in it. */
export interface Assessment {
  readonly group: Group;
  readonly eligibility: Eligibility;
  readonly served: readonly Served[];
  readonly governed: Ports;
  readonly rules: Sorted;
}

export function assess(
  group: Group,
  eligibility: Eligibility,
  topology: Topology,
  policy: Policy,
): Assessment {
  const served = servedIn(group, topology, eligibility.claimed);
  const governed = governedPorts(group, served, topology, policy);
  return {
    group,
    eligibility,
    served,
    governed,
    rules: sortRules(group, governed, topology, policy),
  };
}
