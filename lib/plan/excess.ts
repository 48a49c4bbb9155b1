import { admittedBy } from "../values/ownAdmission.ts";
import { isKept } from "../values/exemption.ts";
import { cidrFamily, containsPublicAddress } from "../values/cidr.ts";
import type { Policy } from "../values/policy.ts";
import { covers, intersection, type PortSet, portSet, subtract } from "../values/portRange.ts";
import {
  canonicalRule,
  type GroupId,
  type Rule,
  ruleKey,
  type Source,
  sourceKey,
} from "../values/rule.ts";
import type { Group, PrefixList, ServicePort } from "../values/snapshot.ts";
import {
  type Allowance,
  allowancesIn,
  type AllowedPart,
  allowedParts,
  allowedPorts,
} from "./allowances.ts";
import { isExclusive, isLetIn, portsUnder, waysOf } from "./consent.ts";
import {
  lessPorts,
  ported,
  type Ports,
  byProtocol,
  protectedPorts,
  servingsIn,
  touchesPorts,
} from "./governed.ts";
import type { Topology } from "./topology.ts";

/** Why a rule stays on governed ports. */
export type Reason =
  | "load balancer"
  | "unused admission"
  | "kept"
  | "allowed"
  | "self"
  | "foreign source"
  | "Lattice"
  | "not to close"
  | "unreadable";

/** VPC Lattice's own lists: AWS owns them, so nobody else can give a list that name. */
const isLattice = (list: PrefixList): boolean =>
  list.owner === "AWS" && list.name.endsWith("vpc-lattice");

/** Everything by which one group's rules are judged on some of its ports. */
export interface Standards {
  readonly group: Group;
  readonly governed: Ports;
  /** Who may enter though it is no load balancer. */
  readonly allowances: readonly Allowance[];
  /** The load balancers' ways in to the group's interfaces: from which group on which ports. */
  readonly ways: ReadonlyMap<GroupId, Ports>;
  readonly topology: Topology;
  readonly policy: Policy;
}

export const standardsOf = (
  group: Group,
  governed: Ports,
  topology: Topology,
  policy: Policy,
): Standards => ({
  group,
  governed,
  allowances: allowancesIn(group, topology, policy),
  ways: waysInto(group, topology, policy),
  topology,
  policy,
});

/** By which of its groups each load balancer reaches the interfaces that it serves, and on which ports. */
function waysInto(group: Group, topology: Topology, policy: Policy): ReadonlyMap<GroupId, Ports> {
  const found = new Map<GroupId, ServicePort[]>();
  const servings = servingsIn(group, topology);
  const distinct = new Map(
    servings.map((one) => [
      `${one.loadBalancer.id} ${one.port.protocol} ${one.port.from}-${one.port.to}`,
      one,
    ]),
  );
  for (const { loadBalancer, port } of distinct.values())
    for (const way of waysOf(loadBalancer, topology, policy))
      found.set(way, [...(found.get(way) ?? []), port]);
  return new Map([...found].map(([way, ports]) => [way, byProtocol(ports)]));
}

/** Is it an admission of ours whose load balancer is there still, with the group that it was let in from? It may come back at any time. */
function isIdle(rule: Rule, { snapshot }: Topology): boolean {
  const id = admittedBy(rule);
  const { source } = rule;
  return (
    id !== undefined &&
    source.kind === "group" &&
    snapshot.loadBalancers.some((one) => one.id === id && one.groups.includes(source.group))
  );
}

