import type { Cloud } from "../state/cloud.ts";
import type { Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { pathOf } from "./users.ts";
import type { Listener, ListenerRule, LoadBalancer, TargetGroup } from "../state/elbv2.ts";

export const loadBalancerShape = (cloud: Cloud, found: LoadBalancer): Tree => ({
  LoadBalancerArn: found.arn,
  DNSName: `${found.scheme === "internal" ? "internal-" : ""}${found.name}-${found.arn.slice(-10)}.${cloud.region}.elb.amazonaws.com`,
  CanonicalHostedZoneId: "Z35SXDOTRQ7X7K",
  CreatedTime: found.created,
  LoadBalancerName: found.name,
  Scheme: found.type === "gateway" ? undefined : found.scheme,
  VpcId: found.vpc,
  State: { Code: "active" },
  Type: found.type,
  AvailabilityZones: found.subnets.map((id) => ({
    ZoneName: cloud.subnets.get(id)?.zone,
    SubnetId: id,
    LoadBalancerAddresses: [],
  })),
  SecurityGroups: found.groups.length > 0 ? found.groups : undefined,
  IpAddressType: "ipv4",
  EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: found.enforcedOnPrivateLink,
});

export const targetGroupShape = (
  found: TargetGroup,
  usedBy: ReadonlySet<string> = new Set(),
): Tree => ({
  TargetGroupArn: found.arn,
  TargetGroupName: found.name,
  Protocol: found.protocol,
  Port: found.port,
  VpcId: found.vpc,
  HealthCheckProtocol: found.check.enabled ? found.check.protocol : undefined,
  HealthCheckPort: found.check.enabled ? found.check.port : undefined,
  HealthCheckEnabled: found.check.enabled,
  HealthCheckIntervalSeconds: found.check.interval,
  HealthCheckTimeoutSeconds: found.check.timeout,
  HealthyThresholdCount: found.check.healthy,
  UnhealthyThresholdCount: found.check.unhealthy,
  HealthCheckPath: found.check.path,
  Matcher: found.check.path === undefined ? undefined : { HttpCode: "200" },
  LoadBalancerArns: [...usedBy],
  TargetType: found.targetType,
  ProtocolVersion: found.protocolVersion,
  IpAddressType: "ipv4",
  TargetControlPort: found.controlPort,
});

export const listenerShape = (found: Listener): Tree => ({
  ListenerArn: found.arn,
  LoadBalancerArn: found.loadBalancer,
  Port: found.port,
  Protocol: found.protocol === "" ? undefined : found.protocol,
  DefaultActions: given(found.actions),
});

/** A listener's default action is its last rule. */
export const defaultRuleShape = (listener: Listener): Tree => ({
  RuleArn: `${listener.arn.replace(":listener/", ":listener-rule/")}/${pathOf(listener.arn).slice(-16)}`,
  Priority: "default",
  Conditions: [],
  Actions: given(listener.actions),
  IsDefault: true,
});

export const ruleShape = (found: ListenerRule): Tree => ({
  RuleArn: found.arn,
  Priority: String(found.priority),
  Conditions: given(found.conditions),
  Actions: given(found.actions),
  IsDefault: false,
});

/** What a request gave is what a description shows. */
const given = (structures: readonly Params[]): readonly Tree[] => structures as readonly Tree[];
