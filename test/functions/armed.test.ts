import { describe, expect, it } from "vitest";
import { checkArmed } from "../../functions/verify/armed.ts";
import { received } from "../../lib/messages/received.ts";
import type { EventPath } from "../../lib/remediation/ports.ts";
import { type Changes, fakeRuntime } from "./fakeRuntime.ts";

function arming(path: Partial<EventPath> = {}, changes: Changes = {}) {
  const { runtime, lines, measured, notified } = fakeRuntime({
    now: () => Date.parse("2026-11-22T10:00:00Z"),
    ...changes,
  });
  const check = () =>
    checkArmed(
      {
        sendCanary: undefined,
        whyNoTrail: () => Promise.resolve(undefined),
        problems: [() => Promise.resolve([])],
        ...path,
      },
      runtime,
    );
  return { check, lines, measured, told: () => notified.map(received) };
}

describe("checkArmed", () => {
  it("measures that everything is in place, and tells nobody", async () => {
    const { check, lines, measured, told } = arming();
    await check();
    expect([measured, told()]).toEqual([[{ Armed: 1 }], []]);
    expect(lines).toEqual([{ level: "info", message: "Armed", fields: {} }]);
  });

  it("tells everything that is missing, once", async () => {
    const { check, lines, measured, told } = arming({
      whyNoTrail: () => Promise.resolve("The trail all is not logging."),
      problems: [
        () => Promise.resolve(["The EventBridge rule r is disabled."]),
        () => Promise.resolve(["The EventBridge rule r is disabled."]),
      ],
    });
    await check();
    const problems = ["The trail all is not logging.", "The EventBridge rule r is disabled."];
    expect(measured).toEqual([{ Armed: 0 }]);
    expect(told()).toEqual([
      {
        version: 1,
        kind: "not-armed",
        account: "123456789012",
        region: "eu-west-1",
        partition: "aws",
        at: "2026-11-22T10:00:00.000Z",
        problems,
      },
    ]);
    expect(lines).toEqual([{ level: "error", message: "Not armed", fields: { problems } }]);
  });

  it("takes what it may not read for missing, and reads the rest", async () => {
    const { check, told } = arming({
      whyNoTrail: () => Promise.reject(new Error("cloudtrail:DescribeTrails: AccessDenied")),
      problems: [
        () => Promise.resolve(["The EventBridge rule r is disabled."]),
        () => Promise.resolve(["The EventBridge rule r is disabled."]),
      ],
    });
    await check();
    expect(told()).toMatchObject([
      {
        problems: [
          "It cannot be read whether everything is in place: cloudtrail:DescribeTrails: AccessDenied",
          "The EventBridge rule r is disabled.",
        ],
      },
    ]);
  });

  it("says that nobody told it what was deployed", async () => {
    const { check, lines, measured } = arming({ problems: undefined });
    await check();
    expect(measured).toEqual([{ Armed: 1 }]);
    expect(lines).toEqual([
      {
        level: "info",
        message: "Armed",
        fields: { wiring: "not looked at: ELB_ONLY_RULE_PREFIX is not set" },
      },
    ]);
  });

  it("logs an alert that the queue does not take", async () => {
    const { check, lines } = arming(
      { whyNoTrail: () => Promise.resolve("No CloudTrail trail covers this region.") },
      { outbox: { notify: () => Promise.resolve([{ index: 0, why: "AccessDenied" }]) } },
    );
    await check();
    expect(lines.at(-1)).toMatchObject({ level: "error", fields: { why: "AccessDenied" } });
  });

  it("sends a canary before it looks, and tells why it could not", async () => {
    const sent: string[] = [];
    const { check, measured } = arming({
      sendCanary: () => Promise.resolve(void sent.push("one")),
    });
    await check();
    expect([sent, measured]).toEqual([["one"], [{ Armed: 1 }]]);

    const mute = arming({
      sendCanary: () => Promise.reject(new Error("ec2:CreateTags: UnauthorizedOperation")),
    });
    await mute.check();
    expect(mute.told()).toMatchObject([
      { problems: [expect.stringContaining("ec2:CreateTags: UnauthorizedOperation")] },
    ]);
  });
});
