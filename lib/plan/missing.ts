import { admissionText } from "../values/ownAdmission.ts";
import { loadBalancerTag } from "../values/ownTags.ts";
import { covers, portSet, type Range } from "../values/portRange.ts";
import { canonicalRule, type GroupId, type Rule, sourceKey } from "../values/rule.ts";
import type { Service } from "../values/served.ts";
import type { Interface, LoadBalancer } from "../values/snapshot.ts";
import {
  admitsByReference,
  bestOf,
  counterOfUnserved,
  isAdmitted,
  isWanted,
  lackingIn,
  type Places,
  placesFor,
} from "./admissions.ts";
import { isLetIn, portsUnder, unprotected } from "./consent.ts";
import { kindOf, onceEach, type Topology } from "./topology.ts";

/** A load balancer's way in that is missing. */
export interface Admission {
  readonly group: GroupId;
  readonly rule: Rule;
  /** Does the load balancer not get in by any other rule either? */
  readonly isUrgent: boolean;
}

/** An admission as it is found at one interface. */
interface Found {
  readonly loadBalancer: LoadBalancer;
  readonly protocol: "tcp" | "udp";
  readonly from: GroupId;
  readonly ranges: readonly Range[];
  isUrgent: boolean;
}

/** A load balancer's way in, as a rule. */
const admissionRule = ({ loadBalancer, protocol, from }: Found, range: Range): Rule =>
  canonicalRule({
    protocol,
    fromPort: range.from,
    toPort: range.to,
    source: { kind: "group", group: from },
    description: admissionText(loadBalancer.name, protocol, range, from),
    tags: { [loadBalancerTag]: loadBalancer.id },
  });

const rulesOf = (found: Found): readonly Rule[] =>
  found.ranges.map((range) => admissionRule(found, range));

/** The ways in that are missing at the given interfaces, each placed in one group; interfaces with the least choice choose first. */
export function missingAdmissions(
  attached: readonly Interface[],
  places: Places,
): readonly Admission[] {
  const { topology, policy, eligibilities } = places;
  const found = new Map<GroupId, Found[]>();
  const unserved = counterOfUnserved(topology);
  const inOrder = [...attached].sort(
    (a, b) => a.groups.length - b.groups.length || (a.id < b.id ? -1 : 1),
  );
  const decided = onceEach((_kind: string) => new Set<Service>());
  for (const eni of inOrder) {
    const already = decided(kindOf(eni));
    for (const service of topology.services.get(eni.id) ?? []) {
      const { loadBalancer, port } = service;
      // What one interface needs is what all need that are like it.
      if (already.has(service)) continue;
      already.add(service);
      if (!isWanted(service) || isAdmitted(eni, service, topology, policy)) continue;
      const best = bestOf(placesFor(eni, service, places), service, unserved);
      if (best === undefined) continue;
      const { group, from } = best;
      // What an audited group would get is not written: only another audited group may count on it.
      const modes = new Set(["enforce", eligibilities.get(group.id)?.mode]);
      const isFound = eni.groups.some(
        (id) =>
          modes.has(eligibilities.get(id)?.mode) &&
          admitsByReference((found.get(id) ?? []).flatMap(rulesOf), service, topology, policy),
      );
      const isUrgent = !getsIn(eni, service, places);
      if (isFound) {
        for (const one of eni.groups.flatMap((id) => found.get(id) ?? []))
          if (one.loadBalancer === loadBalancer) one.isUrgent ||= isUrgent;
        continue;
      }
      const ranges = lackingIn(
        topology.snapshot.groups.get(group.id)?.rules ?? [],
        service,
        topology,
        policy,
      );
      found.set(group.id, [
        ...(found.get(group.id) ?? []),
        { loadBalancer, protocol: port.protocol, from, ranges, isUrgent },
      ]);
    }
  }
  return [...found].flatMap(([group, some]) =>
    together(some).flatMap((one) =>
      rulesOf(one).map((rule) => ({ group, rule, isUrgent: one.isUrgent })),
    ),
  );
}

/** As few rules as say the same: a load balancer's adjacent ports are one. */
const together = (found: readonly Found[]): readonly Found[] =>
  [
    ...Map.groupBy(
      found,
      ({ loadBalancer, protocol, from }) => `${loadBalancer.id} ${protocol} ${from}`,
    ).values(),
  ].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          {
            ...first,
            ranges: portSet([first, ...others].flatMap(({ ranges }) => ranges)),
            isUrgent: [first, ...others].some(({ isUrgent }) => isUrgent),
          },
        ],
  );

/** Does the load balancer get in to the interface anyhow, from each address that it has? A Network Load Balancer's clients may come from any. */
function getsIn(
  eni: Interface,
  { loadBalancer, port }: Service,
  { topology, policy }: Places,
): boolean {
  const rules = eni.groups.flatMap((id) => topology.snapshot.groups.get(id)?.rules ?? []);
  const open = unprotected(port, policy);
  const toAll = rules.filter(({ source }) => sourceKey(source) === "0.0.0.0/0");
  if (covers(portSet(toAll.flatMap((rule) => portsUnder(rule, port.protocol))), open)) return true;
  const nodes = nodesOf(loadBalancer, topology);
  const ports = { tcp: [], udp: [], [port.protocol]: open };
  return (
    loadBalancer.kind !== "network" &&
    nodes.length > 0 &&
    nodes.every((node) => isLetIn(node, rules, ports, topology))
  );
}

/** A load balancer's own interfaces, as far as its groups tell. */
const nodesOf = ({ groups }: LoadBalancer, { attached }: Topology): readonly Interface[] =>
  (attached.get(groups[0] ?? "") ?? []).filter(
    (eni) =>
      eni.use.kind === "loadBalancer" &&
      eni.groups.length === groups.length &&
      eni.groups.every((id) => groups.includes(id)),
  );
