import { admits } from "../../lib/judge/admits.ts";
import type { Policy } from "../../lib/values/policy.ts";
import type { GroupId, Protocol, Rule } from "../../lib/values/rule.ts";
import type {
  Group,
  InstanceId,
  Interface,
  LoadBalancer,
  ServicePort,
  Snapshot,
  UnreadTargets,
} from "../../lib/values/snapshot.ts";
import { address, ends, holdsPublicAddress, isIn } from "./addresses.ts";

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
  /** May nobody come by this rule on this port, if it is closed? (Allowed addresses may by any.) */
  readonly isExcess: (group: GroupId, rule: Rule, protocol: Protocol, port: number) => boolean;
  /** Is it an admission of ours, as it was made, by which no load balancer reaches anybody in the group, and which nobody else allows or keeps? */
  readonly isUnused: (group: GroupId, rule: Rule) => boolean;
  /** Does the rule let in any public address? */
  readonly isFromInternet: (group: GroupId, rule: Rule) => boolean;
  /** Is it an address that may enter the group on this port, whoever is closed out? */
  readonly isAllowed: (
    group: GroupId,
    address: string,
    protocol: Protocol,
    port: number,
  ) => boolean;
  /** Is it a group that may enter on this port, whoever is closed out? */
  readonly isAllowedGroup: (
    group: GroupId,
    source: GroupId,
    protocol: Protocol,
    port: number,
  ) => boolean;
  /** Is the port never written to? */
  readonly isProtected: (protocol: Protocol, port: number) => boolean;
  /** Are load balancers alone attached to the group? */
  readonly isExclusive: (group: GroupId) => boolean;
  /** May a load balancer be admitted to an interface by a rule of this group, from that group of the load balancer's? */
  readonly isDoor: (group: GroupId, serving: Serving, from: GroupId) => boolean;
  /** And would nobody else gain by it? */
  readonly mayAdmit: (group: GroupId, serving: Serving, from: GroupId) => boolean;
  /** Those who wear a group and are no back ends, although its owner has not invited anybody to them: databases and the like. */
  readonly uninvited: (group: GroupId) => readonly Interface[];
  /** The servings that must be admitted by a group reference at the end. */
  readonly admitted: readonly Serving[];
}

const caution = ["ignore", "audit", "enforce"] as const;
type Mode = (typeof caution)[number];

