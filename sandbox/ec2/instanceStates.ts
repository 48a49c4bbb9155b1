import { awsError } from "../errors.ts";
import { put } from "../events/bus.ts";
import { wholeSeconds } from "../events/events.ts";
import { account } from "../identities.ts";
import type { Operation, Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { Instance, InstanceState } from "../state/ec2.ts";
import { flag, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { filtered } from "./filters.ts";
import { stateShape } from "./instances.ts";
import { instanceById, interfacesOf } from "./lookup.ts";
import { page } from "./pages.ts";
import { itemSet } from "./trail.ts";

function asked(cloud: Cloud, params: Params): readonly Instance[] {
  const ids = texts(params, "InstanceId");
  if (ids.length === 0)
    throw awsError("MissingParameter", "The request must contain the parameter InstanceId");
  return ids.map((id) => instanceById(cloud, id));
}

const instancesTrail = (params: Params): Tree => ({
  instancesSet: itemSet(texts(params, "InstanceId").map((instanceId) => ({ instanceId }))),
});

/** EC2 tells of the new state on the bus, beside CloudTrail's event of the call. */
function tell(cloud: Cloud, id: string, state: InstanceState): void {
  put(cloud.bus, {
    version: "0",
    id: cloud.ids.uuid(),
    "detail-type": "EC2 Instance State-change Notification",
    source: "aws.ec2",
    account,
    time: wholeSeconds(cloud.now()),
    region: cloud.region,
    resources: [`arn:aws:ec2:${cloud.region}:${account}:instance/${id}`],
    detail: { "instance-id": id, state },
  });
}

/** States follow at once: nothing is ever pending, stopping or shutting down. */
const changing = (
  to: InstanceState,
  check: (instance: Instance) => void,
  then: (cloud: Cloud, instance: Instance) => void = () => {},
): Operation => ({
  run: (cloud, params) => {
    const instances = asked(cloud, params);
    for (const instance of instances) check(instance);
    return {
      instancesSet: instances.map((instance) => {
        cloud.instances.set(instance.id, { ...instance, state: to });
        then(cloud, instance);
        if ((instance.state ?? "running") !== to) tell(cloud, instance.id, to);
        return {
          instanceId: instance.id,
          currentState: stateShape(to),
          previousState: stateShape(instance.state),
        };
      }),
    };
  },
  trail: (params) => ({
    ...instancesTrail(params),
    ...(to === "stopped" ? { force: flag(params, "Force") } : {}),
  }),
});

function notTerminated({ id, state }: Instance): void {
  if (state === "terminated")
    throw awsError(
      "IncorrectInstanceState",
      `The instance '${id}' is not in a state from which it can be changed.`,
    );
}

const protectedBy = (attribute: string, verb: string) => (instance: Instance) => {
  if (instance.attributes?.[attribute] === "true")
    throw awsError(
      "OperationNotPermitted",
      `The instance '${instance.id}' may not be ${verb}. Modify its '${attribute}' instance attribute and try again.`,
    );
};

/** Interfaces that came with the instance go with it; others are left behind, detached. */
function dropAttached(cloud: Cloud, { id }: Instance): void {
  for (const eni of interfacesOf(cloud, id)) {
    if (eni.attachment?.deleteOnTermination ?? true) {
      cloud.interfaces.delete(eni.id);
      cloud.tags.delete(eni.id);
      continue;
    }
    const { attachment: _, ...detached } = eni;
    cloud.interfaces.set(eni.id, detached);
  }
}

export const instanceStates: Operations = {
  StartInstances: changing("running", notTerminated),

  StopInstances: changing("stopped", (instance) => {
    notTerminated(instance);
    protectedBy("disableApiStop", "stopped")(instance);
  }),

  TerminateInstances: changing(
    "terminated",
    protectedBy("disableApiTermination", "terminated"),
    dropAttached,
  ),

  RebootInstances: {
    run: (cloud, params) => {
      for (const instance of asked(cloud, params)) notTerminated(instance);
      return { return: true };
    },
    trail: instancesTrail,
  },

  /** Of running instances, unless all are asked for. */
  DescribeInstanceStatus: {
    run: (cloud, params) => {
      const ids = texts(params, "InstanceId");
      const all =
        ids.length > 0 ? ids.map((id) => instanceById(cloud, id)) : [...cloud.instances.values()];
      const shown = all.filter(
        ({ state = "running" }) => state === "running" || flag(params, "IncludeAllInstances"),
      );
      const found = filtered(shown, params, cloud, {
        "instance-state-name": ({ state = "running" }) => [state],
        "availability-zone": ({ subnet }) => [cloud.subnets.get(subnet)?.zone],
      });
      const { items, next } = page(found, params, { min: 5, max: 1000, notWith: "InstanceId" });
      return {
        instanceStatusSet: items.map((instance) => ({
          instanceId: instance.id,
          availabilityZone: cloud.subnets.get(instance.subnet)?.zone,
          instanceState: stateShape(instance.state),
          ...checks(instance),
        })),
        nextToken: next,
      };
    },
  },
};

function checks({ state = "running" }: Instance): Tree {
  const status = state === "running" ? "ok" : "not-applicable";
  const details = state === "running" ? [{ name: "reachability", status: "passed" }] : [];
  return {
    systemStatus: { status, details },
    instanceStatus: { status, details },
  };
}
