import type { GroupId } from "./rule.ts";
import { type Services, servicesOf } from "./served.ts";
import type { InstanceId, Interface, Snapshot } from "./snapshot.ts";

/** A snapshot and what follows from it at once: who wears what, and who is served by whom. */
export interface Scene {
  readonly snapshot: Snapshot;
  readonly services: Services;
  readonly wearers: ReadonlyMap<GroupId, readonly Interface[]>;
  /** Instances that some load balancer has as a target, by id. */
  readonly registered: ReadonlySet<InstanceId>;
  /** Every group that a load balancer wears. */
  readonly frontDoors: ReadonlySet<GroupId>;
}

export function sceneOf(snapshot: Snapshot): Scene {
  const services = servicesOf(snapshot);
  const wearers = new Map<GroupId, Interface[]>();
  const frontDoors = new Set(snapshot.loadBalancers.flatMap((loadBalancer) => loadBalancer.groups));
  const targets = snapshot.loadBalancers.flatMap((loadBalancer) => loadBalancer.targets);
  const registered = new Set(targets.flatMap(({ at }) => (at.kind === "instance" ? [at.instance] : [])));
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
