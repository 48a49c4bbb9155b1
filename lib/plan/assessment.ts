import { type Sorted, sortRules } from "./excess.ts";
import { governedPorts, type Ports, type Served, servedIn } from "./governed.ts";
import type { Policy } from "../values/policy.ts";
import type { Scene } from "./topology.ts";
import type { Group } from "../values/snapshot.ts";
import type { Standing } from "./eligibility.ts";

/** Everything about one group that decides what is done in it. */
export interface Judged {
  readonly group: Group;
  readonly standing: Standing;
  readonly served: readonly Served[];
  readonly governed: Ports;
  readonly rules: Sorted;
}

export function judge(group: Group, standing: Standing, scene: Scene, policy: Policy): Judged {
  const served = servedIn(group, scene, standing.claimed);
  const governed = governedPorts(group, served, scene, policy);
  return { group, standing, served, governed, rules: sortRules(group, governed, scene, policy) };
}
