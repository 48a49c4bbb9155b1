import { describe, expect, it } from "vitest";
import { awsError, standIn, type Account } from "./account.ts";
import * as a from "./things.ts";
import { reading } from "../support/targets.ts";

const state = (
  Id: string,
  State: "healthy" | "unhealthy" | "initial",
  Reason?: "Target.Timeout" | "Target.FailedHealthChecks",
  port = 80,
) =>
  a.registered(Id, port, { TargetHealth: { State, ...(Reason === undefined ? {} : { Reason }) } });

const region: Account = {
  interfaces: [
    a.instanceInterface("i-well", ["sg-web"]),
    a.instanceInterface("i-well", ["sg-web"], {
      NetworkInterfaceId: "eni-second",
      Attachment: { InstanceId: "i-well", DeviceIndex: 1 },
    }),
    a.instanceInterface("i-ill", ["sg-web"]),
    a.instanceInterface("i-both", ["sg-web"]),
    a.instanceInterface("i-new", ["sg-web"]),
    a.instanceInterface("i-old", ["sg-web"]),
    a.instanceInterface("i-alone", ["sg-web"]),
    a.instanceInterface("pod", ["sg-web"], {
      Attachment: {},
      Ipv4Prefixes: [{ Ipv4Prefix: "10.0.5.16/28" }],
    }),
    a.instanceInterface("i-elsewhere", ["sg-other"]),
  ],
  classic: [a.classic("shop", ["i-old", "i-both"]), a.classic("other", ["i-elsewhere"])],
  instanceHealth: {
    shop: [
      { InstanceId: "i-old", State: "OutOfService", ReasonCode: "Instance" },
      { InstanceId: "i-both", State: "InService", ReasonCode: "N/A" },
      { InstanceId: "i-ill", State: "OutOfService", ReasonCode: "ELB" },
    ],
  },
  balancers: [a.balancer("alb")],
  targetGroups: [
    a.targetGroup("web", ["alb"]),
    a.targetGroup("pods", ["alb"], { TargetType: "ip" }),
  ],
  registered: {
    [a.targetGroupArn("web")]: [
      state("i-well", "healthy"),
      state("i-ill", "unhealthy", "Target.Timeout"),
      state("i-both", "unhealthy", "Target.Timeout"),
      state("i-both", "healthy", undefined, 8080),
      state("i-new", "initial"),
    ],
    [a.targetGroupArn("pods")]: [
      state("10.0.5.20", "healthy"),
      state("10.0.5.21", "unhealthy", "Target.Timeout"),
    ],
  },
};

describe("health", () => {
  it("is what is said of each target by itself, by its target group and port or Classic Load Balancer, where anything is said", async () => {
    const { newWorld } = standIn(region);
    expect(new Set(await newWorld().health(["sg-web"]))).toEqual(
      new Set([
        reading("eni-i-well i-well web:80", "healthy"),
        reading("eni-i-ill i-ill web:80", "silent:Target.Timeout"),
        reading("eni-i-ill i-ill shop", "unhealthy:ELB"),
        reading("eni-i-both i-both web:80", "silent:Target.Timeout"),
        reading("eni-i-both i-both web:8080", "healthy"),
        reading("eni-i-both i-both shop", "healthy"),
        reading("eni-i-old i-old shop", "silent:Instance"),
        reading("eni-pod 10.0.5.20 pods:80", "healthy"),
        reading("eni-pod 10.0.5.21 pods:80", "silent:Target.Timeout"),
      ]),
    );
  });

  it.each([
    ["TCP", "silent"],
    ["TLS", "silent"],
    ["UDP", "silent"],
    ["TCP_UDP", "silent"],
    ["HTTP", "unhealthy"],
    ["HTTPS", "unhealthy"],
    ["GENEVE", "unhealthy"],
  ] as const)("takes a failed check in a target group of %s for %s", async (Protocol, kind) => {
    const targetGroups = [a.targetGroup("web", ["alb"], { Protocol })];
    const registered = {
      [a.targetGroupArn("web")]: [state("i-well", "unhealthy", "Target.FailedHealthChecks")],
    };
    const { newWorld } = standIn({ ...region, classic: [], targetGroups, registered });
    expect(await newWorld().health(["sg-web"])).toEqual([
      reading("eni-i-well i-well web:80", `${kind}:Target.FailedHealthChecks`),
    ]);
  });

  it("asks only load balancers that serve somebody here", async () => {
    const { called, newWorld } = standIn(region);
    await newWorld().health(["sg-web"]);
    expect(
      called
        .filter(({ operation }) => operation === "elb.DescribeInstanceHealth")
        .map(({ input }) => input),
    ).toEqual([{ LoadBalancerName: "shop" }]);
  });

  it("does without a Classic Load Balancer that is gone by then", async () => {
    const { newWorld } = standIn({ ...region, instanceHealth: {} });
    expect(JSON.stringify(await newWorld().health(["sg-web"]))).not.toContain("shop");
  });

  it("throws what cannot be read", async () => {
    const { newWorld } = standIn({
      ...region,
      failing: { "elb.DescribeInstanceHealth": awsError("AccessDenied") },
    });
    await expect(newWorld().health(["sg-web"])).rejects.toMatchObject({
      failure: { kind: "denied" },
    });
  });
});
