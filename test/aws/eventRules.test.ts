import { ListRulesCommand, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { eventBridge as eventBridgeClient } from "../../lib/aws/clients.ts";
import { problemsOfRules } from "../../lib/aws/eventRules.ts";

const client = eventBridgeClient({ region: "eu-west-1" });
const eventBridge = mockClient(client);
const queueUrl = "https://sqs.eu-west-1.amazonaws.com/123456789012/enforce";
const queueArn = "arn:aws:sqs:eu-west-1:123456789012:enforce";

beforeEach(() => {
  eventBridge.reset();
  eventBridge
    .on(ListTargetsByRuleCommand)
    .resolves({ Targets: [{ Id: "enforce", Arn: queueArn }] });
});

const rules = (...names: readonly string[]) =>
  names.map((Name) => ({ Name, State: "ENABLED" as const }));

describe("problemsOfRules", () => {
  it("has none where each is enabled and leads to the queue, whichever page it is on", async () => {
    eventBridge
      .on(ListRulesCommand, { NamePrefix: "elb-only-" })
      .resolves({ Rules: rules("elb-only-a"), NextToken: "2" })
      .on(ListRulesCommand, { NamePrefix: "elb-only-", NextToken: "2" })
      .resolves({
        Rules: [{ Name: "elb-only-b", State: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" }],
      });
    eventBridge
      .on(ListTargetsByRuleCommand, { Rule: "elb-only-b" })
      .resolves({
        Targets: [{ Id: "other", Arn: "arn:aws:sqs:eu-west-1:123456789012:other" }],
        NextToken: "2",
      })
      .on(ListTargetsByRuleCommand, { Rule: "elb-only-b", NextToken: "2" })
      .resolves({ Targets: [{ Id: "enforce", Arn: queueArn }] });
    expect(await problemsOfRules(client, "elb-only-", queueUrl)).toEqual([]);
  });

  it("names each that is disabled or leads elsewhere", async () => {
    eventBridge
      .on(ListRulesCommand)
      .resolves({ Rules: [{ Name: "a", State: "DISABLED" }, ...rules("b", "c", "d")] });
    eventBridge
      .on(ListTargetsByRuleCommand, { Rule: "c" })
      .resolves({ Targets: [] })
      .on(ListTargetsByRuleCommand, { Rule: "d" })
      .resolves({
        Targets: [{ Id: "enforce", Arn: "arn:aws:sqs:eu-west-1:123456789012:not-enforce" }],
      });
    expect(await problemsOfRules(client, "elb-only-", queueUrl)).toEqual([
      "The EventBridge rule a is disabled.",
      "The EventBridge rule c does not have the enforce queue as its target.",
      "The EventBridge rule d does not have the enforce queue as its target.",
    ]);
  });

  it("says that there is none", async () => {
    eventBridge.on(ListRulesCommand).resolves({ Rules: [] });
    expect(await problemsOfRules(client, "elb-only-", queueUrl)).toEqual([
      "There is no EventBridge rule whose name begins with elb-only-.",
    ]);
  });

  it("throws what EventBridge refuses, naming the permission", async () => {
    eventBridge
      .on(ListRulesCommand)
      .rejects(Object.assign(new Error("no"), { name: "AccessDeniedException" }));
    await expect(problemsOfRules(client, "elb-only-", queueUrl)).rejects.toThrow(
      "events:ListRules: AccessDeniedException: no",
    );
  });
});
