import fc from "fast-check";
import type { GroupId, Rule, Tags } from "../../lib/values/rule.ts";
import type {
  Group,
  Interface,
  InterfaceUse,
  LoadBalancer,
  LoadBalancerKind,
  PrefixList,
  Target,
} from "../../lib/values/snapshot.ts";
import { anyRules, backGroups, frontGroups } from "./arbitraryRules.ts";
import {
  application,
  classic,
  front,
  gateway,
  group,
  hiddenPrefixList,
  network,
  otherAccount,
  port,
  prefixList,
  region,
  target,
  vpc,
} from "./builders.ts";
import { draw } from "./draw.ts";
import type { Region } from "./region.ts";

const modeTags: fc.Arbitrary<Tags> = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom<Tags>({ "elb-only": "enforce" }, {}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Tags>(
      { "elb-only": "audit" },
      { "elb-only": "ignore" },
      { "elb-only": "yes" },
    ),
  },
);

const groupTags: fc.Arbitrary<Tags> = fc.oneof(
  { weight: 14, arbitrary: modeTags },
  { weight: 2, arbitrary: modeTags.map((tags) => ({ ...tags, "elb-only:ports": "all" })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        modeTags,
        fc.constantFrom(
          "tcp/80 10.0.0.0/8 sg-b 2026-12-31",
          "tcp/20-90 203.0.113.0/24 pl-mixed 2026-11-22",
          "tcp/80 0.0.0.0/0 2026-11-21",
          "tcp/80 10.0.0.0/8",
          "everything 2026-12-31",
        ),
      )
      .map(([tags, allow]) => ({ ...tags, "elb-only:allow": allow })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Tags>(
      { "elb-only": "enforce", "aws:eks:cluster-name": "prod" },
      { "aws:eks:cluster-name": "prod" },
      { KubernetesCluster: "prod" },
      { "elb-only": "enforce", "kubernetes.io/cluster/prod": "owned" },
      { "kubernetes.io/cluster/prod": "owned" },
      { "elbv2.k8s.aws/cluster": "prod" },
    ),
  },
);

const named = (id: GroupId, tags: Tags, rules: readonly Rule[]): Group => ({
  ...group(id, ...rules),
  tags,
  ...(id === "sg-default" ? { name: "default" } : {}),
  ...(id === "sg-far" ? { owner: otherAccount } : {}),
});

const anyGroup = (id: GroupId): fc.Arbitrary<Group> =>
  fc.tuple(groupTags, anyRules).map(([tags, rules]) => named(id, tags, rules));

/** A load balancer's group is open to the world; `sg-x` is somebody's; `sg-far` another account's, in a shared VPC. */
const groups: fc.Arbitrary<readonly Group[]> = fc
  .tuple(...backGroups.map(anyGroup), anyGroup("sg-far"))
  .map((some) => [
    ...some,
    ...frontGroups.map((id) => group(id, "tcp 443 0.0.0.0/0")),
    group("sg-x"),
  ]);

/** Wearers: mostly served kinds; index keeps ids and addresses apart. */
const uses = (index: number): fc.Arbitrary<InterfaceUse> =>
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.constant<InterfaceUse>({
        kind: "instance",
        instance: `i-${index}`,
        primary: true,
      }),
    },
    {
      weight: 3,
      arbitrary: fc.constant<InterfaceUse>({
        kind: "instance",
        instance: `i-${index}`,
        primary: true,
        autoScalingGroup: "asg",
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constant<InterfaceUse>({
        kind: "instance",
        instance: "i-0",
        primary: index === 0,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constant<InterfaceUse>({
        kind: "instance",
        instance: "i-scaled",
        primary: index === 0,
        autoScalingGroup: "asg",
      }),
    },
    { weight: 1, arbitrary: fc.constant<InterfaceUse>({ kind: "ecsTask" }) },
    { weight: 1, arbitrary: fc.constant<InterfaceUse>({ kind: "ecsTask", service: "shop/web" }) },
    { weight: 1, arbitrary: fc.constant<InterfaceUse>({ kind: "other", what: "RDS database" }) },
  );

const wornGroups = fc.oneof(
  { weight: 12, arbitrary: fc.subarray([...backGroups], { minLength: 1, maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.subarray([...backGroups, "sg-far", "sg-lb1"], { minLength: 1, maxLength: 3 }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.subarray([...backGroups], { maxLength: 2 }), fc.constantFrom("sg-lb1", "sg-lb2"))
      .map((some) => some.flat()),
  },
);

const anyInterface = (index: number): fc.Arbitrary<Interface> =>
  fc.record({
    id: fc.constant(`eni-${index}`),
    vpc: fc.integer({ min: 0, max: 11 }).map((luck) => (luck === 0 ? "vpc-2" : vpc)),
    groups: wornGroups,
    addresses: fc.constant([`10.0.1.${index}`]),
    use: uses(index),
  });

const servicePort = fc
  .oneof(
    { weight: 6, arbitrary: fc.constantFrom("tcp 80", "tcp 80", "tcp 443", "tcp 81") },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        "udp 53",
        "udp 80",
        "tcp 22",
        "tcp 0",
        "tcp 65535",
        "tcp 3389",
        "tcp 32768-65535",
        "tcp 40000",
      ),
    },
  )
  .map((text) => port(text));

/** Instances mostly by id, tasks by address; now and then any interface by address, or a load balancer behind a load balancer. */
const targetAt = (interfaces: readonly Interface[]): fc.Arbitrary<Target> =>
  fc
    .tuple(
      fc.constantFrom(...interfaces),
      fc.nat({ max: 15 }),
      fc.uniqueArray(servicePort, { minLength: 1, maxLength: 2, selector: JSON.stringify }),
    )
    .map(([to, luck, ports]) => {
      if (luck === 15) return target("10.0.9.1", ...ports);
      return target(
        to.use.kind === "instance" && luck < 12 ? to.use.instance : (to.addresses[0] ?? ""),
        ...ports,
      );
    });

interface Shape {
  readonly kind: LoadBalancerKind;
  readonly groups: readonly GroupId[];
  readonly tags: Tags;
  readonly targets: readonly Target[];
  readonly far: boolean;
}

const kinds = { classic, application, network, gateway } as const;

const anyLoadBalancer = (
  index: number,
  interfaces: readonly Interface[],
): fc.Arbitrary<LoadBalancer> =>
  fc
    .record<Shape>({
      kind: fc.constantFrom<LoadBalancerKind>(
        "classic",
        "application",
        "application",
        "application",
        "network",
        "network",
        "gateway",
      ),
      groups: fc.oneof(
        { weight: 8, arbitrary: fc.subarray([...frontGroups], { minLength: 1 }) },
        {
          weight: 2,
          arbitrary: fc.constantFrom<readonly GroupId[]>([], [], ["sg-a"], ["sg-lb1", "sg-b"]),
        },
      ),
      tags: modeTags,
      targets: fc.array(targetAt(interfaces), { minLength: 1, maxLength: 4 }),
      far: fc.integer({ min: 0, max: 11 }).map((luck) => luck === 0),
    })
    .map(({ kind, groups: worn, tags, targets, far }) =>
      kinds[kind](`lb-${index}`, {
        groups: kind === "gateway" ? [] : worn,
        tags,
        targets,
        vpc: far ? "vpc-2" : vpc,
      }),
    );

const lists: readonly PrefixList[] = [
  prefixList("pl-office", "203.0.113.0/24"),
  prefixList("pl-mixed", "10.0.0.0/8", "198.51.100.0/24", "2001:db8::/32"),
  prefixList("pl-inside", "10.0.0.0/16"),
  prefixList("pl-empty"),
  hiddenPrefixList("pl-hidden"),
  {
    ...prefixList("pl-lattice", "169.254.171.0/24"),
    name: "com.amazonaws.us-east-1.vpc-lattice",
    owner: "AWS",
  },
];

/** Printed as a drawing where a property fails. */
const drawn = (one: Region): Region =>
  Object.assign(one, { [fc.toStringMethod]: () => `\n${draw(one)}\n` });

/** A region of one to five interfaces and one to three load balancers in which groups, ports and sources meet often. */
export const anyRegion: fc.Arbitrary<Region> = fc
  .integer({ min: 1, max: 5 })
  .chain((count) =>
    fc.tuple(groups, fc.tuple(...Array.from({ length: count }, (_, index) => anyInterface(index)))),
  )
  .chain(([someGroups, interfaces]) =>
    fc
      .integer({ min: 1, max: 3 })
      .chain((count) =>
        fc.tuple(
          ...Array.from({ length: count }, (_, index) => anyLoadBalancer(index, interfaces)),
        ),
      )
      .map((loadBalancers) =>
        drawn(
          region({
            groups: someGroups,
            interfaces: [
              ...interfaces,
              ...loadBalancers.map((one, index) => ({
                ...front(`eni-lb-${index}`, one.groups, `10.0.9.${index + 1}`),
                vpc: one.vpc ?? vpc,
              })),
            ],
            loadBalancers,
            prefixLists: lists,
            vpcRanges: new Map([
              [vpc, ["10.0.0.0/16", "2600:1f00:1::/56"]],
              ["vpc-2", ["11.2.0.0/16", "2600:1f00:2::/56"]],
            ]),
          }),
        ),
      ),
  );
