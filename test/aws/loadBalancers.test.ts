import { describe, expect, it } from "vitest";
import { awsError, standIn, type Account } from "./account.ts";
import * as a from "./things.ts";

/** An Application and a Network Load Balancer, before instances and before addresses. */
const served: Account = {
  groups: [a.group("sg-web"), a.group("sg-front"), a.group("sg-task")],
  rules: [a.rule("sg-web")],
  interfaces: [
    a.instanceInterface("i-1", ["sg-web"], { PrivateIpAddress: "10.0.0.1" }),
    a.instanceInterface("i-1", ["sg-web"], {
      NetworkInterfaceId: "eni-second",
      PrivateIpAddress: "10.0.0.9",
      Attachment: { InstanceId: "i-1", DeviceIndex: 1 },
    }),
    a.instanceInterface("task", ["sg-task"], {
      PrivateIpAddress: "10.0.0.2",
      Attachment: {},
      TagSet: [{ Key: "aws:ecs:serviceName", Value: "shop" }],
    }),
  ],
  balancers: [
    a.balancer("alb"),
    a.balancer("nlb", {
      Type: "network",
      SecurityGroups: [],
      EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "off",
    }),
  ],
  targetGroups: [
    a.targetGroup("web", ["alb"]),
    a.targetGroup("tasks", ["alb", "nlb"], { TargetType: "ip", Protocol: "TCP", Port: 8080 }),
  ],
  registered: {
    [a.targetGroupArn("web")]: [a.registered("i-1", 80, { TargetHealth: { State: "draining" } })],
    [a.targetGroupArn("tasks")]: [a.registered("10.0.0.2", 8080)],
  },
  tags: { [a.arnOf("alb")]: { "elb-only": "enforce" }, [a.arnOf("nlb")]: { team: "net" } },
};

const onlyTasks = {
  ...served,
  registered: { ...served.registered, [a.targetGroupArn("web")]: [] },
};

