import { DeleteSecurityGroupCommand } from "@aws-sdk/client-ec2";
import {
  DeleteLoadBalancerCommand,
  SetSecurityGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { field, fromInternet, rulesOf, toldOf } from "../attacks/field.ts";
import { refusal } from "../contract/backend.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";

let product: Bundled;
let sandbox: Sandbox;

beforeAll(async () => {
  product = await bundled();
  sandbox = await product.start();
});
afterAll(async () => {
  await sandbox.close();
  await product.remove();
});

/** A back end that its load balancer is let in to by an admission of ours. */
async function admitted() {
  const here = field(sandbox);
  const [front, other] = [here.group("front", [fromInternet]), here.group("other")];
  const back = here.group("back");
  const { arn } = here.serve(80, [front], here.instance(back));
  await here.authorize(back, tcp(80, "0.0.0.0/0"));
  expect(rulesOf(sandbox, back)).toEqual([`tcp 80-80 ${front}`]);
  const setGroups = async (...SecurityGroups: readonly string[]): Promise<void> => {
    await here.mallory.elbv2.send(
      new SetSecurityGroupsCommand({ LoadBalancerArn: arn, SecurityGroups: [...SecurityGroups] }),
    );
    await sandbox.idle();
  };
  const deleteFront = () =>
    here.mallory.ec2.send(new DeleteSecurityGroupCommand({ GroupId: front }));
  return { ...here, arn, front, other, back, setGroups, deleteFront };
}

/** The minutes pass until the later look. */
async function later(): Promise<void> {
  sandbox.hasten();
  await sandbox.idle();
}

describe("terraform destroy", () => {
  it("deletes a load balancer, and some minutes later its group: the admission is gone by then, and told", async () => {
    const { arn, back, deleteFront, mallory } = await admitted();
    await mallory.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    await sandbox.idle();
    expect(await refusal(deleteFront())).toMatchObject({ code: "DependencyViolation" });
    await later();
    expect(rulesOf(sandbox, back)).toEqual([]);
    await deleteFront();
    expect(toldOf(sandbox, back).at(-1)?.message).toContain("DeleteLoadBalancer");
  });
});

describe("a load balancer that changes its group", () => {
  it("has its former door closed some minutes later", async () => {
    const { back, deleteFront, other, setGroups } = await admitted();
    await setGroups(other);
    expect(rulesOf(sandbox, back)).toContain(`tcp 80-80 ${other}`);
    await later();
    expect(rulesOf(sandbox, back)).toEqual([`tcp 80-80 ${other}`]);
    await deleteFront();
  });

  it("finds it where it is rolled back before", async () => {
    const { back, front, other, setGroups } = await admitted();
    await setGroups(other);
    await setGroups(front);
    expect(rulesOf(sandbox, back)).toContain(`tcp 80-80 ${front}`);
    await later();
    expect(rulesOf(sandbox, back)).toEqual([`tcp 80-80 ${front}`]);
  });
});

it("no withdrawal makes a function fail or leaves a dead letter", () => {
  expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
});
