import { keepTag, keepUntilTag } from "../values/ownTags.ts";
import { sourceGroup, strangers } from "./admissions.ts";
import { cidrContains } from "../values/cidr.ts";
import { reasonToStay, unusedAdmissions } from "./excess.ts";
import { type Finding, type FindingCode, finding } from "../values/finding.ts";
import {
  closesAllPorts,
  type Ports,
  protectedPorts,
  type Served,
  touchesPorts,
} from "./governed.ts";
import { keepOf } from "../values/keep.ts";
import type { Assessment } from "./assessment.ts";
import type { Policy } from "../values/policy.ts";
import { covers, portSet, rangeText } from "../values/portRange.ts";
import { type Rule, ruleText } from "../values/rule.ts";
import type { Topology } from "./topology.ts";
import type { Interface, LoadBalancer, ServicePort } from "../values/snapshot.ts";
import { listInterfaces } from "./eligibility.ts";

const portText = (port: ServicePort): string => `${port.protocol}/${rangeText(port)}`;

const asPorts = (ports: readonly ServicePort[]): Ports => ({
  tcp: ports.filter((port) => port.protocol === "tcp"),
  udp: ports.filter((port) => port.protocol === "udp"),
});

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
  group: string,
): readonly Finding[] {
  const grouped = Map.groupBy(served, ({ loadBalancer }) => loadBalancer);
  return [...grouped].map(([loadBalancer, services]) =>
    finding(
      code,
      group,
      say(loadBalancer, [...new Set(services.map(({ port }) => portText(port)))].join(", ")),
    ),
  );
}

/** Does some rule of the load balancer's groups let it out to the interface's port? Unread groups are given the benefit of the doubt. */
function letsOut({ loadBalancer, port, eni }: Served, { snapshot }: Topology): boolean {
  const groups = loadBalancer.groups.map((id) => snapshot.groups.get(id));
  return groups.some(
    (group) =>
      group === undefined ||
      group.egress.some((rule) => isWayOut(rule, port, eni, snapshot.prefixLists)),
  );
}

function isWayOut(
  rule: Rule,
  port: ServicePort,
  eni: Interface,
  lists: Topology["snapshot"]["prefixLists"],
): boolean {
  if (!touchesPorts(asPorts([port]), rule)) return false;
  const holds = (cidr: string): boolean =>
    eni.addresses.some((address) =>
      cidrContains(cidr, `${address}/${address.includes(":") ? 128 : 32}`),
    );
  switch (rule.source.kind) {
    case "ipv4":
    case "ipv6":
      return holds(rule.source.cidr);
    case "prefixList":
      return (lists.get(rule.source.id)?.entries ?? ["0.0.0.0/0", "::/0"]).some(holds);
    case "group":
      return eni.groups.includes(rule.source.group);
    case "groupName":
      return true;
  }
}

/** Secondary interfaces of served instances that the group opens on their instance's service ports. */
function sideDoors(
  { group, governed, rules }: Assessment,
  topology: Topology,
  policy: Policy,
): readonly Finding[] {
  return (topology.attached.get(group.id) ?? []).flatMap((eni) => {
    const { use } = eni;
    if (use.kind !== "instance" || use.primary || topology.services.has(eni.id)) return [];
    const ports = asPorts(topology.registered.get(use.instance) ?? []);
    return rules.staying
      .filter(
        (rule) =>
          touchesPorts(ports, rule) &&
          !touchesPorts(governed, rule) &&
          reasonToStay(rule, group, topology, policy) === undefined,
      )
      .map((rule) =>
        finding(
          "side-door",
          group.id,
          `${eni.id}, a secondary interface of ${use.instance}, is open by ${ruleText(rule)}.`,
          rule,
        ),
      );
  });
}

function aboutLoadBalancers(
  { group, served }: Assessment,
  topology: Topology,
  policy: Policy,
): readonly Finding[] {
  const all = (topology.attached.get(group.id) ?? []).flatMap((eni) =>
    (topology.services.get(eni.id) ?? []).map((service) => ({ ...service, eni })),
  );
  const kept = protectedPorts(policy);
  const nameable = served.filter((one) => one.nameable);
  return [
    ...byLoadBalancer(
      "load-balancer-without-group",
      all.filter((one) => !one.nameable),
      (loadBalancer, ports) =>
        `${loadBalancer.name} (${loadBalancer.kind}) ${loadBalancer.groups.length === 0 ? "has no security group" : "is in another VPC"}; ${ports} stay as they are.`,
      group.id,
    ),
    ...byLoadBalancer(
      "protected-port-served",
      served.filter(({ port }) => touchesPorts(kept, asRule(port))),
      (loadBalancer, ports) => `${loadBalancer.name} serves ${ports}, which is protected.`,
      group.id,
    ),
    ...byLoadBalancer(
      "dynamic-ports",
      served.filter(({ port }) => port.dynamic),
      (loadBalancer, ports) =>
        `${loadBalancer.name} serves changing ports: it is admitted on ${ports}; where the group is governed, everybody else is closed out of all of it.`,
      group.id,
    ),
    ...byLoadBalancer(
      "source-group-shared",
      nameable.filter(
        ({ loadBalancer }) => strangers(sourceGroup(loadBalancer, topology) ?? "", topology) > 0,
      ),
      (loadBalancer, ports) => {
        const source = sourceGroup(loadBalancer, topology) ?? "";
        return `${source}, by which ${loadBalancer.name} is admitted on ${ports}, is also attached to others: ${strangers(source, topology)}.`;
      },
      group.id,
    ),
    ...byLoadBalancer(
      "load-balancer-egress",
      nameable.filter((one) => !letsOut(one, topology)),
      (loadBalancer, ports) =>
        `No outbound rule of ${loadBalancer.groups.join(", ")} lets ${loadBalancer.name} out to ${ports}.`,
      group.id,
    ),
    ...byLoadBalancer(
      "private-link-unenforced",
      served.filter(({ loadBalancer }) => loadBalancer.privateLinkUnenforced),
      (loadBalancer) =>
        `${loadBalancer.name} lets traffic from PrivateLink past its security groups.`,
      group.id,
    ),
  ];
}

