import type { Cloud } from "../state/cloud.ts";
import { awsError } from "../errors.ts";
import { structures, text, type Params } from "../wire/params.ts";
import { elbRequired, validation } from "../elb/lookup.ts";
import type { Listener, LoadBalancer, TargetGroup } from "../state/elbv2.ts";

export function loadBalancerByArn(cloud: Cloud, arn: string): LoadBalancer {
  const found = cloud.v2.loadBalancers.get(arn);
  if (found === undefined)
    throw awsError("LoadBalancerNotFound", `Load balancer '${arn}' not found`);
  return found;
}

export function targetGroupByArn(cloud: Cloud, arn: string): TargetGroup {
  const found = cloud.v2.targetGroups.get(arn);
  if (found === undefined)
    throw awsError("TargetGroupNotFound", `One or more target groups not found: ${arn}`);
  return found;
}

export function listenerByArn(cloud: Cloud, arn: string): Listener {
  const found = cloud.v2.listeners.get(arn);
  if (found === undefined)
    throw awsError("ListenerNotFound", `One or more listeners not found: ${arn}`);
  return found;
}

/** Actions whose target groups exist. */
export function actionsOf(cloud: Cloud, params: Params, name: string): readonly Params[] {
  const actions = structures(params, name);
  if (actions.length === 0) throw validation(`'${name}' must have at least one action`);
  for (const action of actions) {
    elbRequired(action, "Type");
    const short = text(action, "TargetGroupArn");
    if (short !== undefined) targetGroupByArn(cloud, short);
  }
  return actions;
}

export const nameOf = (params: Params): string => {
  const name = elbRequired(params, "Name");
  if (!/^(?!-)(?!internal-)[a-zA-Z0-9-]{1,32}(?<!-)$/.test(name))
    throw validation(`'${name}' is not 1 to 32 letters, digits and inner hyphens`);
  return name;
};
