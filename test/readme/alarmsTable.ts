import type { Template } from "aws-cdk-lib/assertions";
import { resourcesOf } from "../infra/deployed.ts";
import { tableOf } from "./settingsTables.ts";

/** An alarm as CloudFormation has it, as far as people are told. */
interface Alarm {
  readonly AlarmName: { readonly "Fn::Join": readonly [string, readonly unknown[]] };
  readonly AlarmDescription: string;
  readonly MetricName: string;
  readonly Statistic: string;
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly Period: number;
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
  const { MetricName, Statistic, Threshold, Period, EvaluationPeriods, DatapointsToAlarm } = alarm;
  const than =
    alarm.ComparisonOperator === "LessThanThreshold"
      ? "below"
      : alarm.ComparisonOperator === "GreaterThanOrEqualToThreshold"
        ? "at least"
        : alarm.ComparisonOperator;
  const limit = MetricName.includes("Age") ? duration(Threshold) : String(Threshold);
  const span =
    EvaluationPeriods === 1
      ? duration(Period)
      : `${DatapointsToAlarm} of ${EvaluationPeriods} times ${duration(Period)}`;
  const gaps = {
    notBreaching: "",
    breaching: "; no data counts as bad",
    ignore: "; without data it stays as it was",
  };
  return `\`${MetricName}\` (${Statistic.toLowerCase()}) is ${than} ${limit} in ${span}${gaps[alarm.TreatMissingData]}`;
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
