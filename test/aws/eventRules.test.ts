import { ListRulesCommand, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { eventBridge as eventBridgeClient } from "../../lib/aws/clients.ts";
import { problemsOfRules } from "../../lib/aws/eventRules.ts";

const client = eventBridgeClient({ region: "eu-west-1" });
const eventBridge = mockClient(client);
const target = {
  Id: "enforce",
  Arn: "arn:aws:sqs:eu-west-1:123456789012:enforce",
  DeadLetterConfig: { Arn: "arn:aws:sqs:eu-west-1:123456789012:dead" },
  RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
};
const pattern = { source: ["aws.ec2"], detail: { eventName: ["A", "B"] } };
const deployed = (...names: readonly string[]) =>
  names.map((name) => ({
    name,
    pattern,
    target: { arn: target.Arn, deadLetterArn: target.DeadLetterConfig.Arn },
  }));
const rules = (...names: readonly string[]) =>
  names.map((Name) => ({
    Name,
    State: "ENABLED" as const,
    EventPattern: JSON.stringify({ detail: { eventName: ["B", "A"] }, source: ["aws.ec2"] }),
  }));

beforeEach(() => {
  eventBridge.reset();
  eventBridge.on(ListTargetsByRuleCommand).resolves({ Targets: [target] });
});

describe("problemsOfRules", () => {
  it("has none where each asks for the same and leads to the queue, whichever page it is on", async () => {
    const [b] = rules("elb-only-b");
    eventBridge
      .on(ListRulesCommand, { NamePrefix: "elb-only-" })
      .resolves({ Rules: rules("elb-only-a"), NextToken: "2" })
      .on(ListRulesCommand, { NamePrefix: "elb-only-", NextToken: "2" })
      .resolves({ Rules: [{ ...b, State: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" }] });
    eventBridge
      .on(ListTargetsByRuleCommand, { Rule: "elb-only-b" })
      .resolves({ Targets: [{ Id: "other", Arn: `${target.Arn}-not` }], NextToken: "2" })
      .on(ListTargetsByRuleCommand, { Rule: "elb-only-b", NextToken: "2" })
      .resolves({ Targets: [target] });
    expect(
      await problemsOfRules(client, "elb-only-", deployed("elb-only-a", "elb-only-b")),
    ).toEqual([]);
  });

  it("names each that is missing, disabled or leads elsewhere", async () => {
    eventBridge
      .on(ListRulesCommand)
      .resolves({ Rules: [{ ...rules("a")[0], State: "DISABLED" }, ...rules("b", "c")] });
    eventBridge
      .on(ListTargetsByRuleCommand, { Rule: "b" })
      .resolves({ Targets: [] })
      .on(ListTargetsByRuleCommand, { Rule: "c" })
      .resolves({ Targets: [{ ...target, Arn: `${target.Arn}-not` }] });
    expect(await problemsOfRules(client, "", deployed("a", "b", "c", "d"))).toEqual([
      expect.stringMatching(/^The EventBridge rule a is disabled\./),
      expect.stringMatching(/^The EventBridge rule b does not have the enforce queue/),
      expect.stringMatching(/^The EventBridge rule c does not have the enforce queue/),
      expect.stringMatching(/^The EventBridge rule d is missing/),
    ]);
  });

  it.each([
    ["no pattern", undefined, "source, detail"],
    ["another one", JSON.stringify({ ...pattern, detail: { eventName: ["A"] } }), "eventName"],
    ["something that is no JSON", "{", ""],
  ])("names one that asks for other events: %s", async (_, EventPattern, where) => {
    const [rule] = rules("a");
    eventBridge.on(ListRulesCommand).resolves({ Rules: [{ ...rule, EventPattern }] });
    expect(await problemsOfRules(client, "", deployed("a"))).toEqual([
      expect.stringContaining(where),
    ]);
  });

  it.each([
    { Input: "{}" },
    { InputPath: "$.detail" },
    { InputTransformer: { InputTemplate: "x" } },
    { DeadLetterConfig: undefined },
    { RetryPolicy: undefined },
    { RetryPolicy: { ...target.RetryPolicy, MaximumEventAgeInSeconds: 60 } },
  ])("names one that changes or loses what it delivers: %j", async (changed) => {
    eventBridge.on(ListRulesCommand).resolves({ Rules: rules("a") });
    eventBridge.on(ListTargetsByRuleCommand).resolves({ Targets: [{ ...target, ...changed }] });
    expect(await problemsOfRules(client, "", deployed("a"))).toHaveLength(1);
  });

  it("throws what EventBridge refuses, naming the permission", async () => {
    eventBridge
      .on(ListRulesCommand)
      .rejects(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
    await expect(problemsOfRules(client, "elb-only-", deployed("a"))).rejects.toThrow(
      "events:ListRules: AccessDeniedException: no",
    );
  });
});
