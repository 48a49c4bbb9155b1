import { describe, expect, it } from "vitest";
import { type Account, awsError, type Called, standIn } from "./account.ts";
import * as a from "./things.ts";

const others = ["other-1", "other-2"];

/** An instance and a pod behind a load balancer, and target groups in their VPC that have other targets. */
const region = {
  groups: [a.group("sg-web"), a.group("sg-pod"), a.group("sg-other")],
  interfaces: [
    a.instanceInterface("i-1", ["sg-web"]),
    a.instanceInterface("node", ["sg-pod"], {
      Attachment: {},
      Ipv4Prefixes: [{ Ipv4Prefix: "10.0.5.16/28" }],
    }),
    a.instanceInterface("i-other", ["sg-other"]),
  ],
  balancers: [a.balancer("alb")],
  targetGroups: [
    a.targetGroup("web", ["alb"]),
    a.targetGroup("pods", ["alb"], { TargetType: "ip" }),
    ...others.map((name) => a.targetGroup(name, ["alb"])),
  ],
  registered: {
    [a.targetGroupArn("web")]: [a.registered("i-1", 80)],
    [a.targetGroupArn("pods")]: [a.registered("10.0.5.20", 8080)],
    ...Object.fromEntries(
      others.map((name) => [a.targetGroupArn(name), [a.registered("i-other", 80)]]),
    ),
  },
  tags: { [a.arnOf("alb")]: {} },
} satisfies Account;

/** The target groups that were asked for since the last time. */
function asked(called: Called[]): readonly string[] {
  const arns = called
    .splice(0)
    .flatMap(({ operation, input }) =>
      operation === "DescribeTargetHealth" ? Object.values(input) : [],
    );
  return region.targetGroups
    .map(({ TargetGroupName = "" }) => TargetGroupName)
    .filter((name) => arns.includes(a.targetGroupArn(name)));
}

describe("what is registered, in a world", () => {
  it("is read by the first look, and some time after that only where an interface in question is registered", async () => {
    const { called, newWorld, wait } = standIn(region);
    const world = newWorld();
    const first = await world.look(["sg-web"]);
    expect(asked(called)).toEqual(["web", "pods", "other-1", "other-2"]);
    const second = await world.look(["sg-web"]);
    expect(asked(called)).toEqual([]);
    expect(second.loadBalancers).toEqual(first.loadBalancers);
    wait();
    await world.look(["sg-web"]);
    expect(asked(called)).toEqual(["web"]);
    await world.look(["sg-pod"]);
    expect(asked(called)).toEqual(["pods"]);
  });

  it("is read with the lists once in a run, and EC2 every time", async () => {
    const { called, newWorld } = standIn(region);
    const world = newWorld();
    await world.look(["sg-web"]);
    called.splice(0);
    await world.look(["sg-web"]);
    expect(new Set(called.map(({ operation }) => operation))).toEqual(
      new Set([
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
        "DescribeSecurityGroupRules",
      ]),
    );
  });

  it("is seen fresh where an interface in question is registered", async () => {
    const registered: Record<string, readonly ReturnType<typeof a.registered>[]> = {
      ...region.registered,
    };
    const { newWorld, wait } = standIn({ ...region, registered });
    const world = newWorld();
    const portsSeen = async () =>
      (await world.look(["sg-web"])).loadBalancers.flatMap(({ targets }) =>
        targets.flatMap(({ ports }) => ports.map(({ from }) => from)),
      );
    expect(await portsSeen()).not.toContain(8081);
    registered[a.targetGroupArn("web")] = [a.registered("i-1", 8081)];
    wait();
    expect(await portsSeen()).toContain(8081);
  });

  it("is found at an address that was registered from outside its VPC, too", async () => {
    const outside = { Target: { Id: "10.0.5.20", Port: 8080, AvailabilityZone: "all" } };
    const { called, newWorld, wait } = standIn({
      ...region,
      targetGroups: [a.targetGroup("pods", ["alb"], { TargetType: "ip", VpcId: "vpc-2" })],
      registered: { [a.targetGroupArn("pods")]: [outside] },
    });
    const world = newWorld();
    for (const group of ["sg-pod", "sg-pod"]) {
      await world.look([group]);
      expect(asked(called)).toEqual(["pods"]);
      wait();
    }
    await world.look(["sg-web"]);
    expect(asked(called)).toEqual([]);
  });

  it("is read of a target group that a load balancer uses only since then", async () => {
    const targetGroups = [a.targetGroup("web", ["alb"])];
    const { called, newWorld, wait } = standIn({ ...region, targetGroups });
    const world = newWorld();
    await world.look(["sg-web"]);
    asked(called);
    wait();
    targetGroups.push(a.targetGroup("other-1", ["alb"]));
    await world.look(["sg-other"]);
    expect(asked(called)).toEqual(["other-1"]);
  });

  it("is known once which groups are affected was asked, and some time later read again only for those", async () => {
    const { called, newWorld, wait } = standIn(region);
    const world = newWorld();
    const touching = a.trigger({ kind: "loadBalancer", arn: a.arnOf("alb") });
    await world.affected([touching]);
    expect(asked(called)).toEqual(["web", "pods", "other-1", "other-2"]);
    await world.look(["sg-web"]);
    expect(asked(called)).toEqual([]);
    wait();
    await world.look(["sg-web"]);
    expect(asked(called)).toEqual(["web"]);
  });

  it("is not read again for the health before a removal", async () => {
    const { called, newWorld } = standIn(region);
    const world = newWorld();
    await world.look(["sg-web"]);
    called.splice(0);
    expect((await world.health(["sg-web"])).map((one) => one.health)).toEqual([
      { state: "healthy" },
    ]);
    expect(called).toEqual([]);
  });

  it("is not known to another world", async () => {
    const { called, newWorld } = standIn(region);
    await newWorld().look(["sg-pod"]);
    asked(called);
    await newWorld().look(["sg-pod"]);
    expect(asked(called)).toEqual(["pods"]);
  });
});

describe("a world whose time is over", () => {
  it("says what it cannot read any more, once, and asks for no more of it", async () => {
    const names = Array.from({ length: 40 }, (_, n) => `web-${n}`);
    const { called, newWorld } = standIn({
      ...region,
      targetGroups: names.map((name) => a.targetGroup(name, ["alb"])),
      registered: Object.fromEntries(
        names.map((name) => [a.targetGroupArn(name), [a.registered("i-1", 80)]]),
      ),
    });
    const { gaps } = await newWorld({ remainingMs: () => 15_000 }).look(["sg-web"]);
    expect(gaps).toEqual([
      expect.stringMatching("^There are more target groups than there is time for"),
    ]);
    expect(
      called.filter(({ operation }) => operation === "DescribeTargetHealth").length,
    ).toBeLessThanOrEqual(12);
  });

  it("throws it where nothing may miss", async () => {
    const { newWorld } = standIn({
      ...region,
      failing: { DescribeTargetHealth: awsError("Throttling") },
    });
    await expect(
      newWorld({ remainingMs: () => 0 }).affected([a.trigger({ kind: "everything" })]),
    ).rejects.toMatchObject({
      failure: { kind: "throttled" },
    });
  });
});
