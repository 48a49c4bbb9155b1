import { describe, expect, it } from "vitest";
import { ec2, elb, elbv2, sqs } from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { createWorld } from "../../lib/aws/world.ts";
import { createInProcessSandbox } from "../../sandbox/inProcess.ts";
import { fakeClock } from "../support/fakeClock.ts";

/** An AWS of its own, in which alice or bob has a group of that name. */
function awsWith(group: string, region: string, accessKeyId: string) {
  const sandbox = createInProcessSandbox({ region, accessKeyId });
  sandbox.world.group({ id: "sg-web", name: group });
  const aws = connect({ ec2, elb, elbv2, sqs }, { ...sandbox.clientConfig, clock: fakeClock() });
  return {
    sandbox,
    aws,
    world: createWorld(aws, { account: "123456789012", region, partition: "aws" }),
  };
}

describe("connect", () => {
  it("keeps two accounts apart in one process: what is read, who reads it, and how many calls it takes", async () => {
    const one = awsWith("first", "us-east-1", "AKIASANDBOXALICE");
    const two = awsWith("second", "eu-west-1", "AKIASANDBOXBOB");
    const [first, second] = await Promise.all([
      one.world.look(["sg-web"]),
      two.world.look(["sg-web"]),
    ]);
    await two.world.look(["sg-web"]);
    expect(first.groups.get("sg-web")?.name).toBe("first");
    expect(second.groups.get("sg-web")?.name).toBe("second");
    expect(new Set(one.sandbox.calls.map(({ caller }) => caller))).toEqual(new Set(["alice"]));
    expect(new Set(two.sandbox.calls.map(({ caller }) => caller))).toEqual(new Set(["bob"]));
    expect(one.world.calls()).toBe(one.sandbox.calls.length);
    expect(two.world.calls()).toBe(two.sandbox.calls.length);
    // What ELB said stands for both looks.
    expect(two.world.calls()).toBe(2 * one.world.calls() - 3);
  });

  it("counts retries, and each service's calls by themselves", async () => {
    const { sandbox, aws, world } = awsWith("first", "us-east-1", "AKIASANDBOXALICE");
    sandbox.inject({ kind: "throttle", action: "DescribeTargetGroups", times: 1 });
    await world.look(["sg-web"]);
    expect(aws.callsTo("sqs")).toBe(0);
    expect(aws.callsTo("elb")).toBe(1);
    expect(sandbox.calls.filter(({ action }) => action === "DescribeTargetGroups")).toHaveLength(2);
    expect(world.calls()).toBe(sandbox.calls.length);
    expect(createWorld(aws, world).calls()).toBe(0);
  });

  it("gives each connection a rate limiter of its own", async () => {
    const [one, two] = [fakeClock(), fakeClock()].map((clock) => connect({ elb }, { clock }));
    for (let call = 0; call < 15; call++) await one?.elbRateLimit(() => Infinity);
    await two?.elbRateLimit(() => Infinity);
    expect(one?.clock.now()).toBeCloseTo(1000);
    expect(two?.clock.now()).toBe(0);
  });

  it("asks ELB as often as it is told, once it asks", async () => {
    const clock = fakeClock();
    let told = 1;
    const { elbRateLimit } = connect({ elb }, { clock, elbPerSecond: () => told });
    told = 10;
    for (let call = 0; call < 22; call++) await elbRateLimit(() => Infinity);
    expect(clock.now()).toBeCloseTo(1000);
  });
});
