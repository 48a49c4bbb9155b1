import { interfacesOf } from "../ec2/lookup.ts";
import { connects, interfacesById } from "../elb/connects.ts";
import type { Cloud } from "../state/cloud.ts";
import type { NetworkInterface } from "../state/ec2.ts";
import type { Target, TargetGroup } from "../state/elbv2.ts";
import type { Tree } from "../wire/tree.ts";

/** The interface behind a target: an instance's primary one, an address's, a load balancer's first. */
function behind(cloud: Cloud, group: TargetGroup, { id }: Target): NetworkInterface | undefined {
  switch (group.targetType) {
    case "instance":
      return interfacesOf(cloud, id)[0];
    case "ip":
      return [...cloud.interfaces.values()].find(
        (eni) => eni.vpc === group.vpc && (eni.addresses.includes(id) || eni.ipv6.includes(id)),
      );
    case "alb":
      return interfacesById(cloud, cloud.v2.loadBalancers.get(id)?.interfaces ?? [])[0];
    case "lambda":
      return undefined;
  }
}

/** Draining is over after a while, and then the target is gone. */
export const isRegistered = (cloud: Cloud, { deregistered }: Target): boolean =>
  deregistered === undefined ||
  cloud.now().getTime() < deregistered + cloud.quotas.deregistrationDelayMs;

const said = (State: string, Reason?: string, Description?: string): Tree => ({
  State,
  Reason,
  Description,
});

export const checkPort = (group: TargetGroup, target: Target): string =>
  group.check.port === "traffic-port" ? String(target.port ?? "") : group.check.port;

/**
 * A target's health, from the rules as they are now: no thresholds, no intervals. A target is healthy when one of the load
 * balancers that use it can connect to its health check port.
 */
export function targetHealth(
  cloud: Cloud,
  group: TargetGroup,
  target: Target,
  usedBy: ReadonlySet<string> = new Set(),
): Tree {
  if (target.deregistered !== undefined)
    return said(
      "draining",
      "Target.DeregistrationInProgress",
      "Target deregistration is in progress",
    );
  if (usedBy.size === 0)
    return said(
      "unused",
      "Target.NotInUse",
      "Target group is not configured to receive traffic from the load balancer",
    );
  const state =
    group.targetType === "instance" && (cloud.instances.get(target.id)?.state ?? "running");
  if (state === "stopped" || state === "terminated")
    return said("unused", "Target.InvalidState", `Target is in the ${state} state`);
  if (!group.check.enabled)
    return said(
      "unavailable",
      "Target.HealthCheckDisabled",
      "Health checks are not enabled for this target",
    );
  const to = behind(cloud, group, target);
  const nodes = [...usedBy].map((arn) => cloud.v2.loadBalancers.get(arn)?.interfaces ?? []);
  return nodes.some((ids) => connects(cloud, ids, to, Number(checkPort(group, target))))
    ? said("healthy")
    : said("unhealthy", "Target.Timeout", "Request timed out");
}
