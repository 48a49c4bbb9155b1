import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { driftMessage, ownMessage } from "../../lib/values/ownMessages.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { field, findingsOf, fromInternet, rulesOf } from "../attacks/field.ts";
import { unique } from "../contract/backend.ts";
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

describe("where the targets of one target group may not be read", () => {
  /** A back end on 80 and 443; another target group of the VPC, on another port, is not for us to read. */
  function site(otherPort: number) {
    const here = field(sandbox);
    const front = here.group("front");
    const back = here.group("back", [{ ...fromInternet, fromPort: 443 }]);
    const id = here.instance(back);
    here.serve(80, [front], id);
    here.serve(443, [front], id);
    const [other, stranger] = [here.group("other"), here.group("stranger")];
    const { arn } = sandbox.world.targetGroup({
      name: unique("tg"),
      protocol: "HTTP",
      port: otherPort,
      vpc: here.vpc,
      targets: [{ id: here.instance(stranger) }],
    });
    sandbox.world.loadBalancer({
      name: unique("other"),
      groups: [other],
      subnets: [here.subnet],
      targetGroup: arn,
    });
    const permit = sandbox.inject({ action: "DescribeTargetHealth", resource: arn, kind: "deny" });
    return { ...here, front, back, permit };
  }

  it("what it cannot change is closed all the same", async () => {
    const { authorize, back, front, permit } = site(9000);
    await authorize(back, tcp(80, "0.0.0.0/0"));
    permit();
    expect(rulesOf(sandbox, back)).toEqual([`tcp 443-443 ${front}`, `tcp 80-80 ${front}`]);
    expect(findingsOf(sandbox, back)).not.toContain("medium incomplete-picture");
  });

  it("its own port stays open until it can be read, and that is told", async () => {
    const { authorize, back, front, permit } = site(443);
    await authorize(back, tcp(80, "0.0.0.0/0"));
    permit();
    expect(rulesOf(sandbox, back)).toEqual(
      ["tcp 443-443 0.0.0.0/0", `tcp 443-443 ${front}`, `tcp 80-80 ${front}`].sort(),
    );
    expect(findingsOf(sandbox, back)).toContain("medium incomplete-picture");
  });
});

describe("where security groups may not be described", () => {
  it("a hundred groups cost a few calls a try, and people hear of it once", async () => {
    const { group } = field(sandbox);
    const groups = Array.from({ length: 100 }, (_, n) => group(`group-${n}`));
    sandbox.forget();
    const permit = sandbox.inject({ action: "DescribeSecurityGroups", kind: "deny" });
    sandbox.sendToEnforce(ownMessage(driftMessage, { groups, eventId: crypto.randomUUID() }));
    await sandbox.idle();
    permit();
    const described = sandbox.calls.filter(({ action }) => action.startsWith("Describe"));
    // At each try ELB is asked once, in three calls, and EC2 by two looks of fifty groups each, in three calls as well.
    expect(described.length % 9).toBe(0);
    expect(described.length).toBeLessThan(40);
    expect(sandbox.alerts).toHaveLength(1);
    expect(sandbox.alerts[0]?.message).toContain("no security group can be looked at");
  }, 60_000);
});
