import {
  DeregisterTargetsCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, describe, expect, it } from "vitest";
import { startSandbox, type Sandbox } from "../../sandbox/sandbox.ts";
import { clients } from "../contract/backend.ts";

let sandbox: Sandbox;
afterEach(() => sandbox.close());

describe("a deregistered target", () => {
  it("drains for the deregistration delay, and then is gone", async () => {
    let now = 0;
    sandbox = await startSandbox({
      now: () => new Date(now),
      quotas: { deregistrationDelayMs: 60_000 },
    });
    const { world } = sandbox;
    const { id } = world.instance({});
    const { arn: TargetGroupArn } = world.targetGroup({
      name: "web",
      protocol: "HTTP",
      port: 80,
      targets: [{ id }],
    });
    world.loadBalancer({ name: "front", targetGroup: TargetGroupArn });
    const { elbv2 } = clients(sandbox);
    const states = async () => {
      const { TargetHealthDescriptions } = await elbv2.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      return TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State);
    };
    expect(await states()).toEqual(["healthy"]);
    await elbv2.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    now = 59_999;
    expect(await states()).toEqual(["draining"]);
    now = 60_000;
    expect(await states()).toEqual([]);
  });
});
