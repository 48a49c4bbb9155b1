import type { GroupId } from "../values/rule.ts";
import { type Services, servicesOf } from "../values/served.ts";
import type { InstanceId, Interface, ServicePort, Snapshot } from "../values/snapshot.ts";

/** A snapshot and what follows from it at once: who wears what, and who is served by whom. */
export interface Scene {
  readonly snapshot: Snapshot;
  readonly services: Services;
  readonly wearers: ReadonlyMap<GroupId, readonly Interface[]>;
  /** Instances that some load balancer has as a target by id, and on which ports. */
  readonly registered: ReadonlyMap<InstanceId, readonly ServicePort[]>;
  /** Every group that a load balancer wears. */
  readonly frontDoors: ReadonlySet<GroupId>;
}

export function sceneOf(snapshot: Snapshot): Scene {
  const services = servicesOf(snapshot);
  const wearers = new Map<GroupId, Interface[]>();
  const frontDoors = new Set(snapshot.loadBalancers.flatMap((loadBalancer) => loadBalancer.groups));
  const registered = new Map<InstanceId, ServicePort[]>();
  for (const { targets } of snapshot.loadBalancers)
    for (const { at, ports } of targets)
      if (at.kind === "instance")
        registered.set(at.instance, [...(registered.get(at.instance) ?? []), ...ports]);
  for (const wearer of snapshot.interfaces) {
    for (const group of wearer.groups) {
      const known = wearers.get(group);
      if (known === undefined) wearers.set(group, [wearer]);
      else known.push(wearer);
      if (wearer.use.kind === "loadBalancer") frontDoors.add(group);
    }
  }
  return { snapshot, services, wearers, registered, frontDoors };
}
