import { Aws, type CfnResource, Fn, type Stack } from "aws-cdk-lib";
import { CfnAlarm } from "aws-cdk-lib/aws-cloudwatch";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { functionNames } from "./bundle.ts";
import { onlyIf } from "./conditions.ts";
import type { Functions } from "./functions.ts";
import { metrics, namespace, service } from "./metrics.ts";
import type { Queues } from "./queues.ts";
import type { Settings } from "./settings.ts";
import type { Topics } from "./topics.ts";

/** One alarm: what is wrong and what to do, which metric says so, and from which value on. */
interface Watch {
  /** Its name, after the stack's. */
  readonly what: string;
  readonly next: string;
  readonly metric: {
    readonly namespace: string;
    readonly metricName: string;
    readonly dimensions: CfnAlarm.DimensionProperty[];
    readonly statistic: string;
  };
  /** Its value, or how it differs from the period before. */
  readonly is:
    | { readonly atLeast: number }
    | { readonly below: number }
    | { readonly now: "lower" | "higher" };
  /** Seconds. */
  readonly period: number;
  /** How many of the last periods; 1 of 1 unless said. */
  readonly periods?: { readonly bad: number; readonly of: number };
  /** What no data means; nothing bad unless said. */
  readonly gaps?: "breaching" | "ignore";
}

/** Everything that would otherwise fail unseen. */
export function addAlarms(
  stack: Stack,
  settings: Settings,
  queues: Queues,
  functions: Functions,
  topics: Topics,
): void {
  const add = (id: string, watch: Watch): CfnAlarm => addAlarm(stack, id, watch, topics.alarms.arn);
  const { rules, enforce, notify, sweep } = queues.deadLetters;
  add(
    "RuleDeadLettersAlarm",
    deadLetters(
      rules,
      "events could not be queued",
      "Groups they concern wait for the next sweep; see the queue's policy and key.",
    ),
  );
  add(
    "EnforceDeadLettersAlarm",
    deadLetters(
      enforce,
      "events could not be enforced",
      "See the enforce function's log, then start a sweep.",
    ),
  );
  add(
    "NotifyDeadLettersAlarm",
    deadLetters(
      notify,
      "alerts could not be published",
      "The dead letters hold the outcomes; see the notify function's log.",
    ),
  );
  add(
    "SweepDeadLettersAlarm",
    deadLetters(sweep, "a sweep failed", "See the verify function's log."),
  );
  for (const [setting, id, what] of [
    ["alertEmail", "EmailDeadLettersAlarm", "e-mails could not be sent"],
    ["alarmEmail", "AlarmEmailDeadLettersAlarm", "e-mails about alarms could not be sent"],
  ] as const) {
    const refused = topics.emailDeadLetters[setting];
    if (refused === undefined) continue;
    const next = "The dead letters hold the messages; see the subscription.";
    onlyIf(settings.isNot(setting, ""), () => [add(id, deadLetters(refused, what, next))]);
  }

  for (const name of functionNames) {
    const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const { function: watched } = functions[name];
    add(`${id}ErrorsAlarm`, {
      ...ofFunction(watched, "Errors"),
      what: `${name} fails`,
      next: `See the ${name} function's log.`,
    });
    add(`${id}ThrottlesAlarm`, {
      ...ofFunction(watched, "Throttles"),
      what: `${name} is throttled`,
      next: "The account's concurrent executions are used up: ask for more.",
    });
  }
  add("EnforceQueueAgeAlarm", {
    ...age(queues.enforce),
    what: "events wait too long",
    next: "Excess stays open meanwhile; see the enforce function's log.",
  });
  add("NotifyQueueAgeAlarm", {
    ...age(queues.notify),
    what: "alerts wait too long",
    next: "See the notify function's log.",
  });

  const { seconds: period } = settings.interval;
  add("NoSweepAlarm", {
    what: "no sweep was completed in two intervals",
    next: "What events missed stays open; see the verify function's log and the schedule.",
    metric: own(metrics.sweepCompleted, "Sum"),
    is: { below: 1 },
    period,
    periods: { bad: 2, of: 2 },
    gaps: "breaching",
  });
  add("NotArmedAlarm", {
    what: "not armed",
    next: "Events may wake nobody: the message and the verify function's log name what is not as it was deployed, and how to mend it.",
    metric: own(metrics.armed, "Minimum"),
    is: { below: 1 },
    period,
    // Until a sweep says otherwise.
    gaps: "ignore",
  });
  add("NotProvenAlarm", {
    what: "not proven to be armed",
    next: "The record of the sweep's own call has not come back to enforcement within 15 minutes, twice: see docs/operations.md, Not proven.",
    metric: own(metrics.armedProven, "Maximum"),
    is: { below: 1 },
    period,
    periods: { bad: 2, of: 2 },
    gaps: "breaching",
  });
  add("NobodyHearsAlarm", {
    what: "nobody hears alerts",
    next: "No subscription of the alerts' topic is confirmed, or verify may not look: the verify function's log says which. Subscribe somebody.",
    metric: own(metrics.alertsHeard, "Minimum"),
    is: { below: 1 },
    period,
    gaps: "ignore",
  });
  add("ProtectionFallsAlarm", {
    what: "fewer groups are protected",
    next: "Somebody loosened a group, or it could not be read: see the messages of the last sweep, and the dashboard.",
    metric: own(metrics.groupsProtected, "Minimum"),
    is: { now: "lower" },
    period,
    periods: { bad: 1, of: 2 },
  });
  add("OpenPortsRiseAlarm", {
    what: "more served ports are open to the internet",
    next: "The messages of the last sweep say which, by which group and why; whoever opened them is in CloudTrail.",
    metric: own(metrics.servedPortsOpen, "Maximum"),
    is: { now: "higher" },
    period,
    periods: { bad: 1, of: 2 },
  });
  add("DriftLeftAlarm", {
    what: "drift is left",
    next: "Groups that are to be enforced stay open, one sweep after the other: their outcomes say why.",
    metric: own(metrics.driftLeft, "Maximum"),
    is: { atLeast: 1 },
    period,
    // One may fall between two sweeps.
    periods: { bad: 2, of: 3 },
  });
}

