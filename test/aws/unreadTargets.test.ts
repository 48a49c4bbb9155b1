import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { type Account, awsError, standIn } from "./account.ts";
import * as a from "./things.ts";

const denied = awsError("AccessDenied");
const why = (failure: string): string =>
  `elasticloadbalancing:DescribeTargetHealth: ${failure} (target group t)`;

/** One instance, and one target group that may have it. */
const account = (group: TargetGroup = {}, more: Account = {}): Account => ({
  groups: [a.group("sg-web"), a.group("sg-front")],
  interfaces: [a.instanceInterface("i-1", ["sg-web"], { PrivateIpAddress: "10.0.0.1" })],
  balancers: [a.balancer("alb")],
  targetGroups: [a.targetGroup("t", ["alb"], group)],
  failing: { DescribeTargetHealth: denied },
  ...more,
});

const unread = async (group?: TargetGroup, more?: Account) => {
  const { unreadTargets, gaps } = await standIn(account(group, more)).newWorld().look(["sg-web"]);
  expect(gaps).toEqual([]);
  return (unreadTargets ?? []).map((one) => ({
    ...one,
    ports: one.ports.map(({ protocol, from, to }) => `${protocol}/${from}-${to}`),
  }));
};

const high = "tcp/32768-65535";

describe("a target group whose targets cannot be read", () => {
  it("may have any instance of its VPC on its own ports, and on those that ECS picks", async () => {
    expect(await unread({ HealthCheckPort: "9000" })).toEqual([
      {
        why: why("AccessDenied: no"),
        at: [{ kind: "anyInstance", vpc: "vpc-1" }],
        ports: ["tcp/80-80", "tcp/9000-9000", high],
      },
    ]);
  });

  it("may have anything where its targets are addresses", async () => {
    expect(await unread({ TargetType: "ip" })).toMatchObject([{ at: [{ kind: "anything" }] }]);
  });

  it("may have them by any protocol where it speaks a new one", async () => {
    expect(
      await unread(
        { Protocol: "SCTP" as never },
        { failing: {}, registered: { [a.targetGroupArn("t")]: [a.registered("i-1", 90)] } },
      ),
    ).toMatchObject([{ ports: ["tcp/90-90", "udp/90-90"] }]);
  });

  it("has those that it was read with last, in one invocation", async () => {
    const failing: Record<string, Error> = {};
    const { newWorld, wait } = standIn(
      account(
        {},
        { failing, registered: { [a.targetGroupArn("t")]: [a.registered("i-1", 8080)] } },
      ),
    );
    const world = newWorld();
    expect(await world.look(["sg-web"])).not.toHaveProperty("unreadTargets");
    failing["DescribeTargetHealth"] = denied;
    expect(await world.look(["sg-web"])).not.toHaveProperty("unreadTargets");
    wait();
    expect((await world.look(["sg-web"])).unreadTargets).toEqual([
      {
        why: why("AccessDenied: no"),
        at: [{ kind: "instance", instance: "i-1" }],
        ports: [{ protocol: "tcp", from: 8080, to: 8080, purpose: "target" }],
      },
    ]);
  });

  it("is a gap for all where AWS had no room: it is read at the next try", async () => {
    const throttled = { failing: { DescribeTargetHealth: awsError("Throttling") } };
    const snapshot = await standIn(account({}, throttled)).newWorld().look(["sg-web"]);
    expect(snapshot).not.toHaveProperty("unreadTargets");
    expect(snapshot.gaps).toEqual(["elasticloadbalancing:DescribeTargetHealth: Throttling: no"]);
  });

  it("is nobody's matter where it cannot have these instances", async () => {
    expect(await unread({ VpcId: "vpc-2" })).toEqual([]);
  });
});
