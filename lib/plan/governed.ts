import type { GovernedPorts } from "../values/groupPlan.ts";
import { asksForLess, closesAllPorts } from "../values/ownTags.ts";
import { allPorts, type PortSet, portSet, subtract } from "../values/portRange.ts";
import type { Policy } from "../values/policy.ts";
import type { Group } from "../values/snapshot.ts";
import { isRefused, type Places } from "./admissions.ts";
import { type Eligibility, isBackEnd } from "./eligibility.ts";
import type { Served, Topology } from "./topology.ts";
import { mayBeServedIn } from "./unreadTargets.ts";

/** Sets of ports by protocol. */
export interface Ports {
  readonly tcp: PortSet;
  readonly udp: PortSet;
}

export const byProtocol = (
  ports: readonly { protocol: "tcp" | "udp"; from: number; to: number }[],
): Ports => ({
  tcp: portSet(ports.filter((port) => port.protocol === "tcp")),
  udp: portSet(ports.filter((port) => port.protocol === "udp")),
});

export const ported = (ports: Ports): readonly GovernedPorts[] =>
  (["tcp", "udp"] as const).flatMap((protocol) =>
    ports[protocol].map((range) => ({ protocol, ...range })),
  );

export const lessPorts = (ports: Ports, others: Ports): Ports => ({
  tcp: subtract(ports.tcp, others.tcp),
  udp: subtract(ports.udp, others.udp),
});

export const protectedPorts = (policy: Policy): Ports => byProtocol(policy.protectedPorts);

/** Everything that load balancers do at interfaces of a group that are back ends. */
export const servedIn = (group: Group, topology: Topology, claimed: boolean): readonly Served[] =>
  topology.servings(group.id).filter(({ eni }) => isBackEnd(eni, claimed));

/** Why a load balancer's ports are not governed at an interface; undefined: they are. */
export type Ungoverned = "without group" | "asks for less" | "refused";

export function ungovernedBy(
  served: Served,
  { mode }: Eligibility,
  places: Places,
): Ungoverned | undefined {
  if (!served.nameable) return "without group";
  if (asksForLess(served.loadBalancer)) return "asks for less";
  return isRefused(served.eni, served, mode, places) ? "refused" : undefined;
}

/** The ports of a group that only load balancers may enter: served, not protected, and every server of theirs let in by reference. */
export function governedPorts(
  group: Group,
  served: readonly Served[],
  eligibility: Eligibility,
  places: Places,
): Ports {
  // Of all interfaces, back ends or not: nobody may lose a load balancer that a reference does not replace.
  const exempt = byProtocol([
    ...places.topology
      .servings(group.id)
      .filter((one) => ungovernedBy(one, eligibility, places) !== undefined)
      .map(({ port }) => port),
    ...mayBeServedIn(group, places.topology).map(({ port }) => port),
  ]);
  // A range that stands for changing ports is known by evidence only: the owner's own word must stand behind closing it.
  const wanted = byProtocol(
    served.filter(({ port }) => !port.dynamic || eligibility.claimed).map(({ port }) => port),
  );
  const all = { tcp: allPorts, udp: allPorts };
  const ports = closesAllPorts(group) && served.length > 0 ? all : wanted;
  return lessPorts(lessPorts(ports, protectedPorts(places.policy)), exempt);
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
