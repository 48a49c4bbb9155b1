import type { Params } from "../wire/params.ts";

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
  /** Those that somebody changed. */
  readonly attributes: Map<string, ReadonlyMap<string, string>>;
}

export const createV2 = (): V2 => ({
  loadBalancers: new Map(),
  targetGroups: new Map(),
  listeners: new Map(),
  rules: new Map(),
  tags: new Map(),
  attributes: new Map(),
});
