import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { callsSoFar } from "./aws/clients.ts";
import { problemsOfRules } from "./aws/eventRules.ts";
import { putOnBus, sendToQueue } from "./aws/publish.ts";
import { whyNoTrail } from "./aws/trails.ts";
import { createWorld } from "./aws/world.ts";
import { checkArmed } from "./armed.ts";
import { readOnce, verifyConfig } from "./config.ts";
import { accountOf } from "./invocation.ts";
import { measure } from "./metrics.ts";
import { observe } from "./remediate.ts";
import { tell } from "./tell.ts";
import { type Summary, verifyRegion } from "./verifyRegion.ts";

const log = new Logger({ serviceName: "elb-only" });
const config = readOnce(verifyConfig, process.env);

/** On a schedule: is everything in place that wakes enforcement? Then looks at every group of the region that load balancers concern, and changes none. */
export async function handler(_event: unknown, context: Context): Promise<Summary> {
  log.addContext(context);
  const { policy, enforceQueueUrl, notifyQueueUrl, eventBus, rulePrefix } = config();
  const account = accountOf(context);
  const world = createWorld({ account, glance: true, remainingMs: () => context.getRemainingTimeInMillis() });
  const posts = {
    notify: (texts: readonly string[]) => sendToQueue(notifyQueueUrl, texts),
    copy: (texts: readonly string[]) => putOnBus(eventBus, "elb-only outcome", texts),
  };
  await checkArmed({
    account,
    whyNoTrail,
    problemsOfRules: rulePrefix === undefined ? undefined : () => problemsOfRules(rulePrefix, enforceQueueUrl),
    measure,
    notify: posts.notify,
    now: () => Date.now(),
    log,
  });
  const before = callsSoFar();
  return verifyRegion({
    sweep: () => world.sweep(),
    observe: (affected) => observe(affected, policy, world),
    handOver: (texts) => sendToQueue(enforceQueueUrl, texts),
    tell: (outcomes) => tell(outcomes, posts, log),
    newId: randomUUID,
    measure: (measures) => measure({ ...measures, Calls: callsSoFar() - before }),
    remainingMs: () => context.getRemainingTimeInMillis(),
    now: () => performance.now(),
    log,
  });
}
