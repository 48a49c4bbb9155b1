import type { Proof } from "../values/outcome.ts";
import type { GovernedPorts, GroupPlan } from "../values/groupPlan.ts";
import { admits, type Sender } from "./admits.ts";
import { isKept } from "../values/exemption.ts";
import type { Entrance } from "../values/openPort.ts";
import type { Policy } from "../values/policy.ts";
import { intersection, portSet, rangeText } from "../values/portRange.ts";
import { contactsAt, knocking, rulesAt, someoneFrom } from "./contact.ts";
import { entrancesAt } from "./entrances.ts";
import {
  addressFamilies,
  type AddressFamily,
  friendsOf,
  rangesAround,
  strangersFrom,
} from "./strangers.ts";
import type { Rule } from "../values/rule.ts";
import type { Interface, Snapshot } from "../values/snapshot.ts";

/** Each load balancer gets in, nobody from the internet does, and whoever had a protected port has it still. */
export function prove(
  before: Snapshot,
  after: Snapshot,
  plan: GroupPlan,
  policy: Policy,
): readonly Proof[] {
  const attached = after.interfaces.filter((eni) => eni.groups.includes(plan.group));
  const doors = plan.reach === "admitOnly" ? servedAt(attached, after) : plan.governed;
  return [
    ...loadBalancers(before, after, attached),
    ...internet(before, after, attached, doors, plan, policy),
    ...people(before, after, plan, policy),
  ];
}

function loadBalancers(
  before: Snapshot,
  after: Snapshot,
  attached: readonly Interface[],
): readonly Proof[] {
  const contacts = [...contactsAt(attached, after)].flatMap(([eni, some]) =>
    some.map((contact) => ({ ...contact, eni })),
  );
  // One without groups has nothing by which its packets could be told from others.
  const known = contacts.filter(({ loadBalancer }) => loadBalancer.groups.length > 0);
  const questions = Map.groupBy(
    known,
    ({ loadBalancer, port }) => `${loadBalancer.id} ${port.protocol}/${rangeText(port)}`,
  );
  return [...questions.values()].flatMap((asked) =>
    asked.slice(0, 1).map(({ loadBalancer, port }) => {
      // Interfaces with the same groups have the same rules.
      const doors = new Map(asked.map(({ eni }) => [eni.groups.join(" "), eni]));
      const isIn = (snapshot: Snapshot): boolean => {
        const packet = {
          protocol: port.protocol,
          port: port.from,
          from: knocking(loadBalancer, snapshot),
        };
        return [...doors.values()].every((eni) =>
          admits(rulesAt(eni, snapshot.groups), packet, snapshot.prefixLists, "refuses"),
        );
      };
      const [was, is] = [isIn(before), isIn(after)];
      return {
        who: { kind: "loadBalancer" as const, id: loadBalancer.id, name: loadBalancer.name },
        ports: { protocol: port.protocol, from: port.from, to: port.to },
        before: was,
        after: is,
        holds: is,
      };
    }),
  );
}

const rulesOf = (snapshot: Snapshot, { group }: GroupPlan): readonly Rule[] =>
  snapshot.groups.get(group)?.rules ?? [];

/** Every port on which load balancers contact the interfaces. */
function servedAt(attached: readonly Interface[], snapshot: Snapshot): readonly GovernedPorts[] {
  const ports = [...contactsAt(attached, snapshot).values()].flat().map(({ port }) => port);
  return (["tcp", "udp"] as const).flatMap((protocol) =>
    portSet(ports.filter((port) => port.protocol === protocol)).map((range) => ({
      protocol,
      ...range,
    })),
  );
}

/** Does a stranger, one with a public address that is not `known`, get in by this rule on any of these ports? Rules add up, so each is asked alone. */
function letsStrangersIn(
  rule: Rule,
  { protocol, from, to }: GovernedPorts,
  family: AddressFamily,
  known: readonly string[],
  snapshot: Snapshot,
): boolean {
  const ports = [...new Set([from, to, rule.fromPort, rule.toPort])].filter(
    (port) => from <= port && port <= to,
  );
  return strangersFrom(rule.source, family, known, snapshot).some((address) =>
    ports.some((port) =>
      admits([rule], { protocol, port, from: { address, groups: [] } }, snapshot.prefixLists),
    ),
  );
}

/**
 * Asked of this group, and of all others at each interface that load balancers contact on the port: it is "no" only where no interface is open.
 * Only what is in this group was promised; where it is only added to, nothing was.
 */
function internet(
  before: Snapshot,
  after: Snapshot,
  attached: readonly Interface[],
  doors: readonly GovernedPorts[],
  plan: GroupPlan,
  policy: Policy,
): readonly Proof[] {
  const own = rangesAround(after.groups.get(plan.group) ?? { id: plan.group }, after);
  const known = [...policy.allowedSources, ...own];
  const elsewhere = (snapshot: Snapshot): readonly Entrance[] =>
    doors.length === 0
      ? []
      : entrancesAt(attached, snapshot, policy).filter(({ group }) => group !== plan.group);
  const [wasElsewhere, isElsewhere] = [elsewhere(before), elsewhere(after)];
  return doors.flatMap((door) =>
    addressFamilies.map((family): Proof => {
      const friends = friendsOf(family, own, policy);
      const isIn = (snapshot: Snapshot, others: readonly Entrance[]): boolean =>
        rulesOf(snapshot, plan).some((rule) =>
          letsStrangersIn(rule, door, family, friends, snapshot),
        ) ||
        others.some(({ rule, ports }) =>
          portsShared(ports, door).some((shared) =>
            letsStrangersIn(rule, shared, family, friends, snapshot),
          ),
        );
      const isMeant = (rule: Rule): boolean =>
        isKept(rule, after.at) ||
        (rule.source.kind === "prefixList" && policy.allowedSources.includes(rule.source.id));
      const isBroken = rulesOf(after, plan).some(
        (rule) => !isMeant(rule) && letsStrangersIn(rule, door, family, known, after),
      );
      return {
        who: { kind: "internet", family: family.family },
        ports: { protocol: door.protocol, from: door.from, to: door.to },
        before: isIn(before, wasElsewhere),
        after: isIn(after, isElsewhere),
        holds: plan.reach === "admitOnly" || !isBroken,
      };
    }),
  );
}

const portsShared = (some: GovernedPorts, others: GovernedPorts): readonly GovernedPorts[] =>
  some.protocol === others.protocol
    ? intersection([some], [others]).map((range) => ({ protocol: some.protocol, ...range }))
    : [];

function people(
  before: Snapshot,
  after: Snapshot,
  plan: GroupPlan,
  policy: Policy,
): readonly Proof[] {
  const senders = rulesOf(before, plan).flatMap((rule) => someoneFrom(rule.source, before));
  return policy.protectedPorts.flatMap(({ protocol, from, to }) => {
    const isIn = (snapshot: Snapshot, sender: Sender): boolean =>
      admits(rulesOf(snapshot, plan), { protocol, port: from, from: sender }, snapshot.prefixLists);
    const had = senders.filter((sender) => isIn(before, sender));
    const still = had.every((sender) => isIn(after, sender));
    return had.length === 0
      ? []
      : [
          {
            who: { kind: "people" as const },
            ports: { protocol, from, to },
            before: true,
            after: still,
            holds: still,
          },
        ];
  });
}
