import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { publish } from "./aws/publish.ts";
import { notifyConfig, readOnce } from "./config.ts";
import { failing } from "./invocation.ts";
import { notifyBatch } from "./notifyBatch.ts";

const log = new Logger({ serviceName: "elb-only" });
const config = readOnce(notifyConfig, process.env);

/** Makes messages for people of a batch of outcomes; answers which of them to deliver again. */
export async function handler({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  log.addContext(context);
  const { alertTopicArn, region } = config();
  return failing(await notifyBatch(Records, { region, publish: (message) => publish(alertTopicArn, message), log }));
}
