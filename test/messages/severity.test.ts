import type { Outcome, Proof } from "../../lib/values/outcome.ts";
import { describe, expect, it } from "vitest";
import type { Severity } from "../../lib/values/finding.ts";
import { bySeverity, isWorthTelling, severityOf } from "../../lib/messages/severity.ts";
import { admission, finding, outcome, rule } from "./outcome.ts";

const world = rule("tcp/80 from 0.0.0.0/0");
const office = rule("tcp/80 from 203.0.113.0/24");
const broken: Proof = {
  who: { kind: "loadBalancer", id: "MyLoadBalancer", name: "MyLoadBalancer" },
  ports: { protocol: "tcp", from: 80, to: 80 },
  before: true,
  after: false,
  holds: false,
};

describe("severityOf", () => {
  it.each<[Severity, string, Partial<Outcome>]>([
    ["info", "nothing was to be done", {}],
    ["info", "the group is gone", { result: "gone" }],
    [
      "low",
      "a load balancer was let in",
      { result: "changed", added: [admission("tcp/80 from sg-1")] },
    ],
    ["low", "somebody was closed out", { result: "changed", removed: [office] }],
    ["medium", "the internet was closed out", { result: "changed", removed: [world] }],
    [
      "medium",
      "somebody can still get in",
      { result: "incomplete", remaining: { add: [], remove: [office] } },
    ],
    [
      "high",
      "the internet can still get in",
      { result: "incomplete", remaining: { add: [], remove: [world] } },
    ],
    [
      "high",
      "the internet gets in, and it is only audited",
      { result: "drift", mode: "audit", remaining: { add: [], remove: [world] } },
    ],
    ["high", "a call was denied", { result: "failed" }],
    ["high", "what was done does not hold", { result: "changed", proof: [broken] }],
    [
      "medium",
      "in audit nothing was done that could hold",
      { result: "drift", mode: "audit", proof: [broken] },
    ],
    [
      "high",
      "a finding is worse than the result",
      { findings: [finding({ severity: "low" }), finding({ severity: "high" })] },
    ],
  ])("is %s where %s", (severity, _, of) => {
    expect(severityOf(outcome(of))).toBe(severity);
  });
});

describe("bySeverity", () => {
  it("sorts the worst first and leaves the rest in order", () => {
    const of = (severity: Severity, text: string) => finding({ severity, text });
    const sorted = bySeverity([
      of("low", "a"),
      of("high", "b"),
      of("info", "c"),
      of("medium", "d"),
      of("high", "e"),
    ]);
    expect(sorted.map(({ text }) => text).join("")).toBe("bedac");
  });
});

describe("isWorthTelling", () => {
  it.each<[boolean, Partial<Outcome>]>([
    [true, { result: "changed" }],
    [true, { result: "drift" }],
    [true, { result: "incomplete" }],
    [true, { result: "failed" }],
    [false, { result: "unchanged" }],
    [false, { result: "gone" }],
    [false, { findings: [finding({ severity: "info" })] }],
    [true, { findings: [finding({ severity: "info" }), finding({ severity: "low" })] }],
    [true, { result: "gone", findings: [finding({ severity: "medium" })] }],
  ])("is %s of %j", (worth, of) => {
    expect(isWorthTelling(outcome(of))).toBe(worth);
  });
});
