import type { LoadBalancer, Snapshot } from "../values/snapshot.ts";
import type { GroupId, Rule } from "../values/rule.ts";
import { admits, type Packet, type Sender } from "./admits.ts";
import { contactsAt, rulesAt } from "./contact.ts";

/** The load balancer that gets in at some interface of the group as it is, and would not if the group had these rules instead; undefined: none. */
export function loadBalancerCutOff(
  rules: readonly Rule[],
  group: GroupId,
  snapshot: Snapshot,
): LoadBalancer | undefined {
  const owner = snapshot.groups.get(group);
  if (owner === undefined) return undefined;
  const after = new Map(snapshot.groups).set(group, { ...owner, rules });
  const attached = snapshot.interfaces.filter((eni) => eni.groups.includes(group));
  for (const [eni, contacts] of contactsAt(attached, snapshot)) {
    const [here, there] = [rulesAt(eni, snapshot.groups), rulesAt(eni, after)];
    // Between two edges, of whichever group's rules, all ports fare alike.
    const edges = new Set([...here, ...there].flatMap((one) => [one.fromPort, one.toPort + 1]));
    for (const { loadBalancer, port } of contacts) {
      const ports = [...edges].filter((edge) => port.from < edge && edge <= port.to);
      const packets = nodesOf(loadBalancer, snapshot).flatMap((from) =>
        [port.from, ...ports].map((one): Packet => ({ protocol: port.protocol, port: one, from })),
      );
      const isLost = (packet: Packet): boolean =>
        admits(here, packet, snapshot.prefixLists, "admits") &&
        !admits(there, packet, snapshot.prefixLists, "refuses");
      if (packets.some(isLost)) return loadBalancer;
    }
  }
  return undefined;
}

/** A load balancer as it knocks: by its groups alone, since its addresses change; and from each address that it has now. */
function nodesOf({ groups }: LoadBalancer, { interfaces }: Snapshot): readonly Sender[] {
  const own = interfaces.filter(
    (one) => one.use.kind === "loadBalancer" && one.groups.some((id) => groups.includes(id)),
  );
  return [
    { groups },
    ...own.flatMap(({ addresses }) => addresses.map((address) => ({ groups, address }))),
  ];
}
