import type { GroupId, Protocol, Rule, Source } from "../values/rule.ts";
import type { PrefixList } from "../values/snapshot.ts";

/** Who sends a packet: an address, the security groups that are attached to its network interface, its EC2-Classic group. */
export interface Sender {
  readonly address?: string;
  readonly groups: readonly GroupId[];
  readonly classicGroup?: { readonly owner: string; readonly name: string };
}

/** One packet at a security group's door. */
export interface Packet {
  readonly protocol: Protocol;
  /** Destination port of tcp and udp, type of icmp and icmpv6; of no meaning for any other protocol. */
  readonly port: number;
  /** Code of icmp and icmpv6; missing: 0. */
  readonly code?: number;
  readonly from: Sender;
}

/** What a rule from a prefix list without readable entries counts for: asked "who can get in", it admits; asked "is it sure to get in", it refuses. */
export type Unreadable = "admits" | "refuses";

/**
 * Do these inbound rules let the packet in? The judge: EC2's semantics and nothing of planning.
 * Rules add up; each matches by protocol, then port (or type and code), then source. Throws a RangeError for what is no address.
 */
export function admits(
  rules: readonly Rule[],
  packet: Packet,
  prefixLists: ReadonlyMap<string, PrefixList> = new Map(),
  unreadable: Unreadable = "admits",
): boolean {
  return rules.some(
    (rule) =>
      matchesTraffic(rule, packet) &&
      matchesSource(rule.source, packet.from, prefixLists, unreadable),
  );
}

const numbers: Readonly<Record<string, string>> = {
  icmp: "1",
  tcp: "6",
  udp: "17",
  icmpv6: "58",
  all: "-1",
};
const numberOf = (protocol: Protocol): string => numbers[protocol.toLowerCase()] ?? protocol;

/** `-1` is all traffic; tcp and udp have ports, icmp and icmpv6 type and code (-1: all), every other protocol neither. */
function matchesTraffic(rule: Rule, packet: Packet): boolean {
  const protocol = numberOf(rule.protocol);
  if (protocol === "-1") return true;
  if (protocol !== numberOf(packet.protocol)) return false;
  switch (protocol) {
    case "6":
    case "17":
      return rule.fromPort === -1 || (rule.fromPort <= packet.port && packet.port <= rule.toPort);
    case "1":
    case "58":
      return (
        rule.fromPort === -1 ||
        (rule.fromPort === packet.port &&
          (rule.toPort === -1 || rule.toPort === (packet.code ?? 0)))
      );
    default:
      return true;
  }
}

function matchesSource(
  source: Source,
  from: Sender,
  prefixLists: ReadonlyMap<string, PrefixList>,
  unreadable: Unreadable,
): boolean {
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return from.address !== undefined && isInside(from.address, source.cidr);
    case "prefixList": {
      const { address } = from;
      const entries = prefixLists.get(source.id)?.entries;
      if (address === undefined) return false;
      return entries === undefined
        ? unreadable === "admits"
        : entries.some((entry) => isInside(address, entry));
    }
    case "group":
      return from.groups.includes(source.group);
    case "groupName":
      return from.classicGroup?.owner === source.owner && from.classicGroup.name === source.name;
  }
}

/** An address as a number, and how wide its family's numbers are. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Is the address in the CIDR? Host bits of the CIDR do not count; families never mix. */
function isInside(address: string, cidr: string): boolean {
  const [network = "", length = "", ...rest] = cidr.split("/");
  const [inner, outer] = [parseAddress(address), parseAddress(network)];
  if (!/^\d+$/.test(length) || Number(length) > outer.bits || rest.length > 0)
    throw new RangeError(`not a CIDR: ${cidr}`);
  const hostBits = BigInt(outer.bits - Number(length));
  return inner.bits === outer.bits && inner.value >> hostBits === outer.value >> hostBits;
}

/** Throws a RangeError for what is no address. */
export const parseAddress = (text: string): Address =>
  text.includes(":")
    ? { bits: 128, value: join(groupsOfIpv6(text), 16n) }
    : { bits: 32, value: join(bytesOfIpv4(text), 8n) };

const join = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((value, part) => (value << width) | BigInt(part), 0n);

function bytesOfIpv4(text: string): readonly number[] {
  const bytes = text.split(".").map((byte) => (/^\d{1,3}$/.test(byte) ? Number(byte) : 256));
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255))
    throw new RangeError(`not an address: ${text}`);
  return bytes;
}

/** Eight groups of 16 bits; `::` stands for as many zeros as are missing; the last 32 bits may be written as IPv4. */
function groupsOfIpv6(text: string): readonly number[] {
  const halves = text
    .split("::")
    .map((half) => (half === "" ? [] : half.split(":").flatMap(groupOfIpv6)));
  const [head = [], tail] = halves;
  const zeros = 8 - head.length - (tail?.length ?? 0);
  const groups =
    tail === undefined ? head : [...head, ...Array<number>(Math.max(0, zeros)).fill(0), ...tail];
  if (halves.length > 2 || groups.length !== 8 || groups.includes(-1))
    throw new RangeError(`not an address: ${text}`);
  return groups;
}

function groupOfIpv6(group: string): readonly number[] {
  if (group.includes(".")) {
    const [a = 0, b = 0, c = 0, d = 0] = bytesOfIpv4(group);
    return [a * 256 + b, c * 256 + d];
  }
  return [/^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : -1];
}
