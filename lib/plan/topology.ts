import type { GroupId } from "../values/rule.ts";
import { type Services, servicesOf } from "../values/served.ts";
import type {
  Group,
  InstanceId,
  Interface,
  LoadBalancer,
  ServicePort,
  Snapshot,
} from "../values/snapshot.ts";

/** A snapshot and what follows from it at once: who is attached to what, and who is served by whom. */
export interface Topology {
  readonly snapshot: Snapshot;
  readonly services: Services;
  readonly attached: ReadonlyMap<GroupId, readonly Interface[]>;
  /** Instances that some load balancer has as a target by id, and on which ports. */
  readonly registered: ReadonlyMap<InstanceId, readonly ServicePort[]>;
  /** Every group that is attached to a load balancer. */
  readonly frontDoors: ReadonlySet<GroupId>;
  /** For each group, the ranges of its own VPC and of those of its interfaces: a group may be associated with several. */
  readonly ownRanges: (group: Group) => readonly string[];
  /** Groups of load balancers' interfaces about which EC2 and ELB do not agree yet: they may be any load balancer's way in. */
  readonly inTransition: ReadonlySet<GroupId>;
}

/** The groups of an interface or a load balancer, to be compared. */
const likeness = (groups: readonly GroupId[]): string => [...groups].sort().join(" ");

export function topologyOf(snapshot: Snapshot): Topology {
  const services = servicesOf(snapshot);
  const attached = new Map<GroupId, Interface[]>();
  const frontDoors = new Set(snapshot.loadBalancers.flatMap((loadBalancer) => loadBalancer.groups));
  const listed = new Set(snapshot.loadBalancers.map(({ groups }) => likeness(groups)));
  const inTransition = new Set<GroupId>();
  for (const eni of snapshot.interfaces) {
    for (const group of eni.groups) {
      const known = attached.get(group);
      if (known === undefined) attached.set(group, [eni]);
      else known.push(eni);
      if (eni.use.kind !== "loadBalancer") continue;
      frontDoors.add(group);
      if (!listed.has(likeness(eni.groups))) inTransition.add(group);
    }
  }
  const registered = registeredIn(snapshot.loadBalancers);
  const ownRanges = ({ id, vpc }: Group): readonly string[] =>
    snapshot.vpcRanges.size === 0
      ? []
      : [...new Set([vpc, ...(attached.get(id) ?? []).map((eni) => eni.vpc)])].flatMap(
          (one) => snapshot.vpcRanges.get(one ?? "") ?? [],
        );
  return { snapshot, services, attached, registered, frontDoors, inTransition, ownRanges };
}

function registeredIn(
  loadBalancers: readonly LoadBalancer[],
): ReadonlyMap<InstanceId, readonly ServicePort[]> {
  const registered = new Map<InstanceId, ServicePort[]>();
  for (const { targets } of loadBalancers)
    for (const { at, ports } of targets)
      if (at.kind === "instance")
        registered.set(at.instance, [...(registered.get(at.instance) ?? []), ...ports]);
  return registered;
}
