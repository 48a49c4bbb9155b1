import { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { newApp, stackWith, templated } from "./deployed.ts";

const key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

const objections = (stack: ReturnType<typeof templated>): readonly string[] =>
  new AwsSolutionsChecks(newApp()).validateScope(stack).violations.map(({ ruleName }) => ruleName);

describe("cdk-nag's AWS Solutions rules", () => {
  it.each([
    ["as parameters", templated()],
    ["at their defaults", stackWith()],
    [
      "all of them",
      stackWith({
        strict: true,
        tracing: true,
        alertEmail: "ops@example.com",
        kmsKeyArn: key,
        defaultMode: "enforce",
      }),
    ],
    ["of a known region", stackWith({}, { region: "cn-north-1", account: "123456789012" })],
  ])("have no objection that is not answered, with the settings %s", (_, stack) => {
    expect(objections(stack)).toEqual([]);
  });

  it("object to what nobody answered for", () => {
    const stack = stackWith();
    const queue = new CfnQueue(stack, "Unprotected", {});
    expect(objections(stack)).toEqual(["AwsSolutions-SQS3", "AwsSolutions-SQS4"]);
    expect(queue.sqsManagedSseEnabled).toBeUndefined();
  });
});
