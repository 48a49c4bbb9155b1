import { defaultPolicy, type Policy } from "../../lib/values/policy.ts";
import { type Rule, ruleKey, ruleText, type Tags } from "../../lib/values/rule.ts";
import type { Group, Interface, LoadBalancer, PrefixList } from "../../lib/values/snapshot.ts";
import { remediate } from "../support/remediate.ts";
import {
  application,
  classic,
  database,
  front,
  group,
  hiddenPrefixList,
  instance,
  network,
  prefixList,
  region,
  rule,
  secondary,
  tagged,
  target,
} from "../support/builders.ts";
import { cloud, fakeWorld } from "../support/fakeWorld.ts";

/** One line of the decision table: a rule in a group that a load balancer serves on tcp/80, and what is unusual. */
interface Case {
  readonly section: string;
  readonly rule: string;
  readonly unless?: string;
  readonly ruleTags?: Tags;
  readonly groupTags?: Tags;
  readonly policy?: Partial<Policy>;
  readonly interfaces?: readonly Interface[];
  readonly loadBalancers?: readonly LoadBalancer[];
  readonly groups?: readonly Group[];
  readonly prefixLists?: readonly PrefixList[];
  readonly owner?: string;
  readonly loadBalancerTags?: Tags;
  readonly gaps?: readonly string[];
}

const world = "0.0.0.0/0";
const open = `tcp 80 ${world}`;
const also = (...services: readonly string[]): readonly LoadBalancer[] => [
  application("api", { groups: ["sg-lb"], targets: [target("i-a", ...services)] }),
];

