import { describe, expect, it } from "vitest";
import { ec2, elb, elbv2 } from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { createWorld } from "../../lib/aws/world.ts";
import type { Rule } from "../../lib/values/rule.ts";
import { createInProcessSandbox } from "../../sandbox/inProcess.ts";
import { fakeClock } from "../support/fakeClock.ts";

/** A back end that is open on two ports, and what is called about it since the last time. */
function backEnd() {
  const clock = fakeClock(Date.parse("2026-11-22T12:00:00Z"));
  const sandbox = createInProcessSandbox();
  const front = sandbox.world.group({ name: "front" }).id;
  const back = sandbox.world.group({
    name: "back",
    rules: [80, 81].map((fromPort) => ({ protocol: "tcp", fromPort, cidr: "0.0.0.0/0" })),
  }).id;
  sandbox.world.classicLoadBalancer({
    name: "front",
    groups: [front],
    listeners: [{ protocol: "HTTP", port: 80, instancePort: 80 }],
    instances: [sandbox.world.instance({ groups: [back] }).id],
  });
  const aws = connect({ ec2, elb, elbv2 }, { ...sandbox.clientConfig, clock });
  const newWorld = () =>
    createWorld(aws, { account: "123456789012", region: sandbox.region, partition: "aws" });
  let made = 0;
  return {
    sandbox,
    clock,
    back,
    newWorld,
    asked: () => {
      const since = sandbox.calls.slice(made).map(({ action }) => action);
      made = sandbox.calls.length;
      return since;
    },
  };
}

const on = (port: number, rules: readonly Rule[] = []): Rule => {
  const found = rules.find(({ fromPort }) => fromPort === port);
  if (found === undefined) throw new Error(`no rule on ${port}`);
  return found;
};

describe("a look after nothing but removals", () => {
  it("reads the rules alone, and says what a whole look says", async () => {
    const { back, newWorld, asked } = backEnd();
    const world = newWorld();
    const before = await world.look([back]);
    await world.remove(back, [on(80, before.groups.get(back)?.rules)]);
    asked();
    const after = await world.look([back]);
    expect(asked()).toEqual(["DescribeSecurityGroupRules"]);
    expect(after).toEqual(await newWorld().look([back]));
    expect(after.groups.get(back)?.rules.map(({ fromPort }) => fromPort)).toEqual([81]);
  });

  it("sees what somebody else wrote meanwhile", async () => {
    const { sandbox, back, newWorld } = backEnd();
    const world = newWorld();
    const before = await world.look([back]);
    await world.remove(back, [on(80, before.groups.get(back)?.rules)]);
    sandbox.world.rule(back, { protocol: "tcp", fromPort: 82, cidr: "10.0.0.0/8" });
    const after = await world.look([back]);
    expect(after.groups.get(back)?.rules.map(({ fromPort }) => fromPort)).toEqual([81, 82]);
  });

  it.each<
    [
      string,
      (
        made: ReturnType<typeof backEnd>,
        world: ReturnType<ReturnType<typeof backEnd>["newWorld"]>,
        rules: readonly Rule[],
      ) => Promise<void>,
    ]
  >([
    [
      "something was added, too",
      async ({ back }, world, rules) => {
        await world.add(back, [{ ...on(80, rules), fromPort: 90, toPort: 90 }]);
        await world.remove(back, [on(80, rules)]);
      },
    ],
    [
      "a rule was not as it had been read",
      async ({ back }, world, rules) => {
        await world.remove(back, [{ ...on(80, rules), description: "somebody's" }]);
      },
    ],
    [
      "the look was five seconds ago",
      async ({ back, clock }, world, rules) => {
        await world.remove(back, [on(80, rules)]);
        clock.advance(5000);
      },
    ],
  ])("is a whole one where %s", async (_, change) => {
    const made = backEnd();
    const world = made.newWorld();
    const before = await world.look([made.back]);
    await change(made, world, before.groups.get(made.back)?.rules ?? []);
    made.asked();
    const after = await world.look([made.back]);
    expect(made.asked()).toContain("DescribeNetworkInterfaces");
    expect(after).toEqual(await made.newWorld().look([made.back]));
  });

  it("is a whole one of groups that were not looked at, and the second time", async () => {
    const { sandbox, back, newWorld, asked } = backEnd();
    const other = sandbox.world.group({ name: "other" }).id;
    const world = newWorld();
    const before = await world.look([back]);
    await world.remove(back, [on(80, before.groups.get(back)?.rules)]);
    asked();
    await world.look([back, other]);
    expect(asked()).toContain("DescribeNetworkInterfaces");
    await world.remove(back, [on(81, before.groups.get(back)?.rules)]);
    await world.look([back]);
    asked();
    await world.look([back]);
    expect(asked()).toContain("DescribeNetworkInterfaces");
  });
});
