import { admits, type Packet } from "../lib/judge/admits.ts";
import type { GroupId, Rule } from "../lib/values/rule.ts";
import type { Interface, Snapshot } from "../lib/values/snapshot.ts";

/** The packet that somebody asks about. */
export interface Question {
  readonly address: string;
  readonly protocol: string;
  readonly port: number;
}

/** What the judge says of one packet at one interface. */
export interface Answer {
  readonly isIn: boolean;
  /** The rules that let it in. */
  readonly by: readonly { readonly group: GroupId; readonly rule: Rule }[];
}

/** A packet from an address; where an interface that was read holds the address, it comes with that one's groups. */
export function packetFrom(
  address: string,
  protocol: string,
  port: number,
  { interfaces }: Snapshot,
): Packet {
  const sender = interfaces.find(({ addresses }) => addresses.includes(address));
  return { protocol, port, from: { address, groups: sender?.groups ?? [] } };
}

/** What happens to a packet at an interface, by all rules of all its groups. */
export function answerTo(
  packet: Packet,
  eni: Interface,
  { groups, prefixLists }: Snapshot,
): Answer {
  const by = eni.groups.flatMap((group) =>
    (groups.get(group)?.rules ?? [])
      .filter((rule) => admits([rule], packet, prefixLists))
      .map((rule) => ({ group, rule })),
  );
  return { isIn: by.length > 0, by };
}
