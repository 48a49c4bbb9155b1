import { describe, expect, it } from "vitest";
import { awsError, standIn, type Account } from "./account.ts";
import * as a from "./things.ts";

const region: Account = {
  rules: [
    a.rule("sg-forgotten", { Tags: [{ Key: "elb-only:load-balancer", Value: "gone" }] }),
    a.rule("sg-narrowed", { Tags: [{ Key: "elb-only:remainder-of", Value: "sgr-1" }] }),
    a.rule("sg-plain"),
  ],
  interfaces: [
    a.instanceInterface("i-1", ["sg-web", "sg-base"]),
    a.instanceInterface("i-2", ["sg-app"]),
    a.instanceInterface("i-3", ["sg-plain"]),
    { ...a.frontInterface("eni-front", ["sg-front"]), PrivateIpAddress: "10.0.0.4" },
  ],
  classic: [a.classic("shop", ["i-1", "i-unknown"])],
  balancers: [a.balancer("alb")],
  targetGroups: [
    a.targetGroup("app", ["alb"]),
    a.targetGroup("odd", ["alb"], { TargetType: "ip" }),
  ],
  registered: {
    [a.targetGroupArn("app")]: [a.registered("i-2", 80)],
    [a.targetGroupArn("odd")]: [a.registered("10.0.0.4", 80)],
  },
};

describe("sweep", () => {
  it("finds what is attached to served interfaces, and what holds an admission or a remainder of ours, and no load balancer's own groups", async () => {
    const { newWorld } = standIn(region);
    expect(await newWorld().sweep()).toEqual({
      groups: ["sg-app", "sg-base", "sg-forgotten", "sg-narrowed", "sg-web"],
      gaps: [],
    });
  });

  it("finds the same with pages of one", async () => {
    const { newWorld } = standIn({ ...region, pageSize: 1 });
    expect(await newWorld().sweep()).toEqual({
      groups: ["sg-app", "sg-base", "sg-forgotten", "sg-narrowed", "sg-web"],
      gaps: [],
    });
  });

  it.each(["DescribeNetworkInterfaces", "DescribeSecurityGroupRules"])(
    "throws where %s fails",
    async (operation) => {
      const { newWorld } = standIn({
        ...region,
        failing: { [operation]: awsError("AccessDenied") },
      });
      await expect(newWorld().sweep()).rejects.toMatchObject({ failure: { kind: "denied" } });
    },
  );

  it.each([
    [
      "elb.DescribeLoadBalancers",
      "elasticloadbalancing:DescribeLoadBalancers",
      ["sg-app", "sg-forgotten", "sg-narrowed"],
    ],
    [
      "DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetGroups",
      ["sg-base", "sg-forgotten", "sg-narrowed", "sg-web"],
    ],
    [
      "DescribeTargetHealth",
      "elasticloadbalancing:DescribeTargetHealth",
      ["sg-base", "sg-forgotten", "sg-narrowed", "sg-web"],
    ],
  ])(
    "goes on without what %s would have shown, and says so: what is left out would count as closed",
    async (operation, name, groups) => {
      const { newWorld } = standIn({
        ...region,
        failing: { [operation]: awsError("AccessDenied") },
      });
      expect(await newWorld().sweep()).toEqual({ groups, gaps: [`${name}: AccessDenied: no`] });
    },
  );

  it("is complete, or thrown, for an event that touches everything", async () => {
    const { newWorld } = standIn({
      ...region,
      failing: { DescribeTargetHealth: awsError("AccessDenied") },
    });
    await expect(newWorld().affected([a.trigger({ kind: "everything" })])).rejects.toMatchObject({
      failure: { kind: "denied" },
    });
  });
});

describe("sweep, while load balancers come and go", () => {
  it("says so where a target group's load balancer is not listed", async () => {
    const { newWorld } = standIn({ ...region, balancers: [] });
    const { gaps } = await newWorld().sweep();
    expect(gaps).toEqual(
      ["app", "odd"].map(
        (name) =>
          `${a.arnOf("alb")}, which sends traffic to target group ${name}, is not among the load balancers`,
      ),
    );
  });
});

describe("a glance", () => {
  const targetHealth = (called: readonly { readonly operation: string }[]): number =>
    called.filter(({ operation }) => operation === "DescribeTargetHealth").length;

  it("asks once for what is registered, however often it looks", async () => {
    const { called, newWorld } = standIn({ ...region, groups: [a.group("sg-app")] });
    const glance = newWorld({ glance: true });
    await glance.sweep();
    const first = await glance.look(["sg-app"]);
    const second = await glance.look(["sg-app"]);
    expect(targetHealth(called)).toBe(2);
    expect(second.loadBalancers).toEqual(first.loadBalancers);
  });

  it("asks again where it failed", async () => {
    const failing: Record<string, Error> = { DescribeTargetHealth: awsError("Throttling") };
    const { newWorld } = standIn({ ...region, groups: [a.group("sg-app")], failing });
    const glance = newWorld({ glance: true });
    expect((await glance.look(["sg-app"])).gaps).not.toEqual([]);
    delete failing["DescribeTargetHealth"];
    expect((await glance.look(["sg-app"])).gaps).not.toContain(
      "elasticloadbalancing:DescribeTargetHealth: Throttling: no",
    );
  });
});
