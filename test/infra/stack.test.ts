import { Annotations, Match } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { enforceConfig, notifyConfig, verifyConfig } from "../../functions/runtime/config.ts";
import { defaultPolicy } from "../../lib/values/policy.ts";
import { eventPatterns } from "../../lib/triggers/eventPatterns.ts";
import {
  deployed,
  propertiesOf,
  resourcesOf,
  resourceStatementsOf,
  stackWith,
  statementsOf,
} from "./deployed.ts";

const template = deployed();
const arnOf = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
const ofType = (type: string, of = template): readonly string[] =>
  Object.entries(resourcesOf(of)).flatMap(([id, { Type }]) => (Type === type ? [id] : []));

describe("the enforce queue", () => {
  it("is read in batches of 1,000 or 5 seconds, two at a time, each event answered for itself", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: arnOf("EnforceQueue"),
      FunctionName: { Ref: "EnforceFunction" },
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(propertiesOf(template, "EnforceFunction")).toMatchObject({ Timeout: 120 });
    expect(propertiesOf(template, "EnforceFunction")).not.toHaveProperty(
      "ReservedConcurrentExecutions",
    );
  });

  it("delivers again after 240 seconds, eight times in all", () => {
    expect(propertiesOf(template, "EnforceQueue")).toMatchObject({
      VisibilityTimeout: 240,
      RedrivePolicy: { deadLetterTargetArn: arnOf("EnforceDeadLetters"), maxReceiveCount: 8 },
    });
  });
});

describe("the notify queue", () => {
  it("is read by notify, each outcome answered for itself", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: arnOf("NotifyQueue"),
      FunctionName: { Ref: "NotifyFunction" },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });
});

describe("every queue", () => {
  const queues = ofType("AWS::SQS::Queue", deployed({ alertEmail: "ops@example.com" }));
  const withEmail = deployed({ alertEmail: "ops@example.com" });

  it.each(queues)("is encrypted, and keeps messages 14 days: %s", (queue) => {
    expect(propertiesOf(withEmail, queue)).toMatchObject({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    expect(resourceStatementsOf(withEmail, `${queue}Policy`)[0]).toMatchObject({
      Sid: "NobodyWithoutTls",
    });
  });

  it("uses the KMS key that is given", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const withKey = deployed({ kmsKeyArn, alertEmail: "ops@example.com" });
    for (const queue of queues)
      expect(propertiesOf(withKey, queue)).toMatchObject({
        KmsMasterKeyId: kmsKeyArn,
        SqsManagedSseEnabled: false,
      });
    expect(propertiesOf(withKey, "AlertTopic")).toMatchObject({ KmsMasterKeyId: kmsKeyArn });
    for (const log of ofType("AWS::Logs::LogGroup"))
      expect(propertiesOf(withKey, log)).toMatchObject({ KmsKeyId: kmsKeyArn });
  });
});

describe("no asynchronous hop loses anything unseen", () => {
  const withEmail = deployed({ alertEmail: "ops@example.com" });

  it("from a rule to the queue, tried for a day", () => {
    for (const rule of ofType("AWS::Events::Rule"))
      expect(propertiesOf(template, rule)["Targets"]).toEqual([
        {
          Id: "enforce",
          Arn: arnOf("EnforceQueue"),
          DeadLetterConfig: { Arn: arnOf("RuleDeadLetters") },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        },
      ]);
  });

  it("from the schedule to verify, and in verify", () => {
    expect(propertiesOf(template, "SweepSchedule")).toMatchObject({
      Target: { DeadLetterConfig: { Arn: arnOf("SweepDeadLetters") } },
    });
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: "VerifyFunction" },
      DestinationConfig: { OnFailure: { Destination: arnOf("SweepDeadLetters") } },
    });
    for (const role of ["ScheduleRole", "VerifyRole"])
      expect(
        JSON.stringify(
          statementsOf(template, role).filter(({ Action }) => Action.includes("sqs:SendMessage")),
        ),
      ).toContain("SweepDeadLetters");
  });

  it("from the queues to the functions", () => {
    for (const [queue, dead] of [
      ["EnforceQueue", "EnforceDeadLetters"],
      ["NotifyQueue", "NotifyDeadLetters"],
    ] as const)
      expect(propertiesOf(template, queue)).toMatchObject({
        RedrivePolicy: { deadLetterTargetArn: arnOf(dead) },
      });
  });

  it("from the topic to the mailbox", () => {
    expect(propertiesOf(withEmail, "EmailSubscription")).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: arnOf("EmailDeadLetters") },
    });
    expect(resourceStatementsOf(withEmail, "EmailDeadLettersPolicy")).toContainEqual({
      Effect: "Allow",
      Principal: { Service: "sns.amazonaws.com" },
      Action: ["sqs:SendMessage"],
      Resource: [arnOf("EmailDeadLetters")],
      Condition: { ArnEquals: { "aws:SourceArn": [{ Ref: "AlertTopic" }, { Ref: "AlarmTopic" }] } },
    });
  });
});

