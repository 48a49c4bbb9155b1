import { loadBalancerTag } from "../values/ownTags.ts";
import { allPorts, covers, overlap, portSet, rangeText } from "../values/portRange.ts";
import { canonicalRule, type GroupId, type Rule } from "../values/rule.ts";
import type { Topology } from "./topology.ts";
import type { Service } from "../values/served.ts";
import type { Group, Interface, LoadBalancer, ServicePort } from "../values/snapshot.ts";
import { isBackEnd, type Eligibility } from "./eligibility.ts";

/** Do these rules let a load balancer in by reference to one of its groups? Such rules always stay. */
function admitsByReference(
  rules: readonly Rule[],
  { groups }: LoadBalancer,
  port: ServicePort,
): boolean {
  const theirs = rules.filter(
    ({ source }) => source.kind === "group" && groups.includes(source.group),
  );
  if (theirs.length === 0) return false;
  const ranges = theirs.flatMap(({ protocol, fromPort, toPort }) =>
    protocol === "-1"
      ? allPorts
      : protocol === port.protocol
        ? [{ from: fromPort, to: toPort }]
        : [],
  );
  return covers(portSet(ranges), [port]);
}

/** Does any group of the interface let the load balancer in? */
export const isAdmitted = (
  eni: Interface,
  { loadBalancer, port }: Service,
  topology: Topology,
): boolean =>
  eni.groups.some((id) =>
    admitsByReference(topology.snapshot.groups.get(id)?.rules ?? [], loadBalancer, port),
  );

/** How many wear this group besides load balancers: each of them gets in where it is admitted. */
export const strangers = (group: GroupId, topology: Topology): number =>
  (topology.attached.get(group) ?? []).filter((eni) => eni.use.kind !== "loadBalancer").length;

const leastBy = <T>(
  items: readonly T[],
  ...keys: ((item: T) => number | string)[]
): T | undefined =>
  [...items].sort((a, b) => {
    for (const key of keys) {
      const [x, y] = [key(a), key(b)];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  })[0];

/** The load balancer's group that the fewest others wear; then the lowest id. */
export const sourceGroup = (loadBalancer: LoadBalancer, topology: Topology): GroupId | undefined =>
  leastBy(
    loadBalancer.groups,
    (group) => strangers(group, topology),
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

/** Does any load balancer that wears this group contact the interface on such a port? */
const isContacted = (
  eni: Interface,
  { protocol, ...range }: ServicePort,
  group: GroupId,
  topology: Topology,
): boolean =>
  (topology.services.get(eni.id) ?? []).some(
    ({ loadBalancer, port }) =>
      loadBalancer.groups.includes(group) && port.protocol === protocol && overlap(port, range),
  );

/** Counts who in a group would be let in to by an admission without being served. Baseline groups are asked about again and again. */
function counterOfUnserved(topology: Topology): (group: GroupId, service: Service) => number {
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

/** Where to write an admission: where it lets the load balancer in to the fewest that it does not serve; a VPC's default group last. */
function placeFor(
  eni: Interface,
  service: Service,
  from: GroupId,
  topology: Topology,
  eligibilities: ReadonlyMap<GroupId, Eligibility>,
  unserved: (group: GroupId, service: Service) => number,
): Group | undefined {
  const writable = eni.groups.flatMap((id) => {
    const eligibility = eligibilities.get(id);
    const group = topology.snapshot.groups.get(id);
    if (
      group === undefined ||
      eligibility === undefined ||
      eligibility.reach === "handsOff" ||
      !isBackEnd(eni, eligibility.claimed)
    )
      return [];
    const uninvited = eligibility.claimed
      ? []
      : (topology.attached.get(id) ?? []).filter((other) => !isBackEnd(other, false));
    // A database that is registered beside an instance must not be opened by way of a group that both wear.
    return uninvited.some((other) => isContacted(other, service.port, from, topology))
      ? []
      : [{ group, eligibility, uninvited: uninvited.length }];
  });
  const enforced = writable.filter(({ eligibility }) => eligibility.mode === "enforce");
  return leastBy(
    enforced.length > 0 ? enforced : writable,
    ({ group }) => (group.name === "default" ? 1 : 0),
    ({ uninvited }) => (uninvited > 0 ? 1 : 0),
    ({ group }) => unserved(group.id, service),
    ({ group }) => group.id,
  )?.group;
}

/** A load balancer's way in, as a rule. */
const admissionRule = (loadBalancer: LoadBalancer, port: ServicePort, from: GroupId): Rule =>
  canonicalRule({
    protocol: port.protocol,
    fromPort: port.from,
    toPort: port.to,
    source: { kind: "group", group: from },
    description: `elb-only: admits ${loadBalancer.name} on ${port.protocol}/${rangeText(port)}`,
    tags: { [loadBalancerTag]: loadBalancer.id },
  });

/** Rules by the group that they are to be written in. */
export type Admissions = ReadonlyMap<GroupId, readonly Rule[]>;

/** The ways in that are missing at the given interfaces, each placed in one group; interfaces with the least choice choose first. */
export function missingAdmissions(
  attached: readonly Interface[],
  topology: Topology,
  eligibilities: ReadonlyMap<GroupId, Eligibility>,
): Admissions {
  const planned = new Map<GroupId, Rule[]>();
  const unserved = counterOfUnserved(topology);
  const inOrder = [...attached].sort(
    (a, b) => a.groups.length - b.groups.length || (a.id < b.id ? -1 : 1),
  );
  for (const eni of inOrder) {
    for (const service of topology.services.get(eni.id) ?? []) {
      const { loadBalancer, port } = service;
      if (!service.nameable || isAdmitted(eni, service, topology)) continue;
      const from = sourceGroup(loadBalancer, topology);
      const place =
        from === undefined
          ? undefined
          : placeFor(eni, service, from, topology, eligibilities, unserved);
      if (from === undefined || place === undefined) continue;
      // What an audited group would get is not written: only another audited group may count on it.
      const modes = new Set(["enforce", eligibilities.get(place.id)?.mode]);
      const isPlanned = eni.groups.some(
        (id) =>
          modes.has(eligibilities.get(id)?.mode) &&
          admitsByReference(planned.get(id) ?? [], loadBalancer, port),
      );
      if (isPlanned) continue;
      const rule = admissionRule(loadBalancer, port, from);
      const already = planned.get(place.id);
      if (already === undefined) planned.set(place.id, [rule]);
      else already.push(rule);
    }
  }
  return planned;
}

/** A rule of ours for a load balancer's group that no load balancer wears any more. */
export const isUnusedAdmission = (rule: Rule, topology: Topology): boolean =>
  rule.tags[loadBalancerTag] !== undefined &&
  rule.source.kind === "group" &&
  !topology.frontDoors.has(rule.source.group);
