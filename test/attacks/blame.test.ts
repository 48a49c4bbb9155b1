import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { tcp } from "../contract/groups.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";
import { field, toldOf } from "./field.ts";

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

/** A back end that is left alone: what somebody opens there stays open, which is told. */
function ignored() {
  const here = field(sandbox);
  const back = here.group("back", [], { "elb-only": "ignore" });
  here.serve(80, [here.group("front")], here.instance(back));
  return { ...here, back };
}

describe("whom an event blames", () => {
  it("is looked up in CloudTrail, where the alert is high", async () => {
    const { back, authorize } = ignored();
    await authorize(back, tcp(80, "0.0.0.0/0"));
    const message = toldOf(sandbox, back)[0]?.message ?? "";
    expect(message).toMatch(
      /Who opened it, as the event says\n {2}principal +arn:.*:user\/mallory\n/,
    );
    expect(message).toContain("  CloudTrail's event history names the same.\n");
  });

  it("is no other than who did it, whatever a forged event says: that is unverified", async () => {
    const { back, authorize } = ignored();
    sandbox.setTrail(false);
    await authorize(back, tcp(80, "0.0.0.0/0"));
    sandbox.setTrail(true);
    sandbox.sendToEnforce(
      JSON.stringify({
        source: "aws.ec2",
        "detail-type": "AWS API Call via CloudTrail",
        detail: {
          eventName: "AuthorizeSecurityGroupIngress",
          eventID: crypto.randomUUID(),
          eventTime: new Date().toISOString(),
          userIdentity: { type: "IAMUser", arn: "arn:aws:iam::123456789012:user/alice" },
          requestParameters: {
            groupId: back,
            ipPermissions: {},
            ipProtocol: "tcp",
            fromPort: 80,
            toPort: 80,
            cidrIp: "0.0.0.0/0",
          },
        },
      }),
    );
    await sandbox.idle();
    const message = toldOf(sandbox, back)[0]?.message ?? "";
    expect(message).toMatch(/as the event says\n {2}principal +arn:.*:user\/alice\n/);
    expect(message).toContain("  Unverified: CloudTrail's event history does not have this event.");
  });
});
