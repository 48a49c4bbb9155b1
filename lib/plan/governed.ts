import { portsTag } from "../values/ownTags.ts";
import { allPorts, type PortSet, portSet, subtract } from "../values/portRange.ts";
import type { Policy } from "../values/policy.ts";
import type { Topology } from "./topology.ts";
import type { Service } from "../values/served.ts";
import type { Group, Interface } from "../values/snapshot.ts";
import { isBackEnd } from "./eligibility.ts";

/** Sets of ports by protocol. */
export interface Ports {
  readonly tcp: PortSet;
  readonly udp: PortSet;
}

const portsOf = (
  ports: readonly { protocol: "tcp" | "udp"; from: number; to: number }[],
): Ports => ({
  tcp: portSet(ports.filter((port) => port.protocol === "tcp")),
  udp: portSet(ports.filter((port) => port.protocol === "udp")),
});

export const protectedPorts = (policy: Policy): Ports => portsOf(policy.protectedPorts);

/** A load balancer's business with a interface of a group. */
export interface Served extends Service {
  readonly eni: Interface;
}

/** Everything that load balancers do at interfaces of a group that are back ends. */
export const servedIn = (group: Group, topology: Topology, claimed: boolean): readonly Served[] =>
  (topology.attached.get(group.id) ?? [])
    .filter((eni) => isBackEnd(eni, claimed))
    .flatMap((eni) =>
      (topology.services.get(eni.id) ?? []).map((service) => ({ ...service, eni })),
    );

/** Does the group's owner want every port but the protected ones closed? By tag on the group only. */
export const closesAllPorts = (group: Group): boolean =>
  group.tags[portsTag]?.trim().toLowerCase() === "all";

/** The ports of a group that only load balancers may enter: served, not protected, and every server of theirs nameable. */
export function governedPorts(
  group: Group,
  served: readonly Served[],
  topology: Topology,
  policy: Policy,
): Ports {
  // Of all interfaces, back ends or not: nobody may lose a load balancer that a reference cannot replace.
  const unnameable = portsOf(
    (topology.attached.get(group.id) ?? []).flatMap(({ id }) =>
      (topology.services.get(id) ?? []).filter((one) => !one.nameable).map((one) => one.port),
    ),
  );
  const wanted = portsOf(served.filter(({ nameable }) => nameable).map(({ port }) => port));
  const kept = protectedPorts(policy);
  const all = closesAllPorts(group) && served.length > 0;
  return {
    tcp: subtract(subtract(all ? allPorts : wanted.tcp, kept.tcp), unnameable.tcp),
    udp: subtract(subtract(all ? allPorts : wanted.udp, kept.udp), unnameable.udp),
  };
}

export function touchesPorts(
  ports: Ports,
  rule: { readonly protocol: string; readonly fromPort: number; readonly toPort: number },
): boolean {
  const { protocol, fromPort, toPort } = rule;
  if (protocol === "-1") return ports.tcp.length + ports.udp.length > 0;
  return (
    (protocol === "tcp" || protocol === "udp") &&
    ports[protocol].some(({ from, to }) => from <= toPort && fromPort <= to)
  );
}
