import ipaddr from "ipaddr.js";
import type { Cloud } from "../state/cloud.ts";
import { awsError } from "../errors.ts";
import type { Operations } from "../operation.ts";
import { integer, structures, text, type Params } from "../wire/params.ts";
import { checkPort, isRegistered, targetHealth } from "./health.ts";
import { elbRequired, validation } from "../elb/lookup.ts";
import { elbTrail } from "../elb/trail.ts";
import { targetGroupByArn } from "./lookup.ts";
import { users } from "./users.ts";
import type { Target, TargetGroup } from "../state/elbv2.ts";

/** A target is its id and its port: the same machine may be registered on several. */
const same = (a: Target, b: Target): boolean => a.id === b.id && a.port === b.port;

function targetsOf(group: TargetGroup, params: Params): readonly Target[] {
  const targets = structures(params, "Targets").map((target): Target => {
    const [port, zone] = [integer(target, "Port") ?? group.port, text(target, "AvailabilityZone")];
    return {
      id: elbRequired(target, "Id"),
      ...(port === undefined || group.targetType === "lambda" ? {} : { port }),
      ...(zone === undefined ? {} : { zone }),
    };
  });
  if (targets.length === 0) throw validation("At least one target must be specified");
  return targets;
}

function check(cloud: Cloud, group: TargetGroup, { id }: Target): void {
  switch (group.targetType) {
    case "instance": {
      const instance = cloud.instances.get(id);
      if (instance === undefined || (instance.state ?? "running") !== "running")
        throw awsError(
          "InvalidTarget",
          `The following targets are not in a running state and cannot be registered: '${id}'`,
        );
      if (instance.vpc !== group.vpc)
        throw awsError(
          "InvalidTarget",
          `The following targets are not in the target group VPC '${group.vpc}': '${id}'`,
        );
      return;
    }
    case "ip":
      if (!ipaddr.isValid(id))
        throw validation(`The IP address '${id}' is not a valid IPv4 or IPv6 address`);
      return;
    case "alb":
      if (cloud.v2.loadBalancers.get(id)?.type !== "application")
        throw awsError("InvalidTarget", `'${id}' is not an Application Load Balancer`);
      return;
    case "lambda":
      return;
  }
}

/** Registers again what drains, and leaves alone what is registered. */
export function register(cloud: Cloud, group: TargetGroup, targets: readonly Target[]): void {
  for (const target of targets) check(cloud, group, target);
  const others = group.targets.filter(
    (held) => isRegistered(cloud, held) && !targets.some((target) => same(target, held)),
  );
  cloud.v2.targetGroups.set(group.arn, { ...group, targets: [...others, ...targets] });
}

/** In use, a target drains; otherwise it is gone at once. */
function deregister(cloud: Cloud, group: TargetGroup, targets: readonly Target[]): void {
  const isUsed = users(cloud).has(group.arn) && group.targetType !== "lambda";
  const rest = group.targets
    .filter((held) => isRegistered(cloud, held))
    .flatMap((held): readonly Target[] => {
      if (held.deregistered !== undefined || !targets.some((target) => same(target, held)))
        return [held];
      return isUsed ? [{ ...held, deregistered: cloud.now().getTime() }] : [];
    });
  cloud.v2.targetGroups.set(group.arn, { ...group, targets: rest });
}

export const targetOperations: Operations = {
  RegisterTargets: {
    run: (cloud, params) => {
      const group = targetGroupByArn(cloud, elbRequired(params, "TargetGroupArn"));
      register(cloud, group, targetsOf(group, params));
      return {};
    },
    trail: elbTrail,
  },

  /** Of a target that is not there, says nothing. */
  DeregisterTargets: {
    run: (cloud, params) => {
      const group = targetGroupByArn(cloud, elbRequired(params, "TargetGroupArn"));
      deregister(cloud, group, targetsOf(group, params));
      return {};
    },
    trail: elbTrail,
  },

  DescribeTargetHealth: {
    run: (cloud, params) => {
      const group = targetGroupByArn(cloud, elbRequired(params, "TargetGroupArn"));
      const wanted = params["Targets"] === undefined ? undefined : targetsOf(group, params);
      const held = group.targets.filter(
        (target) =>
          isRegistered(cloud, target) && (wanted?.some((one) => same(one, target)) ?? true),
      );
      const strange = wanted?.filter((one) => !held.some((target) => same(one, target))) ?? [];
      const usedBy = users(cloud).get(group.arn);
      return {
        TargetHealthDescriptions: [
          ...held.map((target) => ({
            Target: { Id: target.id, Port: target.port, AvailabilityZone: target.zone },
            HealthCheckPort: checkPort(group, target),
            TargetHealth: targetHealth(cloud, group, target, usedBy),
          })),
          ...strange.map((target) => ({
            Target: { Id: target.id, Port: target.port },
            TargetHealth: {
              State: "unused",
              Reason: "Target.NotRegistered",
              Description: "Target is not registered to the target group",
            },
          })),
        ],
      };
    },
  },
};