describe("the table of state", () => {
  it("has the keys that the store writes, forgets, can be brought back, and costs nothing while nothing happens", () => {
    expect(propertiesOf(template, "StateTable")).toEqual({
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "of", KeyType: "HASH" },
        { AttributeName: "at", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "of", AttributeType: "S" },
        { AttributeName: "at", AttributeType: "S" },
      ],
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
    });
  });

  it("opens what was told, and no more of it, to the function that tells", () => {
    const remembering = (role: string) =>
      statementsOf(template, role).filter(({ Action }) =>
        Action.some((action) => action.startsWith("dynamodb:")),
      );
    for (const role of ["EnforceRole", "VerifyRole", "NotifyRole"])
      expect(remembering(role).map(({ Resource }) => Resource)).toEqual([[arnOf("StateTable")]]);
    expect(remembering("NotifyRole")[0]?.Condition).toEqual({
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["told *"] },
    });
  });
});

describe("the rules", () => {
  it("have names that verify finds by their beginning, which no other stack's have", () => {
    const names = ofType("AWS::Events::Rule").map((id) => propertiesOf(template, id)["Name"]);
    expect(names).toEqual(
      Object.keys(eventPatterns([])).map((name) => ({
        "Fn::Join": ["", [{ Ref: "AWS::StackName" }, `.${name}`]],
      })),
    );
    const listing = statementsOf(template, "VerifyRole").find(({ Action }) =>
      Action.includes("events:ListTargetsByRule"),
    );
    const prefixed = JSON.stringify(listing?.Resource);
    expect(prefixed).toContain(':rule/",{"Ref":"AWS::StackName"},".*"]');
  });

  it("are those of eventPatterns, on the default bus, for others' calls than our own enforcing role's", () => {
    const found = ofType("AWS::Events::Rule").map((id) => propertiesOf(template, id));
    const expected = Object.values(eventPatterns(["OURS"])).map((pattern) =>
      JSON.stringify(pattern).replaceAll('"OURS"', JSON.stringify(arnOf("EnforceRole"))),
    );
    expect(found.map(({ EventPattern }) => EventPattern)).toEqual(
      expected.map((text) => JSON.parse(text) as unknown),
    );
    for (const rule of found) {
      expect(rule).toMatchObject({ State: "ENABLED" });
      expect(rule).not.toHaveProperty("EventBusName");
    }
  });

  it("can be made: no role or queue waits for a rule", () => {
    const waiting = (id: string): string => JSON.stringify(resourcesOf(template)[id]);
    for (const id of ["EnforceRole", "EnforceQueue", "RuleDeadLetters", "EnforceFunction"])
      expect(waiting(id)).not.toMatch(/Rule"|RulePolicy/);
  });
});

describe("the schedule", () => {
  it.each([
    [{}, "rate(1 hour)"],
    [{ sweepInterval: "15m" }, "rate(15 minutes)"],
    [{ sweepInterval: "1d" }, "rate(1 day)"],
  ])("starts verify: %j", (context, expression) => {
    expect(propertiesOf(deployed(context), "SweepSchedule")).toMatchObject({
      ScheduleExpression: expression,
      Target: { Arn: arnOf("VerifyFunction"), RoleArn: arnOf("ScheduleRole") },
    });
  });

  it("may invoke verify and nothing else", () => {
    const invoking = statementsOf(template, "ScheduleRole").filter(({ Action }) =>
      Action.includes("lambda:InvokeFunction"),
    );
    expect(invoking.map(({ Resource }) => Resource)).toEqual([[arnOf("VerifyFunction")]]);
  });
});

describe("the functions", () => {
  const functions = ["EnforceFunction", "VerifyFunction", "NotifyFunction"];

  it.each(functions)(
    "run on Node 24 and arm64, untraced, with a log group that expires and outlives the stack: %s",
    (id) => {
      const log = id.replace("Function", "Log");
      expect(propertiesOf(template, id)).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        Handler: "index.handler",
        TracingConfig: { Mode: "PassThrough" },
        LoggingConfig: { LogGroup: { Ref: log } },
      });
      expect(propertiesOf(template, log)).toMatchObject({ RetentionInDays: 365 });
      expect(resourcesOf(template)[log]).toMatchObject({ DeletionPolicy: "RetainExceptOnCreate" });
    },
  );

  it.each(functions)("take other choices: %s", (id) => {
    const other = deployed({ architecture: "x86_64", tracing: "true", logRetentionDays: 30 });
    expect(propertiesOf(other, id)).toMatchObject({
      Architectures: ["x86_64"],
      TracingConfig: { Mode: "Active" },
    });
    expect(propertiesOf(other, id.replace("Function", "Log"))).toMatchObject({
      RetentionInDays: 30,
    });
  });

  it("are told their settings by the names that they read", () => {
    const context = {
      defaultMode: "enforce",
      close: "public",
      protectedPorts: "none",
      allowedSources: "10.0.0.0/8,sg-12345678",
      keepSelf: false,
      admit: "any",
      maxKeepDays: 30,
      rulesPerGroup: 200,
      spareRules: 5,
    };
    const policy = {
      defaultMode: "enforce",
      close: "public",
      protectedPorts: [],
      allowedSources: ["10.0.0.0/8", "sg-12345678"],
      keepSelf: false,
      admit: "any",
      maxKeepDays: 30,
      rulesPerGroup: 200,
      spareRules: 5,
    };
    const places = {
      notifyQueueUrl: "https://NotifyQueue",
      enforceQueueUrl: "https://EnforceQueue",
      eventBus: "audit",
      stateTable: "StateTable",
      admissionGrace: 48 * 3_600_000,
      elbCallsPerSecond: 20,
    };
    const told = deployed({
      ...context,
      eventBus: "audit",
      checkHealthAfter: 300,
      breakerGroups: 5,
      breakerSources: "off",
      admissionGrace: 48,
      elbCallsPerSecond: 20,
      homeRegion: "eu-west-1",
    });
    expect(enforceConfig(environmentOf(told, "EnforceFunction"))).toEqual({
      policy,
      ...places,
      checkHealthAfter: 300,
      caution: { limits: { groups: 5, interfaces: 1000, sources: Infinity }, privateGrace: 0 },
    });
    expect(verifyConfig(environmentOf(told, "VerifyFunction"))).toEqual({
      policy,
      ...places,
      alertTopicArn: "arn:aws:sns:eu-west-1:123456789012:AlertTopic",
      homeRegion: "eu-west-1",
      wiring: {
        rulePrefix: "elb-only.",
        enforceFunction: "elb-only-enforce",
        notifyFunction: "elb-only-notify",
        enforceRoleArn: "arn:aws:iam::123456789012:role/EnforceRole",
        verifyRoleArn: "arn:aws:iam::123456789012:role/VerifyRole",
        ruleDeadLettersArn: "arn:aws:sqs:eu-west-1:123456789012:RuleDeadLetters",
        enforceDeadLettersArn: "arn:aws:sqs:eu-west-1:123456789012:EnforceDeadLetters",
        notifyDeadLettersArn: "arn:aws:sqs:eu-west-1:123456789012:NotifyDeadLetters",
        sweepDeadLettersArn: "arn:aws:sqs:eu-west-1:123456789012:SweepDeadLetters",
        alarmTopicArn: "arn:aws:sns:eu-west-1:123456789012:AlarmTopic",
        canary: "pl-0123456789abcdef0",
      },
    });
    const alertTopicArn = "arn:aws:sns:eu-west-1:123456789012:alerts";
    const notifying = {
      ...environmentOf(
        deployed({ alertTopicArn, alertFormat: "chat", repeatAfter: 48 }),
        "NotifyFunction",
      ),
      AWS_REGION: "eu-west-1",
    };
    expect(notifyConfig(notifying)).toEqual({
      alertTopicArn,
      format: "chat",
      stateTable: "StateTable",
      periodMs: 48 * 3_600_000,
      region: "eu-west-1",
    });
  });

  it("audit by the standard policy unless told otherwise", () => {
    expect(enforceConfig(environmentOf(template, "EnforceFunction")).policy).toEqual(defaultPolicy);
    expect(defaultPolicy.defaultMode).toBe("audit");
  });
});

