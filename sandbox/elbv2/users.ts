import type { Cloud } from "../state/cloud.ts";
import { account } from "../identities.ts";
import type { Params } from "../wire/params.ts";
import { structure, structures, text } from "../wire/params.ts";

export const arnOf = (cloud: Cloud, resource: string): string =>
  `arn:aws:elasticloadbalancing:${cloud.region}:${account}:${resource}`;

/** "app/my-alb/50dc6c495c0c9188", out of an ARN. */
export const pathOf = (arn: string): string => arn.slice(arn.indexOf("/") + 1);

/** The target groups that actions forward to, in the short form or the long one. */
const forwardedTo = (actions: readonly Params[]): readonly string[] =>
  actions.flatMap((action) => [
    ...[text(action, "TargetGroupArn")].filter((arn) => arn !== undefined),
    ...structures(structure(action, "ForwardConfig") ?? {}, "TargetGroups").map(
      (group) => text(group, "TargetGroupArn") ?? "",
    ),
  ]);

/** Which load balancers use which target groups: by their listeners' default actions and rules. */
export function users(cloud: Cloud): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const use = (actions: readonly Params[], loadBalancer: string | undefined): void => {
    if (loadBalancer === undefined) return;
    for (const group of forwardedTo(actions))
      found.set(group, (found.get(group) ?? new Set()).add(loadBalancer));
  };
  for (const { actions, loadBalancer } of cloud.v2.listeners.values()) use(actions, loadBalancer);
  for (const { actions, listener } of cloud.v2.rules.values())
    use(actions, cloud.v2.listeners.get(listener)?.loadBalancer);
  return found;
}
