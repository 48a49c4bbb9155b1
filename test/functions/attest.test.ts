import { describe, expect, it } from "vitest";
import { attest } from "../../functions/notify/attest.ts";
import { message } from "../../lib/messages/message.ts";
import type { Outcome } from "../../lib/values/outcome.ts";
import { finding, outcome, rule, trigger } from "../messages/outcome.ts";

const alice = "arn:aws:iam::123456789012:user/alice";
const opened = rule("tcp/80 from 0.0.0.0/0");
const blaming: Partial<Outcome> = {
  result: "incomplete",
  remaining: { add: [], remove: [opened] },
  findings: [finding({ code: "could-not-remove", severity: "high" })],
  triggers: [trigger({ eventId: "e-1", actor: { principal: alice }, rules: [opened] })],
};

/** What CloudTrail has, by event id. */
const having = (records: Readonly<Record<string, unknown>>) => {
  const asked: string[] = [];
  return {
    asked,
    history: {
      recordOf: (eventId: string) => {
        asked.push(eventId);
        return Promise.resolve(records[eventId]);
      },
    },
  };
};
const by = (arn: string) => ({ userIdentity: { type: "IAMUser", arn } });
const textOf = (of: Outcome, attestation: Awaited<ReturnType<typeof attest>>) =>
  message(of, { attestation }).text;

describe("attest", () => {
  it("finds the same one in CloudTrail", async () => {
    const found = await attest(outcome(blaming), having({ "e-1": by(alice) }).history);
    expect(found).toEqual({ kind: "same" });
    expect(textOf(outcome(blaming), found)).toContain(
      "  CloudTrail's event history names the same.\n",
    );
  });

  it("finds another, whom to believe", async () => {
    const mallory = "arn:aws:iam::123456789012:user/mallory";
    const found = await attest(outcome(blaming), having({ "e-1": by(mallory) }).history);
    expect(found).toEqual({ kind: "another", principal: mallory });
    expect(textOf(outcome(blaming), found)).toContain(`names another: ${mallory}.`);
  });

  it("says unverified of what CloudTrail does not have, or cannot be asked", async () => {
    const absent = await attest(outcome(blaming), having({}).history);
    expect(textOf(outcome(blaming), absent)).toContain(
      "  Unverified: CloudTrail's event history does not have this event.",
    );
    const unread = await attest(outcome(blaming), {
      recordOf: () => Promise.reject(new Error("cloudtrail:LookupEvents: AccessDenied")),
    });
    expect(textOf(outcome(blaming), unread)).toContain(
      "  Unverified: CloudTrail could not be asked (cloudtrail:LookupEvents: AccessDenied).",
    );
  });

  it.each<[string, Partial<Outcome>]>([
    [
      "an alert that is not high",
      {
        ...blaming,
        findings: [],
        remaining: { add: [], remove: [] },
        result: "changed",
        removed: [rule("tcp/80 from 10.0.0.0/8")],
      },
    ],
    ["an alert that blames nobody", { ...blaming, triggers: [] }],
  ])("asks nothing about %s", async (_, of) => {
    const { history, asked } = having({});
    expect(await attest(outcome(of), history)).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