type Value =
  | string
  | { readonly Ref: string }
  | { readonly "Fn::GetAtt": readonly [string, "Arn"] }
  | { readonly "Fn::Join": readonly [string, readonly Value[]] };

/** A value with the names of what it refers to. */
const valueOf = (value: Value): string => {
  if (typeof value === "string") return value;
  if ("Fn::GetAtt" in value) {
    const [id] = value["Fn::GetAtt"];
    return id.endsWith("Role")
      ? `arn:aws:iam::123456789012:role/${id}`
      : `arn:aws:sqs:eu-west-1:123456789012:${id}`;
  }
  if ("Ref" in value && value.Ref === "Canary") return "pl-0123456789abcdef0";
  if ("Ref" in value && value.Ref.endsWith("Topic"))
    return `arn:aws:sns:eu-west-1:123456789012:${value.Ref}`;
  return "Ref" in value
    ? value.Ref.replace("AWS::StackName", "elb-only")
    : value["Fn::Join"][1].map(valueOf).join(value["Fn::Join"][0]);
};

/** A function's variables, with URLs for the queues that they refer to. */
function environmentOf(of: typeof template, id: string): Readonly<Record<string, string>> {
  const { Variables } = propertiesOf(of, id)["Environment"] as {
    Variables: Readonly<Record<string, Value>>;
  };
  return Object.fromEntries(
    Object.entries(Variables).map(([name, value]) => [
      name,
      name.endsWith("_URL") ? `https://${valueOf(value)}` : valueOf(value),
    ]),
  );
}

