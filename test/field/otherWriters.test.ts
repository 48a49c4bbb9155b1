import {
  CreateTagsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { field, findingsOf, rulesOf, toldOf } from "../attacks/field.ts";
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

describe("inline rules in Terraform", () => {
  /** Every apply revokes what is not in the file. */
  async function applied() {
    const here = field(sandbox);
    const front = here.group("front");
    const back = here.group("back");
    here.serve(80, [front], here.instance(back));
    await here.authorize(back, tcp(80, "0.0.0.0/0"));
    const terraform = new EC2Client({
      endpoint: sandbox.endpoint,
      region: sandbox.region,
      credentials: { accessKeyId: "deploy", secretAccessKey: "sandbox" },
      customUserAgent: "HashiCorp/1.0 Terraform/1.9.0",
    });
    const apply = async (): Promise<void> => {
      await terraform.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: back,
          SecurityGroupRuleIds: [...(sandbox.cloud.groups.get(back)?.rules.values() ?? [])].flatMap(
            ({ id, egress }) => (egress ? [] : id),
          ),
        }),
      );
      await sandbox.idle();
    };
    return { ...here, front, back, apply };
  }

  it("that take a load balancer's way in away are named once, with what to write there", async () => {
    const { apply, back, front } = await applied();
    sandbox.forget();
    for (let time = 0; time < 3; time += 1) {
      await apply();
      expect(rulesOf(sandbox, back)).toEqual([`tcp 80-80 ${front}`]);
    }
    expect(toldOf(sandbox, back)).toHaveLength(1);
    expect(findingsOf(sandbox, back)).toEqual(["medium managed-elsewhere"]);
    const [message] = toldOf(sandbox, back).map((one) => one.message);
    expect(message).toContain("had taken rules away");
    expect(message).toMatch(/terraform import aws_vpc_security_group_ingress_rule\.\w+ sgr-/);
  });

  it("can take it over: the group is tagged elb-only:adopt, and the rule is not taken away any more", async () => {
    const { back, front, mallory } = await applied();
    await mallory.ec2.send(
      new CreateTagsCommand({ Resources: [back], Tags: [{ Key: "elb-only:adopt", Value: "" }] }),
    );
    await sandbox.idle();
    expect(rulesOf(sandbox, back)).toEqual([`tcp 80-80 ${front}`]);
    expect(findingsOf(sandbox, back)).toContain("low handed-over");
  });
});

it("no other writer makes a function fail or leaves a dead letter", () => {
  expect([sandbox.failures, sandbox.deadLetters]).toEqual([[], []]);
});
