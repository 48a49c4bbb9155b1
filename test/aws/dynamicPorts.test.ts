import type {
  TargetGroup,
  TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { NetworkInterface, Tag } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { standIn } from "./account.ts";
import * as a from "./things.ts";

interface Setting {
  readonly group?: TargetGroup;
  readonly tags?: readonly Tag[];
  readonly more?: NetworkInterface;
}

/** The ports of i-1's registrations in one target group, as a look has them. */
async function ports(
  registered: readonly TargetHealthDescription[],
  { group = {}, tags = [], more = {} }: Setting = {},
): Promise<readonly string[]> {
  const { newWorld } = standIn({
    groups: [a.group("sg-web", { Tags: [...tags] }), a.group("sg-front")],
    interfaces: [
      a.instanceInterface("i-1", ["sg-web"], { PrivateIpAddress: "10.0.0.1", ...more }),
      a.instanceInterface("i-2", ["sg-web"]),
    ],
    balancers: [a.balancer("alb")],
    targetGroups: [a.targetGroup("t", ["alb"], group)],
    registered: { [a.targetGroupArn("t")]: registered },
  });
  const { loadBalancers } = await newWorld().look(["sg-web"]);
  return loadBalancers.flatMap(({ targets }) =>
    targets.flatMap(({ at, ports: some }) =>
      some.map(
        ({ protocol, from, to, purpose, dynamic }) =>
          `${at.kind === "instance" ? at.instance : at.address} ${purpose}: ${protocol}/${from}${to === from ? "" : `-${to}`}${dynamic ? " dynamic" : ""}`,
      ),
    ),
  );
}

const range = "target: tcp/32768-65535 dynamic";
const tagOf = (Value: string): readonly Tag[] => [{ Key: "elb-only:ports", Value }];

describe("a target's port is one of many", () => {
  it("where two such ports are registered, on one instance or on several", async () => {
    const two = [a.registered("i-1", 49_153), a.registered("i-2", 49_154)];
    expect(await ports(two)).toEqual([`i-1 ${range}`, `i-2 ${range}`]);
    const draining = { TargetHealth: { State: "draining" as const } };
    expect(
      await ports([a.registered("i-1", 49_153), a.registered("i-1", 49_154, draining)]),
    ).toEqual([`i-1 ${range}`, `i-1 ${range}`]);
  });

  it("with the health check elsewhere as it is, and a fixed port beside it", async () => {
    const checked = { HealthCheckPort: "9000" };
    expect(
      await ports([
        a.registered("i-1", 49_153, checked),
        a.registered("i-1", 49_154, checked),
        a.registered("i-2", 8080, checked),
      ]),
    ).toEqual([
      `i-1 ${range}`,
      "i-1 health check: tcp/9000",
      `i-1 ${range}`,
      "i-1 health check: tcp/9000",
      "i-2 target: tcp/8080",
      "i-2 health check: tcp/9000",
    ]);
  });

  it.each<[string, NetworkInterface]>([
    ["a tag of its own", { TagSet: [{ Key: "aws:ecs:clusterName", Value: "shop" }] }],
    ["being its operator", { Operator: { Managed: true, Principal: "ecs.amazonaws.com" } }],
  ])("where ECS marks the machine by %s", async (_, more) => {
    expect(await ports([a.registered("i-1", 49_153)], { more })).toEqual([`i-1 ${range}`]);
    expect(await ports([a.registered("i-1", 8080)], { more })).toEqual(["i-1 target: tcp/8080"]);
  });

  it("where its group's owner says so", async () => {
    expect(
      await ports([a.registered("i-1", 49_153), a.registered("i-1", 80)], {
        tags: tagOf("dynamic"),
      }),
    ).toEqual([`i-1 ${range}`, "i-1 target: tcp/80"]);
  });

  it("of TCP_UDP for TCP alone: nobody else is closed out of a range of UDP", async () => {
    const group = { Protocol: "TCP_UDP" } as const;
    expect(
      await ports([a.registered("i-1", 49_153), a.registered("i-1", 49_154)], { group }),
    ).toEqual([`i-1 ${range}`, "i-1 target: udp/49153", `i-1 ${range}`, "i-1 target: udp/49154"]);
  });
});

describe("a target's port is its own", () => {
  it.each<[string, readonly TargetHealthDescription[], Setting, readonly string[]]>([
    ["alone, such as gRPC's", [a.registered("i-1", 50_051)], {}, ["i-1 target: tcp/50051"]],
    [
      "the same on every instance",
      [a.registered("i-1", 50_051), a.registered("i-2", 50_051)],
      {},
      ["i-1 target: tcp/50051", "i-2 target: tcp/50051"],
    ],
    [
      "its group's",
      [a.registered("i-1", 50_051), a.registered("i-1", 50_052)],
      { group: { Port: 50_051 } },
      ["i-1 target: tcp/50051", "i-1 target: tcp/50052"],
    ],
    [
      "a node port",
      [a.registered("i-1", 32_766), a.registered("i-1", 32_767)],
      {},
      ["i-1 target: tcp/32766", "i-1 target: tcp/32767"],
    ],
    [
      "an address's: a task or pod of its own has fixed ports",
      [a.registered("10.0.0.1", 50_051), a.registered("10.0.0.1", 50_052)],
      { group: { TargetType: "ip" }, tags: tagOf("dynamic") },
      ["10.0.0.1 target: tcp/50051", "10.0.0.1 target: tcp/50052"],
    ],
    [
      "on a machine that a person tagged as ECS's",
      [a.registered("i-1", 49_153)],
      { more: { TagSet: [{ Key: "ecs", Value: "yes" }] } },
      ["i-1 target: tcp/49153"],
    ],
    [
      "where the group's tag says something else",
      [a.registered("i-1", 49_153)],
      { tags: tagOf("all") },
      ["i-1 target: tcp/49153"],
    ],
  ])("if it is %s", async (_, registered, setting, expected) => {
    expect(await ports(registered, setting)).toEqual(expected);
  });
});
