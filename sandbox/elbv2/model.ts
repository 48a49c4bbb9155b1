import type { Cloud } from "../state/cloud.ts";
import { account } from "../identities.ts";
import type { Params } from "../wire/params.ts";
import { structure, structures, text } from "../wire/params.ts";

export type LoadBalancerType = "application" | "network" | "gateway";

/** An Application, Network or Gateway Load Balancer. */
export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly type: LoadBalancerType;
  readonly scheme: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly groups: readonly string[];
  readonly created: Date;
  readonly interfaces: readonly string[];
  /** "on" or "off"; only of Network Load Balancers with groups. */
  readonly enforcedOnPrivateLink?: string;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly targetType: "instance" | "ip" | "lambda" | "alb";
  readonly protocol?: string;
  readonly protocolVersion?: string;
  readonly port?: number;
  readonly vpc?: string;
  readonly controlPort?: number;
  readonly check: TargetCheck;
  readonly targets: readonly Target[];
}

export interface TargetCheck {
  readonly enabled: boolean;
  readonly protocol: string;
  /** "traffic-port" or a number as text. */
  readonly port: string;
  readonly path?: string;
  readonly interval: number;
  readonly timeout: number;
  readonly healthy: number;
  readonly unhealthy: number;
}

export interface Target {
  readonly id: string;
  /** Missing: a function. */
  readonly port?: number;
  readonly zone?: string;
  /** When it was deregistered; it drains for a while. */
  readonly deregistered?: number;
}

/** `actions` and `conditions` as the request gave them. */
export interface Listener {
  readonly arn: string;
  readonly loadBalancer: string;
  readonly protocol: string;
  readonly port?: number;
  readonly actions: readonly Params[];
}

export interface ListenerRule {
  readonly arn: string;
  readonly listener: string;
  readonly priority: number;
  readonly conditions: readonly Params[];
  readonly actions: readonly Params[];
}

/** Everything by ARN. */
export interface V2 {
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly targetGroups: Map<string, TargetGroup>;
  readonly listeners: Map<string, Listener>;
  readonly rules: Map<string, ListenerRule>;
  readonly tags: Map<string, ReadonlyMap<string, string>>;
}

export const createV2 = (): V2 => ({
  loadBalancers: new Map(),
  targetGroups: new Map(),
  listeners: new Map(),
  rules: new Map(),
  tags: new Map(),
});

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
