import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { cloudTrail, dynamodb, sns } from "../lib/aws/clients.ts";
import { connect } from "../lib/aws/connect.ts";
import { createEventHistory } from "../lib/aws/eventHistory.ts";
import { createPublisher } from "../lib/aws/publish.ts";
import { storeIn } from "../lib/aws/store.ts";
import { noticesIn } from "../lib/remediation/notices.ts";
import { notifyBatch } from "./notify/batch.ts";
import { notifyConfig, readOnce } from "./runtime/config.ts";
import { failing } from "./runtime/invocation.ts";

const log = new Logger({ serviceName: "elb-only" });
const aws = connect({ sns, dynamodb, cloudTrail });
const config = readOnce(notifyConfig, process.env);

/** Makes messages for people of a batch of outcomes; answers which of them to deliver again. */
export async function handler({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  log.addContext(context);
  const { alertTopicArn, stateTable, ...settings } = config();
  const publisher = createPublisher(aws, alertTopicArn);
  const notices = noticesIn(storeIn(aws.dynamodb, stateTable, aws.clock));
  const history = createEventHistory(aws);
  const runtime = { publisher, notices, history, clock: aws.clock, log };
  return failing(await notifyBatch(Records, runtime, settings));
}
