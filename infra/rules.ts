import type { Stack } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { eventPatterns } from "../lib/triggers/eventPatterns.ts";
import { addRole, type Functions } from "./functions.ts";
import { useKey } from "./permissions.ts";
import { addQueuePolicy, type Queues } from "./queues.ts";
import { ruleName } from "./ruleNames.ts";
import type { Settings } from "./settings.ts";
import { allow } from "./statement.ts";

/** What wakes the functions: calls of the account put events on the enforce queue, the schedule starts the sweep. */
export function addRules(
  stack: Stack,
  settings: Settings,
  queues: Queues,
  functions: Functions,
): void {
  const rules = addEventRules(stack, queues, functions);
  addSchedule(stack, settings, queues, functions);
  const fromRules = (queueArn: string) => ({
    ...allow(["sqs:SendMessage"], [queueArn], {
      ArnEquals: { "aws:SourceArn": rules.map(({ attrArn }) => attrArn) },
    }),
    Principal: { Service: "events.amazonaws.com" },
  });
  addQueuePolicy(stack, "EnforceQueuePolicy", queues.enforce, [fromRules(queues.enforce.attrArn)]);
  addQueuePolicy(stack, "RuleDeadLettersPolicy", queues.deadLetters.rules, [
    fromRules(queues.deadLetters.rules.attrArn),
  ]);
  addQueuePolicy(
    stack,
    "NotifyQueuePolicy",
    queues.notify,
    onlyFrom(functions, queues.notify.attrArn),
  );
  addQueuePolicy(stack, "EnforceDeadLettersPolicy", queues.deadLetters.enforce, []);
  addQueuePolicy(stack, "NotifyDeadLettersPolicy", queues.deadLetters.notify, []);
  addQueuePolicy(stack, "SweepDeadLettersPolicy", queues.deadLetters.sweep, []);
}

/** CloudTrail's events are on the default bus, whichever bus gets the copies. */
function addEventRules(
  stack: Stack,
  { enforce, deadLetters }: Queues,
  functions: Functions,
): readonly CfnRule[] {
  return Object.entries(eventPatterns([functions.enforce.role.attrArn])).map(
    ([name, eventPattern]) =>
      new CfnRule(stack, `${name.charAt(0).toUpperCase()}${name.slice(1)}Rule`, {
        name: ruleName(name),
        description: `elb-only: ${eventPattern.source.join()} calls that can open or close a way in`,
        state: "ENABLED",
        eventPattern,
        targets: [
          {
            id: "enforce",
            arn: enforce.attrArn,
            deadLetterConfig: { arn: deadLetters.rules.attrArn },
            retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 },
          },
        ],
      }),
  );
}

function addSchedule(
  stack: Stack,
  settings: Settings,
  { deadLetters }: Queues,
  { verify }: Functions,
): CfnSchedule {
  const role = addRole(
    stack,
    "ScheduleRole",
    "scheduler.amazonaws.com",
    [
      allow(["lambda:InvokeFunction"], [verify.function.attrArn]),
      allow(["sqs:SendMessage"], [deadLetters.sweep.attrArn]),
      ...useKey(settings),
    ],
    { StringEquals: { "aws:SourceAccount": stack.account } },
  );
  return new CfnSchedule(stack, "SweepSchedule", {
    description: "elb-only: looks at the whole region, for events are delivered at best",
    scheduleExpression: settings.interval.schedule,
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: verify.function.attrArn,
      roleArn: role.attrArn,
      deadLetterConfig: { arn: deadLetters.sweep.attrArn },
      retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 900 },
    },
  });
}

/** An alert cannot be forged: the functions that change or judge may send, and nobody else, whatever their role allows. */
function onlyFrom({ enforce, verify }: Functions, queueArn: string): readonly object[] {
  const ours = [enforce.role.attrArn, verify.role.attrArn];
  return [
    { ...allow(["sqs:SendMessage"], [queueArn]), Principal: { AWS: ours } },
    {
      Effect: "Deny",
      Principal: "*",
      Action: ["sqs:SendMessage"],
      Resource: [queueArn],
      Condition: { ArnNotEquals: { "aws:PrincipalArn": ours } },
    },
  ];
}
