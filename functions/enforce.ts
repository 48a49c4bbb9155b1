import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { dynamodb, ec2, elb, elbv2, eventBridge, sqs } from "../lib/aws/clients.ts";
import { connect } from "../lib/aws/connect.ts";
import { remediate } from "../lib/remediation/remediate.ts";
import { restraintsBy } from "../lib/remediation/restraints.ts";
import { enforceBatch } from "./enforce/batch.ts";
import { watching } from "./enforce/watching.ts";
import { elbShares, enforceConfig, readOnce } from "./runtime/config.ts";
import { enoughTime, failing } from "./runtime/invocation.ts";
import { createRuntime } from "./runtime/runtime.ts";

const log = new Logger({ serviceName: "elb-only" });
const config = readOnce(enforceConfig, process.env);
const aws = connect(
  { dynamodb, ec2, elb, elbv2, sqs, eventBridge },
  { elbPerSecond: () => elbShares.enforce * config().elbCallsPerSecond },
);

/** Milliseconds by which two functions' clocks may differ. */
const clocksApart = 5_000;

/**
 * Enforces on the groups that a batch of events touches, or a single EventBridge event.
 * Of a batch it answers which messages to deliver again; with a single event it throws instead.
 */
export async function handler(
  event: SQSEvent | object,
  context: Context,
): Promise<SQSBatchResponse> {
  log.addContext(context);
  const { checkHealthAfter, caution, ...deployment } = config();
  const runtime = createRuntime(aws, deployment, context, log);
  const world = watching(runtime.world, checkHealthAfter, log);
  const restraint = restraintsBy(runtime.store, runtime.clock, caution);
  const hasTime = () => runtime.remainingMs() > enoughTime;
  const isBatch = "Records" in event;
  const failed = await enforceBatch(
    isBatch ? event.Records : [{ messageId: "the event", body: JSON.stringify(event) }],
    {
      ...runtime,
      remediate: (affected, custody, settled) =>
        remediate(affected, deployment.policy, world, custody, hasTime, restraint, settled),
      worker: {
        name: randomUUID(),
        until: aws.clock.now() + context.getRemainingTimeInMillis() + clocksApart,
      },
      checkAfterSeconds: checkHealthAfter === "off" ? 0 : checkHealthAfter,
    },
  );
  runtime.measure({ Calls: runtime.world.calls() });
  if (!isBatch && failed.size > 0) throw new Error([...failed.values()].join("; "));
  return failing(failed.keys());
}
