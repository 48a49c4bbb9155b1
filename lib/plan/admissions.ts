import { asksForLess } from "../values/ownTags.ts";
import type { Mode, Policy } from "../values/policy.ts";
import { covers, overlap, type PortSet, portSet } from "../values/portRange.ts";
import type { GroupId, Rule } from "../values/rule.ts";
import type { Service } from "../values/served.ts";
import type { Group, Interface, LoadBalancer, ServicePort } from "../values/snapshot.ts";
import { isExclusive, mayAdmit, othersIn, portsUnder, unprotected, waysOf } from "./consent.ts";
import { isBackEnd, type Eligibility } from "./eligibility.ts";
import type { Topology } from "./topology.ts";
import { mayBeServedAt } from "./unreadTargets.ts";

/** What of a service port these rules do not let a load balancer in to by reference to one of its own groups. Such rules stay. */
export function lackingIn(
  rules: readonly Rule[],
  { loadBalancer, port }: Service,
  topology: Topology,
  policy: Policy,
): PortSet {
  const ways = waysOf(loadBalancer, topology, policy);
  const theirs = rules.filter(
    ({ source }) => source.kind === "group" && ways.includes(source.group),
  );
  const ports = portSet(theirs.flatMap((rule) => portsUnder(rule, port.protocol)));
  return unprotected(port, policy).filter((range) => !covers(ports, [range]));
}

export const admitsByReference = (
  rules: readonly Rule[],
  service: Service,
  topology: Topology,
  policy: Policy,
): boolean => lackingIn(rules, service, topology, policy).length === 0;

/** Does any group of the interface let the load balancer in? */
export const isAdmitted = (
  eni: Interface,
  service: Service,
  topology: Topology,
  policy: Policy,
): boolean =>
  eni.groups.some((id) =>
    admitsByReference(topology.snapshot.groups.get(id)?.rules ?? [], service, topology, policy),
  );

const sortedBy = <T>(
  items: readonly T[],
  ...keys: ((item: T) => number | string)[]
): readonly T[] =>
  [...items].sort((a, b) => {
    for (const key of keys) {
      const [x, y] = [key(a), key(b)];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  });

/** The groups from which a load balancer may be let in: first one that is its own alone, then those that the fewest others are attached to. */
export const sourcesOf = (
  loadBalancer: LoadBalancer,
  topology: Topology,
  policy: Policy,
): readonly GroupId[] =>
  sortedBy(
    waysOf(loadBalancer, topology, policy),
    (group) => (isExclusive(group, topology) ? 0 : 1),
    (group) => othersIn(group, topology).length,
    (group) => group,
  );

const isServedBy = (eni: Interface, { loadBalancer, port }: Service, topology: Topology): boolean =>
  (topology.services.get(eni.id) ?? []).some(
    (one) =>
      one.loadBalancer.id === loadBalancer.id &&
      one.port.protocol === port.protocol &&
      one.port.from <= port.from &&
      port.to <= one.port.to,
  );

/** Does any load balancer that is attached to this group contact the interface on such a port, or may it, for all that could be read? */
const isContacted = (
  eni: Interface,
  { protocol, ...range }: ServicePort,
  group: GroupId,
  topology: Topology,
): boolean => {
  const touches = (port: ServicePort) => port.protocol === protocol && overlap(port, range);
  return (
    (topology.services.get(eni.id) ?? []).some(
      ({ loadBalancer, port }) => loadBalancer.groups.includes(group) && touches(port),
    ) || mayBeServedAt(eni, topology).some(touches)
  );
};

/** Everything that says where a load balancer's way in may be written. */
export interface Places {
  readonly topology: Topology;
  readonly policy: Policy;
  readonly eligibilities: ReadonlyMap<GroupId, Eligibility>;
}

interface Place {
  readonly group: Group;
  /** The load balancer's own group from which it is let in. */
  readonly from: GroupId;
  readonly eligibility: Eligibility;
  /** How many are attached to it who are no back ends and whom nobody has invited. */
  readonly uninvited: number;
}

/** Each group of an interface in which a load balancer may be let in, by each group of its own from which it may. */
export const placesFor = (eni: Interface, service: Service, places: Places): readonly Place[] =>
  sourcesOf(service.loadBalancer, places.topology, places.policy).flatMap((from) =>
    placesFrom(from, eni, service, places),
  );

function placesFrom(
  from: GroupId,
  eni: Interface,
  { port }: Service,
  { topology, policy, eligibilities }: Places,
): readonly Place[] {
  return eni.groups.flatMap((id) => {
    const eligibility = eligibilities.get(id);
    const group = topology.snapshot.groups.get(id);
    if (
      group === undefined ||
      eligibility === undefined ||
      eligibility.reach === "handsOff" ||
      !isBackEnd(eni, eligibility.claimed) ||
      !mayAdmit(group, from, port, topology, policy)
    )
      return [];
    const uninvited = eligibility.claimed
      ? []
      : (topology.attached.get(id) ?? []).filter((other) => !isBackEnd(other, false));
    // A database that is registered beside an instance must not be opened by way of a group that both are attached to, be it seen or not.
    const isUnseen = !eligibility.claimed && topology.snapshot.attachmentsUnread?.has(id) === true;
    return isUnseen || uninvited.some((other) => isContacted(other, port, from, topology))
      ? []
      : [{ group, from, eligibility, uninvited: uninvited.length }];
  });
}

/** Counts who in a group would be let in to by an admission without being served. Baseline groups are asked about again and again. */
export function counterOfUnserved(
  topology: Topology,
): (group: GroupId, service: Service) => number {
  const counts = new Map<string, number>();
  return (group, service) => {
    const { loadBalancer, port } = service;
    const key = `${group} ${loadBalancer.id} ${port.protocol} ${port.from}-${port.to}`;
    const count =
      counts.get(key) ??
      (topology.attached.get(group) ?? []).filter((eni) => !isServedBy(eni, service, topology))
        .length;
    counts.set(key, count);
    return count;
  };
}

/** May a load balancer be let in at all? Its own tag may ask that it is not. */
export const isWanted = ({ nameable, loadBalancer }: Service): boolean =>
  nameable && !asksForLess(loadBalancer);

/** Where to write an admission: where it lets the load balancer in to the fewest that it does not serve; a VPC's default group last. */
export function bestOf(
  places: readonly Place[],
  service: Service,
  unserved: (group: GroupId, service: Service) => number,
): Place | undefined {
  const enforced = places.filter(({ eligibility }) => eligibility.mode === "enforce");
  const open = enforced.length > 0 ? enforced : places;
  return sortedBy(
    open.filter(({ from }) => from === open[0]?.from),
    ({ group }) => (group.name === "default" ? 1 : 0),
    ({ uninvited }) => (uninvited > 0 ? 1 : 0),
    ({ group }) => unserved(group.id, service),
    ({ group }) => group.id,
  )[0];
}

/** Is a load balancer kept out of an interface, since others are attached to each of its groups who would get in with it? */
export const isRefused = (
  eni: Interface,
  service: Service,
  mode: Mode,
  { topology, policy, eligibilities }: Places,
): boolean =>
  isWanted(service) &&
  policy.admit === "exclusive" &&
  !service.loadBalancer.groups.some((group) => isExclusive(group, topology)) &&
  !isAdmitted(eni, service, topology, policy) &&
  !placesFor(eni, service, { topology, policy, eligibilities }).some(
    ({ eligibility }) => eligibility.mode === "enforce" || mode !== "enforce",
  );
