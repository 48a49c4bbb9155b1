import { bothElbApis, loadBalancerTags } from "./bothElbApis.ts";
import type { Family } from "./call.ts";
import { classicLoadBalancers } from "./classicLoadBalancers.ts";
import { instances } from "./instances.ts";
import { interfaces } from "./interfaces.ts";
import { loadBalancers } from "./loadBalancers.ts";
import { prefixLists } from "./prefixLists.ts";
import { securityGroups } from "./securityGroups.ts";
import { tags } from "./tags.ts";
import { targetGroups } from "./targetGroups.ts";

/** Every call that concerns us: which EventBridge rule delivers it, and how it is read. */
export const families: readonly Family[] = [
  securityGroups,
  prefixLists,
  interfaces,
  instances,
  tags,
  classicLoadBalancers,
  loadBalancers,
  bothElbApis,
  targetGroups,
  loadBalancerTags,
];
