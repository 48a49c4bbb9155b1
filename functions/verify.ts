import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { callsSoFar } from "../lib/aws/connect.ts";
import { problemsOfRules } from "../lib/aws/eventRules.ts";
import { putOnBus, sendToQueue } from "../lib/aws/publish.ts";
import { whyNoTrail } from "../lib/aws/trails.ts";
import { createWorld } from "../lib/aws/world.ts";
import { checkArmed } from "./verify/armed.ts";
import { readOnce, verifyConfig } from "./runtime/config.ts";
import { accountRegionOf } from "./runtime/invocation.ts";
import { measure } from "./runtime/metrics.ts";
import { observe } from "../lib/remediation/remediate.ts";
import { tell } from "./runtime/outbox.ts";
import { type Summary, verifyRegion } from "./verify/region.ts";

const log = new Logger({ serviceName: "elb-only" });
const config = readOnce(verifyConfig, process.env);

/** On a schedule: is everything in place that wakes enforcement? Then looks at every group of the region that load balancers concern, and changes none. */
export async function handler(_event: unknown, context: Context): Promise<Summary> {
  log.addContext(context);
  const { policy, enforceQueueUrl, notifyQueueUrl, eventBus, rulePrefix } = config();
  const here = accountRegionOf(context);
  const world = createWorld({
    ...here,
    glance: true,
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
  const posts = {
    notify: (texts: readonly string[]) => sendToQueue(notifyQueueUrl, texts),
    copy: (texts: readonly string[]) => putOnBus(eventBus, "elb-only outcome", texts),
  };
  await checkArmed({
    here,
    whyNoTrail,
    problemsOfRules:
      rulePrefix === undefined ? undefined : () => problemsOfRules(rulePrefix, enforceQueueUrl),
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
