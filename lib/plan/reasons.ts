import { isKept } from "../values/exemption.ts";
import { containsPublicAddress } from "../values/cidr.ts";
import { admittedBy } from "../values/ownAdmission.ts";
import type { Rule } from "../values/rule.ts";
import type { PrefixList } from "../values/snapshot.ts";
import { isExclusive } from "./consent.ts";
import type { Standards } from "./standards.ts";
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
  | "all protocols"
  | "unreadable";

/** VPC Lattice's own lists: AWS owns them, so nobody else can give a list that name. */
const isLattice = (list: PrefixList): boolean =>
  list.owner === "AWS" && list.name.endsWith("vpc-lattice");

/** Is it an admission of ours whose load balancer is there still, with the group that it was let in from? It may come back at any time. */
export function isIdle(rule: Rule, { snapshot }: Topology): boolean {
  const id = admittedBy(rule);
  const { source } = rule;
  return (
    id !== undefined &&
    source.kind === "group" &&
    snapshot.loadBalancers.some((one) => one.id === id && one.groups.includes(source.group))
  );
}

/** Why a source may stay on governed ports as a whole, whichever they are; undefined: it may not, or not on all of them. */
export function reasonToStay(
  rule: Rule,
  { group, topology, policy }: Pick<Standards, "group" | "topology" | "policy">,
): Reason | undefined {
  const { source } = rule;
  const { snapshot } = topology;
  if (isKept(rule, snapshot.at)) return "kept";
  const own = topology.ownRanges(group);
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
