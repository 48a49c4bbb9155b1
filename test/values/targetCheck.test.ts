import { describe, expect, it } from "vitest";
import {
  lostTargets,
  type TargetCheck,
  targetHealth,
  targetText,
} from "../../lib/values/targetCheck.ts";
import { checked, health, reading } from "../support/targets.ts";

const target = checked("eni-1 i-1 web:8080");

const check = (more: Partial<TargetCheck> = {}): TargetCheck => ({
  group: "sg-1",
  eventId: "e-1",
  removed: ["tcp/80 from 0.0.0.0/0"],
  healthy: [target],
  ...more,
});

describe("lostTargets", () => {
  it.each<[string | undefined, string | undefined]>([
    ["silent:Target.Timeout", "Target.Timeout"],
    ["unhealthy:Target.ResponseCodeMismatch", undefined],
    ["healthy", undefined],
    [undefined, undefined],
  ])("of a target that was healthy and now is %s: %s", (now, reason) => {
    const lost = lostTargets(check(), now === undefined ? [] : [{ target, health: health(now) }]);
    expect(lost).toEqual(reason === undefined ? [] : [{ target, reason }]);
  });

  it("compares each target with itself: of an instance that was unhealthy in one target group already, the loss in another counts", () => {
    const now = [
      reading("eni-1 i-1 old:80", "silent:Target.Timeout"),
      reading("eni-1 i-1 web:8080", "silent:Target.Timeout"),
      reading("eni-1 i-1 web:8081", "healthy"),
    ];
    const healthy = ["eni-1 i-1 web:8080", "eni-1 i-1 web:8081"].map(checked);
    expect(lostTargets(check({ healthy }), now).map((one) => one.target)).toEqual([target]);
  });
});

describe("targetText", () => {
  it.each([
    ["i-1 (eni-1) in web:8080", "eni-1 i-1 web:8080"],
    ["i-1 (eni-1) in shop", "eni-1 i-1 shop"],
  ])("is %s", (text, one) => {
    expect(targetText(checked(one))).toBe(text);
  });
});

describe("targetHealth", () => {
  it("names the target, the load balancer's reason, and what was removed", () => {
    expect(targetHealth(check(), [{ target, reason: "Target.Timeout" }])).toMatchObject({
      code: "target-health",
      severity: "high",
      group: "sg-1",
      text: "i-1 (eni-1) in web:8080 (Target.Timeout) was healthy before a removal and does not answer now. Removed: tcp/80 from 0.0.0.0/0.",
    });
  });

  it("names no more than a person reads", () => {
    const removed = Array.from(
      { length: 200 },
      (_, n) => `tcp/${n} from 2001:db8:1111:2222:3333:4444:5555:6666/128`,
    );
    const lost = Array.from({ length: 200 }, (_, n) => ({
      target: checked(`eni-${String(n).padStart(17, "0")} i-1 web:8080`),
      reason: "Target.FailedHealthChecks",
    }));
    const { text } = targetHealth(check({ removed }), lost);
    expect(text).toMatch(
      /^i-1 \(eni-0.* and 195 more were healthy before a removal and do not answer now\. Removed: .* and 195 more\.$/,
    );
    expect(text.length).toBeLessThan(1000);
  });
});
