import { isUnusedAdmission } from "./admissions.ts";
import {
  cidrContains,
  cidrFamily,
  cidrIntersection,
  containsPublicAddress,
} from "../values/cidr.ts";
import { type Ports, touchesPorts } from "./governed.ts";
import { isKept } from "../values/keep.ts";
import type { Policy } from "../values/policy.ts";
import {
  allPorts,
  covers,
  intersection,
  type PortSet,
  portSet,
  subtract,
} from "../values/portRange.ts";
import { canonicalRule, type Rule, ruleKey, type Source, sourceKey } from "../values/rule.ts";
import type { Topology } from "./topology.ts";
import type { Group, PrefixList } from "../values/snapshot.ts";

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

const isAllowed = (policy: Policy, source: string): boolean =>
  policy.allowedSources.some((allowed) => allowed === source || cidrContains(allowed, source));

/** Why a source may stay on governed ports as a whole; undefined: it is excess there. */
export function reasonToStay(
  rule: Rule,
  group: Group,
  topology: Topology,
  policy: Policy,
): Reason | undefined {
  const { source } = rule;
  const { snapshot } = topology;
  if (isKept(rule.tags, snapshot.at)) return "kept";
  const own = group.vpc === undefined ? [] : (snapshot.vpcRanges.get(group.vpc) ?? []);
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      if (isAllowed(policy, sourceKey(source))) return "allowed";
      return policy.close === "public" && !containsPublicAddress(source.cidr, own)
        ? "not to close"
        : undefined;
    case "prefixList": {
      const list = snapshot.prefixLists.get(source.id);
      if (list !== undefined && isLattice(list)) return "Lattice";
      if (policy.allowedSources.includes(source.id)) return "allowed";
      if (list?.entries === undefined) return "unreadable";
      if (list.entries.length > 0 && list.entries.every((entry) => isAllowed(policy, entry)))
        return "allowed";
      return policy.close === "public" &&
        !list.entries.some((entry) => containsPublicAddress(entry, own))
        ? "not to close"
        : undefined;
    }
    case "group":
      if (topology.frontDoors.has(source.group)) return "load balancer";
      if (policy.allowedSources.includes(source.group)) return "allowed";
      // Only a sweep takes these away: a load balancer that comes back must find its door.
      if (isUnusedAdmission(rule, topology)) return "unused admission";
      if (source.group === group.id)
        return policy.keepSelf ? "self" : policy.close === "everyone" ? undefined : "not to close";
      if ((source.owner ?? snapshot.groups.get(source.group)?.owner) !== snapshot.account)
        return "foreign source";
      return policy.close === "everyone" ? undefined : "not to close";
    case "groupName":
      return source.owner === "amazon-elb" ? "load balancer" : "foreign source";
  }
}

/** Admissions of ours, on whatever ports, whose load balancer is gone and for which nobody else speaks. */
export const unusedAdmissions = (
  group: Group,
  topology: Topology,
  policy: Policy,
): readonly Rule[] =>
  group.rules.filter(
    (rule) =>
      isUnusedAdmission(rule, topology) &&
      reasonToStay(rule, group, topology, policy) === "unused admission",
  );

const cidrsOf = (source: Source, topology: Topology): readonly string[] => {
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

/** The part of a source that is an allowed source: the smaller of each nesting pair, and none inside another. */
function allowedPart(source: Source, topology: Topology, policy: Policy): readonly Source[] {
  const shared = cidrsOf(source, topology).flatMap((cidr) =>
    policy.allowedSources.flatMap((allowed) => cidrIntersection(cidr, allowed) ?? []),
  );
  const apart = [...new Set(shared)].filter(
    (cidr) => !shared.some((other) => other !== cidr && cidrContains(other, cidr)),
  );
  return apart.map((cidr) => ({ kind: cidrFamily(cidr) === "ipv6" ? "ipv6" : "ipv4", cidr }));
}

/** ICMP comes in two protocols; which of them a source can send depends on its addresses' families. */
function icmpOf(source: Source, topology: Topology): readonly string[] {
  const families = new Set(cidrsOf(source, topology).map(cidrFamily));
  return families.size === 0
    ? ["icmp", "icmpv6"]
    : [...families].map((family) => (family === "ipv6" ? "icmpv6" : "icmp"));
}

const portsUnder = (rule: Rule, protocol: "tcp" | "udp"): PortSet =>
  rule.protocol === "-1"
    ? allPorts
    : rule.protocol === protocol
      ? portSet([{ from: rule.fromPort, to: rule.toPort }])
      : [];

/** What stays of an excess rule: its source on ports that are not governed, and on governed ones the part of it that is allowed. */
function remainderOf(
  rule: Rule,
  governed: Ports,
  topology: Topology,
  policy: Policy,
): readonly Rule[] {
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
  const allowed = allowedPart(rule.source, topology, policy);
  const ported = (["tcp", "udp"] as const).flatMap((protocol) => {
    const ports = portsUnder(rule, protocol);
    const closed = intersection(ports, governed[protocol]);
    return [
      ...write(protocol, rule.source, subtract(ports, closed)),
      ...allowed.flatMap((source) => write(protocol, source, closed)),
    ];
  });
  const icmp =
    rule.protocol === "-1"
      ? icmpOf(rule.source, topology).flatMap((protocol) =>
          write(protocol, rule.source, [{ from: -1, to: -1 }]),
        )
      : [];
  return [...ported, ...icmp];
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

export function sortRules(
  group: Group,
  governed: Ports,
  topology: Topology,
  policy: Policy,
): Sorted {
  const sorted = {
    staying: [] as Rule[],
    excess: [] as { rule: Rule; remainder: readonly Rule[] }[],
    leftAlone: [] as { rule: Rule; reason: Reason }[],
  };
  for (const rule of group.rules) {
    const isGoverned = touchesPorts(governed, rule);
    const reason = isGoverned ? reasonToStay(rule, group, topology, policy) : "not to close";
    if (reason === undefined)
      sorted.excess.push({ rule, remainder: remainderOf(rule, governed, topology, policy) });
    else sorted.staying.push(rule);
    if (reason !== undefined && isGoverned) sorted.leftAlone.push({ rule, reason });
  }
  return sorted;
}
