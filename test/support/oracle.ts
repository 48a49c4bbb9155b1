import type { Policy } from "../../lib/values/policy.ts";
import type { GroupId, Protocol, Rule } from "../../lib/values/rule.ts";
import type {
  Group,
  InstanceId,
  Interface,
  LoadBalancer,
  ServicePort,
  Snapshot,
} from "../../lib/values/snapshot.ts";
import { address, holdsPublicAddress, isIn } from "./addresses.ts";

/** A load balancer sends traffic to an interface on a port. */
export interface Serving {
  readonly to: Interface;
  readonly by: LoadBalancer;
  readonly port: ServicePort;
  /** Can a group reference name the load balancer here? */
  readonly nameable: boolean;
}

/**
 * The design's decisions a second time, for the tests, shared with the planner in nothing but the types:
 * what is governed, whose way in is excess there, and which load balancers must get through.
 */
export interface Oracle {
  readonly servings: readonly Serving[];
  readonly mode: (group: GroupId) => "enforce" | "audit" | "ignore";
  /** May we write in the group at all? */
  readonly writes: (group: GroupId) => boolean;
  /** May we remove anything from it? */
  readonly removes: (group: GroupId) => boolean;
  /** Is the port for load balancers only, in this group? */
  readonly closes: (group: GroupId, protocol: Protocol, port: number) => boolean;
  /** May nobody come by this rule on a port that is closed? (Allowed addresses may by any.) */
  readonly isExcess: (group: GroupId, rule: Rule) => boolean;
  /** Is it an allowed source's address? */
  readonly isAllowed: (address: string) => boolean;
  /** May a load balancer be admitted to an interface by a rule of this group, from that group of the load balancer's? */
  readonly isDoor: (group: GroupId, serving: Serving, from: GroupId) => boolean;
  /** Those who wear a group and are no back ends, although its owner has not invited anybody to them: databases and the like. */
  readonly uninvited: (group: GroupId) => readonly Interface[];
  /** The servings that must be admitted by a group reference at the end. */
  readonly admitted: readonly Serving[];
}

const caution = ["ignore", "audit", "enforce"] as const;
type Mode = (typeof caution)[number];

const managers = ["aws:eks:cluster-name", "elbv2.k8s.aws/cluster"];

