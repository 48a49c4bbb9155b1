import { Aws, CfnCondition, Fn, type Stack } from "aws-cdk-lib";
import { CfnDashboard } from "aws-cdk-lib/aws-cloudwatch";
import { functionNames } from "./bundle.ts";
import { eitherText } from "./conditions.ts";
import type { Functions } from "./functions.ts";
import { metrics, namespace, service } from "./metrics.ts";
import type { Queues } from "./queues.ts";

type Metric = readonly (string | object)[];

const own = (name: string, stat: string, label: string): Metric => [
  namespace,
  name,
  "service",
  service,
  { stat, label },
];

/** A state: the last sweep's word. */
const state = (name: string, label: string): Metric => own(name, "Maximum", label);
const sum = (name: string, label: string): Metric => own(name, "Sum", label);

/** The state of the region at a glance. Returns the dashboard's address in the partition's console. */
export function addDashboard(stack: Stack, queues: Queues, functions: Functions): string {
  const name = Fn.join("-", [Aws.STACK_NAME, stack.region]);
  const { deadLetters } = queues;
  const perFunction = (metric: string): Metric[] =>
    functionNames.map((one) => [
      "AWS/Lambda",
      metric,
      "FunctionName",
      functions[one].function.ref,
      { stat: "Sum", label: `${one}: ${metric.toLowerCase()}` },
    ]);
  const ofQueue = (
    queue: { readonly attrQueueName: string },
    metric: string,
    label: string,
  ): Metric => ["AWS/SQS", metric, "QueueName", queue.attrQueueName, { stat: "Maximum", label }];

  const widgets: readonly (readonly [string, "singleValue" | "timeSeries", readonly Metric[]])[] = [
    [
      "Groups, by the last sweep",
      "singleValue",
      [
        state(metrics.groupsProtected, "protected"),
        state(metrics.groupsAudit, "in audit"),
        state(metrics.groupsDrifted, "drifted"),
        state(metrics.groupsRefused, "refused"),
        state(metrics.groupsIgnored, "ignored"),
      ],
    ],
    [
      "Who gets in all the same, by the last sweep",
      "singleValue",
      [
        state(metrics.servedPortsOpen, "served ports open to the internet"),
        state(metrics.rulesKept, "rules kept"),
      ],
    ],
    [
      "Is it armed, does it sweep",
      "singleValue",
      [
        own(metrics.armed, "Minimum", "armed"),
        own(metrics.armedProven, "Maximum", "proven to be armed"),
        own(metrics.alertsHeard, "Minimum", "alerts heard"),
        sum(metrics.sweepCompleted, "sweeps completed"),
        state(metrics.driftLeft, "drift left"),
      ],
    ],
    [
      "Groups",
      "timeSeries",
      [
        state(metrics.groupsProtected, "protected"),
        state(metrics.groupsDrifted, "drifted"),
        state(metrics.groupsRefused, "refused"),
        state(metrics.servedPortsOpen, "open ports"),
      ],
    ],
    [
      "Changes",
      "timeSeries",
      [sum(metrics.rulesAdded, "rules added"), sum(metrics.rulesRemoved, "rules removed")],
    ],
    [
      "Seconds that excess was open",
      "timeSeries",
      [
        own(metrics.exposureSeconds, "p50", "half of them"),
        own(metrics.exposureSeconds, "Maximum", "the longest"),
      ],
    ],
    ["Calls to EC2 and ELB", "timeSeries", [sum(metrics.calls, "calls")]],
    ["Errors and throttles", "timeSeries", [...perFunction("Errors"), ...perFunction("Throttles")]],
    [
      "Queues: seconds of the oldest message, dead letters",
      "timeSeries",
      [
        ofQueue(queues.enforce, "ApproximateAgeOfOldestMessage", "enforce: age"),
        ofQueue(queues.notify, "ApproximateAgeOfOldestMessage", "notify: age"),
        ...Object.entries(deadLetters).map(([hop, queue]) =>
          ofQueue(queue, "ApproximateNumberOfMessagesVisible", `dead letters: ${hop}`),
        ),
      ],
    ],
  ];

  const body = {
    widgets: widgets.map(([title, view, metrics], place) => ({
      type: "metric",
      x: (place % 2) * 12,
      y: Math.floor(place / 2) * 6,
      width: 12,
      height: 6,
      properties: {
        title,
        view,
        metrics,
        region: stack.region,
        period: 300,
        ...(view === "singleValue" ? { setPeriodToTimeRange: false } : {}),
      },
    })),
  };
  const dashboard = new CfnDashboard(stack, "Dashboard", {
    dashboardName: name,
    dashboardBody: stack.toJsonString(body),
  });
  return Fn.join("", [
    "https://",
    consoleOf(stack),
    "/cloudwatch/home?region=",
    stack.region,
    "#dashboards:name=",
    dashboard.ref,
  ]);
}

function consoleOf(stack: Stack): string {
  const china = new CfnCondition(stack, "InChina", {
    expression: Fn.conditionEquals(Aws.PARTITION, "aws-cn"),
  });
  const gov = new CfnCondition(stack, "InGovCloud", {
    expression: Fn.conditionEquals(Aws.PARTITION, "aws-us-gov"),
  });
  return eitherText(
    china,
    "console.amazonaws.cn",
    eitherText(gov, "console.amazonaws-us-gov.com", "console.aws.amazon.com"),
  );
}
