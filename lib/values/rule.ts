import { canonicalCidr } from "./cidr.ts";

export type GroupId = string; // sg-...
export type RuleId = string; // sgr-...
export type AccountId = string; // twelve digits
export type Tags = Readonly<Record<string, string>>;

/** "tcp", "udp", "icmp", "icmpv6", "-1" (everything), or another IANA protocol number as text. */
export type Protocol = string;

/** Where a rule lets traffic in from: exactly one of these. */
export type Source =
  | { readonly kind: "ipv4"; readonly cidr: string }
  | { readonly kind: "ipv6"; readonly cidr: string }
  | { readonly kind: "prefixList"; readonly id: string }
  | { readonly kind: "group"; readonly group: GroupId; readonly owner?: AccountId }
  /** EC2-Classic: a group without an id, as `amazon-elb/amazon-elb-sg`. */
  | { readonly kind: "groupName"; readonly owner: string; readonly name: string };

/**
 * One inbound security group rule: one protocol, one range, one source; our atom.
 * Ports of tcp and udp are 0-65535; of icmp type and code, -1 for all; of any other protocol -1.
 */
export interface Rule {
  readonly protocol: Protocol;
  readonly fromPort: number;
  readonly toPort: number;
  readonly source: Source;
  readonly description?: string;
  readonly tags: Tags;
  readonly id?: RuleId;
}

const protocolNames: ReadonlyMap<string, Protocol> = new Map(
  Object.entries({ "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", all: "-1" }),
);

/** The one spelling of a protocol: names for the four that have ports or types, numbers for the rest. */
function canonicalProtocol(protocol: string): Protocol {
  const lower = protocol.toLowerCase();
  return protocolNames.get(lower) ?? lower;
}

export const hasPorts = (protocol: Protocol): boolean => protocol === "tcp" || protocol === "udp";
const hasTypes = (protocol: Protocol): boolean => protocol === "icmp" || protocol === "icmpv6";

/** A rule in its one spelling, whatever way AWS or a person wrote it: protocol numbers, 0/0 or missing ports of `-1`, unmasked CIDRs. */
export function canonicalRule(rule: {
  readonly protocol: string;
  readonly fromPort?: number | undefined;
  readonly toPort?: number | undefined;
  readonly source: Source;
  readonly description?: string | undefined;
  readonly tags?: Tags | undefined;
  readonly id?: RuleId | undefined;
}): Rule {
  const protocol = canonicalProtocol(rule.protocol);
  const ranged = hasPorts(protocol) || hasTypes(protocol);
  const allPorts = hasPorts(protocol) && (rule.fromPort === undefined || rule.fromPort === -1);
  const fromPort = allPorts ? 0 : ranged ? (rule.fromPort ?? -1) : -1;
  const toPort = allPorts
    ? 65535
    : ranged && fromPort !== -1
      ? (rule.toPort ?? (hasTypes(protocol) ? -1 : fromPort))
      : -1;
  return {
    protocol,
    fromPort,
    toPort,
    source: rule.source,
    tags: rule.tags ?? {},
    ...(rule.description ? { description: rule.description } : {}),
    ...(rule.id ? { id: rule.id } : {}),
  };
}

/** Two sources are the same when EC2 says so: CIDRs masked, groups by id (unique across accounts), the description left out. */
export function sourceKey(source: Source): string {
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return canonicalCidr(source.cidr);
    case "prefixList":
      return source.id;
    case "group":
      return source.group;
    case "groupName":
      return `${source.owner}/${source.name}`;
  }
}

/** What a rule lets in, as a key: within a group EC2 has each but once. */
export const ruleKey = (rule: Rule): string =>
  `${rule.protocol} ${rule.fromPort}-${rule.toPort} ${sourceKey(rule.source)}`;

/** Do two rules let the same in: the same protocol, ports and source? */
export const sameTraffic = (a: Rule, b: Rule): boolean => ruleKey(a) === ruleKey(b);

/** Are two readings of the very same rule, whatever it has become? One that was made anew has another id. */
export const sameRule = (a: Rule, b: Rule): boolean =>
  a.id === undefined || b.id === undefined ? sameTraffic(a, b) : a.id === b.id;

/** Does one of these rules let the same in? */
export const isIn = (rules: readonly Rule[], rule: Rule): boolean =>
  rules.some((other) => sameTraffic(other, rule));

/** "tcp/80", "tcp/20-79", "icmp", "all protocols": for people. */
export function portsText(rule: Pick<Rule, "protocol" | "fromPort" | "toPort">): string {
  if (rule.protocol === "-1") return "all protocols";
  if (rule.fromPort === -1) return rule.protocol;
  if (hasPorts(rule.protocol) && rule.fromPort !== rule.toPort)
    return `${rule.protocol}/${rule.fromPort}-${rule.toPort}`;
  return `${rule.protocol}/${rule.fromPort}`;
}

/** "tcp/80 from 0.0.0.0/0": for people. */
export const ruleText = (rule: Rule): string => `${portsText(rule)} from ${sourceKey(rule.source)}`;
