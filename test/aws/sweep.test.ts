import { describe, expect, it } from "vitest";
import { createWorld } from "../../functions/aws/world.ts";
import { awsError, standIn, type Account } from "./account.ts";
import * as a from "./things.ts";

const region: Account = {
  rules: [a.rule("sg-forgotten", { Tags: [{ Key: "elb-only:load-balancer", Value: "gone" }] }), a.rule("sg-plain")],
  interfaces: [
    a.instanceInterface("i-1", ["sg-web", "sg-base"]),
    a.instanceInterface("i-2", ["sg-app"]),
    a.instanceInterface("i-3", ["sg-plain"]),
    { ...a.frontInterface("eni-front", ["sg-front"]), PrivateIpAddress: "10.0.0.4" },
  ],
  classic: [a.classic("shop", ["i-1", "i-unknown"])],
  balancers: [a.balancer("alb")],
  targetGroups: [a.targetGroup("app", ["alb"]), a.targetGroup("odd", ["alb"], { TargetType: "ip" })],
  registered: { [a.targetGroupArn("app")]: [a.registered("i-2", 80)], [a.targetGroupArn("odd")]: [a.registered("10.0.0.4", 80)] },
};

describe("sweep", () => {
  it("finds what served interfaces wear and what holds an admission of ours, and no load balancer's own groups", async () => {
    standIn(region);
    expect(await a.world().sweep()).toEqual(["sg-app", "sg-base", "sg-forgotten", "sg-web"]);
  });

  it("finds the same with pages of one", async () => {
    standIn({ ...region, pageSize: 1 });
    expect(await a.world().sweep()).toEqual(["sg-app", "sg-base", "sg-forgotten", "sg-web"]);
  });

  it.each([
    "DescribeNetworkInterfaces",
    "DescribeSecurityGroupRules",
    "elb.DescribeLoadBalancers",
    "elbv2.DescribeLoadBalancers",
    "DescribeTargetGroups",
    "DescribeTargetHealth",
  ])("throws where %s fails: what is left out would count as closed", async (operation) => {
    standIn({ ...region, failing: { [operation]: awsError("AccessDenied") } });
    await expect(a.world().sweep()).rejects.toMatchObject({ failure: { kind: "denied" } });
  });
});

describe("sweep, while load balancers come and go", () => {
  it("throws where a target group's load balancer is not listed", async () => {
    standIn({ ...region, balancers: [] });
    await expect(a.world().sweep()).rejects.toThrow("is not among the load balancers");
  });
});

describe("a glance", () => {
  const targetHealth = (called: readonly { readonly operation: string }[]): number =>
    called.filter(({ operation }) => operation === "DescribeTargetHealth").length;

  it("asks once for what is registered, however often it looks", async () => {
    const called = standIn({ ...region, groups: [a.group("sg-app")] });
    const glance = createWorld({ account: a.account, glance: true });
    await glance.sweep();
    const first = await glance.look(["sg-app"]);
    const second = await glance.look(["sg-app"]);
    expect(targetHealth(called)).toBe(2);
    expect(second.loadBalancers).toEqual(first.loadBalancers);
  });

  it("asks again where it failed", async () => {
    const failing: Record<string, Error> = { DescribeTargetHealth: awsError("Throttling") };
    standIn({ ...region, groups: [a.group("sg-app")], failing });
    const glance = createWorld({ account: a.account, glance: true });
    expect((await glance.look(["sg-app"])).missing).not.toEqual([]);
    delete failing["DescribeTargetHealth"];
    expect((await glance.look(["sg-app"])).missing).not.toContain("elasticloadbalancing:DescribeTargetHealth: Throttling: no");
  });

  it("is not what a world usually does: it asks for every look", async () => {
    const called = standIn({ ...region, groups: [a.group("sg-app")] });
    const world = a.world();
    await world.look(["sg-app"]);
    await world.look(["sg-app"]);
    expect(targetHealth(called)).toBe(4);
  });
});