export const cases: readonly Case[] = [
  { section: "Closed", rule: open },
  { section: "Closed", rule: "tcp 80 ::/0" },
  { section: "Closed", rule: "tcp 80 0.0.0.0/1" },
  { section: "Closed", rule: "tcp 80 10.1.2.3/32" },
  { section: "Closed", rule: "tcp 80 sg-other" },
  {
    section: "Closed",
    rule: "tcp 80 pl-office",
    prefixLists: [prefixList("pl-office", "198.51.100.0/24")],
  },
  { section: "Narrowed", rule: `tcp 20-90 ${world}` },
  { section: "Narrowed", rule: `tcp 0-65535 ${world}` },
  { section: "Narrowed", rule: `tcp 20-90 sg-other` },
  {
    section: "Narrowed",
    rule: `tcp 79-82 ${world}`,
    unless: "81 is served, too",
    loadBalancers: also("81"),
  },
  { section: "Narrowed", rule: `-1 ${world}` },
  { section: "Narrowed", rule: "-1 ::/0" },
  { section: "Left alone", rule: "-1 sg-other" },
  { section: "Left alone", rule: "-1 10.0.0.0/8" },
  {
    section: "Narrowed",
    rule: "-1 sg-other",
    unless: "the group is tagged `elb-only=enforce`",
    groupTags: { "elb-only": "enforce" },
  },
  {
    section: "Narrowed",
    rule: open,
    unless: "10.0.0.0/8 is an allowed source",
    policy: { allowedSources: ["10.0.0.0/8"] },
  },
  { section: "Left alone", rule: "tcp 80 sg-lb" },
  { section: "Left alone", rule: "tcp 0-65535 sg-lb" },
  { section: "Left alone", rule: `tcp 22 ${world}` },
  {
    section: "Left alone",
    rule: `tcp 22 ${world}`,
    unless: "22 is served",
    loadBalancers: also("22"),
  },
  { section: "Left alone", rule: `tcp 443 ${world}` },
  { section: "Left alone", rule: `udp 80 ${world}` },
  { section: "Left alone", rule: `icmp ${world}` },
  {
    section: "Left alone",
    rule: "tcp 80 10.1.0.0/16",
    unless: "10.0.0.0/8 is an allowed source",
    policy: { allowedSources: ["10.0.0.0/8"] },
  },
  {
    section: "Left alone",
    rule: open,
    unless: "the rule is tagged `elb-only:keep`, which names it",
    ruleTags: { "elb-only:keep": "tcp/80 0.0.0.0/0 partner feed" },
  },
  {
    section: "Closed",
    rule: open,
    unless: "the rule is tagged `elb-only:keep`, which names 203.0.113.7/32",
    ruleTags: { "elb-only:keep": "tcp/80 203.0.113.7/32 partner feed" },
  },
  {
    section: "Closed",
    rule: open,
    unless: "the rule is tagged `elb-only:keep`, which names nothing",
    ruleTags: { "elb-only:keep": "partner feed" },
  },
  {
    section: "Narrowed",
    rule: open,
    unless: "the group is tagged `elb-only:allow` = tcp/80 203.0.113.7/32 2026-12-31",
    groupTags: { "elb-only:allow": "tcp/80 203.0.113.7/32 2026-12-31" },
  },
  {
    section: "Left alone",
    rule: open,
    unless: "the rule is kept until a day that is four days ahead",
    ruleTags: {
      "elb-only:keep": "tcp/80 0.0.0.0/0 partner feed",
      "elb-only:keep-until": "2026-11-26",
    },
  },
  {
    section: "Closed",
    rule: open,
    unless: "the rule is kept until yesterday",
    ruleTags: {
      "elb-only:keep": "tcp/80 0.0.0.0/0 partner feed",
      "elb-only:keep-until": "2026-11-21",
    },
  },
  {
    section: "Closed",
    rule: open,
    unless: "the rule is kept until a date that cannot be read",
    ruleTags: { "elb-only:keep": "tcp/80 0.0.0.0/0 partner feed", "elb-only:keep-until": "soon" },
  },
  {
    section: "Closed",
    rule: "tcp 80 sg-lb2",
    unless: "it is the group of a load balancer that serves nobody here",
    loadBalancers: [application("api", { groups: ["sg-lb2"], targets: [target("i-z", 80)] })],
  },
  {
    section: "Left alone",
    rule: open,
    unless: "an instance is attached to the load balancer's group, and gets in by no other way",
    interfaces: [{ ...instance("i-b", ["sg-lb"]), addresses: ["2600:1f00:1::7"] }],
  },
  { section: "Left alone", rule: "tcp 80 sg-web" },
  {
    section: "Closed",
    rule: "tcp 80 sg-web",
    unless: "`keepSelf` is false",
    policy: { keepSelf: false },
  },
  { section: "Left alone", rule: "tcp 80 sg-theirs@222222222222" },
  { section: "Left alone", rule: "tcp 80 amazon-elb/amazon-elb-sg" },
  {
    section: "Left alone",
    rule: "tcp 80 pl-lattice",
    unless: "the list is VPC Lattice's",
    prefixLists: [
      {
        ...prefixList("pl-lattice", "169.254.171.0/24"),
        owner: "AWS",
        name: "com.amazonaws.eu-west-1.vpc-lattice",
      },
    ],
  },
  {
    section: "Left alone",
    rule: "tcp 80 pl-hidden",
    unless: "its entries cannot be read",
    prefixLists: [hiddenPrefixList("pl-hidden")],
  },
  {
    section: "Left alone",
    rule: "tcp 80 sg-other",
    unless: "`close` is `addresses`",
    policy: { close: "addresses" },
  },
  {
    section: "Left alone",
    rule: "tcp 80 10.0.0.0/8",
    unless: "`close` is `public`",
    policy: { close: "public" },
  },
  { section: "Closed", rule: open, unless: "`close` is `public`", policy: { close: "public" } },
  {
    section: "Admit only",
    rule: open,
    unless: "the group is attached to a load balancer, too",
    interfaces: [front("eni-lb2", ["sg-web"], "10.0.0.9")],
  },
  {
    section: "Admit only",
    rule: open,
    unless: "it is attached to an instance that no load balancer serves, too",
    interfaces: [instance("i-b", ["sg-web"])],
  },
  {
    section: "Closed",
    rule: open,
    unless: "the same, and the group is tagged `elb-only=enforce`",
    interfaces: [instance("i-b", ["sg-web"])],
    groupTags: { "elb-only": "enforce" },
  },
  {
    section: "Admit only",
    rule: open,
    unless: "it is attached to a database, too",
    interfaces: [database("eni-db", ["sg-web"], "10.0.0.7")],
  },
  {
    section: "Admit only",
    rule: "tcp 80 sg-other",
    unless: "it is attached to a database, too, whose address is registered as a target",
    interfaces: [database("eni-db", ["sg-web"], "10.0.0.7")],
    loadBalancers: [
      application("sneaky", { groups: ["sg-lb"], targets: [target("10.0.0.7", 80)] }),
    ],
  },
  {
    section: "Admit only",
    rule: open,
    unless: "something could not be read",
    gaps: ["elasticloadbalancing:DescribeTargetGroups: Throttling"],
  },
  {
    section: "Left alone",
    rule: open,
    unless: "a Network Load Balancer without groups serves 80, too",
    loadBalancers: [network("old-nlb", { groups: [], targets: [target("i-a", 80)] })],
  },
  {
    section: "Left alone",
    rule: open,
    unless: "the group is tagged `elb-only=ignore`",
    groupTags: { "elb-only": "ignore" },
  },
  {
    section: "Left alone",
    rule: open,
    unless: "the group is tagged `elb-only=audit`",
    groupTags: { "elb-only": "audit" },
  },
  {
    section: "Left alone",
    rule: open,
    unless: "the tag says `elb-only=enforced`",
    groupTags: { "elb-only": "enforced" },
  },
  {
    section: "Left alone",
    rule: open,
    unless: "another load balancer that serves 80 is tagged `elb-only=ignore`",
    loadBalancers: [
      tagged(classic("legacy", { groups: ["sg-lb"], targets: [target("i-a", 80)] }), {
        "elb-only": "ignore",
      }),
    ],
  },
  {
    section: "Left alone",
    rule: open,
    unless: "the group is another account's",
    owner: "222222222222",
  },
  {
    section: "Left alone",
    rule: open,
    unless: "the group is a Kubernetes cluster's, by any of its marks",
    groupTags: { "kubernetes.io/cluster/prod": "owned" },
  },
  {
    section: "Closed",
    rule: open,
    unless: "the same, and the group is tagged `elb-only=enforce`",
    groupTags: { "kubernetes.io/cluster/prod": "owned", "elb-only": "enforce" },
  },
  {
    section: "Left alone",
    rule: open,
    unless: "the group is the AWS Load Balancer Controller's",
    groupTags: { "elbv2.k8s.aws/cluster": "prod" },
  },
  {
    section: "Narrowed",
    rule: `tcp 22-443 ${world}`,
    unless: "the group is tagged `elb-only:ports=all`",
    groupTags: { "elb-only": "enforce", "elb-only:ports": "all" },
  },
  {
    section: "Closed",
    rule: open,
    unless: "the group is a CloudFormation stack's",
    groupTags: { "aws:cloudformation:stack-name": "web" },
  },
  {
    section: "Left alone",
    rule: `tcp 20-90 ${world}`,
    unless: "the group has no room for the two rules that are to stay",
    policy: { rulesPerGroup: 2 },
  },
  {
    section: "Left alone",
    rule: open,
    unless: "the group is attached to a secondary interface of the instance alone",
    interfaces: [secondary("i-a", ["sg-web"])],
    groups: [group("sg-first")],
  },
];

