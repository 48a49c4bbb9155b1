import type { Touched } from "../values/trigger.ts";
import { requested, touches, type Call, type Family, type Reading } from "./call.ts";
import { fieldsOf, listOf } from "./fields.ts";
import { instanceId, is, loadBalancerName } from "./identifiers.ts";

/** Changes of Classic Load Balancers that only their API has; it names them by `loadBalancerName`. */
export const classicLoadBalancers: Family = {
  rule: "classicLoadBalancers",
  service: "elasticloadbalancing",
  calls: new Map([
    ["RegisterInstancesWithLoadBalancer", withInstances],
    ["DeregisterInstancesFromLoadBalancer", withInstances],
    ["CreateLoadBalancerListeners", classicLoadBalancer],
    ["DeleteLoadBalancerListeners", classicLoadBalancer],
    ["ApplySecurityGroupsToLoadBalancer", classicLoadBalancer],
    ["ConfigureHealthCheck", classicLoadBalancer],
  ]),
};

export function classicLoadBalancer(call: Call): Reading {
  return touches([named(call)]);
}

/** The instances are named too: one that was deregistered can no longer be found through the load balancer. */
function withInstances(call: Call): Reading {
  const instances = listOf(call.request["instances"]).map((item) => fieldsOf(item)["instanceId"]);
  return touches([
    named(call),
    ...instances
      .filter((id) => is(instanceId, id))
      .map((instance): Touched => ({ kind: "instance", instance })),
  ]);
}

const named = (call: Call): Touched => ({
  kind: "classicLoadBalancer",
  name: requested(call, "loadBalancerName", loadBalancerName),
});