/** Why a source may stay on governed ports as a whole, whichever they are; undefined: it may not, or not on all of them. */
function reasonToStay(
  rule: Rule,
  { group, topology, policy }: Pick<Standards, "group" | "topology" | "policy">,
): Reason | undefined {
  const { source } = rule;
  const { snapshot } = topology;
  if (isKept(rule, snapshot.at)) return "kept";
  const own = group.vpc === undefined ? [] : (snapshot.vpcRanges.get(group.vpc) ?? []);
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return policy.close === "public" && !containsPublicAddress(source.cidr, own)
        ? "not to close"
        : undefined;
    case "prefixList": {
      const list = snapshot.prefixLists.get(source.id);
      if (list !== undefined && isLattice(list)) return "Lattice";
      if (policy.allowedSources.includes(source.id)) return "allowed";
      if (list?.entries === undefined) return "unreadable";
      return policy.close === "public" &&
        !list.entries.some((entry) => containsPublicAddress(entry, own))
        ? "not to close"
        : undefined;
    }
    case "group":
      if (topology.inTransition.has(source.group)) return "load balancer";
      // A load balancer that comes back soon must find its door.
      if (isIdle(rule, topology) && isExclusive(source.group, topology)) return "unused admission";
      if (source.group === group.id && policy.keepSelf) return "self";
      if (
        source.group !== group.id &&
        (source.owner ?? snapshot.groups.get(source.group)?.owner) !== snapshot.account
      )
        return "foreign source";
      return policy.close === "everyone" ? undefined : "not to close";
    case "groupName":
      return source.owner === "amazon-elb" ? "load balancer" : "foreign source";
  }
}

/** The governed ports on which a rule lets in whom it may not: those are closed, or would be. */
export function excessPorts(rule: Rule, standards: Standards): Ports {
  const { governed, ways } = standards;
  if (reasonToStay(rule, standards) !== undefined) return { tcp: [], udp: [] };
  const touched: Ports = {
    tcp: intersection(portsUnder(rule, "tcp"), governed.tcp),
    udp: intersection(portsUnder(rule, "udp"), governed.udp),
  };
  const { source } = rule;
  const way = source.kind === "group" ? ways.get(source.group) : undefined;
  const left = way === undefined ? touched : lessPorts(touched, way);
  return lessPorts(left, allowedOn(source, left, standards));
}

/** On which of these ports may the source stay? A prefix list where it is allowed itself, or each of its entries is. */
function allowedOn(source: Source, ports: Ports, { allowances, topology }: Standards): Ports {
  const named = allowedPorts(sourceKey(source), allowances, ports);
  const entries = source.kind === "prefixList" ? cidrsOf(source, topology) : [];
  if (entries.length === 0) return named;
  const left = lessPorts(ports, named);
  const refused = byProtocol(
    entries.flatMap((entry) => ported(lessPorts(left, allowedPorts(entry, allowances, left)))),
  );
  return lessPorts(ports, refused);
}

/** Is it an admission of ours by which no load balancer reaches anybody here? On a protected port nothing is ever taken away. */
export function isUnusedAdmission(rule: Rule, standards: Standards): boolean {
  const { group, topology, policy } = standards;
  const { source } = rule;
  if (admittedBy(rule) === undefined || source.kind !== "group") return false;
  // A group's reference to itself is its own interfaces' way in, whoever wrote it.
  if (source.group === group.id) return false;
  const reached = servingsIn(group, topology)
    .filter(({ loadBalancer }) => loadBalancer.groups.includes(source.group))
    .map(({ port }) => port);
  return (
    !touchesPorts(protectedPorts(policy), rule) &&
    !touchesPorts(byProtocol(reached), rule) &&
    !["kept", "load balancer"].includes(reasonToStay(rule, standards) ?? "") &&
    !policy.allowedSources.includes(source.group)
  );
}

/** Admissions of ours, on whatever ports, whose load balancer is gone or has other groups now, and which nobody else needs. */
export const unusedAdmissions = (standards: Standards): readonly Rule[] =>
  standards.group.rules.filter(
    (rule) => isUnusedAdmission(rule, standards) && !isIdle(rule, standards.topology),
  );

export const cidrsOf = (source: Source, topology: Topology): readonly string[] => {
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return [source.cidr];
    case "prefixList":
      return topology.snapshot.prefixLists.get(source.id)?.entries ?? [];
    case "group":
    case "groupName":
      return [];
  }
};

/** ICMP comes in two protocols; which of them a source can send depends on its addresses' families. */
function icmpOf(source: Source, topology: Topology): readonly string[] {
  const families = new Set(cidrsOf(source, topology).map(cidrFamily));
  return families.size === 0
    ? ["icmp", "icmpv6"]
    : [...families].map((family) => (family === "ipv6" ? "icmpv6" : "icmp"));
}

