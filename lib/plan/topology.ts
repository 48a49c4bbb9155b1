import type { GroupId } from "../values/rule.ts";
import { type Service, type Services, servicesOf } from "../values/served.ts";
import type {
  Group,
  InstanceId,
  Interface,
  LoadBalancer,
  ServicePort,
  Snapshot,
} from "../values/snapshot.ts";

/** A load balancer's business with interfaces of a group that are alike: the same groups are attached, and they are of one kind. */
export interface Served extends Service {
  /** Any of them, which stands for all. */
  readonly eni: Interface;
  readonly interfaces: readonly Interface[];
}

/** A snapshot and what follows from it at once: who is attached to what, and who is served by whom. */
export interface Topology {
  readonly snapshot: Snapshot;
  readonly services: Services;
  readonly attached: ReadonlyMap<GroupId, readonly Interface[]>;
  /** Everything that load balancers do at interfaces of a group, whatever these are. */
  readonly servings: (group: GroupId) => readonly Served[];
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
  const servings = onceEach((group: GroupId) => servingsAt(attached.get(group) ?? [], services));
  const ownRanges = ({ id, vpc }: Group): readonly string[] =>
    snapshot.vpcRanges.size === 0
      ? []
      : [...new Set([vpc, ...(attached.get(id) ?? []).map((eni) => eni.vpc)])].flatMap(
          (one) => snapshot.vpcRanges.get(one ?? "") ?? [],
        );
  return {
    snapshot,
    services,
    attached,
    servings,
    registered,
    frontDoors,
    ownRanges: onceEach(ownRanges),
    inTransition,
  };
}

/** Remembers what was worked out, as long as its topology is there. */
export function onceEach<Key, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.has(key) ? (known.get(key) as Value) : work(key);
    known.set(key, value);
    return value;
  };
}

/** What decides where a load balancer may be let in to an interface: its groups and its kind. */
export const kindOf = ({ groups, use }: Interface): string => `${use.kind} ${likeness(groups)}`;

/** However many interfaces are alike, each service of theirs is one thing to decide on. */
function servingsAt(attached: readonly Interface[], services: Services): readonly Served[] {
  const byKind = new Map<string, Map<Service, Interface[]>>();
  const found: Served[] = [];
  for (const eni of attached) {
    const kind = kindOf(eni);
    const served = byKind.get(kind) ?? new Map<Service, Interface[]>();
    byKind.set(kind, served);
    for (const service of services.get(eni.id) ?? []) {
      const known = served.get(service);
      if (known !== undefined) {
        known.push(eni);
        continue;
      }
      const interfaces = [eni];
      served.set(service, interfaces);
      found.push({ ...service, eni, interfaces });
    }
  }
  return found;
}

function registeredIn(
  loadBalancers: readonly LoadBalancer[],
): ReadonlyMap<InstanceId, readonly ServicePort[]> {
  const registered = new Map<InstanceId, ServicePort[]>();
  for (const { targets } of loadBalancers)
    for (const { at, ports } of targets) {
      if (at.kind !== "instance") continue;
      const known = registered.get(at.instance);
      if (known === undefined) registered.set(at.instance, [...ports]);
      else known.push(...ports);
    }
  return registered;
}
