import { describe, expect, it } from "vitest";
import { metrics, namespace, service } from "../../infra/metrics.ts";
import { deployed, propertiesOf, resourcesOf } from "./deployed.ts";

const template = deployed({ alertEmail: "ops@example.com", alarmEmail: "boss@example.com" });
const ours = [{ Name: "service", Value: service }];

const alarms: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[] =
  Object.entries(resourcesOf(template))
    .filter(([, { Type }]) => Type === "AWS::CloudWatch::Alarm")
    .map(([id, { Properties }]) => ({ id, ...Properties }));

const alarmOn = (
  metric: string,
  dimension: unknown,
): readonly Readonly<Record<string, unknown>>[] =>
  alarms.filter(
    ({ MetricName, Dimensions }) =>
      MetricName === metric && JSON.stringify(Dimensions).includes(JSON.stringify(dimension)),
  );

describe("alarms", () => {
  it.each(
    Object.entries(resourcesOf(template)).flatMap(([id, { Type }]) =>
      Type === "AWS::SQS::Queue" && id.endsWith("DeadLetters") ? [id] : [],
    ),
  )("tell of a single dead letter: %s", (queue) => {
    expect(
      alarmOn("ApproximateNumberOfMessagesVisible", { "Fn::GetAtt": [queue, "QueueName"] }),
    ).toMatchObject([
      {
        Namespace: "AWS/SQS",
        Statistic: "Maximum",
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        Threshold: 1,
        Period: 60,
      },
    ]);
  });

  it.each(["EnforceQueue", "NotifyQueue"])(
    "tell of messages that wait more than two tries' time: %s",
    (queue) => {
      const [alarm] = alarmOn("ApproximateAgeOfOldestMessage", {
        "Fn::GetAtt": [queue, "QueueName"],
      });
      expect(alarm).toMatchObject({
        Statistic: "Maximum",
        Threshold: 1500,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
      });
      expect(900 + 2 * Number(propertiesOf(template, queue)["VisibilityTimeout"])).toBeLessThan(
        1500,
      );
    },
  );

  it.each(["EnforceFunction", "VerifyFunction", "NotifyFunction"])(
    "tell of errors and throttles: %s",
    (name) => {
      for (const metric of ["Errors", "Throttles"])
        expect(alarmOn(metric, { Ref: name })).toMatchObject([
          {
            Namespace: "AWS/Lambda",
            Statistic: "Sum",
            Threshold: 1,
            TreatMissingData: "notBreaching",
          },
        ]);
    },
  );

  it.each([
    ["1h", 3600],
    ["1d", 86_400],
  ])(
    "tell that no sweep was completed in two intervals of %s, no data included",
    (sweepInterval, seconds) => {
      expect(propertiesOf(deployed({ sweepInterval }), "NoSweepAlarm")).toMatchObject({
        Namespace: namespace,
        MetricName: metrics.sweepCompleted,
        Dimensions: ours,
        Statistic: "Sum",
        ComparisonOperator: "LessThanThreshold",
        Threshold: 1,
        Period: seconds,
        EvaluationPeriods: 2,
        DatapointsToAlarm: 2,
        TreatMissingData: "breaching",
      });
    },
  );

  it("tell that a sweep found nothing armed, until one finds it armed", () => {
    expect(propertiesOf(template, "NotArmedAlarm")).toMatchObject({
      Namespace: namespace,
      MetricName: metrics.armed,
      Dimensions: ours,
      Statistic: "Minimum",
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      Period: 3600,
      TreatMissingData: "ignore",
    });
  });

  it("tell that no canary came back in two intervals, no data included", () => {
    expect(propertiesOf(template, "NotProvenAlarm")).toMatchObject({
      MetricName: metrics.armedProven,
      Dimensions: ours,
      Statistic: "Maximum",
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      Period: 3600,
      EvaluationPeriods: 2,
      DatapointsToAlarm: 2,
      TreatMissingData: "breaching",
    });
  });

  it("tell that nobody hears alerts, where those cannot say so themselves", () => {
    expect(propertiesOf(template, "NobodyHearsAlarm")).toMatchObject({
      MetricName: metrics.alertsHeard,
      Dimensions: ours,
      Statistic: "Minimum",
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      Period: 3600,
      TreatMissingData: "ignore",
      AlarmActions: [{ Ref: "AlarmTopic" }],
    });
  });

  it("tell of drift that a second sweep still found", () => {
    expect(propertiesOf(template, "DriftLeftAlarm")).toMatchObject({
      Namespace: namespace,
      MetricName: metrics.driftLeft,
      Dimensions: ours,
      Statistic: "Maximum",
      Threshold: 1,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: "notBreaching",
    });
  });

  it.each([
    ["ProtectionFallsAlarm", metrics.groupsProtected, "Minimum", "LessThanThreshold"],
    ["OpenPortsRiseAlarm", metrics.servedPortsOpen, "Maximum", "GreaterThanThreshold"],
  ])(
    "tell of a sweep that found it worse than the one before: %s",
    (id, metric, Stat, operator) => {
      const alarm = propertiesOf(template, id);
      expect(alarm).toMatchObject({
        Metrics: [
          { Expression: "DIFF(latest)", ReturnData: true },
          {
            Id: "latest",
            ReturnData: false,
            MetricStat: {
              Metric: { Namespace: namespace, MetricName: metric, Dimensions: ours },
              Period: 3600,
              Stat,
            },
          },
        ],
        ComparisonOperator: operator,
        Threshold: 0,
      });
      // A difference needs the period before.
      expect(alarm).toMatchObject({ EvaluationPeriods: 2, DatapointsToAlarm: 1 });
      expect(alarm).not.toHaveProperty("Period");
    },
  );

  it("stay quiet where there is no data, but for the sweep's", () => {
    const loud = alarms
      .filter(({ TreatMissingData }) => TreatMissingData !== "notBreaching")
      .map(({ id }) => id);
    expect(loud.sort()).toEqual([
      "NoSweepAlarm",
      "NobodyHearsAlarm",
      "NotArmedAlarm",
      "NotProvenAlarm",
    ]);
  });

  it("look back no longer than CloudWatch can: a day, or a week with periods of an hour or more", () => {
    for (const sweepInterval of ["15m", "1d"]) {
      const found = Object.values(resourcesOf(deployed({ sweepInterval }))).filter(
        ({ Type }) => Type === "AWS::CloudWatch::Alarm",
      );
      for (const { Properties } of found) {
        const period = Number(
          Properties["Period"] ?? (Properties as unknown as Changing).Metrics[1].MetricStat.Period,
        );
        expect(period * Number(Properties["EvaluationPeriods"])).toBeLessThanOrEqual(
          period >= 3600 ? 604_800 : 86_400,
        );
      }
    }
  });

  it("each go to the topic, when it is bad and when it is good again, under a name of its own and with what to do", () => {
    for (const alarm of alarms)
      expect(alarm).toMatchObject({
        AlarmActions: [{ Ref: "AlarmTopic" }],
        OKActions: [{ Ref: "AlarmTopic" }],
      });
    const names = alarms.map(({ AlarmName }) => JSON.stringify(AlarmName));
    expect(new Set(names).size).toBe(alarms.length);
    expect(
      alarms.filter(
        ({ AlarmDescription }) => typeof AlarmDescription !== "string" || AlarmDescription === "",
      ),
    ).toEqual([]);
  });
});

/** An alarm on a difference, with the metric that it is of. */
interface Changing {
  readonly Metrics: readonly [unknown, { readonly MetricStat: { readonly Period: number } }];
}

describe("the dashboard", () => {
  const body = JSON.stringify(propertiesOf(template, "Dashboard")["DashboardBody"]);

  it.each(Object.values(metrics))("shows %s", (metric) => {
    expect(body).toContain(`\\"${namespace}\\",\\"${metric}\\",\\"service\\",\\"${service}\\"`);
  });

  it("is JSON once CloudFormation has put the names in", () => {
    const { "Fn::Join": join } = propertiesOf(template, "Dashboard")["DashboardBody"] as {
      readonly "Fn::Join": readonly [string, readonly unknown[]];
    };
    const text = join[1].map((part) => (typeof part === "string" ? part : "name")).join("");
    const { widgets } = JSON.parse(text) as {
      readonly widgets: readonly {
        readonly properties: { readonly metrics: readonly unknown[] };
      }[];
    };
    expect(widgets.length).toBe(9);
    expect(widgets.flatMap(({ properties }) => properties.metrics).length).toBeLessThanOrEqual(50);
  });
});
