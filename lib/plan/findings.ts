import { admittedBy } from "../values/ownAdmission.ts";
import { allowTag, closesAllPorts, isAdopted } from "../values/ownTags.ts";
import { containsPublicAddress } from "../values/cidr.ts";
import { allowedBy, type Exemption, keepOf } from "../values/exemption.ts";
import { type Finding, type FindingCode, finding, type Severity } from "../values/finding.ts";
import { otherProtocols } from "../values/otherProtocols.ts";
import type { Policy } from "../values/policy.ts";
import { covers, portSet, rangeText } from "../values/portRange.ts";
import { portsText, type Rule, ruleText } from "../values/rule.ts";
import type { Interface, ServicePort } from "../values/snapshot.ts";
import { type Places, sourcesOf } from "./admissions.ts";
import type { Assessment } from "./assessment.ts";
import { isNeighbours } from "./allProtocols.ts";
import { closedToCluster } from "./clusters.ts";
import { othersIn } from "./consent.ts";
import { listInterfaces } from "./eligibility.ts";
import { lessPorts, byProtocol, touchesPorts } from "./governed.ts";
import { aboutLoadBalancers } from "./loadBalancerFindings.ts";
import { openBy } from "./openings.ts";
import type { Reason } from "./reasons.ts";
import { cidrsOf } from "./sources.ts";
import type { Topology } from "./topology.ts";
import { mayBeServedIn } from "./unreadTargets.ts";
import { isUnusedAdmission } from "./unused.ts";

/** Secondary interfaces of served instances that the group opens on their instance's service ports. */
function sideDoors(assessment: Assessment, places: Places): readonly Finding[] {
  const { group, governed } = assessment;
  const { topology } = places;
  const isFront = ({ source }: Rule): boolean =>
    source.kind === "group" && topology.frontDoors.has(source.group);
  return (topology.attached.get(group.id) ?? []).flatMap((eni) => {
    const { use } = eni;
    if (use.kind !== "instance" || use.primary || topology.services.has(eni.id)) return [];
    const ports = lessPorts(byProtocol(topology.registered.get(use.instance) ?? []), governed);
    return openBy(assessment, ports, places)
      .filter(({ rule }) => !isFront(rule))
      .map(({ rule }) =>
        finding(
          "side-door",
          group.id,
          `${ruleText(rule)} opens ${eni.id}, a secondary interface of ${use.instance}, past its load balancer.`,
          rule,
        ),
      );
  });
}

/** What is said of an exemption: `what` is exempt, as people call it. */
function aboutExemption(
  exemption: Exemption,
  what: string,
  group: string,
  { maxKeepDays }: Policy,
  rule?: Rule,
): readonly Finding[] {
  const say = (code: FindingCode, text: string): Finding => finding(code, group, text, rule);
  switch (exemption.kind) {
    case "none":
      return [];
    case "unreadable":
      return [say("keep-unreadable", `${what} is not exempt: ${exemption.why}.`)];
    case "outgrown":
      return [
        say(
          "keep-outgrown",
          `${what} is kept no longer: elb-only:keep names "${exemption.named}", and the rule lets in more than that.`,
        ),
      ];
    case "expired":
      return [say("keep-expired", `${what} was exempt until ${exemption.until}.`)];
    case "granted": {
      const { until, daysLeft, why } = exemption;
      const because = why === "" ? "" : ` (${why})`;
      const end = until === undefined ? "without an end" : `until ${until}`;
      return [
        say(daysLeft <= 7 ? "keep-expiring" : "kept", `${what} is exempt ${end}${because}.`),
        ...(daysLeft > maxKeepDays
          ? [
              say(
                "keep-long",
                `${what} is exempt ${end}; ${maxKeepDays} days are the longest meant.`,
              ),
            ]
          : []),
      ];
    }
  }
}

const exemptionsOf = (
  { group, governed }: Assessment,
  { topology: { snapshot }, policy }: Places,
): readonly Finding[] => [
  ...aboutExemption(
    allowedBy(group.tags, snapshot.at),
    `${group.id}'s ${allowTag} "${group.tags[allowTag]}"`,
    group.id,
    policy,
  ),
  ...group.rules
    .filter((rule) => touchesPorts(governed, rule))
    .flatMap((rule) =>
      aboutExemption(keepOf(rule, snapshot.at), ruleText(rule), group.id, policy, rule),
    ),
];

const leftAlone: Partial<Record<Reason, readonly [FindingCode, string]>> = {
  self: ["self-reference", "lets the group's interfaces in to each other."],
  "foreign source": ["foreign-source", "lets in a group that is not ours to judge."],
  "all protocols": [
    "all-protocols",
    "lets in others than load balancers, and is left whole: its group is not tagged elb-only=enforce.",
  ],
  unreadable: ["prefix-list-unreadable", "lets in a prefix list whose entries could not be read."],
};

function aboutLeftAlone({ group, rules }: Assessment, topology: Topology): readonly Finding[] {
  const own = topology.ownRanges(group);
  const isPublic = ({ source }: Rule): boolean =>
    cidrsOf(source, topology).some((cidr) => containsPublicAddress(cidr, own));
  return rules.leftAlone.flatMap(({ rule, reason }) => {
    const [code, text] =
      reason === "allowed" && isPublic(rule)
        ? (["allowed-public", "lets in public addresses, which are allowed."] as const)
        : (leftAlone[reason] ?? []);
    return code === undefined ? [] : [finding(code, group.id, `${ruleText(rule)} ${text}`, rule)];
  });
}