/** What stays of an excess rule: its source on all ports that are not closed, and on those the parts of it that are allowed. */
function remainderOf(rule: Rule, closed: Ports, standards: Standards): readonly Rule[] {
  const { topology, allowances } = standards;
  const tags = Object.fromEntries(
    Object.entries(rule.tags).filter(([key]) => !/^(aws|elb-only):/.test(key)),
  );
  const write = (protocol: string, source: Source, ports: PortSet): Rule[] =>
    ports.map(({ from, to }) =>
      canonicalRule({
        protocol,
        fromPort: from,
        toPort: to,
        source,
        description: rule.description,
        tags,
      }),
    );
  const parts = [
    ...allowedParts(cidrsOf(rule.source, topology), allowances, closed),
    ...allowedGroups(rule, closed, standards),
  ];
  const rest = (["tcp", "udp"] as const).flatMap((protocol) => [
    ...write(protocol, rule.source, subtract(portsUnder(rule, protocol), closed[protocol])),
    ...parts.flatMap(({ source, ports }) => write(protocol, source, ports[protocol])),
  ]);
  const icmp =
    rule.protocol === "-1"
      ? icmpOf(rule.source, topology).flatMap((protocol) =>
          write(protocol, rule.source, [{ from: -1, to: -1 }]),
        )
      : [];
  return [...rest, ...icmp];
}

/** The allowed groups all of whose interfaces come in by the rule: they are carried over by name, and nobody gains. */
function allowedGroups(
  rule: Rule,
  closed: Ports,
  { allowances, topology, group: { id } }: Standards,
): readonly AllowedPart[] {
  if (rule.source.kind === "group") return [];
  return allowances.flatMap(({ source, ports }) => {
    const attached = topology.attached.get(source) ?? [];
    const isKnown =
      topology.snapshot.groups.has(source) &&
      topology.snapshot.attachmentsUnread?.has(source) !== true;
    const on: Ports = {
      tcp: intersection(closed.tcp, ports.tcp),
      udp: intersection(closed.udp, ports.udp),
    };
    return isKnown &&
      source !== id &&
      attached.length > 0 &&
      attached.every((eni) => isLetIn(eni, [rule], on, topology))
      ? [{ source: { kind: "group", group: source }, ports: on }]
      : [];
  });
}

/** Is everything that a rule admits admitted by these, of the same source? */
export function isCovered(rule: Rule, by: readonly Rule[]): boolean {
  const source = sourceKey(rule.source);
  const same = by.filter((other) => sourceKey(other.source) === source);
  if (same.some((other) => other.protocol === "-1" || ruleKey(other) === ruleKey(rule)))
    return true;
  if (rule.protocol === "tcp" || rule.protocol === "udp") {
    const protocol = rule.protocol;
    return covers(portSet(same.flatMap((other) => portsUnder(other, protocol))), [
      { from: rule.fromPort, to: rule.toPort },
    ]);
  }
  return same.some((other) => other.protocol === rule.protocol && other.fromPort === -1);
}

/** A group's rules apart: those that stay as they are, and the excess with what stays of it. */
export interface Sorted {
  readonly staying: readonly Rule[];
  readonly excess: readonly { readonly rule: Rule; readonly remainder: readonly Rule[] }[];
  /** Rules on governed ports that stay, and why. */
  readonly leftAlone: readonly { readonly rule: Rule; readonly reason: Reason }[];
}

export function sortRules(standards: Standards): Sorted {
  const sorted = {
    staying: [] as Rule[],
    excess: [] as { rule: Rule; remainder: readonly Rule[] }[],
    leftAlone: [] as { rule: Rule; reason: Reason }[],
  };
  for (const rule of standards.group.rules) {
    const closed = excessPorts(rule, standards);
    if (closed.tcp.length + closed.udp.length > 0) {
      sorted.excess.push({ rule, remainder: remainderOf(rule, closed, standards) });
      continue;
    }
    sorted.staying.push(rule);
    if (touchesPorts(standards.governed, rule))
      sorted.leftAlone.push({ rule, reason: reasonFor(rule, standards) });
  }
  return sorted;
}

/** Why a rule stays that lets nobody in who may not enter. */
function reasonFor(rule: Rule, { ways, ...standards }: Standards): Reason {
  const reason = reasonToStay(rule, standards) ?? "allowed";
  const isWay = rule.source.kind === "group" && ways.has(rule.source.group);
  return isWay && ["allowed", "not to close", "self"].includes(reason) ? "load balancer" : reason;
}
