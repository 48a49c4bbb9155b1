import type { Group } from "../values/snapshot.ts";
import type { Places } from "./admissions.ts";
import type { Eligibility } from "./eligibility.ts";
import { type Sorted, sortRules } from "./excess.ts";
import { governedPorts, type Ports, servedIn } from "./governed.ts";
import { type Standards, standardsOf } from "./standards.ts";
import type { Served } from "./topology.ts";

/** Everything about one group that decides what is done in it. */
export interface Assessment {
  readonly group: Group;
  readonly eligibility: Eligibility;
  readonly served: readonly Served[];
  readonly governed: Ports;
  readonly standards: Standards;
  readonly rules: Sorted;
}

export function assess(group: Group, eligibility: Eligibility, places: Places): Assessment {
  const { topology, policy } = places;
  const served = servedIn(group, topology, eligibility.claimed);
  const governed = governedPorts(group, served, eligibility, places);
  const standards = standardsOf(group, governed, topology, policy);
  return { group, eligibility, served, governed, standards, rules: sortRules(standards) };
}
