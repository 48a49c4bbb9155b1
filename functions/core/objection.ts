import { admits, type Packet, type Sender } from "./admits.ts";
import { contactsOf, rulesAt, someoneFrom } from "./contact.ts";
import type { Policy } from "./policy.ts";
import type { GroupId, Rule } from "./rule.ts";
import type { Snapshot } from "./snapshot.ts";

const isIn = (ports: readonly { protocol: string; from: number; to: number }[], { protocol, port }: Packet): boolean =>
  ports.some((one) => one.protocol === protocol && one.from <= port && port <= one.to);

/** The packets on which a rule's removal is judged: its edges, and all ports of interest with their neighbours. */
function probes(rule: Rule, interesting: readonly number[]): readonly Pick<Packet, "protocol" | "port">[] {
  const within = (from: number, to: number): readonly number[] =>
    [...new Set([from, to, ...interesting.flatMap((port) => [port - 1, port, port + 1])])].filter((port) => from <= port && port <= to);
  if (rule.protocol === "-1")
    return [
      ...["tcp", "udp"].flatMap((protocol) => within(0, 65535).map((port) => ({ protocol, port }))),
      { protocol: "icmp", port: 8 },
      { protocol: "icmpv6", port: 128 },
    ];
  const isPorted = rule.protocol === "tcp" || rule.protocol === "udp";
  return (isPorted ? within(rule.fromPort, rule.toPort) : [rule.fromPort]).map((port) => ({ protocol: rule.protocol, port }));
}

/** Each address family has an ICMP of its own. */
const canSend = ({ address }: Sender, protocol: string): boolean => address === undefined || protocol !== (address.includes(":") ? "icmp" : "icmpv6");

/**
 * The judge's word on removals before they are made; undefined: it agrees.
 * What a removal closes must be service ports alone, never protected ones nor allowed sources, and each load balancer must still get in.
 */
export function objection(rule: Rule, removals: readonly Rule[], group: GroupId, snapshot: Snapshot, policy: Policy): string | undefined {
  const owner = snapshot.groups.get(group);
  if (owner === undefined) return `${group} was not read`;
  const { source } = rule;
  const isUnused =
    source.kind === "group" &&
    rule.tags["elb-only:load-balancer"] !== undefined &&
    !snapshot.loadBalancers.some(({ groups }) => groups.includes(source.group));
  if (isUnused) return undefined;
  const after = new Map(snapshot.groups).set(group, { ...owner, rules: owner.rules.filter((one) => !removals.includes(one)) });
  const wearers = snapshot.interfaces.filter((wearer) => wearer.groups.includes(group));
  const contacts = new Map(wearers.map((wearer) => [wearer, contactsOf(wearer, snapshot)]));
  const service = [...contacts.values()].flat().map(({ port }) => port);
  const closable =
    owner.tags["elb-only:ports"]?.trim().toLowerCase() === "all"
      ? (["tcp", "udp"] as const).map((protocol) => ({ protocol, from: 0, to: 65535 }))
      : service;
  const allowed = policy.allowedSources
    .filter((text) => text.includes("/"))
    .map((cidr): Sender => ({ address: cidr.slice(0, cidr.indexOf("/")), groups: [] }));
  const packets = probes(
    rule,
    [...service, ...policy.protectedPorts].flatMap(({ from, to }) => [from, to]),
  );
  const judged = new Set<string>();
  for (const [wearer, reached] of contacts) {
    const likeness = `${wearer.groups.join()} ${reached.map(({ loadBalancer, port }) => `${loadBalancer.id} ${port.protocol} ${port.from}-${port.to}`).join()}`;
    if (judged.has(likeness)) continue;
    judged.add(likeness);
    const rules = rulesAt(wearer, after);
    for (const { protocol, port } of packets) {
      const isInLater = (from: Sender): boolean => admits(rules, { protocol, port, from }, snapshot.prefixLists, "refuses");
      const wasIn = (from: Sender): boolean => canSend(from, protocol) && admits([rule], { protocol, port, from }, snapshot.prefixLists);
      const packet: Packet = { protocol, port, from: { groups: [] } };
      const mayClose = isIn(closable, packet) && !isIn(policy.protectedPorts, packet);
      if (!mayClose && someoneFrom(source, snapshot).some((from) => wasIn(from) && !isInLater(from)))
        return `it would close ${protocol}/${port}, which no load balancer serves or which is protected`;
      if (allowed.some((from) => wasIn(from) && !isInLater(from))) return `an allowed source would lose ${protocol}/${port}`;
      for (const { loadBalancer, port: served } of reached) {
        const isCut = isIn([served], packet) && !isInLater({ groups: loadBalancer.groups }) && !someoneFrom(source, snapshot).every(isInLater);
        if (isCut) return `${loadBalancer.name} would lose ${protocol}/${port} at ${wearer.id}`;
      }
    }
  }
  return undefined;
}
