import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { driftMessage, ownMessage } from "../../lib/values/ownMessages.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { field } from "../attacks/field.ts";
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
    // Two looks of fifty groups each, and no more at each try.
    expect(described.length % 12).toBe(0);
    expect(described.length).toBeLessThan(50);
    expect(sandbox.alerts.length).toBe(described.length / 6);
    expect(sandbox.alerts[0]?.message).toContain("no security group can be looked at");
  });
});
