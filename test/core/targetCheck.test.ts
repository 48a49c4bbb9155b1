import { describe, expect, it } from "vitest";
import type { Health } from "../../functions/core/snapshot.ts";
import { lostTargets, type TargetCheck, targetHealth } from "../../functions/core/targetCheck.ts";

const check = (more: Partial<TargetCheck> = {}): TargetCheck => ({
  group: "sg-1",
  eventId: "e-1",
  removed: ["tcp/80 from 0.0.0.0/0"],
  healthy: ["eni-1"],
  ...more,
});

describe("lostTargets", () => {
  it.each<[Health | undefined, string | undefined]>([
    ["unhealthy:Target.Timeout", "Target.Timeout"],
    // What a Network Load Balancer says of a target that does not answer.
    ["unhealthy:Target.FailedHealthChecks", "Target.FailedHealthChecks"],
    // Of Classic Load Balancers: the instance's fault, and ELB's own.
    ["unhealthy:Instance", "Instance"],
    ["unhealthy:ELB", undefined],
    ["unhealthy:Target.ResponseCodeMismatch", undefined],
    ["unhealthy:Elb.InternalError", undefined],
    ["healthy", undefined],
    [undefined, undefined],
  ])("of a target that was healthy and now is %s: %s", (now, reason) => {
    const lost = lostTargets(check(), new Map(now === undefined ? [] : [["eni-1", now]]));
    expect([...lost]).toEqual(reason === undefined ? [] : [["eni-1", reason]]);
  });

  it("does not count a target that was not healthy before", () => {
    expect(lostTargets(check(), new Map([["eni-2", "unhealthy:Target.Timeout"]]))).toEqual(new Map());
  });
});

describe("targetHealth", () => {
  it("names the target, the load balancer's reason, and what was removed", () => {
    const wearers = [{ interface: "eni-1", what: "i-1", served: true }];
    expect(targetHealth(check(), new Map([["eni-1", "Target.Timeout"]]), wearers)).toMatchObject({
      code: "target-health",
      severity: "high",
      group: "sg-1",
      text: "eni-1 (i-1: Target.Timeout) was healthy before a removal and does not answer now. Removed: tcp/80 from 0.0.0.0/0.",
    });
  });

  it("names no more than a person reads", () => {
    const removed = Array.from({ length: 200 }, (_, n) => `tcp/${n} from 2001:db8:1111:2222:3333:4444:5555:6666/128`);
    const lost = new Map(Array.from({ length: 200 }, (_, n) => [`eni-${String(n).padStart(17, "0")}`, "Target.FailedHealthChecks"]));
    const { text } = targetHealth(check({ removed }), lost, []);
    expect(text).toMatch(/^eni-0.* and 195 more were healthy before a removal and do not answer now\. Removed: .* and 195 more\.$/);
    expect(text.length).toBeLessThan(1000);
  });
});