const own = (metricName: string, statistic: string): Watch["metric"] => ({
  namespace,
  metricName,
  dimensions: [{ name: "service", value: service }],
  statistic,
});

const ofQueue = (queue: CfnQueue, metricName: string): Watch["metric"] => ({
  namespace: "AWS/SQS",
  metricName,
  dimensions: [{ name: "QueueName", value: queue.attrQueueName }],
  statistic: "Maximum",
});

const deadLetters = (queue: CfnQueue, what: string, next: string): Watch => ({
  what,
  next,
  metric: ofQueue(queue, "ApproximateNumberOfMessagesVisible"),
  is: { atLeast: 1 },
  period: 60,
});

/** More than two tries' time, after the longest delay that a message may have. */
const age = (queue: CfnQueue): Pick<Watch, "metric" | "is" | "period"> => ({
  metric: ofQueue(queue, "ApproximateAgeOfOldestMessage"),
  is: { atLeast: 1500 },
  period: 60,
});

const ofFunction = (
  watched: CfnResource,
  metricName: string,
): Pick<Watch, "metric" | "is" | "period"> => ({
  metric: {
    namespace: "AWS/Lambda",
    metricName,
    dimensions: [{ name: "FunctionName", value: watched.ref }],
    statistic: "Sum",
  },
  is: { atLeast: 1 },
  period: 300,
});

function addAlarm(
  stack: Stack,
  id: string,
  { what, next, metric, is, period, periods, gaps }: Watch,
  topicArn: string,
): CfnAlarm {
  return new CfnAlarm(stack, id, {
    alarmName: Fn.join("", [Aws.STACK_NAME, ": ", what]),
    alarmDescription: next,
    ...("now" in is ? changing(metric, period, is.now) : { ...metric, period, ...limitOf(is) }),
    evaluationPeriods: periods?.of ?? 1,
    datapointsToAlarm: periods?.bad ?? 1,
    treatMissingData: gaps ?? "notBreaching",
    alarmActions: [topicArn],
    okActions: [topicArn],
  });
}

const limitOf = (is: { readonly atLeast: number } | { readonly below: number }) =>
  "atLeast" in is
    ? { comparisonOperator: "GreaterThanOrEqualToThreshold", threshold: is.atLeast }
    : { comparisonOperator: "LessThanThreshold", threshold: is.below };

/** CloudWatch takes the difference from the period before; where that has no data, there is none. */
const changing = (metric: Watch["metric"], period: number, now: "lower" | "higher") => {
  const { statistic: stat, ...latest } = metric;
  return {
    metrics: [
      { id: "change", expression: "DIFF(latest)", returnData: true },
      {
        id: "latest",
        metricStat: { metric: latest, period, stat },
        returnData: false,
      },
    ],
    comparisonOperator: now === "lower" ? "LessThanThreshold" : "GreaterThanThreshold",
    threshold: 0,
  };
};
