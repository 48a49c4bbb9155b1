import { describe, expect, it } from "vitest";
import { awsError, standIn, type Account } from "./account.ts";
import * as a from "./things.ts";

const state = (Id: string, State: "healthy" | "unhealthy" | "initial" | "draining" | "unused", Reason?: "Target.Timeout") =>
  a.registered(Id, 80, { TargetHealth: { State, ...(Reason === undefined ? {} : { Reason }) } });

const region: Account = {
  interfaces: [
    a.instanceInterface("i-well", ["sg-web"]),
    a.instanceInterface("i-well", ["sg-web"], { NetworkInterfaceId: "eni-second", Attachment: { InstanceId: "i-well", DeviceIndex: 1 } }),
    a.instanceInterface("i-ill", ["sg-web"]),
    a.instanceInterface("i-both", ["sg-web"]),
    a.instanceInterface("i-new", ["sg-web"]),
    a.instanceInterface("i-old", ["sg-web"]),
    a.instanceInterface("i-alone", ["sg-web"]),
    a.instanceInterface("pod", ["sg-web"], { Attachment: {}, Ipv4Prefixes: [{ Ipv4Prefix: "10.0.5.16/28" }] }),
    a.instanceInterface("i-elsewhere", ["sg-other"]),
  ],
  classic: [a.classic("shop", ["i-old", "i-both"]), a.classic("other", ["i-elsewhere"])],
  instanceHealth: {
    shop: [
      { InstanceId: "i-old", State: "OutOfService", ReasonCode: "Instance" },
      { InstanceId: "i-both", State: "InService", ReasonCode: "N/A" },
    ],
  },
  balancers: [a.balancer("alb")],
  targetGroups: [a.targetGroup("web", ["alb"]), a.targetGroup("pods", ["alb"], { TargetType: "ip" })],
  registered: {
    [a.targetGroupArn("web")]: [
      state("i-well", "healthy"),
      state("i-ill", "unhealthy", "Target.Timeout"),
      state("i-both", "unhealthy", "Target.Timeout"),
      state("i-new", "initial"),
    ],
    [a.targetGroupArn("pods")]: [state("10.0.5.20", "healthy")],
  },
};

describe("health", () => {
  it("is the worst that any load balancer says of an interface, where one says anything", async () => {
    standIn(region);
    expect(await a.world().health(["sg-web"])).toEqual(
      new Map([
        ["eni-i-well", "healthy"],
        ["eni-i-ill", "unhealthy:Target.Timeout"],
        ["eni-i-both", "unhealthy:Target.Timeout"],
        ["eni-i-old", "unhealthy:Instance"],
        ["eni-pod", "healthy"],
      ]),
    );
  });

  it("asks only load balancers that serve somebody here", async () => {
    const called = standIn(region);
    await a.world().health(["sg-web"]);
    expect(called.filter(({ operation }) => operation === "elb.DescribeInstanceHealth").map(({ input }) => input)).toEqual([
      { LoadBalancerName: "shop" },
    ]);
  });

  it("does without a Classic Load Balancer that is gone by then", async () => {
    standIn({ ...region, instanceHealth: {} });
    expect([...(await a.world().health(["sg-web"])).keys()]).not.toContain("eni-i-old");
  });

  it("throws what cannot be read", async () => {
    standIn({ ...region, failing: { "elb.DescribeInstanceHealth": awsError("AccessDenied") } });
    await expect(a.world().health(["sg-web"])).rejects.toMatchObject({ failure: { kind: "denied" } });
  });
});
