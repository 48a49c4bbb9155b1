import type { Template } from "aws-cdk-lib/assertions";
import { resourcesOf } from "../infra/deployed.ts";
import { tableOf } from "./settingsTables.ts";

/** An alarm as CloudFormation has it, as far as people are told. */
interface Alarm {
  readonly AlarmName: { readonly "Fn::Join": readonly [string, readonly unknown[]] };
  readonly AlarmDescription: string;
  readonly MetricName?: string;
  readonly Statistic?: string;
  /** In their place: a difference from the period before, and of what. */
  readonly Metrics?: readonly {
    readonly MetricStat?: {
      readonly Metric: { readonly MetricName: string };
      readonly Stat: string;
      readonly Period: number;
    };
  }[];
  readonly ComparisonOperator:
    | "LessThanThreshold"
    | "GreaterThanThreshold"
    | "GreaterThanOrEqualToThreshold";
  readonly Threshold: number;
  readonly Period?: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: "notBreaching" | "breaching" | "ignore";
}

const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`;

const duration = (seconds: number): string =>
  seconds % 3600 === 0
    ? plural(seconds / 3600, "hour")
    : seconds % 60 === 0
      ? plural(seconds / 60, "minute")
      : plural(seconds, "second");

function when(alarm: Alarm): string {
  const { Threshold, EvaluationPeriods, DatapointsToAlarm, ComparisonOperator } = alarm;
  const latest = alarm.Metrics?.flatMap(({ MetricStat }) => MetricStat ?? [])[0];
  const name = alarm.MetricName ?? latest?.Metric.MetricName ?? "";
  const statistic = (alarm.Statistic ?? latest?.Stat ?? "").toLowerCase();
  const period = duration(alarm.Period ?? latest?.Period ?? 0);
  const span =
    EvaluationPeriods === 1
      ? period
      : `${DatapointsToAlarm} of ${EvaluationPeriods} times ${period}`;
  const gaps = {
    notBreaching: "",
    breaching: "; no data counts as bad",
    ignore: "; without data it stays as it was",
  };
  const is = {
    LessThanThreshold: latest === undefined ? `below ${Threshold}` : "lower than before",
    GreaterThanThreshold: "higher than before",
    GreaterThanOrEqualToThreshold: `at least ${name.includes("Age") ? duration(Threshold) : Threshold}`,
  }[ComparisonOperator];
  return `\`${name}\` (${statistic}) is ${is} in ${span}${gaps[alarm.TreatMissingData]}`;
}

/** The stack's alarms: what is wrong, when they ring, what to do. */
export const alarmsTable = (template: Template): string =>
  tableOf(
    ["alarm", "when", "what to do"],
    Object.values(resourcesOf(template))
      .filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
      .map(({ Properties }) => Properties as unknown as Alarm)
      .map((alarm) => [
        `*${String(alarm.AlarmName["Fn::Join"][1].at(-1)).replace(": ", "")}*`,
        when(alarm),
        alarm.AlarmDescription,
      ]),
  );