describe("look, at load balancers with target groups", () => {
  it("knows their kind, groups, tags and targets, draining ones too", async () => {
    const { newWorld } = standIn(served);
    const { loadBalancers, gaps } = await newWorld().look(["sg-web", "sg-task"]);
    expect(gaps).toEqual([]);
    const task = {
      at: { kind: "address", address: "10.0.0.2", vpc: "vpc-1" },
      ports: [{ protocol: "tcp", from: 8080, to: 8080, purpose: "target" }],
    };
    expect(loadBalancers).toEqual([
      {
        id: a.arnOf("alb"),
        name: "alb",
        kind: "application",
        vpc: "vpc-1",
        groups: ["sg-front"],
        tags: { "elb-only": "enforce" },
        targets: [
          {
            at: { kind: "instance", instance: "i-1" },
            ports: [{ protocol: "tcp", from: 80, to: 80, purpose: "target" }],
          },
          task,
        ],
      },
      {
        id: a.arnOf("nlb"),
        name: "nlb",
        kind: "network",
        vpc: "vpc-1",
        groups: [],
        tags: { team: "net" },
        targets: [task],
        privateLinkUnenforced: true,
      },
    ]);
  });

  it("takes three round trips", async () => {
    const { called, newWorld } = standIn(served);
    await newWorld().look(["sg-web"]);
    expect(called.map(({ operation, depth }) => `${depth} ${operation}`).sort()).toEqual([
      "0 DescribeNetworkInterfaces",
      "0 DescribeTargetGroups",
      "0 elb.DescribeLoadBalancers",
      "0 elbv2.DescribeLoadBalancers",
      "1 DescribeTargetHealth",
      "1 DescribeTargetHealth",
      "2 DescribeNetworkInterfaces",
      "2 DescribeSecurityGroupRules",
      "2 DescribeSecurityGroups",
      "2 elbv2.DescribeTags",
    ]);
  });

  it("reads the same with pages of one", async () => {
    const { newWorld } = standIn(served);
    const { at: _, ...whole } = await newWorld().look(["sg-web"]);
    const inPages = standIn({ ...served, pageSize: 1 });
    const { at: __, ...paged } = await inPages.newWorld().look(["sg-web"]);
    expect(paged).toEqual(whole);
  });

  it("does not ask who is registered where nobody in question can be", async () => {
    const elsewhere = { VpcId: "vpc-2" };
    const { called, newWorld } = standIn({
      ...served,
      targetGroups: [
        a.targetGroup("instances-elsewhere", ["alb"], elsewhere),
        a.targetGroup("unused", []),
        a.targetGroup("function", ["alb"], { TargetType: "lambda" }),
        a.targetGroup("balancer", ["nlb"], { TargetType: "alb" }),
        a.targetGroup("addresses-elsewhere", ["alb"], { ...elsewhere, TargetType: "ip" }),
      ],
      registered: { [a.targetGroupArn("addresses-elsewhere")]: [] },
    });
    expect((await newWorld().look(["sg-web"])).gaps).toEqual([]);
    expect(
      called
        .filter(({ operation }) => operation === "DescribeTargetHealth")
        .map(({ input }) => input),
    ).toEqual([{ TargetGroupArn: a.targetGroupArn("addresses-elsewhere") }]);
  });

  it("asks for no targets at all where the group is attached to load balancers alone", async () => {
    const { called, newWorld } = standIn({
      ...served,
      interfaces: [a.frontInterface("eni-front", ["sg-front"])],
    });
    await newWorld().look(["sg-front"]);
    expect(called.map(({ operation }) => operation)).not.toContain("DescribeTargetHealth");
    expect(called).toHaveLength(6);
  });

  it("finds an address that was registered from outside its VPC in the VPC where it is, and no other address there", async () => {
    const outside = { Target: { Id: "10.0.0.2", Port: 8080, AvailabilityZone: "all" } };
    const there = {
      ...onlyTasks,
      targetGroups: [a.targetGroup("tasks", ["nlb"], { TargetType: "ip", VpcId: "vpc-2" })],
    };
    const { newWorld } = standIn({
      ...there,
      registered: { [a.targetGroupArn("tasks")]: [outside] },
    });
    const { loadBalancers } = await newWorld().look(["sg-task"]);
    expect(loadBalancers.flatMap(({ targets }) => targets.map(({ at }) => at))).toEqual([
      { kind: "address", address: "10.0.0.2", vpc: "vpc-2" },
      { kind: "address", address: "10.0.0.2", vpc: "vpc-1" },
    ]);

    const zoned = standIn({
      ...there,
      registered: {
        [a.targetGroupArn("tasks")]: [
          { Target: { ...outside.Target, AvailabilityZone: "eu-west-1a" } },
        ],
      },
    });
    const inside = await zoned.newWorld().look(["sg-task"]);
    expect(inside.loadBalancers.flatMap(({ targets }) => targets.map(({ at }) => at))).toEqual([
      { kind: "address", address: "10.0.0.2", vpc: "vpc-2" },
    ]);
  });

  it("gives an interface the registered addresses in the ranges delegated to it, and only those", async () => {
    const { newWorld } = standIn({
      ...onlyTasks,
      interfaces: [
        a.instanceInterface("i-node", ["sg-task"], {
          PrivateIpAddress: "10.0.5.1",
          Ipv4Prefixes: [{ Ipv4Prefix: "10.0.5.16/28" }],
          Ipv6Prefixes: [{ Ipv6Prefix: "2001:db8:5::/80" }],
        }),
        a.instanceInterface("i-elsewhere", ["sg-task"], {
          VpcId: "vpc-2",
          Ipv4Prefixes: [{ Ipv4Prefix: "10.0.5.16/28" }],
        }),
      ],
      registered: {
        ...onlyTasks.registered,
        [a.targetGroupArn("tasks")]: [
          a.registered("10.0.5.20", 8080),
          a.registered("10.0.5.32", 8080),
          a.registered("2001:db8:5::7", 8080),
        ],
      },
    });
    const { interfaces, loadBalancers } = await newWorld().look(["sg-task"]);
    expect(interfaces.find(({ id }) => id === "eni-i-node")?.addresses).toEqual([
      "10.0.5.1",
      "10.0.5.20",
      "2001:db8:5::7",
    ]);
    expect(interfaces.find(({ id }) => id === "eni-i-elsewhere")?.addresses).toEqual([]);
    expect(loadBalancers[0]?.tags).toEqual({ "elb-only": "enforce" });
  });

  it("has no targets of a target group that is gone by then", async () => {
    const { newWorld } = standIn({
      ...served,
      registered: { [a.targetGroupArn("web")]: [a.registered("i-1", 80)] },
    });
    const { loadBalancers, gaps } = await newWorld().look(["sg-web"]);
    expect(gaps).toEqual([]);
    expect(loadBalancers.map(({ targets }) => targets.length)).toEqual([1, 0]);
  });

  it.each<[string, Partial<Account>, string]>([
    [
      "targets cannot be read",
      { failing: { DescribeTargetHealth: awsError("Throttling", "Rate exceeded") } },
      "elasticloadbalancing:DescribeTargetHealth: Throttling: Rate exceeded",
    ],
    [
      "tags cannot be read",
      { failing: { "elbv2.DescribeTags": awsError("AccessDenied") } },
      "elasticloadbalancing:DescribeTags: AccessDenied: no",
    ],
    [
      "a load balancer came after they were listed",
      { balancers: [a.balancer("nlb")], targetGroups: [a.targetGroup("web", ["alb"])] },
      `${a.arnOf("alb")}, which sends traffic to target group web, is not among the load balancers`,
    ],
  ])("says so when %s", async (_, change, sentence) => {
    const { newWorld } = standIn({ ...served, ...change });
    const { gaps, inQuestion } = await newWorld().look(["sg-web"]);
    expect(gaps).toEqual([sentence]);
    expect(inQuestion).toEqual(["sg-web"]);
  });

  it("has the tags of twenty load balancers in a call", async () => {
    const names = Array.from({ length: 21 }, (_, index) => `alb-${index}`);
    const { called, newWorld } = standIn({
      ...served,
      balancers: names.map((name) => a.balancer(name)),
      targetGroups: [a.targetGroup("web", names)],
      tags: Object.fromEntries(names.map((name) => [a.arnOf(name), { name }])),
    });
    const { loadBalancers } = await newWorld().look(["sg-web"]);
    expect(loadBalancers.map(({ tags }) => tags["name"])).toEqual(names);
    expect(called.filter(({ operation }) => operation === "elbv2.DescribeTags")).toHaveLength(2);
  });
});
