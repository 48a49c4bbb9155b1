import type { Sender } from "./admits.ts";
import type { Rule, Source } from "./rule.ts";
import type { Interface, LoadBalancer, ServicePort, Snapshot } from "./snapshot.ts";

/** A load balancer's contact with one interface, worked out here on its own: what judges planning must not borrow from it. */
export interface Contact {
  readonly loadBalancer: LoadBalancer;
  readonly port: ServicePort;
}

export function contactsOf({ use, addresses, vpc }: Interface, snapshot: Snapshot): readonly Contact[] {
  return snapshot.loadBalancers.flatMap((loadBalancer) =>
    loadBalancer.targets
      .filter(({ at }) =>
        at.kind === "instance"
          ? use.kind === "instance" && use.primary && use.instance === at.instance
          : at.vpc === vpc && addresses.includes(at.address),
      )
      .flatMap(({ ports }) => ports.map((port) => ({ loadBalancer, port }))),
  );
}

/** A load balancer's node as it knocks: its groups, and an address of its interfaces where one is known. */
export function knocking(loadBalancer: LoadBalancer, snapshot: Snapshot): Sender {
  const node = snapshot.interfaces.find((one) => one.use.kind === "loadBalancer" && one.groups.some((id) => loadBalancer.groups.includes(id)));
  const address = node?.addresses[0];
  return { groups: loadBalancer.groups, ...(address === undefined ? {} : { address }) };
}

/** All inbound rules at an interface's door: those of every group that it wears. */
export const rulesAt = (wearer: Interface, groups: Snapshot["groups"]): readonly Rule[] => wearer.groups.flatMap((id) => groups.get(id)?.rules ?? []);

/** Somebody whom a source lets in. */
export function someoneFrom(source: Source, snapshot: Snapshot): readonly Sender[] {
  const first = (cidr: string): Sender => ({ address: cidr.slice(0, cidr.indexOf("/")), groups: [] });
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return [first(source.cidr)];
    case "prefixList":
      return (snapshot.prefixLists.get(source.id)?.entries ?? []).map(first);
    case "group":
      return [{ groups: [source.group] }];
    case "groupName":
      return [{ groups: [], classicGroup: source }];
  }
}
