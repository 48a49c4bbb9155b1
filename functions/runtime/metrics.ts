import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { measured, type Measures } from "./measures.ts";

// The only dimension is the service, so that the number of metrics does not grow with the account.
const metrics = new Metrics({ namespace: "elb-only", serviceName: "elb-only" });

/** Writes measures to stdout in CloudWatch's embedded metric format, of which it makes metrics. */
export function measure(measures: Measures): void {
  const values = measured.flatMap((name) =>
    [measures[name] ?? []].flat().map((value) => [name, value] as const),
  );
  for (const [name, value] of values)
    metrics.addMetric(
      name,
      name === "ExposureSeconds" ? MetricUnit.Seconds : MetricUnit.Count,
      value,
    );
  if (values.length > 0) metrics.publishStoredMetrics();
}
