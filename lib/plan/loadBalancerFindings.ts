import { cidrContains } from "../values/cidr.ts";
import { type Finding, type FindingCode, finding, type Severity } from "../values/finding.ts";
import { taggedMode } from "../values/ownTags.ts";
import { rangeText } from "../values/portRange.ts";
import type { Rule } from "../values/rule.ts";
import type { Group, Interface, LoadBalancer, ServicePort } from "../values/snapshot.ts";
import type { Places } from "./admissions.ts";
import type { Assessment } from "./assessment.ts";
import { othersIn } from "./consent.ts";
import { listInterfaces } from "./eligibility.ts";
import {
  byProtocol,
  protectedPorts,
  touchesPorts,
  type Ungoverned,
  ungovernedBy,
} from "./governed.ts";
import { modeUnreadable } from "./mode.ts";
import { openBy } from "./openings.ts";
import type { Served, Topology } from "./topology.ts";

const portText = (port: ServicePort): string => `${port.protocol}/${rangeText(port)}`;

const asRule = (port: ServicePort) => ({
  protocol: port.protocol,
  fromPort: port.from,
  toPort: port.to,
});

/** One finding a load balancer, however many interfaces and ports it is about. */
function byLoadBalancer(
  code: FindingCode,
  served: readonly Served[],
  say: (loadBalancer: LoadBalancer, ports: string) => string,
  { id }: Group,
  severity?: (served: readonly Served[]) => Severity | undefined,
): readonly Finding[] {
  const grouped = Map.groupBy(served, ({ loadBalancer }) => loadBalancer);
  return [...grouped].map(([loadBalancer, services]) =>
    finding(
      code,
      id,
      say(loadBalancer, [...new Set(services.map(({ port }) => portText(port)))].join(", ")),
      undefined,
      severity?.(services),
    ),
  );
}

/** Is it let out to the port of each interface by some rule of its groups? Unread groups are given the benefit of the doubt. */
function letsOut({ loadBalancer, port, interfaces }: Served, { snapshot }: Topology): boolean {
  const groups = loadBalancer.groups.map((id) => snapshot.groups.get(id));
  if (groups.includes(undefined)) return true;
  const out = groups
    .flatMap((group) => group?.egress ?? [])
    .filter((rule) => touchesPorts(byProtocol([port]), rule));
  return interfaces.every((eni) => out.some((rule) => isWayOut(rule, eni, snapshot.prefixLists)));
}

function isWayOut(
  { source }: Rule,
  eni: Interface,
  lists: Topology["snapshot"]["prefixLists"],
): boolean {
  const holds = (cidr: string): boolean =>
    eni.addresses.some((address) =>
      cidrContains(cidr, `${address}/${address.includes(":") ? 128 : 32}`),
    );
  switch (source.kind) {
    case "ipv4":
    case "ipv6":
      return holds(source.cidr);
    case "prefixList":
      return (lists.get(source.id)?.entries ?? ["0.0.0.0/0", "::/0"]).some(holds);
    case "group":
      return eni.groups.includes(source.group);
    case "groupName":
      return true;
  }
}

/** Everybody else who is attached to the groups of a load balancer. */
const others = ({ groups }: LoadBalancer, topology: Topology): string =>
  listInterfaces([...new Set(groups.flatMap((id) => othersIn(id, topology)))]);

/** The load balancers whose ports are left as they are, and why. */
function aboutUngoverned(
  assessment: Assessment,
  places: Places,
  all: readonly Served[],
): readonly Finding[] {
  const { group, eligibility } = assessment;
  const by = (why: Ungoverned): readonly Served[] =>
    all.filter((one) => ungovernedBy(one, eligibility, places) === why);
  const isOpen = (served: readonly Served[]): Severity | undefined =>
    openBy(assessment, byProtocol(served.map(({ port }) => port)), places).some(
      ({ isPublic }) => isPublic,
    )
      ? "high"
      : undefined;
  return [
    ...byLoadBalancer(
      "load-balancer-without-group",
      by("without group"),
      (loadBalancer, ports) =>
        `Nothing is closed on ${ports} of ${group.id}: ${loadBalancer.name} (${loadBalancer.kind}) ${loadBalancer.groups.length === 0 ? "has no security group" : "is in another VPC"}.`,
      group,
    ),
    ...byLoadBalancer(
      "load-balancer-asks-less",
      by("asks for less"),
      (loadBalancer, ports) =>
        `Nothing is closed on ${ports} of ${group.id}: ${loadBalancer.name}, which serves it, is tagged elb-only=${loadBalancer.tags["elb-only"]}.`,
      group,
      isOpen,
    ),
    ...byLoadBalancer(
      "admission-refused",
      by("refused"),
      (loadBalancer, ports) =>
        `${loadBalancer.name} is not let in to ${ports} of ${group.id}, and nothing is closed there: whoever is attached to ${loadBalancer.groups.join(", ")} would get in with it${unknownOr(others(loadBalancer, places.topology))}.`,
      group,
    ),
  ];
}

const unknownOr = (names: string): string =>
  names === "" ? ", and who that is could not be read" : `: ${names}`;

/** What a person should know about the load balancers of a group. */
export function aboutLoadBalancers(assessment: Assessment, places: Places): readonly Finding[] {
  const { group, served } = assessment;
  const { topology, policy } = places;
  const all = topology.servings(group.id);
  const nameable = served.filter((one) => one.nameable);
  const unreadable = [...new Set(all.map(({ loadBalancer }) => loadBalancer))].filter(
    ({ tags }) => taggedMode(tags) === "unreadable",
  );
  return [
    ...unreadable.map((one) => modeUnreadable(group, one.name, one)),
    ...aboutUngoverned(assessment, places, all),
    ...byLoadBalancer(
      "protected-port-served",
      served.filter(({ port }) => touchesPorts(protectedPorts(policy), asRule(port))),
      (loadBalancer, ports) =>
        `${loadBalancer.name} serves ${ports}, which is protected: it is not let in there, and nobody is closed out.`,
      group,
    ),
    ...byLoadBalancer(
      "dynamic-ports",
      served.filter(({ port }) => port.dynamic),
      (loadBalancer, ports) =>
        assessment.eligibility.claimed
          ? `${loadBalancer.name} serves changing ports: everybody else is closed out of all of ${ports}.`
          : `${loadBalancer.name} serves changing ports: it is let in to ${ports}, and nobody is closed out.`,
      group,
    ),
    ...byLoadBalancer(
      "load-balancer-egress",
      nameable.filter((one) => !letsOut(one, topology)),
      (loadBalancer, ports) =>
        `${loadBalancer.name} cannot reach ${ports}: no outbound rule of ${loadBalancer.groups.join(", ")} lets it out.`,
      group,
    ),
    ...byLoadBalancer(
      "private-link-unenforced",
      served.filter(({ loadBalancer }) => loadBalancer.privateLinkUnenforced),
      (loadBalancer) =>
        `${loadBalancer.name} lets traffic from PrivateLink past its security groups.`,
      group,
    ),
  ];
}
