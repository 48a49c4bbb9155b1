import { describe, expect, it } from "vitest";
import { type Arming, checkArmed } from "../../functions/verify/armed.ts";
import type { Measures } from "../../functions/runtime/measures.ts";
import { received } from "../../lib/messages/received.ts";
import { recordingLog } from "./recordingLog.ts";

function arming(more: Partial<Arming> = {}) {
  const { log, lines } = recordingLog();
  const measured: Measures[] = [];
  const told: unknown[] = [];
  const work: Arming = {
    here: { account: "123456789012", region: "eu-west-1", partition: "aws" },
    whyNoTrail: () => Promise.resolve(undefined),
    problemsOfRules: () => Promise.resolve([]),
    measure: (measures) => void measured.push(measures),
    notify: (texts) => {
      told.push(...texts.map(received));
      return Promise.resolve([]);
    },
    now: () => Date.parse("2026-11-22T10:00:00Z"),
    log,
    ...more,
  };
  return { work, lines, measured, told };
}

describe("checkArmed", () => {
  it("measures that everything is in place, and tells nobody", async () => {
    const { work, lines, measured, told } = arming();
    await checkArmed(work);
    expect([measured, told]).toEqual([[{ Armed: 1 }], []]);
    expect(lines).toEqual([{ level: "info", message: "Armed", fields: {} }]);
  });

  it("tells everything that is missing", async () => {
    const { work, lines, measured, told } = arming({
      whyNoTrail: () => Promise.resolve("The trail all is not logging."),
      problemsOfRules: () => Promise.resolve(["The EventBridge rule r is disabled."]),
    });
    await checkArmed(work);
    const problems = ["The trail all is not logging.", "The EventBridge rule r is disabled."];
    expect(measured).toEqual([{ Armed: 0 }]);
    expect(told).toEqual([
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
    const { work, told } = arming({
      whyNoTrail: () => Promise.reject(new Error("cloudtrail:DescribeTrails: AccessDenied")),
      problemsOfRules: () => Promise.resolve(["The EventBridge rule r is disabled."]),
    });
    await checkArmed(work);
    expect(told).toMatchObject([
      {
        problems: [
          "It cannot be read whether everything is in place: cloudtrail:DescribeTrails: AccessDenied",
          "The EventBridge rule r is disabled.",
        ],
      },
    ]);
  });

  it("says that nobody told it which rules are ours", async () => {
    const { work, lines, measured } = arming({ problemsOfRules: undefined });
    await checkArmed(work);
    expect(measured).toEqual([{ Armed: 1 }]);
    expect(lines).toEqual([
      {
        level: "info",
        message: "Armed",
        fields: { rules: "not looked at: ELB_ONLY_RULE_PREFIX is not set" },
      },
    ]);
  });

  it("logs an alert that the queue does not take", async () => {
    const { work, lines } = arming({
      whyNoTrail: () => Promise.resolve("No CloudTrail trail covers this region."),
      notify: () => Promise.resolve([{ index: 0, why: "AccessDenied" }]),
    });
    await checkArmed(work);
    expect(lines.at(-1)).toMatchObject({ level: "error", fields: { why: "AccessDenied" } });
  });
});