describe("the topic", () => {
  const alertTopicArn = "arn:aws:sns:eu-west-1:123456789012:alerts";

  const alarmTopicArn = "arn:aws:sns:eu-west-1:123456789012:alarms";

  it("of alerts is apart from that of alarms", () => {
    template.resourceCountIs("AWS::SNS::Topic", 2);
    template.allResourcesProperties("AWS::CloudWatch::Alarm", {
      AlarmActions: [{ Ref: "AlarmTopic" }],
      OKActions: [{ Ref: "AlarmTopic" }],
    });
    expect(environmentOf(template, "NotifyFunction")["ELB_ONLY_ALERT_TOPIC_ARN"]).toBe(
      "arn:aws:sns:eu-west-1:123456789012:AlertTopic",
    );
  });

  it("is not made, nor its policy touched, where one exists", () => {
    const existing = deployed({ alertTopicArn, alarmTopicArn, alertEmail: "ops@example.com" });
    existing.resourceCountIs("AWS::SNS::Topic", 0);
    existing.resourceCountIs("AWS::SNS::TopicPolicy", 0);
    expect(propertiesOf(existing, "EmailSubscription")).toMatchObject({ TopicArn: alertTopicArn });
    expect(propertiesOf(existing, "EmailAlarmSubscription")).toMatchObject({
      TopicArn: alarmTopicArn,
    });
    const publishing = statementsOf(existing, "NotifyRole").filter(({ Action }) =>
      Action.includes("sns:Publish"),
    );
    expect(publishing.map(({ Resource }) => Resource)).toEqual([[alertTopicArn]]);
    existing.allResourcesProperties("AWS::CloudWatch::Alarm", {
      AlarmActions: [alarmTopicArn],
      OKActions: [alarmTopicArn],
    });
  });

  it("has nobody subscribed unless an address is given", () => {
    template.resourceCountIs("AWS::SNS::Subscription", 0);
    template.resourceCountIs("AWS::SQS::Queue", 6);
    const subscribed = deployed({ alertEmail: "ops@example.com", alarmEmail: "boss@example.com" });
    const subscriptions = Object.values(resourcesOf(subscribed))
      .filter(({ Type }) => Type === "AWS::SNS::Subscription")
      .map(({ Properties: { Protocol, Endpoint, TopicArn } }) => [Protocol, Endpoint, TopicArn]);
    expect(subscriptions).toEqual([
      ["email", "ops@example.com", { Ref: "AlertTopic" }],
      ["email", "ops@example.com", { Ref: "AlarmTopic" }],
      ["email", "boss@example.com", { Ref: "AlarmTopic" }],
    ]);
  });

  it.each([
    [{}, ["alerts", "alarms"]],
    [{ alarmEmail: "boss@example.com" }, ["alerts"]],
    [{ alertTopicArn }, ["alarms"]],
    [{ alertEmail: "ops@example.com" }, []],
    [{ alertTopicArn, alarmTopicArn }, []],
  ])("is warned of when it is made, where nobody will hear it: %j", (context, unheard) => {
    const warnings = Annotations.fromStack(stackWith(context)).findWarning("*", Match.anyValue());
    expect(
      warnings.map(
        ({ entry: { data } }) => /Nobody will hear (\w+):/.exec(JSON.stringify(data))?.[1],
      ),
    ).toEqual(unheard);
  });
});

describe("buildStack", () => {
  it("makes resources of these types only, each with the name that this page gives it", () => {
    const types = new Set(Object.values(resourcesOf(template)).map(({ Type }) => Type));
    expect([...types].sort()).toEqual([
      "AWS::CloudWatch::Alarm",
      "AWS::CloudWatch::Dashboard",
      "AWS::DynamoDB::Table",
      "AWS::EC2::PrefixList",
      "AWS::Events::Rule",
      "AWS::IAM::Role",
      "AWS::Lambda::EventInvokeConfig",
      "AWS::Lambda::EventSourceMapping",
      "AWS::Lambda::Function",
      "AWS::Logs::LogGroup",
      "AWS::SNS::Topic",
      "AWS::SNS::TopicPolicy",
      "AWS::SQS::Queue",
      "AWS::SQS::QueuePolicy",
      "AWS::Scheduler::Schedule",
    ]);
    expect(stackWith().node.children.map(({ node }) => node.id)).toEqual(
      expect.arrayContaining(Object.keys(resourcesOf(template))),
    );
  });
});
