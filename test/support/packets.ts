import { admits, type Sender } from "../../lib/judge/admits.ts";
import type { Policy } from "../../lib/values/policy.ts";
import {
  type GroupId,
  hasPorts,
  type Protocol,
  type Rule,
  ruleKey,
} from "../../lib/values/rule.ts";
import type { PrefixList } from "../../lib/values/snapshot.ts";
import { address, ends, outside } from "./addresses.ts";
import type { Region } from "./region.ts";

/** What a packet asks for: a port of tcp or udp, a type of icmp or icmpv6, or only a protocol. */
export interface Door {
  readonly protocol: Protocol;
  readonly port: number;
}

/** The packets worth asking about in a region: every door from every sender. Senders are an address, or one group, each. */
export interface Packets {
  readonly doors: readonly Door[];
  readonly senders: readonly Sender[];
  /** Through which doors (first) and from which senders (second) does one rule let packets in? */
  readonly by: (rule: Rule) => Opening;
}

export interface Opening {
  readonly doors: readonly boolean[];
  readonly senders: readonly boolean[];
}

/**
 * Every boundary of every rule, service port and protected port, one to each side; both ends of every range anybody names, and just outside;
 * every group and address there is. `extra` are the rules that are yet to be written by people.
 */
export function packetsOf(region: Region, policy: Policy, extra: readonly Rule[] = []): Packets {
  const rules = [...region.groups.flatMap((group) => group.rules), ...extra];
  const doors = doorsOf(region, policy, rules);
  const { senders, lists } = sendersOf(region, policy, rules);
  const known = new Map<string, Opening>();
  const everywhere: Rule = {
    protocol: "-1",
    fromPort: -1,
    toPort: -1,
    source: { kind: "group", group: "anybody" },
    tags: {},
  };
  const by = (rule: Rule): Opening => {
    const opening = known.get(ruleKey(rule)) ?? {
      doors: doors.map((door) =>
        admits([{ ...rule, source: everywhere.source }], {
          ...door,
          from: { groups: ["anybody"] },
        }),
      ),
      senders: senders.map((from) =>
        admits([{ ...everywhere, source: rule.source }], { protocol: "tcp", port: 0, from }, lists),
      ),
    };
    known.set(ruleKey(rule), opening);
    return opening;
  };
  return { doors, senders, by };
}

function doorsOf(region: Region, policy: Policy, rules: readonly Rule[]): readonly Door[] {
  const services = region.loadBalancers.flatMap((one) =>
    one.targets.flatMap((target) => target.ports),
  );
  const edges = (protocol: "tcp" | "udp"): readonly number[] => [
    0,
    65535,
    ...rules
      .filter((rule) => rule.protocol === protocol)
      .flatMap((rule) => [rule.fromPort - 1, rule.fromPort, rule.toPort, rule.toPort + 1]),
    ...[...services, ...policy.protectedPorts]
      .filter((one) => one.protocol === protocol)
      .flatMap((one) => [one.from - 1, one.from, one.to, one.to + 1]),
  ];
  const numbered = (["tcp", "udp"] as const).flatMap((protocol) =>
    [...new Set(edges(protocol))]
      .filter((port) => port >= 0 && port <= 65535)
      .map((port) => ({ protocol, port })),
  );
  const types = [0, 8].map((port) => ({ protocol: "icmp", port }));
  return [
    ...numbered,
    ...types,
    { protocol: "icmpv6", port: 128 },
    { protocol: "50", port: 0 },
    { protocol: "47", port: 0 },
    { protocol: "99", port: 0 },
  ];
}

/** An unreadable prefix list stands for an address that no range but the widest holds. */
function sendersOf(
  region: Region,
  policy: Policy,
  rules: readonly Rule[],
): { senders: readonly Sender[]; lists: ReadonlyMap<string, PrefixList> } {
  const lists = new Map(
    region.prefixLists.map((list, index) => [
      list.id,
      { ...list, entries: list.entries ?? [`240.9.9.${index}/32`] },
    ]),
  );
  const sources = rules.map((rule) => rule.source);
  const ranges = new Set([
    ...sources.flatMap((source) =>
      source.kind === "ipv4" || source.kind === "ipv6" ? [source.cidr] : [],
    ),
    ...[...lists.values()].flatMap((list) => list.entries),
    ...policy.allowedSources.filter((one) => one.includes("/")),
  ]);
  const addresses = new Set([
    "198.51.100.77",
    "2001:db8:ffff::77",
    ...region.interfaces.flatMap((one) => one.addresses),
    ...[...ranges].flatMap((range) => [...ends(range), ...outside(range)]),
  ]);
  const groups = new Set([
    ...region.groups.map((group) => group.id),
    ...region.loadBalancers.flatMap((one) => one.groups),
    ...sources.flatMap((source) => (source.kind === "group" ? [source.group] : [])),
  ]);
  const classics = new Map(
    sources.flatMap((source) =>
      source.kind === "groupName" ? [[`${source.owner}/${source.name}`, source] as const] : [],
    ),
  );
  const senders: readonly Sender[] = [
    ...[...addresses].map((text) => ({ address: text, groups: [] })),
    ...[...groups].map((group) => ({ groups: [group] })),
    ...[...classics.values()].map(({ owner, name }) => ({
      groups: [],
      classicGroup: { owner, name },
    })),
  ];
  return { senders, lists };
}

/** Does such a packet exist? ICMP is IPv4's, ICMPv6 is IPv6's. */
export const exists = (door: Door, sender: Sender): boolean =>
  sender.address === undefined ||
  (door.protocol === "icmp"
    ? address(sender.address).family === "ipv4"
    : door.protocol !== "icmpv6" || address(sender.address).family === "ipv6");

/** Who gets in where, in every group of a region: a byte a packet, doors first. */
export type Entries = ReadonlyMap<GroupId, Uint8Array>;

export const entriesOf = (region: Region, packets: Packets): Entries =>
  new Map(region.groups.map((group) => [group.id, entriesBy(group.rules, packets)]));

export function entriesBy(rules: readonly Rule[], packets: Packets): Uint8Array {
  const width = packets.senders.length;
  const entries = new Uint8Array(packets.doors.length * width);
  for (const rule of rules) {
    const { doors, senders } = packets.by(rule);
    doors.forEach((open, door) => {
      if (open) senders.forEach((in_, sender) => in_ && (entries[door * width + sender] = 1));
    });
  }
  return entries;
}

export const doorText = (door: Door): string =>
  hasPorts(door.protocol) ? `${door.protocol}/${door.port}` : door.protocol;

export const senderText = (sender: Sender): string =>
  sender.address ??
  sender.groups[0] ??
  `${sender.classicGroup?.owner ?? ""}/${sender.classicGroup?.name ?? ""}`;
