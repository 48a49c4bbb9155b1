import type { GroupId } from "./rule.ts";
import { type Services, servicesOf } from "./served.ts";
import type { Interface, Snapshot } from "./snapshot.ts";

/** A snapshot and what follows from it at once: who wears what, and who is served by whom. */
export interface Scene {
  readonly snapshot: Snapshot;
  readonly services: Services;
  readonly wearers: ReadonlyMap<GroupId, readonly Interface[]>;
  /** Instances that some load balancer has as a target. */
  readonly servedInstances: ReadonlySet<string>;
  /** Auto Scaling groups with a served instance: their other members are about to be served. */
  readonly servedAutoScalingGroups: ReadonlySet<string>;
  /** Every group that a load balancer wears. */
  readonly frontDoors: ReadonlySet<GroupId>;
}

export function sceneOf(snapshot: Snapshot): Scene {
  const services = servicesOf(snapshot);
  const wearers = new Map<GroupId, Interface[]>();
  const frontDoors = new Set(snapshot.loadBalancers.flatMap((loadBalancer) => loadBalancer.groups));
  const servedInstances = new Set<string>();
  const servedAutoScalingGroups = new Set<string>();
  for (const { targets } of snapshot.loadBalancers) for (const { at } of targets) if (at.kind === "instance") servedInstances.add(at.instance);
  for (const wearer of snapshot.interfaces) {
    for (const group of wearer.groups) {
      const known = wearers.get(group);
      if (known === undefined) wearers.set(group, [wearer]);
      else known.push(wearer);
      if (wearer.use.kind === "loadBalancer") frontDoors.add(group);
    }
    if (wearer.use.kind === "instance" && services.has(wearer.id)) servedInstances.add(wearer.use.instance);
  }
  for (const { use } of snapshot.interfaces)
    if (use.kind === "instance" && use.autoScalingGroup !== undefined && servedInstances.has(use.instance))
      servedAutoScalingGroups.add(use.autoScalingGroup);
  return { snapshot, services, wearers, servedInstances, servedAutoScalingGroups, frontDoors };
}
