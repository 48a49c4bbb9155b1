import type { Sender } from "./admits.ts";
import { cidrEnds, containsPublicAddress } from "../values/cidr.ts";
import type { Rule, Source } from "../values/rule.ts";
import type {
  Interface,
  LoadBalancer,
  ServicePort,
  Snapshot,
  UnreadTargets,
} from "../values/snapshot.ts";

/** A load balancer's contact with one interface, worked out here on its own: what judges planning must not borrow from it. */
export interface Contact {
  readonly loadBalancer: LoadBalancer;
  readonly port: ServicePort;
}

const keysOf = ({ use, addresses, vpc }: Interface): readonly string[] => [
  ...(use.kind === "instance" && use.primary ? [use.instance] : []),
  ...addresses.map((address) => `${vpc} ${address}`),
];

/** Every contact of each of these interfaces, in one pass over all targets of the region. */
export function contactsAt(
  attached: readonly Interface[],
  { loadBalancers }: Snapshot,
): ReadonlyMap<Interface, readonly Contact[]> {
  const found = new Map<Interface, Contact[]>(attached.map((eni) => [eni, []]));
  const byKey = Map.groupBy(
    attached.flatMap((eni) => keysOf(eni).map((key) => ({ key, eni }))),
    ({ key }) => key,
  );
  for (const loadBalancer of loadBalancers)
    for (const { at, ports } of loadBalancer.targets)
      for (const { eni } of byKey.get(
        at.kind === "instance" ? at.instance : `${at.vpc} ${at.address}`,
      ) ?? [])
        found.get(eni)?.push(...ports.map((port) => ({ loadBalancer, port })));
  return found;
}

/** The ports on which any of these interfaces may be contacted besides, by target groups that could not be read. */
export const possibleContacts = (
  attached: readonly Interface[],
  { unreadTargets = [] }: Snapshot,
): readonly ServicePort[] => {
  const keys = new Set(
    attached.flatMap((eni) => [
      ...keysOf(eni),
      ...(eni.use.kind === "instance" ? [`any ${eni.vpc}`, eni.use.instance] : []),
      "any",
    ]),
  );
  const keyOf = (at: UnreadTargets["at"][number]): string => {
    switch (at.kind) {
      case "instance":
        return at.instance;
      case "address":
        return `${at.vpc} ${at.address}`;
      case "anyInstance":
        return `any ${at.vpc}`;
      case "anything":
        return "any";
    }
  };
  return unreadTargets.flatMap(({ at, ports }) =>
    at.some((place) => keys.has(keyOf(place))) ? ports : [],
  );
};

/** A load balancer's node as it knocks: its groups, and an address of its interfaces where one is known. */
export function knocking(loadBalancer: LoadBalancer, snapshot: Snapshot): Sender {
  const node = snapshot.interfaces.find(
    (one) =>
      one.use.kind === "loadBalancer" && one.groups.some((id) => loadBalancer.groups.includes(id)),
  );
  const address = node?.addresses[0];
  return { groups: loadBalancer.groups, ...(address === undefined ? {} : { address }) };
}

/** All inbound rules at an interface's door: those of every group that is attached to it. */
export const rulesAt = (eni: Interface, groups: Snapshot["groups"]): readonly Rule[] =>
  eni.groups.flatMap((id) => groups.get(id)?.rules ?? []);

/** Those at the edges of whom a source lets in. */
export function someoneFrom(source: Source, snapshot: Snapshot): readonly Sender[] {
  const ends = (cidr: string): readonly Sender[] =>
    cidrEnds(cidr).map((address) => ({ address, groups: [] }));
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return ends(source.cidr);
    case "prefixList":
      return (snapshot.prefixLists.get(source.id)?.entries ?? []).flatMap(ends);
    case "group":
      return [{ groups: [source.group] }];
    case "groupName":
      return [{ groups: [], classicGroup: source }];
  }
}

/** A public address of a CIDR that is in none of the `known` ranges; undefined: there is none. */
export function strangerIn(cidr: string, known: readonly string[]): string | undefined {
  if (!containsPublicAddress(cidr, known)) return undefined;
  const ends = cidrEnds(cidr);
  const found = ends.find((address) =>
    containsPublicAddress(`${address}/${address.includes(":") ? 128 : 32}`, known),
  );
  if (found !== undefined) return found;
  // What is private or known lies at both ends: look into both halves.
  const half = Number(cidr.split("/")[1]) + 1;
  for (const end of ends) {
    const within = strangerIn(`${end}/${half}`, known);
    if (within !== undefined) return within;
  }
  return undefined;
}
