import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { memoryIn } from "../lib/aws/journal.ts";
import { publish } from "../lib/aws/publish.ts";
import { notifyConfig, readOnce } from "./runtime/config.ts";
import { failing } from "./runtime/invocation.ts";
import { notifyBatch } from "./notify/batch.ts";

const log = new Logger({ serviceName: "elb-only" });
const config = readOnce(notifyConfig, process.env);

/** Makes messages for people of a batch of outcomes; answers which of them to deliver again. */
export async function handler({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  log.addContext(context);
  const { alertTopicArn, alertTable, ...telling } = config();
  const work = {
    ...telling,
    memory: alertTable === undefined ? undefined : memoryIn(alertTable),
    publish: (message: Parameters<typeof publish>[1]) => publish(alertTopicArn, message),
    now: () => Date.now(),
    log,
  };
  return failing(await notifyBatch(Records, work));
}
