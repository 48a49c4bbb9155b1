import { describe, expect, it } from "vitest";
import { deployed, resourcesOf } from "./deployed.ts";

/** AWS gives these no tags, or CloudFormation none to them. */
const untaggable = new Set([
  "AWS::CloudWatch::Dashboard",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Scheduler::Schedule",
  "AWS::SNS::Subscription",
  "AWS::SNS::TopicPolicy",
  "AWS::SQS::QueuePolicy",
]);

describe("the setting tags", () => {
  const tags = "owner=platform team,cost:center=";
  const resources = Object.entries(
    resourcesOf(deployed({ tags, alertEmail: "ops@example.com", alarmEmail: "it@example.com" })),
  ).filter(([, { Type }]) => !untaggable.has(Type));

  it.each(resources)("tags %s", (_, { Properties }) => {
    expect(Properties["Tags"]).toEqual(
      expect.arrayContaining([
        { Key: "cost:center", Value: "" },
        { Key: "owner", Value: "platform team" },
      ]),
    );
  });

  it("tags nothing where it is not given", () => {
    expect(JSON.stringify(deployed().toJSON())).not.toContain('"Tags"');
  });
});
