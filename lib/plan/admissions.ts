import { allPorts, covers, overlap, portSet, rangeText } from "../values/portRange.ts";
import { canonicalRule, type GroupId, type Rule } from "../values/rule.ts";
import type { Scene } from "./topology.ts";
import type { Service } from "../values/served.ts";
import type { Group, Interface, LoadBalancer, ServicePort } from "../values/snapshot.ts";
import { isBackEnd, type Standing } from "./eligibility.ts";

export const loadBalancerTag = "elb-only:load-balancer";

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
  wearer: Interface,
  { loadBalancer, port }: Service,
  scene: Scene,
): boolean =>
  wearer.groups.some((id) =>
    admitsByReference(scene.snapshot.groups.get(id)?.rules ?? [], loadBalancer, port),
  );

/** How many wear this group besides load balancers: each of them gets in where it is admitted. */
export const strangers = (group: GroupId, scene: Scene): number =>
  (scene.wearers.get(group) ?? []).filter((wearer) => wearer.use.kind !== "loadBalancer").length;

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
export const sourceGroup = (loadBalancer: LoadBalancer, scene: Scene): GroupId | undefined =>
  leastBy(
    loadBalancer.groups,
    (group) => strangers(group, scene),
    (group) => group,
  );

const isServedBy = (wearer: Interface, { loadBalancer, port }: Service, scene: Scene): boolean =>
  (scene.services.get(wearer.id) ?? []).some(
    (one) =>
      one.loadBalancer.id === loadBalancer.id &&
      one.port.protocol === port.protocol &&
      one.port.from <= port.from &&
      port.to <= one.port.to,
  );

/** Does any load balancer that wears this group contact the interface on such a port? */
const isContacted = (
  wearer: Interface,
  { protocol, ...range }: ServicePort,
  group: GroupId,
  scene: Scene,
): boolean =>
  (scene.services.get(wearer.id) ?? []).some(
    ({ loadBalancer, port }) =>
      loadBalancer.groups.includes(group) && port.protocol === protocol && overlap(port, range),
  );

/** Counts who in a group would be let in to by an admission without being served. Baseline groups are asked about again and again. */
function counterOfUnserved(scene: Scene): (group: GroupId, service: Service) => number {
  const counts = new Map<string, number>();
  return (group, service) => {
    const { loadBalancer, port } = service;
    const key = `${group} ${loadBalancer.id} ${port.protocol} ${port.from}-${port.to}`;
    const count =
      counts.get(key) ??
      (scene.wearers.get(group) ?? []).filter((wearer) => !isServedBy(wearer, service, scene))
        .length;
    counts.set(key, count);
    return count;
  };
}

/** Where to write an admission: where it lets the load balancer in to the fewest that it does not serve; a VPC's default group last. */
function placeFor(
  wearer: Interface,
  service: Service,
  from: GroupId,
  scene: Scene,
  standings: ReadonlyMap<GroupId, Standing>,
  unserved: (group: GroupId, service: Service) => number,
): Group | undefined {
  const writable = wearer.groups.flatMap((id) => {
    const standing = standings.get(id);
    const group = scene.snapshot.groups.get(id);
    if (
      group === undefined ||
      standing === undefined ||
      standing.reach === "handsOff" ||
      !isBackEnd(wearer, standing.claimed)
    )
      return [];
    const uninvited = standing.claimed
      ? []
      : (scene.wearers.get(id) ?? []).filter((other) => !isBackEnd(other, false));
    // A database that is registered beside an instance must not be opened by way of a group that both wear.
    return uninvited.some((other) => isContacted(other, service.port, from, scene))
      ? []
      : [{ group, standing, uninvited: uninvited.length }];
  });
  const enforced = writable.filter(({ standing }) => standing.mode === "enforce");
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
  wearers: readonly Interface[],
  scene: Scene,
  standings: ReadonlyMap<GroupId, Standing>,
): Admissions {
  const planned = new Map<GroupId, Rule[]>();
  const unserved = counterOfUnserved(scene);
  const inOrder = [...wearers].sort(
    (a, b) => a.groups.length - b.groups.length || (a.id < b.id ? -1 : 1),
  );
  for (const wearer of inOrder) {
    for (const service of scene.services.get(wearer.id) ?? []) {
      const { loadBalancer, port } = service;
      if (!service.nameable || isAdmitted(wearer, service, scene)) continue;
      const from = sourceGroup(loadBalancer, scene);
      const place =
        from === undefined
          ? undefined
          : placeFor(wearer, service, from, scene, standings, unserved);
      if (from === undefined || place === undefined) continue;
      // What an audited group would get is not written: only another audited group may count on it.
      const modes = new Set(["enforce", standings.get(place.id)?.mode]);
      const isPlanned = wearer.groups.some(
        (id) =>
          modes.has(standings.get(id)?.mode) &&
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
export const isUnusedAdmission = (rule: Rule, scene: Scene): boolean =>
  rule.tags[loadBalancerTag] !== undefined &&
  rule.source.kind === "group" &&
  !scene.frontDoors.has(rule.source.group);
