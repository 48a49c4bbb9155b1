import type { GroupId } from "./rule.ts";

/** Somebody by what rules know people by: a run of addresses, a group, an EC2-Classic group, or a prefix list that nobody could read. */
export type Party =
  | {
      readonly kind: "addresses";
      readonly first: string;
      readonly last: string;
      /** As people write it: "10.0.0.0/8", or "11.0.0.0-255.255.255.255" where no CIDR says it. */
      readonly text: string;
    }
  | { readonly kind: "group"; readonly group: GroupId }
  | { readonly kind: "groupName"; readonly owner: string; readonly name: string }
  | { readonly kind: "prefixList"; readonly id: string };

/**
 * A part of all traffic there is, without gaps: ports of tcp and udp, type * 256 + code of ICMP,
 * and of `other` the numbers of the protocols that have neither.
 */
export interface Traffic {
  readonly protocol: "tcp" | "udp" | "icmp" | "icmpv6" | "other";
  readonly from: number;
  readonly to: number;
}

/** Somebody's way in: all of this traffic from all of this party. */
export interface Passage extends Traffic {
  readonly who: Party;
}

/** Everything that a change of inbound rules takes from anybody and gives to anybody: a complete list, each way in once. */
export interface Difference {
  readonly loses: readonly Passage[];
  readonly gains: readonly Passage[];
}

export function partyText(party: Party): string {
  switch (party.kind) {
    case "addresses":
      return party.text;
    case "group":
      return party.group;
    case "groupName":
      return `${party.owner}/${party.name}`;
    case "prefixList":
      return party.id;
  }
}

/** "tcp/80", "udp/0-65535", "icmp", "icmp type 8", "icmp type 3 code 4", "protocols 50", "all other protocols". */
export function trafficText({ protocol, from, to }: Traffic): string {
  const [types, codes] = [[from >> 8, to >> 8] as const, [from & 255, to & 255] as const];
  const run = (first: number, last: number): string =>
    first === last ? `${first}` : `${first}-${last}`;
  switch (protocol) {
    case "tcp":
    case "udp":
      return `${protocol}/${run(from, to)}`;
    case "other":
      return from === 0 && to === 255 ? "all other protocols" : `protocol ${run(from, to)}`;
    case "icmp":
    case "icmpv6":
      if (from === 0 && to === 65535) return protocol;
      if (codes[0] === 0 && codes[1] === 255) return `${protocol} type ${run(...types)}`;
      return types[0] === types[1]
        ? `${protocol} type ${types[0]} code ${run(...codes)}`
        : `${protocol} type ${types[0]} code ${codes[0]} to type ${types[1]} code ${codes[1]}`;
  }
}

/** "tcp/80 from 10.0.0.0/8": for people. */
export const passageText = (passage: Passage): string =>
  `${trafficText(passage)} from ${partyText(passage.who)}`;
