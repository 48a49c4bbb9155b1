import type { Entrance } from "../values/openPort.ts";
import type { Policy } from "../values/policy.ts";
import { allPorts, intersection, type PortSet, portSet, subtract } from "../values/portRange.ts";
import { type GroupId, type Rule, ruleKey } from "../values/rule.ts";
import type { Interface, Snapshot } from "../values/snapshot.ts";
import { type Contact, contactsAt } from "./contact.ts";
import { addressFamilies, friendsOf, rangesAround, strangersFrom } from "./strangers.ts";

type Protocol = "tcp" | "udp";

/**
 * Who but the load balancers that serve it gets in to each interface, on each port on which load balancers contact it, by whichever of its groups.
 * Those alike at several interfaces are one. Protected ports are nobody's business.
 */
export function entrancesAt(
  attached: readonly Interface[],
  snapshot: Snapshot,
  policy: Policy,
): readonly Entrance[] {
  const found = new Map<string, { readonly entrance: Entrance; readonly places: number[] }>();
  for (const { eni, contacts, places } of alike(contactsAt(attached, snapshot)))
    for (const group of eni.groups)
      for (const rule of snapshot.groups.get(group)?.rules ?? [])
        for (const protocol of ["tcp", "udp"] as const)
          for (const { from, to } of openTo(rule, protocol, contacts, policy, snapshot)) {
            const key = `${group} ${ruleKey(rule)} ${protocol} ${from}-${to}`;
            const known = found.get(key) ?? {
              entrance: {
                interfaces: [],
                ports: { protocol, from, to },
                group,
                rule,
                isPublic: isPublic(rule, group, snapshot, policy),
              },
              places: [],
            };
            found.set(key, known);
            for (const place of places) known.places.push(place);
          }
  const ids = [...attached].map(({ id }) => id);
  return [...found.values()].map(({ entrance, places }) => ({
    ...entrance,
    interfaces: places.sort((one, other) => one - other).flatMap((place) => ids[place] ?? []),
  }));
}

/** Interfaces that the same groups, VPC and contacts make alike: what gets in to one gets in to all. `places`: of each, in their order. */
function alike(
  contactsOf: ReadonlyMap<Interface, readonly Contact[]>,
): Iterable<{ eni: Interface; contacts: readonly Contact[]; places: number[] }> {
  const numbers = new Map<string, number>();
  const numberOf = ({ loadBalancer, port: { protocol, from, to } }: Contact): number => {
    const text = `${loadBalancer.id} ${protocol} ${from}-${to}`;
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const kinds = new Map<
    string,
    { eni: Interface; contacts: readonly Contact[]; places: number[] }
  >();
  let place = 0;
  for (const [eni, contacts] of contactsOf) {
    const key = `${eni.vpc} ${eni.groups.join(" ")} ${contacts.map(numberOf).join(",")}`;
    const known = kinds.get(key) ?? { eni, contacts, places: [] };
    kinds.set(key, known);
    known.places.push(place++);
  }
  return kinds.values();
}

/** The served ports that a rule opens to others than load balancers. */
function openTo(
  rule: Rule,
  protocol: Protocol,
  contacts: readonly Contact[],
  policy: Policy,
  snapshot: Snapshot,
): PortSet {
  if (contacts.length === 0 || isNobodyElse(rule, snapshot)) return [];
  const { source } = rule;
  const portsOf = (some: readonly Contact[]): PortSet =>
    portSet(some.map(({ port }) => port).filter((port) => port.protocol === protocol));
  const theirs = contacts.filter(
    ({ loadBalancer }) => source.kind === "group" && loadBalancer.groups.includes(source.group),
  );
  const guarded = portSet(policy.protectedPorts.filter((port) => port.protocol === protocol));
  const reached = intersection(portsOf(contacts), portsUnderRule(rule, protocol));
  return subtract(subtract(reached, guarded), portsOf(theirs));
}

const portsUnderRule = (rule: Rule, protocol: Protocol): PortSet =>
  rule.protocol === "-1"
    ? allPorts
    : rule.protocol === protocol
      ? portSet([{ from: rule.fromPort, to: rule.toPort }])
      : [];

/** EC2-Classic's load balancers, VPC Lattice (AWS owns its lists, so nobody else can give one that name), and a list of nobody. */
function isNobodyElse({ source }: Rule, { prefixLists }: Snapshot): boolean {
  if (source.kind === "groupName") return source.owner === "amazon-elb";
  const list = source.kind === "prefixList" ? prefixLists.get(source.id) : undefined;
  return (
    list !== undefined &&
    (list.entries?.length === 0 || (list.owner === "AWS" && list.name.endsWith("vpc-lattice")))
  );
}

function isPublic({ source }: Rule, group: GroupId, snapshot: Snapshot, policy: Policy): boolean {
  const own = rangesAround(snapshot.groups.get(group) ?? { id: group }, snapshot);
  return addressFamilies.some(
    (family) => strangersFrom(source, family, friendsOf(family, own, policy), snapshot).length > 0,
  );
}
