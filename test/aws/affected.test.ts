import { describe, expect, it } from "vitest";
import type { Touched } from "../../lib/values/trigger.ts";
import { type Account, awsError, standIn, type StandIn } from "./account.ts";
import * as a from "./things.ts";

const account: Account = {
  groups: [
    a.group("sg-web"),
    a.group("sg-offices", {
      IpPermissions: [
        { IpProtocol: "tcp", PrefixListIds: [{ PrefixListId: "pl-1" }, { PrefixListId: "pl-2" }] },
      ],
    }),
    a.group("sg-partner", {
      IpPermissions: [{ IpProtocol: "udp", PrefixListIds: [{ PrefixListId: "pl-2" }] }],
    }),
    a.group("sg-outbound", {
      IpPermissionsEgress: [{ IpProtocol: "tcp", PrefixListIds: [{ PrefixListId: "pl-2" }] }],
    }),
    a.group("sg-name", { GroupName: "named" }),
    a.group("sg-name-2", { GroupName: "named", VpcId: "vpc-2" }),
  ],
  rules: [
    a.rule("sg-web", { SecurityGroupRuleId: "sgr-1" }),
    a.rule("sg-old", { Tags: [{ Key: "elb-only:load-balancer", Value: "gone" }] }),
    a.rule("sg-older", { Tags: [{ Key: "elb-only:load-balancer", Value: a.arnOf("gone") }] }),
    a.rule("sg-idle", { Tags: [{ Key: "elb-only:load-balancer", Value: "shop" }] }),
  ],
  interfaces: [
    a.instanceInterface("i-1", ["sg-web", "sg-base"], { PrivateIpAddress: "10.0.0.1" }),
    a.instanceInterface("i-1", ["sg-side"], {
      NetworkInterfaceId: "eni-side",
      Attachment: { InstanceId: "i-1", DeviceIndex: 1, AttachmentId: "eni-attach-1" },
    }),
    a.instanceInterface("i-2", ["sg-two"], {
      PrivateIpAddress: "10.0.0.2",
      Ipv6Addresses: [{ Ipv6Address: "2001:db8::2" }],
    }),
    a.instanceInterface("i-3", ["sg-three"], { PrivateIpAddress: "10.0.0.3" }),
    a.instanceInterface("i-4", ["sg-four"], { PrivateIpAddress: "10.0.0.4" }),
    a.instanceInterface("i-other", ["sg-other"], {
      PrivateIpAddress: "10.0.0.2",
      VpcId: "vpc-2",
      NetworkInterfaceId: "eni-other",
    }),
  ],
  classic: [a.classic("shop", ["i-1", "i-2"])],
  targetGroups: [
    a.targetGroup("by-instance", ["alb"]),
    a.targetGroup("by-address", ["alb"], { TargetType: "ip" }),
    a.targetGroup("outside", ["nlb"], { TargetType: "ip" }),
    a.targetGroup("unused", []),
    a.targetGroup("detached", []),
    a.targetGroup("detached-by-address", [], { TargetType: "ip" }),
    a.targetGroup("detached-function", [], { TargetType: "lambda" }),
    a.targetGroup("function", ["alb"], { TargetType: "lambda" }),
  ],
  registered: {
    [a.targetGroupArn("by-instance")]: [a.registered("i-1", 80)],
    [a.targetGroupArn("by-address")]: [a.registered("10.0.0.2", 80), a.registered("10.9.9.9", 80)],
    [a.targetGroupArn("detached")]: [
      a.registered("i-3", 80, { TargetHealth: { State: "unused" } }),
    ],
    [a.targetGroupArn("detached-by-address")]: [a.registered("10.0.0.4", 80)],
    [a.targetGroupArn("detached-function")]: [a.registered("i-2", 80)],
    [a.targetGroupArn("outside")]: [
      a.registered("10.0.0.2", 80, {
        Target: { Id: "10.0.0.2", Port: 80, AvailabilityZone: "all" },
      }),
    ],
  },
};

const groupsOf = async (
  newWorld: StandIn["newWorld"],
  ...touched: readonly Touched[]
): Promise<readonly string[]> =>
  [...(await newWorld().affected([a.trigger(...touched)])).keys()].sort();

