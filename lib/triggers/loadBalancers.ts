import type { Touched } from "../values/trigger.ts";
import { everything, requested, touches, type Call, type Family, type Reading } from "./call.ts";
import { fieldsOf, listOf } from "./fields.ts";
import { identifier, listenerArn, listenerRuleArn, loadBalancerArn } from "./identifiers.ts";

/** Changes of Application, Network and Gateway Load Balancers that only the second ELB API has; each is led back to the load balancer. */
export const loadBalancers: Family = {
  rule: "loadBalancers",
  service: "elasticloadbalancing",
  calls: new Map([
    ["SetSecurityGroups", loadBalancer],
    ["CreateListener", loadBalancer],
    ["ModifyListener", (call) => detaching(ofListener(call))],
    ["DeleteListener", (call) => detaching(ofListener(call))],
    ["CreateRule", (call) => touches([ofListener(call)])],
    ["ModifyRule", (call) => detaching(ofListenerRule(call))],
    ["DeleteRule", (call) => detaching(ofListenerRule(call))],
  ]),
};

function loadBalancer(call: Call): Reading {
  return touches([named(call)]);
}

export function deletedLoadBalancer(call: Call): Reading {
  return detaching(named(call));
}

/** The ARN of a new load balancer is only in the answer. */
export function createdLoadBalancer(call: Call): Reading {
  if (call.response === undefined) return everything;
  const created = listOf(call.response["loadBalancers"]);
  const arns = (created.length === 0 ? [undefined] : created).map((item) =>
    identifier(
      loadBalancerArn,
      fieldsOf(item)["loadBalancerArn"],
      `responseElements.loadBalancers of ${call.event}`,
    ),
  );
  return touches(arns.map((arn): Touched => ({ kind: "loadBalancer", arn })));
}

const named = (call: Call): Touched => ({
  kind: "loadBalancer",
  arn: requested(call, "loadBalancerArn", loadBalancerArn),
});

const ofListener = (call: Call): Touched => ({
  kind: "loadBalancer",
  arn: owner(requested(call, "listenerArn", listenerArn)),
});

const ofListenerRule = (call: Call): Touched => ({
  kind: "loadBalancer",
  arn: owner(requested(call, "ruleArn", listenerRuleArn)),
});

/** A target group that the call took from its load balancer can no longer be found through it. */
const detaching = (from: Touched): Reading => touches([from, { kind: "detached" }]);

/** A listener's ARN (`listener/app/name/id/...`) and a rule's (`listener-rule/app/name/id/...`) begin like their load balancer's (`loadbalancer/app/name/id`). */
function owner(arn: string): string {
  const [resource = "", type = "", name = "", id = ""] = arn.split("/");
  return [resource.replace(/:[^:]+$/, ":loadbalancer"), type, name, id].join("/");
}