/** The two groups and the load balancer that every case has, with what is unusual in it. */
function regionOf(one: Case) {
  const web = group("sg-web", rule(one.rule, { tags: one.ruleTags ?? {} }));
  const attached = one.groups === undefined ? "sg-web" : (one.groups[0]?.id ?? "sg-web");
  return region({
    groups: [
      {
        ...tagged(web, one.groupTags ?? {}),
        ...(one.owner === undefined ? {} : { owner: one.owner }),
      },
      group("sg-lb"),
      group("sg-lb2"),
      group("sg-other"),
      ...(one.groups ?? []),
    ],
    interfaces: [
      instance("i-a", [attached]),
      front("eni-lb", ["sg-lb"], "10.0.0.5"),
      ...(one.interfaces ?? []),
    ],
    loadBalancers: [
      application("site", { groups: ["sg-lb"], targets: [target("i-a", 80)] }),
      ...(one.loadBalancers ?? []),
    ],
    prefixLists: one.prefixLists ?? [],
  });
}

/** What the code does of a case, from an event to the end. */
export async function decide(
  one: Case,
): Promise<{ readonly becomes: string; readonly findings: string }> {
  const where = cloud(regionOf(one));
  const policy: Policy = { ...defaultPolicy, defaultMode: "enforce", ...one.policy };
  const outcomes = await remediate(
    new Map([["sg-web", []]]),
    policy,
    fakeWorld(where, { partial: (snapshot) => ({ ...snapshot, gaps: one.gaps ?? [] }) }),
  );
  const given = rule(one.rule);
  const isAdmission = (each: Rule): boolean => each.tags["elb-only:load-balancer"] !== undefined;
  const left = (where.now.groups.find(({ id }) => id === "sg-web")?.rules ?? []).filter(
    (each) => !isAdmission(each),
  );
  const stays = left.length === 1 && left.some((each) => ruleKey(each) === ruleKey(given));
  const [outcome] = outcomes;
  const becomes = stays
    ? outcome?.result === "drift"
      ? "stays; reported"
      : "stays"
    : left.map(ruleText).join("; ") || "goes";
  return {
    becomes,
    findings: [...new Set(outcome?.findings.map(({ code }) => `\`${code}\``))].join(", "),
  };
}

/** The decision table as Markdown: computed, never written. */
export async function decisionTable(): Promise<string> {
  const rows = await Promise.all(cases.map(async (one) => ({ one, ...(await decide(one)) })));
  const line = ({ one, becomes, findings }: (typeof rows)[number]): string =>
    `| ${ruleText(rule(one.rule))} | ${one.unless ?? ""} | ${becomes} | ${findings} |`;
  return [
    "| rule | where | what becomes of it | findings |",
    "|---|---|---|---|",
    ...rows.map(line),
  ].join("\n");
}

/** Does a case end as its section says? The one thing here that is written by hand. */
export const isAsExpected = (section: string, becomes: string): boolean =>
  section === "Closed"
    ? becomes === "goes"
    : section === "Narrowed"
      ? !["goes", "stays", "stays; reported"].includes(becomes)
      : becomes.startsWith("stays");
