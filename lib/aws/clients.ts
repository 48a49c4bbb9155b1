import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client, type EC2ClientConfig } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";

/** Where a client sends its calls, as whom and by what; what is left out comes from the environment. */
export type Destination = Pick<
  EC2ClientConfig,
  "region" | "credentials" | "profile" | "endpoint" | "requestHandler"
>;

/** A connection that says nothing must fail, and be tried again, before the function's own time is up. */
const patience = (maxAttempts: number, connectionTimeout: number, socketTimeout: number) => ({
  maxAttempts,
  retryMode: "standard",
  requestHandler: { connectionTimeout, socketTimeout },
});

// One function each, so that a bundle holds the clients that it connects, and no others.
const account = patience(6, 2_000, 15_000);
export const ec2 = (to: Destination) => new EC2Client({ ...account, ...to });
export const elb = (to: Destination) => new ElasticLoadBalancingClient({ ...account, ...to });
export const elbv2 = (to: Destination) => new ElasticLoadBalancingV2Client({ ...account, ...to });

const messages = patience(5, 2_000, 10_000);
export const sqs = (to: Destination) => new SQSClient({ ...messages, ...to });
export const eventBridge = (to: Destination) => new EventBridgeClient({ ...messages, ...to });
export const sns = (to: Destination) => new SNSClient({ ...messages, ...to });

const asking = patience(3, 2_000, 10_000);
export const cloudTrail = (to: Destination) => new CloudTrailClient({ ...asking, ...to });
export const sts = (to: Destination) => new STSClient({ ...asking, ...to });
export const lambda = (to: Destination) => new LambdaClient({ ...asking, ...to });
export const cloudFormation = (to: Destination) => new CloudFormationClient({ ...asking, ...to });

/** In short: an alert waits for it, and can do without. */
export const dynamodb = (to: Destination) =>
  new DynamoDBClient({ ...patience(3, 1_000, 3_000), ...to });
