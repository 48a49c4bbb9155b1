import { describe, expect, it } from "vitest";
import type { Health } from "../../lib/values/snapshot.ts";
import {
  interfaceOf,
  lostTargets,
  type TargetCheck,
  targetHealth,
  targetKey,
} from "../../lib/values/targetCheck.ts";

const target = "eni-1 i-1 web:8080";

const check = (more: Partial<TargetCheck> = {}): TargetCheck => ({
  group: "sg-1",
  eventId: "e-1",
  removed: ["tcp/80 from 0.0.0.0/0"],
  healthy: [target],
  ...more,
});

describe("lostTargets", () => {
  it.each<[Health | undefined, string | undefined]>([
    ["silent:Target.Timeout", "Target.Timeout"],
    ["unhealthy:Target.ResponseCodeMismatch", undefined],
    ["healthy", undefined],
    [undefined, undefined],
  ])("of a target that was healthy and now is %s: %s", (now, reason) => {
    const lost = lostTargets(check(), new Map(now === undefined ? [] : [[target, now]]));
    expect([...lost]).toEqual(reason === undefined ? [] : [[target, reason]]);
  });

  it("compares each target with itself: of an instance that was unhealthy in one target group already, the loss in another counts", () => {
    const now = new Map<string, Health>([
      ["eni-1 i-1 old:80", "silent:Target.Timeout"],
      ["eni-1 i-1 web:8080", "silent:Target.Timeout"],
      ["eni-1 i-1 web:8081", "healthy"],
    ]);
    expect([
      ...lostTargets(check({ healthy: ["eni-1 i-1 web:8080", "eni-1 i-1 web:8081"] }), now).keys(),
    ]).toEqual(["eni-1 i-1 web:8080"]);
  });
});

describe("targetKey", () => {
  it.each([
    ["eni-1 i-1 web:8080", targetKey("eni-1", { kind: "instance", instance: "i-1" }, "web:8080")],
    [
      "eni-2 2001:db8::7 pods:80",
      targetKey("eni-2", { kind: "address", address: "2001:db8::7", vpc: "vpc-1" }, "pods:80"),
    ],
  ])("is %s, and says which interface it is", (key, made) => {
    expect([made, interfaceOf(made)]).toEqual([key, key.split(" ")[0]]);
  });
});

describe("targetHealth", () => {
  it("names the target, the load balancer's reason, and what was removed", () => {
    expect(targetHealth(check(), new Map([[target, "Target.Timeout"]]))).toMatchObject({
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
    const lost = new Map(
      Array.from({ length: 200 }, (_, n) => [
        `eni-${String(n).padStart(17, "0")} i-1 web:8080`,
        "Target.FailedHealthChecks",
      ]),
    );
    const { text } = targetHealth(check({ removed }), lost);
    expect(text).toMatch(
      /^i-1 \(eni-0.* and 195 more were healthy before a removal and do not answer now\. Removed: .* and 195 more\.$/,
    );
    expect(text.length).toBeLessThan(1000);
  });
});
