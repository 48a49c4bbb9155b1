import { admits, type Sender } from "./admits.ts";
import { cidrContains } from "./cidr.ts";
import { isKept } from "./keep.ts";
import type { GroupPlan } from "./plan.ts";
import type { Policy } from "./policy.ts";
import { rangeText } from "./ports.ts";
import { contactsAt, knocking, rulesAt, someoneFrom } from "./contact.ts";
import type { Rule } from "./rule.ts";
import type { Interface, Snapshot } from "./snapshot.ts";

/** One question, answered before and after: "MyLoadBalancer reaches tcp/80". */
export interface Proof {
  readonly who: string;
  readonly ports: string;
  readonly before: boolean;
  readonly after: boolean;
  /** Does `after` hold what was promised? */
  readonly holds: boolean;
}

/** Two strangers, one of each family (addresses for documentation: nobody's own). */
const strangers: readonly (readonly [string, Sender & { readonly address: string }])[] = [
  ["the internet (IPv4)", { address: "203.0.113.10", groups: [] }],
  ["the internet (IPv6)", { address: "2001:db8::10", groups: [] }],
];

/** Each load balancer gets in, nobody from the internet does, and whoever had a protected port has it still. */
export function prove(before: Snapshot, after: Snapshot, plan: GroupPlan, policy: Policy): readonly Proof[] {
  const wearers = after.interfaces.filter((wearer) => wearer.groups.includes(plan.group));
  return [...loadBalancers(before, after, wearers), ...internet(before, after, plan, policy), ...people(before, after, plan, policy)];
}

function loadBalancers(before: Snapshot, after: Snapshot, wearers: readonly Interface[]): readonly Proof[] {
  const contacts = [...contactsAt(wearers, after)].flatMap(([wearer, some]) => some.map((contact) => ({ ...contact, wearer })));
  // One without groups has nothing by which its packets could be told from others.
  const known = contacts.filter(({ loadBalancer }) => loadBalancer.groups.length > 0);
  const questions = Map.groupBy(known, ({ loadBalancer, port }) => `${loadBalancer.id} ${port.protocol}/${rangeText(port)}`);
  return [...questions.values()].flatMap((asked) =>
    asked.slice(0, 1).map(({ loadBalancer, port }) => {
      const isIn = (snapshot: Snapshot): boolean => {
        const packet = { protocol: port.protocol, port: port.from, from: knocking(loadBalancer, snapshot) };
        return asked.every(({ wearer }) => admits(rulesAt(wearer, snapshot.groups), packet, snapshot.prefixLists, "refuses"));
      };
      const [was, is] = [isIn(before), isIn(after)];
      return { who: loadBalancer.name, ports: `${port.protocol}/${rangeText(port)}`, before: was, after: is, holds: is };
    }),
  );
}

const rulesOf = (snapshot: Snapshot, { group }: GroupPlan): readonly Rule[] => snapshot.groups.get(group)?.rules ?? [];

function internet(before: Snapshot, after: Snapshot, plan: GroupPlan, policy: Policy): readonly Proof[] {
  return plan.governed.flatMap(({ protocol, from, to }) =>
    strangers.map(([who, sender]) => {
      const packet = { protocol, port: from, from: sender };
      const isIn = (snapshot: Snapshot, rules: readonly Rule[]): boolean => admits(rules, packet, snapshot.prefixLists);
      const [was, is] = [isIn(before, rulesOf(before, plan)), isIn(after, rulesOf(after, plan))];
      const isAllowed = policy.allowedSources.some((source) => cidrContains(source, `${sender.address}/${sender.address.includes(":") ? 128 : 32}`));
      const meant = rulesOf(after, plan).filter(
        ({ tags, source }) => isKept(tags, after.at) || (source.kind === "prefixList" && policy.allowedSources.includes(source.id)),
      );
      return { who, ports: `${protocol}/${rangeText({ from, to })}`, before: was, after: is, holds: !is || isAllowed || isIn(after, meant) };
    }),
  );
}

function people(before: Snapshot, after: Snapshot, plan: GroupPlan, policy: Policy): readonly Proof[] {
  const senders = rulesOf(before, plan).flatMap((rule) => someoneFrom(rule.source, before));
  return policy.protectedPorts.flatMap(({ protocol, from, to }) => {
    const isIn = (snapshot: Snapshot, sender: Sender): boolean =>
      admits(rulesOf(snapshot, plan), { protocol, port: from, from: sender }, snapshot.prefixLists);
    const had = senders.filter((sender) => isIn(before, sender));
    const still = had.every((sender) => isIn(after, sender));
    return had.length === 0 ? [] : [{ who: "people", ports: `${protocol}/${rangeText({ from, to })}`, before: true, after: still, holds: still }];
  });
}
