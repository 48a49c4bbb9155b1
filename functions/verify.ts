import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { putOnBus, sendToQueue } from "./aws/publish.ts";
import { createWorld } from "./aws/world.ts";
import { readOnce, verifyConfig } from "./config.ts";
import { accountOf } from "./invocation.ts";
import { observe } from "./remediate.ts";
import { tell } from "./tell.ts";
import { type Summary, verifyRegion } from "./verifyRegion.ts";

const log = new Logger({ serviceName: "elb-only" });
const config = readOnce(verifyConfig, process.env);

/** On a schedule: looks at every group of the region that load balancers concern, and changes none. */
export async function handler(_event: unknown, context: Context): Promise<Summary> {
  log.addContext(context);
  const { policy, enforceQueueUrl, notifyQueueUrl, eventBus } = config();
  const world = createWorld({ account: accountOf(context), glance: true });
  const posts = {
    notify: (texts: readonly string[]) => sendToQueue(notifyQueueUrl, texts),
    copy: (texts: readonly string[]) => putOnBus(eventBus, "elb-only outcome", texts),
  };
  return verifyRegion({
    sweep: () => world.sweep(),
    observe: (affected) => observe(affected, policy, world),
    handOver: (texts) => sendToQueue(enforceQueueUrl, texts),
    tell: (outcomes) => tell(outcomes, posts, log),
    newId: randomUUID,
    remainingMs: () => context.getRemainingTimeInMillis(),
    now: () => performance.now(),
    log,
  });
}