function aboutKeeps({ group, governed }: Assessment, topology: Topology): readonly Finding[] {
  return group.rules
    .filter((rule) => rule.tags[keepTag] !== undefined && touchesPorts(governed, rule))
    .flatMap((rule) => {
      const [why, until] = [rule.tags[keepTag] ?? "", rule.tags[keepUntilTag] ?? ""];
      const say = (code: FindingCode, text: string): Finding[] => [
        finding(code, group.id, `${ruleText(rule)} ${text}`, rule),
      ];
      switch (keepOf(rule.tags, topology.snapshot.at)) {
        case "none":
          return [];
        case "kept":
          return say("kept", `is kept${until ? ` until ${until}` : ""}${why ? `: ${why}` : ""}.`);
        case "expiring":
          return say("keep-expiring", `is kept only until ${until}${why ? `: ${why}` : ""}.`);
        case "expired":
          return say("keep-expired", `was kept until ${until}${why ? `: ${why}` : ""}.`);
        case "unreadable":
          return say("keep-unreadable", `has elb-only:keep-until "${until}", which is no date.`);
      }
    });
}

function aboutLeftAlone({ group, rules }: Assessment): readonly Finding[] {
  const about: Partial<Record<string, readonly [FindingCode, string]>> = {
    self: ["self-reference", "lets the group's interfaces in to each other."],
    "foreign source": ["foreign-source", "names a group that is not ours to judge."],
    unreadable: ["prefix-list-unreadable", "names a prefix list whose entries could not be read."],
  };
  return rules.leftAlone.flatMap(({ rule, reason }) => {
    const [code, text] = about[reason] ?? [];
    return code === undefined ? [] : [finding(code, group.id, `${ruleText(rule)} ${text}`, rule)];
  });
}

function aboutExcess(
  { group, eligibility, served, governed, rules }: Assessment,
  topology: Topology,
): readonly Finding[] {
  if (rules.excess.length === 0 || eligibility.reach !== "govern") return [];
  const excess = rules.excess.map(({ rule }) => rule);
  const servedAt = (eni: Interface): Ports =>
    asPorts(served.filter((one) => one.eni === eni).map(({ port }) => port));
  const losers = (topology.attached.get(group.id) ?? []).filter((eni) => {
    const own = servedAt(eni);
    return (["tcp", "udp"] as const).some(
      (protocol) => !covers(portSet(own[protocol]), governed[protocol]),
    );
  });
  const stackTag = "aws:cloudformation:stack-name";
  const sources = [
    ...new Set(served.flatMap(({ loadBalancer }) => sourceGroup(loadBalancer, topology) ?? [])),
  ].join(", ");
  return [
    ...(losers.length > 0
      ? [
          finding(
            "shared-group",
            group.id,
            `Not served on every governed port, but closed there too: ${listInterfaces(losers)}.`,
          ),
        ]
      : []),
    ...excess
      .filter(({ protocol }) => protocol === "-1")
      .map((rule) =>
        finding(
          "other-protocols-lost",
          group.id,
          `${ruleText(rule)} becomes tcp, udp and icmp; other protocols fall away.`,
          rule,
        ),
      ),
    ...(closesAllPorts(group)
      ? [
          finding(
            "untracked-connections",
            group.id,
            `Every port of ${group.id} but the protected ones is being closed.`,
          ),
        ]
      : []),
    ...excess.flatMap((rule) => {
      const stack = rule.tags[stackTag] ?? group.tags[stackTag];
      const text = `${ruleText(rule)} belongs to the CloudFormation stack ${stack}; write its source as ${sources} there.`;
      return stack === undefined ? [] : [finding("managed-elsewhere", group.id, text, rule)];
    }),
  ];
}

/** What a person should know about a group besides what is done in it. */
export const findingsOf = (
  assessment: Assessment,
  topology: Topology,
  policy: Policy,
): readonly Finding[] =>
  assessment.eligibility.reach === "handsOff" || assessment.eligibility.mode === "ignore"
    ? []
    : [
        ...aboutLoadBalancers(assessment, topology, policy),
        ...aboutKeeps(assessment, topology),
        ...aboutLeftAlone(assessment),
        ...aboutExcess(assessment, topology),
        ...sideDoors(assessment, topology, policy),
        ...unusedAdmissions(assessment.group, topology, policy).map((rule) =>
          finding(
            "unused-admission",
            assessment.group.id,
            `No load balancer wears the source of ${ruleText(rule)}.`,
            rule,
          ),
        ),
      ];
