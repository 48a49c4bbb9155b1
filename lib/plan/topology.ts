import type { GroupId } from "../values/rule.ts";
import { type Services, servicesOf } from "../values/served.ts";
import type { InstanceId, Interface, ServicePort, Snapshot } from "../values/snapshot.ts";

/** A snapshot and what follows from it at once: who wears what, and who is served by whom. */
export interface Topology {
  readonly snapshot: Snapshot;
  readonly services: Services;
  readonly attached: ReadonlyMap<GroupId, readonly Interface[]>;
  /** Instances that some load balancer has as a target by id, and on which ports. */
  readonly registered: ReadonlyMap<InstanceId, readonly ServicePort[]>;
  /** Every group that a load balancer wears. */
  readonly frontDoors: ReadonlySet<GroupId>;
}

export function topologyOf(snapshot: Snapshot): Topology {
  const services = servicesOf(snapshot);
  const attached = new Map<GroupId, Interface[]>();
  const frontDoors = new Set(snapshot.loadBalancers.flatMap((loadBalancer) => loadBalancer.groups));
  const registered = new Map<InstanceId, ServicePort[]>();
  for (const { targets } of snapshot.loadBalancers)
    for (const { at, ports } of targets)
      if (at.kind === "instance")
        registered.set(at.instance, [...(registered.get(at.instance) ?? []), ...ports]);
  for (const eni of snapshot.interfaces) {
    for (const group of eni.groups) {
      const known = attached.get(group);
      if (known === undefined) attached.set(group, [eni]);
      else known.push(eni);
      if (eni.use.kind === "loadBalancer") frontDoors.add(group);
    }
  }
  return { snapshot, services, attached, registered, frontDoors };
}
