import { cidrContains } from "../values/cidr.ts";
import type { Policy } from "../values/policy.ts";
import { allPorts, covers, type PortSet, portSet, subtract } from "../values/portRange.ts";
import type { GroupId, Rule } from "../values/rule.ts";
import type { Group, Interface, LoadBalancer, ServicePort } from "../values/snapshot.ts";
import type { Topology } from "./topology.ts";

/** Who else is attached to a group besides load balancers: whoever names the group lets them in, too. */
export const othersIn = (group: GroupId, { attached }: Topology): readonly Interface[] =>
  (attached.get(group) ?? []).filter(({ use }) => use.kind !== "loadBalancer");

/** Are load balancers alone attached to the group, as far as it is known? */
export const isExclusive = (group: GroupId, topology: Topology): boolean =>
  topology.snapshot.attachmentsUnread?.has(group) !== true &&
  othersIn(group, topology).length === 0;

/** The groups by which a load balancer is let in: those that are its own alone; where it has none, or the policy does not mind, all of them. */
export function waysOf(
  { groups }: LoadBalancer,
  topology: Topology,
  { admit }: Policy,
): readonly GroupId[] {
  const exclusive = groups.filter((group) => isExclusive(group, topology));
  return admit === "any" || exclusive.length === 0 ? groups : exclusive;
}

/** A service port without what is protected: nobody is let in to that, nor closed out. */
export const unprotected = (port: ServicePort, { protectedPorts }: Policy): PortSet =>
  subtract(
    [{ from: port.from, to: port.to }],
    portSet(protectedPorts.filter(({ protocol }) => protocol === port.protocol)),
  );

/** The ports on which a rule lets anybody in. */
export const portsUnder = (rule: Rule, protocol: "tcp" | "udp"): PortSet =>
  rule.protocol === "-1"
    ? allPorts
    : rule.protocol === protocol
      ? portSet([{ from: rule.fromPort, to: rule.toPort }])
      : [];

/** Does the interface get in to the group by this rule with that address of its own (or by its groups alone)? */
function lets(
  { source }: Rule,
  eni: Interface,
  address: string | undefined,
  { snapshot }: Topology,
): boolean {
  const holds = (cidr: string): boolean =>
    address !== undefined && cidrContains(cidr, `${address}/${address.includes(":") ? 128 : 32}`);
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return holds(source.cidr);
    case "prefixList":
      return (snapshot.prefixLists.get(source.id)?.entries ?? []).some(holds);
    case "group":
      return eni.groups.includes(source.group);
    case "groupName":
      return false;
  }
}

/** Do these rules let the interface in on all these ports, whichever of its addresses it comes from? */
export function isLetIn(
  eni: Interface,
  rules: readonly Rule[],
  ports: { readonly tcp: PortSet; readonly udp: PortSet },
  topology: Topology,
): boolean {
  const addresses: readonly (string | undefined)[] =
    eni.addresses.length > 0 ? eni.addresses : [undefined];
  return addresses.every((address) => {
    const letting = rules.filter((rule) => lets(rule, eni, address, topology));
    return (["tcp", "udp"] as const).every((protocol) =>
      covers(portSet(letting.flatMap((rule) => portsUnder(rule, protocol))), ports[protocol]),
    );
  });
}

/** Nobody but a load balancer gains: may this group let a load balancer in by that source? */
export function mayAdmit(
  place: Group,
  from: GroupId,
  port: ServicePort,
  topology: Topology,
  policy: Policy,
): boolean {
  if (policy.admit === "any" || isExclusive(from, topology)) return true;
  if (topology.snapshot.attachmentsUnread?.has(from) === true) return false;
  const ports = { tcp: [], udp: [], [port.protocol]: unprotected(port, policy) };
  return othersIn(from, topology).every((eni) => isLetIn(eni, place.rules, ports, topology));
}
