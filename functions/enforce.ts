import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { putOnBus, sendToQueue } from "./aws/publish.ts";
import { createWorld } from "./aws/world.ts";
import { enforceConfig, readOnce } from "./config.ts";
import { enforceBatch } from "./enforceBatch.ts";
import { accountOf, failing } from "./invocation.ts";
import { remediate } from "./remediate.ts";
import { tell } from "./tell.ts";
import { parseEvent } from "./triggers/parse.ts";

const log = new Logger({ serviceName: "elb-only" });
const config = readOnce(enforceConfig, process.env);

/**
 * Enforces on the groups that a batch of events touches, or a single EventBridge event.
 * Of a batch it answers which messages to deliver again; with a single event it throws instead.
 */
export async function handler(event: SQSEvent | object, context: Context): Promise<SQSBatchResponse> {
  log.addContext(context);
  const { policy, notifyQueueUrl, eventBus } = config();
  const world = createWorld({ account: accountOf(context) });
  const posts = {
    notify: (texts: readonly string[]) => sendToQueue(notifyQueueUrl, texts),
    copy: (texts: readonly string[]) => putOnBus(eventBus, "elb-only outcome", texts),
  };
  const isBatch = "Records" in event;
  const failed = await enforceBatch(isBatch ? event.Records : [{ messageId: "the event", body: JSON.stringify(event) }], {
    parse: parseEvent,
    affected: (triggers) => world.affected(triggers),
    remediate: (affected) => remediate(affected, policy, world),
    tell: (outcomes) => tell(outcomes, posts, log),
    remainingMs: () => context.getRemainingTimeInMillis(),
    now: () => performance.now(),
    log,
  });
  if (!isBatch && failed.size > 0) throw new Error([...failed.values()].join("; "));
  return failing(failed.keys());
}