const managers = ["elbv2.k8s.aws/cluster"];
const clusterMark = /^(aws:eks:cluster-name|KubernetesCluster|kubernetes\.io\/cluster\/.*)$/;

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

  const tagMode = (tag: string): Mode => caution.find((mode) => mode === tag) ?? "audit";
  const mode = memo((id: GroupId): Mode => {
    const own = group(id)?.tags["elb-only"];
    return own === undefined ? policy.defaultMode : tagMode(own);
  });
  /** Does the load balancer's own tag ask that its ports be left as they are? */
  const isModest = ({ tags }: LoadBalancer): boolean =>
    tags["elb-only"] !== undefined && tags["elb-only"] !== "enforce";
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
      case "ecsTask": {
        const { service } = one.use;
        const isSibling = (other: Interface): boolean =>
          other.use.kind === "ecsTask" &&
          service !== undefined &&
          other.use.service === service &&
          isServed(other);
        return !isServed(one) && !attached(id).some(isSibling);
      }
      case "other":
        return true;
    }
  };
  const removes = memo((id: GroupId): boolean => {
    if (!writes(id) || snapshot.gaps.length > 0) return false;
    if (attached(id).some(({ use }) => use.kind === "loadBalancer")) return false;
    const isClusters = Object.keys(group(id)?.tags ?? {}).some((key) => clusterMark.test(key));
    return isTagged(id) || !(isClusters || attached(id).some((one) => isStranger(one, id)));
  });

  const covers = (port: ServicePort, protocol: Protocol, number: number): boolean =>
    port.protocol === protocol && port.from <= number && number <= port.to;
  const isProtected = (protocol: Protocol, port: number): boolean =>
    policy.protectedPorts.some(
      (one) => one.protocol === protocol && one.from <= port && port <= one.to,
    );
  /** Could a target group that nobody could read be about one of these ports of some interface? */
  const mayBeServed = (
    id: GroupId,
    { protocol, fromPort, toPort }: Pick<Rule, "protocol" | "fromPort" | "toPort">,
  ): boolean =>
    (snapshot.unreadTargets ?? []).some(
      (one) =>
        one.ports.some(
          (port) => port.protocol === protocol && port.from <= toPort && fromPort <= port.to,
        ) && attached(id).some((eni) => one.at.some((at) => isPossible(at, eni))),
    );
  const closes = (id: GroupId, protocol: Protocol, port: number): boolean => {
    if (!removes(id) || (protocol !== "tcp" && protocol !== "udp") || isProtected(protocol, port))
      return false;
    const here = servingIn(id).filter((one) => covers(one.port, protocol, port));
    if (mayBeServed(id, { protocol, fromPort: port, toPort: port })) return false;
    if (here.some((one) => !one.nameable || isModest(one.by) || isShutOut(one))) return false;
    const isAll = isTagged(id) && group(id)?.tags["elb-only:ports"] === "all";
    return (
      here.some((one) => one.port.dynamic !== true || isTagged(id)) ||
      (isAll && servingIn(id).length > 0)
    );
  };

  const isExclusive = memo((id: GroupId): boolean =>
    attached(id).every(({ use }) => use.kind === "loadBalancer"),
  );
  /** By which of its groups may a load balancer be let in? By its own alone, if it has one. */
  const keysOf = ({ groups }: LoadBalancer): readonly GroupId[] =>
    policy.admit === "exclusive" && groups.some(isExclusive) ? groups.filter(isExclusive) : groups;
  /** EC2 shows a load balancer with groups that ELB lists for none: nobody knows yet whose they are. */
  const isMoving = (id: GroupId): boolean =>
    attached(id).some(
      ({ use, groups }) =>
        use.kind === "loadBalancer" &&
        !snapshot.loadBalancers.some((one) => isSameSet(one.groups, groups)),
    );
  const isOwnIdle = (rule: Rule): boolean =>
    rule.source.kind === "group" &&
    isExclusive(rule.source.group) &&
    snapshot.loadBalancers.some(
      (one) => isAdmissionOf(rule, one) && one.groups.includes(sourceGroupOf(rule)),
    );

  const isAllowedGroup = (
    id: GroupId,
    name: string,
    protocol: Protocol,
    number: number,
  ): boolean => {
    const grant = grantOf(group(id), snapshot.at);
    return (
      policy.allowedSources.includes(name) ||
      (grant?.ports.some((one) => covers(one, protocol, number)) === true &&
        grant.sources.includes(name))
    );
  };
  /** Of the VPCs of a group and of its interfaces. */
  const ownRangesOf = (id: GroupId): readonly string[] =>
    [group(id)?.vpc ?? "", ...attached(id).map(({ vpc = "" }) => vpc)].flatMap(
      (vpc) => snapshot.vpcRanges.get(vpc) ?? [],
    );
  const isFromInternet = (id: GroupId, { source }: Rule): boolean => {
    const ranges =
      source.kind === "ipv4" || source.kind === "ipv6"
        ? [source.cidr]
        : source.kind === "prefixList"
          ? (snapshot.prefixLists.get(source.id)?.entries ?? [])
          : [];
    const own = ownRangesOf(id);
    return ranges.some((range) => holdsPublicAddress(range, own));
  };
  const isExcess = (id: GroupId, rule: Rule, protocol: Protocol, number: number): boolean => {
    if (isKept(rule, snapshot.at)) return false;
    // Who lets neighbours in to everything may mean everything, and what falls away nobody can see.
    if (rule.protocol === "-1" && !isTagged(id) && !isFromInternet(id, rule)) return false;
    const { source } = rule;
    const ownRanges = ownRangesOf(id);
    switch (source.kind) {
      case "groupName":
        return false;
      case "group": {
        if (isAllowedGroup(id, source.group, protocol, number) || policy.close !== "everyone")
          return false;
        if (isMoving(source.group) || isOwnIdle(rule)) return false;
        const isWay = servingIn(id).some(
          (one) => covers(one.port, protocol, number) && keysOf(one.by).includes(source.group),
        );
        if (isWay) return false;
        if (source.group === id) return !policy.keepSelf;
        const owner = source.owner ?? group(source.group)?.owner;
        return owner === snapshot.account;
      }
      case "prefixList": {
        const list = snapshot.prefixLists.get(source.id);
        if (
          isAllowedGroup(id, source.id, protocol, number) ||
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

  const isUnused = (id: GroupId, rule: Rule): boolean => {
    const made = rule.tags["elb-only:load-balancer"];
    const from = sourceGroupOf(rule);
    return (
      made !== undefined &&
      isAdmissionOf(rule, { id: made, name: made.split("/").at(-2) ?? made }) &&
      from !== "" &&
      from !== id &&
      group(id)?.tags["elb-only:adopt"] === undefined &&
      !mayBeServed(id, rule) &&
      !isKept(rule, snapshot.at) &&
      !isMoving(from) &&
      !policy.allowedSources.includes(from) &&
      !policy.protectedPorts.some(
        (one) =>
          one.protocol === rule.protocol && one.from <= rule.toPort && rule.fromPort <= one.to,
      ) &&
      !servingIn(id).some(
        ({ by, port }) =>
          by.groups.includes(from) &&
          port.protocol === rule.protocol &&
          port.from <= rule.toPort &&
          rule.fromPort <= port.to,
      )
    );
  };

  const entriesOf = (name: string): readonly string[] =>
    name.includes("/") ? [name] : (snapshot.prefixLists.get(name)?.entries ?? []);
  const allowedRanges = policy.allowedSources.flatMap(entriesOf);
  const isAllowed = (id: GroupId, text: string, protocol: Protocol, number: number): boolean => {
    const grant = grantOf(group(id), snapshot.at);
    const granted =
      grant?.ports.some((one) => covers(one, protocol, number)) === true
        ? grant.sources.flatMap(entriesOf)
        : [];
    return [...allowedRanges, ...granted].some((range) => isIn(address(text), range));
  };
  const isBackEnd = ({ use }: Interface): boolean =>
    use.kind === "instance" || use.kind === "ecsTask";
  const uninvited = (id: GroupId): readonly Interface[] =>
    isTagged(id) ? [] : attached(id).filter((one) => !isBackEnd(one));
  const touches = (one: ServicePort, other: ServicePort): boolean =>
    one.protocol === other.protocol && one.from <= other.to && other.from <= one.to;
  // Who registers a database beside an instance must not have it opened by way of a group that both wear.
  const isDoor = (id: GroupId, { to, by, port }: Serving, from: GroupId): boolean =>
    writes(id) &&
    !isModest(by) &&
    keysOf(by).includes(from) &&
    !uninvited(id).includes(to) &&
    !servingIn(id).some(
      (one) =>
        uninvited(id).includes(one.to) && one.by.groups.includes(from) && touches(one.port, port),
    );
  /** Would anybody gain who is attached to the group from which a load balancer is let in? Nobody who gets in already, from each address. */
  const harmsNobody = (id: GroupId, { port }: Serving, from: GroupId): boolean => {
    if (policy.admit === "any" || isExclusive(from)) return true;
    const rules = group(id)?.rules ?? [];
    const edges = rules.flatMap((rule) => [rule.fromPort, rule.toPort + 1]);
    const numbers = [port.from, port.to, ...edges].filter(
      (number) => covers(port, port.protocol, number) && !isProtected(port.protocol, number),
    );
    return attached(from)
      .filter(({ use }) => use.kind !== "loadBalancer")
      .every(({ addresses, groups }) =>
        (addresses.length > 0 ? addresses : [undefined]).every((one) =>
          numbers.every((number) =>
            admits(
              rules,
              {
                protocol: port.protocol,
                port: number,
                from: { groups, ...(one === undefined ? {} : { address: one }) },
              },
              snapshot.prefixLists,
              "refuses",
            ),
          ),
        ),
      );
  };
  const mayAdmit = (id: GroupId, one: Serving, from: GroupId): boolean =>
    isDoor(id, one, from) && harmsNobody(id, one, from);
  const canBeAdmitted = (one: Serving): boolean =>
    one.to.groups.some((id) => keysOf(one.by).some((from) => mayAdmit(id, one, from)));
  const isAdmitted = ({ to, by, port }: Serving): boolean =>
    to.groups.some((id) => {
      const rules = group(id)?.rules ?? [];
      const edges = rules.flatMap((rule) => [rule.fromPort, rule.toPort + 1]);
      return [port.from, port.to, ...edges]
        .filter((number) => covers(port, port.protocol, number))
        .filter((number) => !isProtected(port.protocol, number))
        .every((number) =>
          admits(rules, { protocol: port.protocol, port: number, from: { groups: keysOf(by) } }),
        );
    });
  /** No group of its own, and others would gain by every way in that it could get. */
  const isShutOut = (one: Serving): boolean =>
    policy.admit === "exclusive" &&
    !one.by.groups.some(isExclusive) &&
    !isAdmitted(one) &&
    !canBeAdmitted(one);
  return {
    servings,
    mode,
    writes,
    removes,
    closes,
    isExcess,
    isUnused,
    isFromInternet,
    isAllowed,
    isAllowedGroup,
    isProtected,
    isExclusive,
    isDoor,
    mayAdmit,
    uninvited,
    admitted: servings.filter((one) => one.nameable && !isModest(one.by) && canBeAdmitted(one)),
  };
}

const isPossible = (at: UnreadTargets["at"][number], { use, vpc, addresses }: Interface) =>
  at.kind === "anything" ||
  (at.kind === "anyInstance" && use.kind === "instance" && at.vpc === vpc) ||
  (at.kind === "instance" && use.kind === "instance" && at.instance === use.instance) ||
  (at.kind === "address" && at.vpc === vpc && addresses.includes(at.address));

const isSameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one));

const sourceGroupOf = ({ source }: Rule): GroupId => (source.kind === "group" ? source.group : "");

/** Is it an admission of ours for that load balancer, as it was made? */
const isAdmissionOf = (rule: Rule, { id, name }: Pick<LoadBalancer, "id" | "name">): boolean => {
  const ports = rule.fromPort === rule.toPort ? rule.fromPort : `${rule.fromPort}-${rule.toPort}`;
  return (
    rule.tags["elb-only:load-balancer"] === id &&
    rule.description ===
      `elb-only: admits ${name} on ${rule.protocol}/${ports} from ${sourceGroupOf(rule)}`
  );
};

/** Ports as tags name them. */
const portIn = (word: string): ServicePort | undefined => {
  const [, protocol, from, to = from] = /^(tcp|udp)\/(\d+)(?:-(\d+))?$/.exec(word) ?? [];
  return protocol === undefined
    ? undefined
    : {
        protocol: protocol === "udp" ? "udp" : "tcp",
        from: Number(from),
        to: Number(to),
        purpose: "tag",
      };
};

const isSourceName = (word: string): boolean =>
  /^(sg|pl)-/.test(word) || /^[\d.a-f:]+\/\d+$/.test(word);

/** What a group's tag exempts today: all of ports, sources and an end, and nothing else. */
function grantOf(
  group: Group | undefined,
  at: string,
): { readonly ports: readonly ServicePort[]; readonly sources: readonly string[] } | undefined {
  const words = group?.tags["elb-only:allow"]?.split(" ") ?? [];
  const days = words.filter((word) => /^\d{4}-/.test(word));
  const ports = words.flatMap((word) => portIn(word) ?? []);
  const sources = words.filter(isSourceName);
  const isWhole = days.length === 1 && ports.length > 0 && sources.length > 0;
  const isAll = days.length + ports.length + sources.length === words.length;
  return isWhole && isAll && isBefore(at, days[0] ?? "") ? { ports, sources } : undefined;
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

/** Is it not yet past the end of that day in UTC? Never, if there is no such day. */
function isBefore(at: string, until: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(until) ? new Date(`${until}T00:00:00Z`) : undefined;
  const exists =
    day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(until);
  return exists && at.slice(0, 10) <= until;
}

/** Kept, as its tag names it and no wider, to the end of the day in UTC, if a day is given. */
function isKept(rule: Rule, at: string): boolean {
  const words = rule.tags["elb-only:keep"]?.split(" ") ?? [];
  const until = rule.tags["elb-only:keep-until"];
  const { source } = rule;
  const name =
    source.kind === "ipv4" || source.kind === "ipv6"
      ? source.cidr
      : source.kind === "prefixList"
        ? source.id
        : source.kind === "group"
          ? source.group
          : "";
  const isNamed = words.some(
    (word) =>
      word === name ||
      (word.includes("/") &&
        isSourceName(word) &&
        name.includes("/") &&
        ends(name).every((end) => isIn(address(end), word))),
  );
  const isOn =
    words.includes("all") ||
    words
      .flatMap((word) => portIn(word) ?? [])
      .some(
        (one) =>
          one.protocol === rule.protocol && one.from <= rule.fromPort && rule.toPort <= one.to,
      );
  return isNamed && isOn && (until === undefined || isBefore(at, until));
}

function memo<Value>(of: (id: GroupId) => Value): (id: GroupId) => Value {
  const known = new Map<GroupId, Value>();
  return (id) => {
    const value = known.get(id) ?? of(id);
    known.set(id, value);
    return value;
  };
}