describe("affected", () => {
  it.each<[string, Touched, readonly string[]]>([
    ["a group: itself, be it there or not", { kind: "group", group: "sg-any" }, ["sg-any"]],
    [
      "a group's name: every group of that name",
      { kind: "groupName", name: "named" },
      ["sg-name", "sg-name-2"],
    ],
    ["a name that is not there: nothing", { kind: "groupName", name: "nobody" }, []],
    ["a rule: its group", { kind: "rule", rule: "sgr-1" }, ["sg-web"]],
    ["a rule that is not there: nothing", { kind: "rule", rule: "sgr-9" }, []],
    [
      "an instance: the groups of all its interfaces",
      { kind: "instance", instance: "i-1" },
      ["sg-base", "sg-side", "sg-web"],
    ],
    ["an instance that is not there: nothing", { kind: "instance", instance: "i-9" }, []],
    [
      "a prefix list: the groups that let it in",
      { kind: "prefixList", prefixList: "pl-2" },
      ["sg-offices", "sg-partner"],
    ],
    ["a prefix list that nobody lets in: nothing", { kind: "prefixList", prefixList: "pl-9" }, []],
    [
      "an attachment that is not over yet: the interface's groups",
      { kind: "attachment", attachment: "eni-attach-1" },
      ["sg-side"],
    ],
    ["an attachment that is over: nothing", { kind: "attachment", attachment: "eni-attach-9" }, []],
    ["an interface: its groups", { kind: "interface", interface: "eni-side" }, ["sg-side"]],
    ["an interface that is not there: nothing", { kind: "interface", interface: "eni-9" }, []],
    [
      "a Classic Load Balancer: the groups of its instances, and not those that once admitted it",
      { kind: "classicLoadBalancer", name: "shop" },
      ["sg-base", "sg-side", "sg-two", "sg-web"],
    ],
    [
      "a Classic Load Balancer that is gone: the groups that still admit it",
      { kind: "classicLoadBalancer", name: "gone" },
      ["sg-old"],
    ],
    [
      "a load balancer: the groups of all its targets",
      { kind: "loadBalancer", arn: a.arnOf("alb") },
      ["sg-base", "sg-side", "sg-two", "sg-web"],
    ],
    [
      "a load balancer that is gone: the groups that still admit it",
      { kind: "loadBalancer", arn: a.arnOf("gone") },
      ["sg-older"],
    ],
    [
      "a target group of instances",
      { kind: "targetGroup", arn: a.targetGroupArn("by-instance") },
      ["sg-base", "sg-side", "sg-web"],
    ],
    [
      "a target group of addresses: in its own VPC",
      { kind: "targetGroup", arn: a.targetGroupArn("by-address") },
      ["sg-two"],
    ],
    [
      "a target group of addresses outside its VPC: in any",
      { kind: "targetGroup", arn: a.targetGroupArn("outside") },
      ["sg-other", "sg-two"],
    ],
    [
      "a target group without load balancer: nothing",
      { kind: "targetGroup", arn: a.targetGroupArn("unused") },
      [],
    ],
    [
      "a target group that is gone: nothing",
      { kind: "targetGroup", arn: a.targetGroupArn("never") },
      [],
    ],
    [
      "the detached: the groups of all targets that have no load balancer, and of no others",
      { kind: "detached" },
      ["sg-four", "sg-three"],
    ],
    [
      "an address: in whatever VPC",
      { kind: "address", address: "10.0.0.2" },
      ["sg-other", "sg-two"],
    ],
    [
      "an IPv6 address, however it is spelled",
      { kind: "address", address: "2001:DB8:0::2" },
      ["sg-two"],
    ],
    [
      "everything: all that a sweep finds",
      { kind: "everything" },
      ["sg-base", "sg-idle", "sg-old", "sg-older", "sg-other", "sg-two", "sg-web"],
    ],
  ])("finds %s", async (_, touched, groups) => {
    const { newWorld } = standIn({
      ...account,
      balancers: [a.balancer("alb"), a.balancer("nlb", { Type: "network" })],
    });
    expect(await groupsOf(newWorld, touched)).toEqual(groups);
  });

  it("says which events touched a group, in their order, each once", async () => {
    const { newWorld } = standIn(account);
    const first = a.trigger({ kind: "group", group: "sg-web" }, { kind: "rule", rule: "sgr-1" });
    const second = a.trigger({ kind: "instance", instance: "i-2" });
    const third = a.trigger({ kind: "instance", instance: "i-1" });
    const found = await newWorld().affected([first, second, third]);
    expect(found.get("sg-web")).toEqual([first, third]);
    expect(found.get("sg-two")).toEqual([second]);
  });

  /** Five groups that an interface was added to: two let the load balancer's group in, one by a rule of ours. */
  const joined: Account = {
    groups: ["sg-ours", "sg-theirs", "sg-open", "sg-peer", "sg-self"].map((id) => a.group(id)),
    rules: [
      a.rule("sg-ours", { Tags: [{ Key: "elb-only:load-balancer", Value: "shop" }] }),
      a.rule("sg-theirs", { ReferencedGroupInfo: { GroupId: "sg-front" } }),
      a.rule("sg-open"),
      a.rule("sg-peer", { ReferencedGroupInfo: { GroupId: "sg-clients" } }),
      a.rule("sg-self", { ReferencedGroupInfo: { GroupId: "sg-self" } }),
    ],
    interfaces: [
      a.frontInterface("eni-shop", ["sg-front"]),
      a.instanceInterface("i-client", ["sg-clients"]),
      a.instanceInterface("i-new", ["sg-ours", "sg-theirs", "sg-open", "sg-peer", "sg-self"]),
    ],
  };
  const newcomers = (joined.groups ?? []).map(({ GroupId = "" }): Touched => ({
    kind: "joined",
    group: GroupId,
  }));

  it("finds, of groups that an interface was added to, those that let a load balancer in", async () => {
    expect(await groupsOf(standIn(joined).newWorld, ...newcomers)).toEqual([
      "sg-ours",
      "sg-theirs",
    ]);
  });

  it("takes three calls, and none to ELB, for a fleet that no load balancer serves", async () => {
    const { called, newWorld } = standIn(joined);
    const events = Array.from({ length: 500 }, () =>
      a.trigger({ kind: "joined", group: "sg-peer" }),
    );
    expect(await newWorld().affected(events)).toEqual(new Map());
    expect(called.map(({ operation, depth }) => `${depth} ${operation}`)).toEqual([
      "0 DescribeSecurityGroups",
      "0 DescribeSecurityGroupRules",
      "1 DescribeNetworkInterfaces",
    ]);
  });

  it("asks nothing that a security group's event does not need", async () => {
    const { called, newWorld } = standIn(account);
    await groupsOf(newWorld, { kind: "group", group: "sg-web" });
    expect(called).toEqual([]);
  });

  it("takes two calls, one after the other, for a registration with a Classic Load Balancer", async () => {
    const { called, newWorld } = standIn(account);
    await groupsOf(
      newWorld,
      { kind: "classicLoadBalancer", name: "shop" },
      { kind: "instance", instance: "i-1" },
    );
    expect(called.map(({ operation, depth }) => `${depth} ${operation}`)).toEqual([
      "0 elb.DescribeLoadBalancers",
      "1 DescribeNetworkInterfaces",
    ]);
  });

  it("asks once for the detached, however many events of a batch may have detached something", async () => {
    const { called, newWorld } = standIn(account);
    const triggers = ["alb", "nlb", "gone"].map((name) =>
      a.trigger({ kind: "loadBalancer", arn: a.arnOf(name) }, { kind: "detached" }),
    );
    const found = await newWorld().affected(triggers);
    expect(found.get("sg-three")).toEqual(triggers);
    expect(found.get("sg-older")).toEqual(triggers.slice(2));
    const asked = called.map(({ operation }) => operation);
    expect(asked.filter((operation) => operation === "DescribeTargetGroups")).toHaveLength(1);
    // Each of the six with targets with groups, once.
    expect(asked.filter((operation) => operation === "DescribeTargetHealth")).toHaveLength(6);
  });

  it("takes six calls for a thousand registrations with one load balancer in one batch", async () => {
    const instances = Array.from({ length: 1000 }, (_, index) => `i-${index}`);
    const { called, newWorld } = standIn({
      interfaces: instances.map((instance) => a.instanceInterface(instance, ["sg-web"])),
      classic: [a.classic("shop", instances)],
    });
    const triggers = instances.map((instance) =>
      a.trigger({ kind: "classicLoadBalancer", name: "shop" }, { kind: "instance", instance }),
    );
    const found = await newWorld().affected(triggers);
    expect(found.get("sg-web")).toHaveLength(1000);
    expect(called).toHaveLength(6);
  });

  it.each<[string, Touched]>([
    ["DescribeNetworkInterfaces", { kind: "instance", instance: "i-1" }],
    ["DescribeSecurityGroups", { kind: "groupName", name: "named" }],
    ["DescribeSecurityGroupRules", { kind: "rule", rule: "sgr-1" }],
    ["elb.DescribeLoadBalancers", { kind: "classicLoadBalancer", name: "shop" }],
    ["DescribeTargetGroups", { kind: "targetGroup", arn: a.targetGroupArn("by-address") }],
    ["DescribeTargetHealth", { kind: "targetGroup", arn: a.targetGroupArn("by-address") }],
  ])(
    "throws where %s fails: a group that is not found would stay open",
    async (operation, touched) => {
      const { newWorld } = standIn({
        ...account,
        failing: { [operation]: awsError("RequestLimitExceeded") },
      });
      await expect(groupsOf(newWorld, touched)).rejects.toMatchObject({
        failure: { kind: "throttled" },
      });
    },
  );
});
