import { canonicalRule, type GroupId, type Rule, type Source } from "../lib/values/rule.ts";
import type { Group, Interface, LoadBalancer, Snapshot } from "../lib/values/snapshot.ts";

const account = "111111111111";
const vpc = "vpc-0b5ec0de";
const id = (kind: string, index: number): string =>
  `${kind}-${index.toString(16).padStart(17, "0")}`;
const groupId = (index: number): GroupId => id("sg", index);
const frontId = (index: number): GroupId => id("sg", 0xf000000 + index);
const baseline = id("sg", 0xba5e);

/** What to make of a region. */
export interface Size {
  readonly groups: number;
  readonly rulesPerGroup: number;
  readonly loadBalancers: number;
  /** How many of the groups' instances wear one baseline group beside their own. */
  readonly inBaseline: number;
  /** Has elb-only been here before? Then every load balancer has its ways in. */
  readonly isAdmitted: boolean;
}

const source = (kind: "ipv4" | "ipv6", cidr: string): Source => ({ kind, cidr });

/** Rules as real groups hold them: mostly offices and neighbours on ports that nobody serves, now and then the world on a port that somebody does. */
function rulesOf(group: number, count: number, front: GroupId | undefined): readonly Rule[] {
  const write = (
    index: number,
    protocol: string,
    fromPort: number,
    toPort: number,
    from: Source,
  ): Rule =>
    canonicalRule({
      protocol,
      fromPort,
      toPort,
      source: from,
      description: `rule ${index}`,
      tags: {},
      id: id("sgr", group * 1000 + index),
    });
  return Array.from({ length: count }, (_, index) => {
    const place = (group * 7 + index) % 20;
    if (place === 0 && front !== undefined)
      return write(index, "tcp", 80, 80, { kind: "group", group: front, owner: account });
    if (place === 10 && front !== undefined)
      return write(index, "tcp", 8081, 8081, { kind: "group", group: front, owner: account });
    if (place === 1) return write(index, "tcp", 22, 22, source("ipv4", "203.0.113.0/24"));
    if (place === 2 && group % 10 === 0)
      return write(index, "tcp", 80, 80, source("ipv4", "0.0.0.0/0"));
    if (place === 3 && group % 25 === 0)
      return write(index, "tcp", 0, 65535, source("ipv4", "10.0.0.0/8"));
    if (place === 4 && group % 50 === 0) return write(index, "-1", -1, -1, source("ipv6", "::/0"));
    if (place < 10)
      return write(index, "tcp", 9000 + index, 9000 + index, {
        kind: "group",
        group: groupId(group ^ 1),
        owner: account,
      });
    return write(
      index,
      "tcp",
      5000 + index,
      5000 + index,
      source("ipv4", `10.${group % 256}.${index}.0/24`),
    );
  });
}

/** A whole region in one picture, as a sweep has it. Made by arithmetic alone: the same every time. */
export function regionOf({
  groups: count,
  rulesPerGroup,
  loadBalancers: balancers,
  inBaseline,
  isAdmitted,
}: Size): Snapshot {
  const egress = [canonicalRule({ protocol: "-1", source: source("ipv4", "0.0.0.0/0") })];
  const group = (groupId: GroupId, rules: readonly Rule[]): Group => ({
    id: groupId,
    name: groupId,
    owner: account,
    vpc,
    tags: {},
    rules,
    egress,
  });
  const groups = [
    ...Array.from({ length: count }, (_, index) =>
      group(
        groupId(index),
        rulesOf(index, rulesPerGroup, isAdmitted ? frontId(index % balancers) : undefined),
      ),
    ),
    ...Array.from({ length: balancers }, (_, index) => group(frontId(index), [])),
    group(baseline, rulesOf(count, rulesPerGroup, undefined)),
  ];
  const interfaces = Array.from({ length: count }, (_, index): Interface => ({
    id: id("eni", index),
    vpc,
    groups: index < inBaseline ? [groupId(index), baseline] : [groupId(index)],
    addresses: [`10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`],
    use: { kind: "instance", instance: id("i", index), primary: true },
  }));
  const loadBalancers = Array.from({ length: balancers }, (_, index): LoadBalancer => {
    const targets = Array.from({ length: Math.ceil((count - index) / balancers) }, (_, place) => ({
      at: { kind: "instance" as const, instance: id("i", index + place * balancers) },
      ports: [
        { protocol: "tcp" as const, from: 80, to: 80, purpose: "listener" },
        { protocol: "tcp" as const, from: 8081, to: 8081, purpose: "health check" },
      ],
    }));
    return {
      id: `lb-${index}`,
      name: `lb-${index}`,
      kind: "application",
      vpc,
      groups: [frontId(index)],
      tags: {},
      targets,
    };
  });
  return {
    at: "2026-11-22T12:00:00Z",
    account,
    inQuestion: groups.map((one) => one.id),
    groups: new Map(groups.map((one) => [one.id, one])),
    interfaces,
    loadBalancers,
    prefixLists: new Map(),
    vpcRanges: new Map(),
    gaps: [],
  };
}

/** One group whose interfaces all are targets of every one of these load balancers, each on a port of its own. */
export function sharedGroup(attached: number, balancers: number, isAdmitted: boolean): Snapshot {
  const whole = regionOf({
    groups: attached,
    rulesPerGroup: 0,
    loadBalancers: balancers,
    inBaseline: 0,
    isAdmitted: false,
  });
  const shared = groupId(0);
  const served = (index: number): number => 8000 + index;
  const rules = [
    canonicalRule({
      protocol: "tcp",
      fromPort: 8000,
      toPort: 8999,
      source: source("ipv4", "0.0.0.0/0"),
      id: id("sgr", 1),
    }),
    ...(isAdmitted
      ? whole.loadBalancers.map((_, index) =>
          canonicalRule({
            protocol: "tcp",
            fromPort: served(index),
            toPort: served(index),
            source: { kind: "group", group: frontId(index), owner: account },
            id: id("sgr", 2 + index),
          }),
        )
      : []),
  ];
  const groups = new Map(
    [...whole.groups].filter(([one]) => one === shared || one.startsWith("sg-0000000000f")),
  );
  const first = whole.groups.get(shared);
  if (first !== undefined) groups.set(shared, { ...first, rules });
  return {
    ...whole,
    inQuestion: [shared],
    groups,
    interfaces: whole.interfaces.map((one) => ({ ...one, groups: [shared] })),
    loadBalancers: whole.loadBalancers.map((one, index) => ({
      ...one,
      targets: whole.interfaces.flatMap(({ use }) =>
        use.kind === "instance"
          ? [
              {
                at: { kind: "instance" as const, instance: use.instance },
                ports: [
                  {
                    protocol: "tcp" as const,
                    from: served(index),
                    to: served(index),
                    purpose: "listener",
                  },
                ],
              },
            ]
          : [],
      ),
    })),
  };
}
