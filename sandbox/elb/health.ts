import { interfacesOf } from "../ec2/lookup.ts";
import type { Cloud } from "../state/cloud.ts";
import type { ClassicLoadBalancer } from "../state/elb.ts";
import type { Tree } from "../wire/tree.ts";
import { connects } from "./connects.ts";

/** A registered instance's health at a Classic Load Balancer. */
export function instanceHealth(cloud: Cloud, found: ClassicLoadBalancer, instance: string): Tree {
  const [, port = ""] = /:(\d+)/.exec(found.healthCheck.target) ?? [];
  const [primary] = interfacesOf(cloud, instance);
  const isRunning = (cloud.instances.get(instance)?.state ?? "running") === "running";
  return isRunning &&
    primary !== undefined &&
    connects(cloud, found.interfaces, primary, Number(port))
    ? { InstanceId: instance, State: "InService", ReasonCode: "N/A", Description: "N/A" }
    : {
        InstanceId: instance,
        State: "OutOfService",
        ReasonCode: "Instance",
        Description:
          "Instance has failed at least the UnhealthyThreshold number of health checks consecutively.",
      };
}
