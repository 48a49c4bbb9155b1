import { loadBalancerTag, portsTag } from "../values/ownTags.ts";
import { admits, type Packet, type Sender } from "./admits.ts";
import { cidrEnds } from "../values/cidr.ts";
import { contactsAt, someoneFrom } from "./contact.ts";
import type { Policy } from "../values/policy.ts";
import type { GroupId, Rule } from "../values/rule.ts";
import type { Snapshot } from "../values/snapshot.ts";

const isIn = (
  ports: readonly { protocol: string; from: number; to: number }[],
  { protocol, port }: Packet,
): boolean => ports.some((one) => one.protocol === protocol && one.from <= port && port <= one.to);

/** The packets on which a rule's removal is judged: its edges, and all ports of interest with their neighbours. */
function probes(
  rule: Rule,
  interesting: readonly number[],
): readonly Pick<Packet, "protocol" | "port">[] {
  const within = (from: number, to: number): readonly number[] =>
    [...new Set([from, to, ...interesting.flatMap((port) => [port - 1, port, port + 1])])].filter(
      (port) => from <= port && port <= to,
    );
  if (rule.protocol === "-1")
    return [
      ...["tcp", "udp"].flatMap((protocol) => within(0, 65535).map((port) => ({ protocol, port }))),
      { protocol: "icmp", port: 8 },
      { protocol: "icmpv6", port: 128 },
    ];
  const isPorted = rule.protocol === "tcp" || rule.protocol === "udp";
  return (isPorted ? within(rule.fromPort, rule.toPort) : [rule.fromPort]).map((port) => ({
    protocol: rule.protocol,
    port,
  }));
}

/** Each address family has an ICMP of its own. */
const canSend = ({ address }: Sender, protocol: string): boolean =>
  address === undefined || protocol !== (address.includes(":") ? "icmp" : "icmpv6");

/** Packets that enter a group by the rule and, once it is gone, by none of those that stay. */
const losses = (
  rule: Rule,
  staying: readonly Rule[],
  packets: readonly Packet[],
  { prefixLists }: Snapshot,
): readonly Packet[] =>
  packets.filter(
    (packet) =>
      canSend(packet.from, packet.protocol) &&
      admits([rule], packet, prefixLists) &&
      !admits(staying, packet, prefixLists, "refuses"),
  );

/**
 * The judge's word on removals before they are made; undefined: it agrees.
 * What a removal closes must be service ports alone, never protected ones nor allowed sources, and each load balancer must still get in.
 */
export function veto(
  rule: Rule,
  removals: readonly Rule[],
  group: GroupId,
  snapshot: Snapshot,
  policy: Policy,
): string | undefined {
  const owner = snapshot.groups.get(group);
  if (owner === undefined) return `${group} was not read`;
  const { source } = rule;
  const isUnused =
    source.kind === "group" &&
    rule.tags[loadBalancerTag] !== undefined &&
    !snapshot.loadBalancers.some(({ groups }) => groups.includes(source.group));
  if (isUnused) return undefined;

  const staying = owner.rules.filter((one) => !removals.includes(one));
  const attached = snapshot.interfaces.filter((eni) => eni.groups.includes(group));
  const contacts = contactsAt(attached, snapshot);
  const served = [...contacts.values()].flat().map(({ port }) => port);
  const service = [
    ...new Map(served.map((port) => [`${port.protocol} ${port.from}-${port.to}`, port])).values(),
  ];
  const closable =
    owner.tags[portsTag]?.trim().toLowerCase() === "all"
      ? (["tcp", "udp"] as const).map((protocol) => ({ protocol, from: 0, to: 65535 }))
      : service;

  const edges = [
    ...[...service, ...policy.protectedPorts].flatMap(({ from, to }) => [from, to]),
    ...owner.rules.flatMap(({ fromPort, toPort }) => [fromPort, toPort]),
  ];
  const allowed = policy.allowedSources
    .flatMap(cidrEnds)
    .map((address): Sender => ({ address, groups: [] }));
  const packets = probes(rule, edges).flatMap((probe) =>
    [...someoneFrom(source, snapshot), ...allowed].map((from): Packet => ({ ...probe, from })),
  );
  const lost = losses(rule, staying, packets, snapshot);

  const assessment = new Set<string>();
  for (const [eni, reached] of contacts) {
    const likeness = `${eni.groups.join()} ${reached.map(({ loadBalancer, port }) => `${loadBalancer.id} ${port.protocol} ${port.from}-${port.to}`).join()}`;
    if (assessment.has(likeness)) continue;
    assessment.add(likeness);
    const elsewhere = eni.groups
      .filter((id) => id !== group)
      .flatMap((id) => snapshot.groups.get(id)?.rules ?? []);
    for (const packet of losses(rule, elsewhere, lost, snapshot)) {
      const door = `${packet.protocol}/${packet.port}`;
      if (!isIn(closable, packet) || isIn(policy.protectedPorts, packet))
        return `it would close ${door}, which no load balancer serves or which is protected`;
      if (allowed.includes(packet.from)) return `an allowed source would lose ${door}`;
      const isStillIn = (groups: readonly GroupId[]): boolean =>
        admits(
          [...staying, ...elsewhere],
          { ...packet, from: { groups } },
          snapshot.prefixLists,
          "refuses",
        );
      const cut = reached.find(
        ({ loadBalancer, port }) => isIn([port], packet) && !isStillIn(loadBalancer.groups),
      );
      if (cut !== undefined) return `${cut.loadBalancer.name} would lose ${door} at ${eni.id}`;
    }
  }
  return undefined;
}
