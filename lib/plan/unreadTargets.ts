import type { Group, Interface, ServicePort, UnreadTargets } from "../values/snapshot.ts";
import type { Topology } from "./topology.ts";

/** A port that a load balancer may serve at an interface of a group, for all that could be read, and why nobody knows. */
export interface MayBeServed {
  readonly port: ServicePort;
  readonly why: string;
}

const isAt = (at: UnreadTargets["at"][number], { use, vpc, addresses }: Interface): boolean => {
  switch (at.kind) {
    case "instance":
      return use.kind === "instance" && use.instance === at.instance;
    case "address":
      return vpc === at.vpc && addresses.includes(at.address);
    case "anyInstance":
      return use.kind === "instance" && vpc === at.vpc;
    case "anything":
      return true;
  }
};

/** The ports on which the interface may be served by target groups whose targets could not be read. */
export const mayBeServedAt = (
  eni: Interface,
  { snapshot: { unreadTargets = [] } }: Topology,
): readonly ServicePort[] =>
  unreadTargets.flatMap(({ at, ports }) => (at.some((place) => isAt(place, eni)) ? ports : []));

/** The ports on which interfaces of the group may be served by target groups whose targets could not be read. */
export const mayBeServedIn = (
  group: Group,
  { snapshot: { unreadTargets = [] }, attached }: Topology,
): readonly MayBeServed[] =>
  unreadTargets
    .filter(({ at }) => attached.get(group.id)?.some((eni) => at.some((place) => isAt(place, eni))))
    .flatMap(({ ports, why }) => ports.map((port) => ({ port, why })));
