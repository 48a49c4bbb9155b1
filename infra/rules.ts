import type { Stack } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { queuePolicy } from "../lib/values/queuePolicy.ts";
import { deliveryRetries } from "../lib/values/wiring.ts";
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
  const rules = addEventRules(stack, queues, functions).map(({ attrArn }) => attrArn);
  addSchedule(stack, settings, queues, functions);
  const { enforce, notify, deadLetters } = queues;
  // Neither an event nor an alert can be forged.
  const roles = [functions.enforce.role.attrArn, functions.verify.role.attrArn];
  const add = (id: string, queue: CfnQueue, senders?: Parameters<typeof queuePolicy>[1]) =>
    addQueuePolicy(stack, id, queue, queuePolicy(queue.attrArn, senders));
  add("EnforceQueuePolicy", enforce, { rules, roles });
  add("RuleDeadLettersPolicy", deadLetters.rules, { rules });
  add("NotifyQueuePolicy", notify, { roles });
  add("EnforceDeadLettersPolicy", deadLetters.enforce);
  add("NotifyDeadLettersPolicy", deadLetters.notify);
  add("SweepDeadLettersPolicy", deadLetters.sweep);
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
            retryPolicy: {
              maximumRetryAttempts: deliveryRetries.attempts,
              maximumEventAgeInSeconds: deliveryRetries.seconds,
            },
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
    settings,
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