/** Load balancers' ways in by groups that others are attached to, too. */
const aboutSharedSources = (
  { group, standards: { ways } }: Assessment,
  topology: Topology,
): readonly Finding[] =>
  group.rules.flatMap((rule) => {
    const from = rule.source.kind === "group" ? rule.source.group : "";
    const [way, others] = [ways.get(from), othersIn(from, topology)];
    if (way === undefined || others.length === 0 || !touchesPorts(way, rule)) return [];
    const text = `${listInterfaces(others)} ${others.length === 1 ? "gets" : "get"} in to ${portsText(rule)} of ${group.id} beside the load balancer, being attached to ${from}, too.`;
    return [finding("source-group-shared", group.id, text, rule)];
  });

/** The served ports that are left as they are, since an unread target group may have a load balancer serve them. */
function aboutUnread({ group, served }: Assessment, topology: Topology): readonly Finding[] {
  const wanted = byProtocol(served.map(({ port }) => port));
  const held = mayBeServedIn(group, topology).filter(({ port }) =>
    touchesPorts(wanted, { protocol: port.protocol, fromPort: port.from, toPort: port.to }),
  );
  return [...Map.groupBy(held, ({ why }) => why)].map(([why, some]) => {
    const ports = some.map(({ port }) => `${port.protocol}/${rangeText(port)}`).join(", ");
    const text = `Nothing in ${group.id} (${group.name}) is closed on ${ports}, since targets could not be read: ${why}.`;
    return finding("incomplete-picture", group.id, text);
  });
}

/** As bad as it hits many. */
const severityOfLoss = (interfaces: number): Severity =>
  interfaces >= 20 ? "high" : interfaces >= 5 ? "medium" : interfaces >= 2 ? "low" : "info";

function aboutExcess(
  { group, eligibility, served, governed, rules }: Assessment,
  { topology, policy }: Places,
): readonly Finding[] {
  if (rules.excess.length === 0 || eligibility.reach !== "govern") return [];
  const excess = rules.excess.map(({ rule }) => rule);
  const portsAt = new Map<Interface, ServicePort[]>();
  for (const { port, interfaces } of served)
    for (const eni of interfaces) {
      const known = portsAt.get(eni);
      if (known === undefined) portsAt.set(eni, [port]);
      else known.push(port);
    }
  const losers = (topology.attached.get(group.id) ?? []).filter((eni) => {
    const own = byProtocol(portsAt.get(eni) ?? []);
    return (["tcp", "udp"] as const).some(
      (protocol) => !covers(portSet(own[protocol]), governed[protocol]),
    );
  });
  const stackTag = "aws:cloudformation:stack-name";
  const sources = [
    ...new Set(
      served.flatMap(({ loadBalancer }) => sourcesOf(loadBalancer, topology, policy)[0] ?? []),
    ),
  ].join(", ");
  return [
    ...(losers.length > 0
      ? [
          finding(
            "shared-group",
            group.id,
            `${listInterfaces(losers)} ${losers.length === 1 ? "loses ports on which nothing serves it" : "lose ports on which nothing serves them"}, being attached to ${group.id}, too.`,
            undefined,
            severityOfLoss(losers.length),
          ),
        ]
      : []),
    ...closedToCluster(group, excess, topology),
    ...excess
      .filter(({ protocol }) => protocol === "-1")
      .map((rule) =>
        isNeighbours(rule, group, topology)
          ? finding(
              "other-protocols-lost",
              group.id,
              `${ruleText(rule)} becomes tcp, udp, icmp and the protocols ${otherProtocols.join(", ")}; any other falls away.`,
              rule,
              "high",
            )
          : finding(
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

/** What is open in a group in which nothing is done, whoever says so. */
const aboutOpenings = (assessment: Assessment, places: Places): readonly Finding[] => {
  const { group } = assessment;
  const ports = byProtocol(places.topology.servings(group.id).map(({ port }) => port));
  return openBy(assessment, ports, places).map(({ rule, isPublic }) =>
    finding(
      "served-and-open",
      group.id,
      `${ruleText(rule)} lets others than load balancers in to ${group.id} (${group.name}), to which nothing is written.`,
      rule,
      isPublic ? "high" : undefined,
    ),
  );
};

const aboutHandedOver = ({ group }: Assessment): readonly Finding[] =>
  isAdopted(group)
    ? group.rules
        .filter((rule) => admittedBy(rule) !== undefined)
        .map((rule) =>
          finding("handed-over", group.id, `${ruleText(rule)} stays, and is ours no more.`, rule),
        )
    : [];

const aboutUnused = ({ group, standards, rules }: Assessment): readonly Finding[] =>
  group.rules
    .filter((rule) => isUnusedAdmission(rule, standards) && rules.staying.includes(rule))
    .map((rule) =>
      finding(
        "unused-admission",
        group.id,
        `No load balancer reaches anybody here by ${ruleText(rule)} any more.`,
        rule,
      ),
    );

/** What a person should know about a group besides what is done in it. Of what could not be wholly read nothing is said but that. */
export function findingsOf(assessment: Assessment, places: Places): readonly Finding[] {
  const { reach, mode, findings } = assessment.eligibility;
  if (findings.some(({ code }) => code === "incomplete-picture") && reach === "handsOff") return [];
  if (reach === "handsOff" || mode === "ignore") return aboutOpenings(assessment, places);
  return [
    ...aboutLoadBalancers(assessment, places),
    ...exemptionsOf(assessment, places),
    ...aboutLeftAlone(assessment, places.topology),
    ...aboutSharedSources(assessment, places.topology),
    ...(reach === "govern" ? aboutUnread(assessment, places.topology) : []),
    ...aboutExcess(assessment, places),
    ...sideDoors(assessment, places),
    ...aboutUnused(assessment),
    ...aboutHandedOver(assessment),
  ];
}
