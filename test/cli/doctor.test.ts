import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DisableRuleCommand } from "@aws-sdk/client-eventbridge";
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { names } from "../../sandbox/functions.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { deployedEnvironment, deployedPatterns } from "../attacks/wiring.ts";
import { clients } from "../contract/backend.ts";
import { type Bundled, bundled } from "../sandbox/bundled.ts";
import { elbOnly, newFolder } from "./scene.ts";

let product: Bundled;
let sandbox: Sandbox;
const stacks = mockClient(CloudFormationClient);
const functions = mockClient(LambdaClient);

beforeAll(async () => {
  product = await bundled();
});
afterAll(async () => {
  stacks.restore();
  functions.restore();
  await product.remove();
});

const urlOf = (queue: string): string => `${sandbox.endpoint}/123456789012/${queue}`;
const mapping = (State: string) => ({
  EventSourceMappings: [
    { UUID: "u-1", State, FunctionResponseTypes: ["ReportBatchItemFailures" as const] },
  ],
});

beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIASANDBOXALICE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  sandbox = await product.start(deployedEnvironment(), { patterns: deployedPatterns() });
  const environment = deployedEnvironment();
  const outputs = {
    StateTableName: names.stateTable,
    EnforceQueueUrl: urlOf(names.enforceQueue),
    EnforceFunctionName: "elb-only-enforce",
    VerifyFunctionName: "elb-only-verify",
    EnforceRoleArn: environment["ELB_ONLY_ENFORCE_ROLE_ARN"] ?? "",
  };
  stacks.reset();
  functions.reset();
  stacks.on(DescribeStacksCommand).resolves({
    Stacks: [
      {
        StackName: "elb-only",
        CreationTime: new Date(),
        StackStatus: "CREATE_COMPLETE",
        Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({
          OutputKey,
          OutputValue,
        })),
      },
    ],
  });
  functions
    .on(GetFunctionConfigurationCommand)
    .resolves({ Environment: { Variables: environment } });
  functions.on(ListEventSourceMappingsCommand).resolves(mapping("Enabled"));
  functions.on(GetFunctionConcurrencyCommand).resolves({});
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await sandbox.close();
});

const doctor = async (...more: readonly string[]) => {
  const { code, out } = await elbOnly(
    ["doctor", "--json", "--endpoint-url", sandbox.endpoint, "--region", "us-east-1", ...more],
    newFolder(),
  );
  const { parts } = JSON.parse(out) as {
    readonly parts: readonly { readonly part: string; readonly problems: readonly string[] }[];
  };
  return { code, ill: parts.filter(({ problems }) => problems.length > 0), parts };
};

describe("doctor", () => {
  it("finds a deployment well", async () => {
    const { code, ill, parts } = await doctor();
    expect({ code, ill }).toEqual({ code: 0, ill: [] });
    expect(parts.map(({ part }) => part)).toEqual([
      "stack",
      "trail",
      "rules and patterns",
      "enforce's queue and function",
      "dead letters",
      "state table",
      "your permissions to look",
    ]);
  });

  it("says what is wrong, and how to mend it", async () => {
    const { events, sqs } = clients(sandbox);
    await events.send(new DisableRuleCommand({ Name: "elb-only.securityGroups" }));
    await sqs.send(
      new SendMessageCommand({ QueueUrl: urlOf(names.ruleDeadLetters), MessageBody: "x" }),
    );
    functions.on(ListEventSourceMappingsCommand).resolves(mapping("Disabled"));
    const undo = sandbox.inject({ kind: "deny", action: "DescribeTrails" });
    const { code, ill } = await doctor().finally(undo);
    expect(code).toBe(2);
    expect(ill.map(({ part, problems }) => [part, problems[0]])).toEqual([
      ["trail", expect.stringContaining("cloudtrail:DescribeTrails")],
      [
        "rules and patterns",
        expect.stringContaining("aws events enable-rule --name elb-only.securityGroups"),
      ],
      ["enforce's queue and function", expect.stringContaining("--uuid u-1 --enabled")],
      ["dead letters", expect.stringContaining("About 1 messages wait")],
    ]);
  });

  it("says that there is no such stack", async () => {
    stacks.on(DescribeStacksCommand).rejects(new Error("Stack with id other does not exist"));
    const { code, ill } = await doctor("--stack", "other");
    expect(code).toBe(2);
    expect(ill).toMatchObject([
      { part: "stack", problems: [expect.stringContaining("does not exist")] },
    ]);
  });
});
