import { randomUUID } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { cloudTrail, ec2, elb, elbv2, eventBridge, sqs } from "../lib/aws/clients.ts";
import { connect } from "../lib/aws/connect.ts";
import { createEventPath } from "../lib/aws/eventPath.ts";
import { createOutbox } from "../lib/aws/outbox.ts";
import { createWorld } from "../lib/aws/world.ts";
import { checkArmed } from "./verify/armed.ts";
import { readOnce, verifyConfig } from "./runtime/config.ts";
import { accountRegionOf } from "./runtime/invocation.ts";
import { measure } from "./runtime/metrics.ts";
import { observe } from "../lib/remediation/remediate.ts";
import { tell } from "./runtime/outbox.ts";
import { type Summary, verifyRegion } from "./verify/region.ts";

const log = new Logger({ serviceName: "elb-only" });
const aws = connect({ ec2, elb, elbv2, sqs, eventBridge, cloudTrail });
const config = readOnce(verifyConfig, process.env);

/** On a schedule: is everything in place that wakes enforcement? Then looks at every group of the region that load balancers concern, and changes none. */
export async function handler(_event: unknown, context: Context): Promise<Summary> {
  log.addContext(context);
  const { policy, rulePrefix, ...addresses } = config();
  const here = accountRegionOf(context);
  const world = createWorld(aws, {
    ...here,
    glance: true,
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
  const outbox = createOutbox(aws, addresses);
  await checkArmed({
    here,
    ...createEventPath(aws, rulePrefix, addresses.enforceQueueUrl),
    measure,
    notify: outbox.notify,
    now: () => Date.now(),
    log,
  });
  return verifyRegion({
    sweep: () => world.sweep(),
    observe: (affected) => observe(affected, policy, world),
    handOver: outbox.enforce,
    tell: (outcomes) => tell(outcomes, outbox, log),
    newId: randomUUID,
    measure: (measures) => measure({ ...measures, Calls: world.calls() }),
    remainingMs: () => context.getRemainingTimeInMillis(),
    now: () => performance.now(),
    log,
  });
}
