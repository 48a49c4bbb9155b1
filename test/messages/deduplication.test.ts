import { describe, expect, it } from "vitest";
import { deliveryOf, decide, sameness } from "../../lib/messages/deduplication.ts";
import { admission, finding, outcome, rule, trigger } from "./outcome.ts";

const [ipv4, ipv6] = [rule("tcp/80 from 0.0.0.0/0"), rule("tcp/80 from ::/0")];
const keyOf = (...args: Parameters<typeof outcome>): string => sameness(outcome(...args)).key;

describe("sameness", () => {
  it("sees through order, ids, times and what woke us", () => {
    const findings = [finding(), finding({ code: "side-door", text: "b" })];
    const state = {
      result: "incomplete",
      remaining: { add: [], remove: [ipv4, ipv6] },
      findings,
    } as const;
    const same = {
      ...state,
      remaining: { add: [], remove: [{ ...ipv6, id: "sgr-2" }, ipv4] },
      findings: findings.toReversed(),
      at: "2026-11-23T00:00:00Z",
      triggers: [trigger()],
      looks: 3,
    };
    expect(keyOf(same)).toBe(keyOf(state));
  });

  it.each([
    ["group", { group: "sg-2" }],
    ["result", { result: "failed" }],
    ["finding", { findings: [finding(), finding({ text: "another" })] }],
    ["rule that should go", { remaining: { add: [], remove: [ipv6] } }],
    ["rule that should come", { remaining: { add: [ipv6], remove: [ipv4] } }],
  ] as const)("tells states apart by their %s", (_, more) => {
    const state = {
      result: "incomplete",
      remaining: { add: [], remove: [ipv4] },
      findings: [finding()],
    } as const;
    expect(keyOf({ ...state, ...more })).not.toBe(keyOf(state));
  });

  it("takes a denial that hides every group for one, whichever group it was found at", () => {
    const blind = (group: string, text = "ec2:DescribeSecurityGroups: UnauthorizedOperation") =>
      keyOf({
        group,
        result: "failed",
        looks: 0,
        findings: [finding({ code: "denied", text })],
      });
    expect(blind("sg-1")).toBe(blind("sg-2"));
    expect(blind("sg-1")).not.toBe(blind("sg-2", "ec2:DescribeVpcs: UnauthorizedOperation"));
    const seen = (group: string) =>
      keyOf({ group, result: "failed", looks: 1, findings: [finding({ code: "denied" })] });
    expect(seen("sg-1")).not.toBe(seen("sg-2"));
  });

  it("takes a role's sessions for one", () => {
    const by = (principal: string) =>
      keyOf({
        result: "changed",
        removed: [ipv4],
        triggers: [trigger({ actor: { principal }, rules: [ipv4] })],
      });
    expect(by("arn:aws:sts::123456789012:assumed-role/deploy/run-1")).toBe(
      by("arn:aws:sts::123456789012:assumed-role/deploy/run-2"),
    );
    expect(by("arn:aws:sts::123456789012:assumed-role/deploy/run-1")).not.toBe(
      by("arn:aws:sts::123456789012:assumed-role/admin/run-1"),
    );
  });

  it("knows a change by what was added, too: somebody may keep taking away a load balancer's way in", () => {
    const added = { result: "changed", added: [admission("tcp/80 from sg-1")] } as const;
    expect(sameness(outcome(added)).most).toBe(3);
    expect(keyOf(added)).not.toBe(
      keyOf({ result: "changed", added: [admission("tcp/81 from sg-1")] }),
    );
  });
});

describe("decide", () => {
  const hour = 3_600_000;
  const noon = Date.parse("2026-11-22T12:00:00Z");
  const told = (...deliveries: readonly string[]) => ({
    deliveries,
    since: "2026-11-22T11:30:00.000Z",
    until: (noon + hour / 2) / 1000,
  });

  it("begins a period with the first of its kind", () => {
    const first = {
      deliveries: ["d"],
      since: "2026-11-22T12:00:00.000Z",
      until: (noon + hour) / 1000,
    };
    expect(decide(1, "d", undefined, noon, hour)).toEqual({ kind: "tell", told: first });
    expect(decide(1, "d", { ...told("a"), until: noon / 1000 }, noon, hour)).toEqual({
      kind: "tell",
      told: first,
    });
  });

  it("does not let repetition make a period longer", () => {
    expect(decide(3, "d", told("a"), noon, hour)).toEqual({
      kind: "tell",
      told: told("a", "d"),
      again: { time: 2, since: told().since },
    });
    expect(decide(3, "d", told("a", "b"), noon, hour)).toEqual({
      kind: "tell",
      told: told("a", "b", "d"),
      again: { time: 3, since: told().since, quietUntil: "2026-11-22T12:30:00.000Z" },
    });
    expect(decide(3, "d", told("a", "b", "c"), noon, hour)).toEqual({
      kind: "repeated",
      until: told().until,
    });
  });

  it.each([
    ["an end that is further away than a period", { until: (noon + 100 * hour) / 1000 }],
    [
      "a beginning that is still to come",
      { since: "2026-11-22T12:30:00.000Z", until: (noon + hour) / 1000 },
    ],
    ["a beginning that is no time", { since: "never" }],
  ])("is silenced by nothing that cannot be ours: %s", (_, forged) => {
    expect(decide(1, "d", { ...told("a"), ...forged }, noon, hour)).toEqual({
      kind: "tell",
      told: {
        deliveries: ["d"],
        since: "2026-11-22T12:00:00.000Z",
        until: (noon + hour) / 1000,
      },
    });
  });

  it("knows a delivery that was told", () => {
    expect(decide(3, "a", told("a", "b", "c"), noon, hour)).toEqual({ kind: "delivered" });
    const [nameless, named] = [outcome(), outcome({ change: "20261129-174512-3fa9c1" })];
    expect(deliveryOf("x", nameless)).toBe(deliveryOf("x", nameless));
    expect(deliveryOf("x", nameless)).not.toBe(deliveryOf("y", nameless));
    expect(deliveryOf("x", named)).toBe(deliveryOf("y", named));
  });
});
