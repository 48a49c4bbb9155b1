import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import {
  cloudTrail,
  dynamodb,
  ec2,
  elb,
  elbv2,
  eventBridge,
  lambda,
  sns,
  sqs,
} from "../lib/aws/clients.ts";
import { connect } from "../lib/aws/connect.ts";
import { createAudience } from "../lib/aws/audience.ts";
import { createEventPath } from "../lib/aws/eventPath.ts";
import { createOtherRegions } from "../lib/aws/otherRegions.ts";
import { elbShares, readOnce, verifyConfig } from "./runtime/config.ts";
import { accountRegionOf } from "./runtime/invocation.ts";
import { createRuntime } from "./runtime/runtime.ts";
import { checkArmed } from "./verify/armed.ts";
import { checkHeard } from "./verify/heard.ts";
import { checkOtherRegions } from "./verify/otherRegions.ts";
import { type Summary, verifyRegion } from "./verify/region.ts";
import { wiringOf } from "./verify/wiring.ts";

const log = new Logger({ serviceName: "elb-only" });
const config = readOnce(verifyConfig, process.env);
const aws = connect(
  { dynamodb, ec2, elb, elbv2, sqs, eventBridge, cloudTrail, lambda, sns },
  { elbPerSecond: () => elbShares.verify * config().elbCallsPerSecond },
);

/** On a schedule: is everything in place that wakes enforcement? Then looks at every group of the region that load balancers concern, and changes none. */
export async function handler(_event: unknown, context: Context): Promise<Summary> {
  log.addContext(context);
  const deployment = config();
  const runtime = createRuntime(aws, deployment, context, log, true);
  const wiring = wiringOf(deployment, accountRegionOf(context), context.functionName);
  await checkArmed(createEventPath(aws, wiring), runtime);
  const topics = { alerts: deployment.alertTopicArn, alarms: deployment.wiring?.alarmTopicArn };
  await checkHeard(topics, createAudience(aws), runtime);
  const { region } = runtime.world;
  if (wiring !== undefined && deployment.homeRegion === region)
    await checkOtherRegions(createOtherRegions(aws.ec2, region, wiring.rulePrefix), runtime);
  return verifyRegion(runtime);
}