export function oracle(snapshot: Snapshot, policy: Policy): Oracle {
  const group = (id: GroupId): Group | undefined => snapshot.groups.get(id);
  const attached = (id: GroupId): readonly Interface[] =>
    snapshot.interfaces.filter((one) => one.groups.includes(id));
  const servings = snapshot.interfaces.flatMap((to) =>
    snapshot.loadBalancers.flatMap((by) => servingsOf(to, by)),
  );
  const servingIn = (id: GroupId): readonly Serving[] =>
    servings.filter(({ to }) => to.groups.includes(id));
  const isServed = (one: Interface): boolean => servings.some(({ to }) => to === one);
  const registered = new Set(
    snapshot.loadBalancers.flatMap((one) =>
      one.targets.flatMap(({ at }) => (at.kind === "instance" ? [at.instance] : [])),
    ),
  );
  /** Served by its id, or by the address of an interface that wears the same group: every look at the group tells. */
  const isServedInstance = (id: GroupId, instance: InstanceId): boolean =>
    registered.has(instance) ||
    servingIn(id).some(({ to }) => to.use.kind === "instance" && to.use.instance === instance);
  /** The Auto Scaling groups of the served instances among a group's interfaces. */
  const servedScaling = (id: GroupId): readonly string[] =>
    attached(id).flatMap(({ use }) =>
      use.kind === "instance" && isServedInstance(id, use.instance)
        ? (use.autoScalingGroup ?? [])
        : [],
    );
  const frontGroups = new Set(snapshot.loadBalancers.flatMap((one) => one.groups));

  const tagMode = (tag: string): Mode => caution.find((mode) => mode === tag) ?? "audit";
  const mode = memo((id: GroupId): Mode => {
    const own = group(id)?.tags["elb-only"];
    if (own !== undefined) return tagMode(own);
    const theirs = servingIn(id).map(({ by }) =>
      by.tags["elb-only"] === undefined ? policy.defaultMode : tagMode(by.tags["elb-only"]),
    );
    return caution.find((one) => theirs.includes(one)) ?? policy.defaultMode;
  });
  const isTagged = (id: GroupId): boolean => group(id)?.tags["elb-only"] === "enforce";

  const writes = memo((id: GroupId): boolean => {
    const found = group(id);
    if (found === undefined || found.owner !== snapshot.account || mode(id) !== "enforce")
      return false;
    return !managers.some((tag) => tag in found.tags);
  });

  /** Would it harm somebody whom the owner has not spoken for? */
  const isStranger = (one: Interface, id: GroupId): boolean => {
    switch (one.use.kind) {
      case "loadBalancer":
        return false;
      case "instance":
        return (
          !isServedInstance(id, one.use.instance) &&
          !servedScaling(id).includes(one.use.autoScalingGroup ?? "none")
        );
      case "ecsTask":
        return !isServed(one);
      case "other":
        return true;
    }
  };
  const removes = memo((id: GroupId): boolean => {
    if (!writes(id) || snapshot.gaps.length > 0) return false;
    if (attached(id).some(({ use }) => use.kind === "loadBalancer")) return false;
    return isTagged(id) || !attached(id).some((one) => isStranger(one, id));
  });

  const covers = (port: ServicePort, protocol: Protocol, number: number): boolean =>
    port.protocol === protocol && port.from <= number && number <= port.to;
  const isProtected = (protocol: Protocol, port: number): boolean =>
    policy.protectedPorts.some(
      (one) => one.protocol === protocol && one.from <= port && port <= one.to,
    );
  const closes = (id: GroupId, protocol: Protocol, port: number): boolean => {
    if (!removes(id) || (protocol !== "tcp" && protocol !== "udp") || isProtected(protocol, port))
      return false;
    const here = servingIn(id).filter((one) => covers(one.port, protocol, port));
    if (here.some(({ nameable }) => !nameable)) return false;
    return (
      here.length > 0 || (group(id)?.tags["elb-only:ports"] === "all" && servingIn(id).length > 0)
    );
  };

  const isAllowedName = (name: string): boolean => policy.allowedSources.includes(name);
  const isExcess = (id: GroupId, rule: Rule): boolean => {
    if (isKept(rule, snapshot.at)) return false;
    const { source } = rule;
    const ownRanges = snapshot.vpcRanges.get(group(id)?.vpc ?? "") ?? [];
    switch (source.kind) {
      case "groupName":
        return false;
      case "group": {
        if (
          frontGroups.has(source.group) ||
          isAllowedName(source.group) ||
          policy.close !== "everyone"
        )
          return false;
        if ("elb-only:load-balancer" in rule.tags) return false;
        if (source.group === id) return !policy.keepSelf;
        const owner = source.owner ?? group(source.group)?.owner;
        return owner === snapshot.account;
      }
      case "prefixList": {
        const list = snapshot.prefixLists.get(source.id);
        if (
          isAllowedName(source.id) ||
          list?.entries === undefined ||
          list.name.endsWith(".vpc-lattice")
        )
          return false;
        return (
          policy.close !== "public" ||
          list.entries.some((entry) => holdsPublicAddress(entry, ownRanges))
        );
      }
      case "ipv4":
      case "ipv6":
        return policy.close !== "public" || holdsPublicAddress(source.cidr, ownRanges);
    }
  };

  const allowedRanges = policy.allowedSources.filter((one) => one.includes("/"));
  const isBackEnd = ({ use }: Interface): boolean =>
    use.kind === "instance" || use.kind === "ecsTask";
  const uninvited = (id: GroupId): readonly Interface[] =>
    isTagged(id) ? [] : attached(id).filter((one) => !isBackEnd(one));
  const touches = (one: ServicePort, other: ServicePort): boolean =>
    one.protocol === other.protocol && one.from <= other.to && other.from <= one.to;
  // Who registers a database beside an instance must not have it opened by way of a group that both wear.
  const isDoor = (id: GroupId, { to, port }: Serving, from: GroupId): boolean =>
    writes(id) &&
    !uninvited(id).includes(to) &&
    !servingIn(id).some(
      (one) =>
        uninvited(id).includes(one.to) && one.by.groups.includes(from) && touches(one.port, port),
    );
  const strangers = (id: GroupId): number =>
    attached(id).filter(({ use }) => use.kind !== "loadBalancer").length;
  const bestSources = (by: LoadBalancer): readonly GroupId[] =>
    by.groups.filter((id) => by.groups.every((other) => strangers(id) <= strangers(other)));
  const isAdmissible = (one: Serving): boolean =>
    one.nameable &&
    one.to.groups.some((id) => bestSources(one.by).every((from) => isDoor(id, one, from)));
  return {
    servings,
    mode,
    writes,
    removes,
    closes,
    isExcess,
    isAllowed: (text) => allowedRanges.some((range) => isIn(address(text), range)),
    isDoor,
    uninvited,
    admitted: servings.filter(isAdmissible),
  };
}

function servingsOf(to: Interface, by: LoadBalancer): readonly Serving[] {
  const nameable = by.groups.length > 0 && by.vpc === to.vpc;
  return by.targets
    .filter(({ at }) =>
      at.kind === "instance"
        ? to.use.kind === "instance" && to.use.primary && to.use.instance === at.instance
        : to.vpc === at.vpc && to.addresses.includes(at.address),
    )
    .flatMap(({ ports }) => ports.map((port) => ({ to, by, port, nameable })));
}

/** Kept, to the end of the day in UTC, if a day is given; a day that is no day keeps nothing. */
function isKept(rule: Rule, at: string): boolean {
  const until = rule.tags["elb-only:keep-until"];
  if (rule.tags["elb-only:keep"] === undefined) return false;
  if (until === undefined) return true;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(until) ? new Date(`${until}T00:00:00Z`) : undefined;
  const exists =
    day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(until);
  return exists && at.slice(0, 10) <= until;
}

function memo<Value>(of: (id: GroupId) => Value): (id: GroupId) => Value {
  const known = new Map<GroupId, Value>();
  return (id) => {
    const value = known.get(id) ?? of(id);
    known.set(id, value);
    return value;
  };
}
