import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingClient } from "@aws-sdk/client-elastic-load-balancing";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";

/** Something that speaks AWS's protocols: a sandbox or another emulator. */
export interface Backend {
  readonly endpoint: string;
  readonly region: string;
  /** Each with at least two subnets, in different zones. */
  readonly defaultVpc: Place;
  readonly otherVpc: Place;
  readonly queueUrl: string;
  readonly topicArn: string;
}

export interface Place {
  readonly vpc: string;
  readonly subnets: readonly [string, string, ...string[]];
}

/** The SDK's own clients, unmodified, that find the backend by its endpoint. No retries: a test sees the first answer. */
export function clients(
  { endpoint, region }: Pick<Backend, "endpoint" | "region">,
  accessKeyId = "AKIASANDBOXALICE",
) {
  const config = {
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey: "sandbox" },
    maxAttempts: 1,
  };
  return {
    dynamodb: new DynamoDBClient(config),
    ec2: new EC2Client(config),
    elb: new ElasticLoadBalancingClient(config),
    elbv2: new ElasticLoadBalancingV2Client(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
    events: new EventBridgeClient(config),
    lambda: new LambdaClient(config),
    cloudTrail: new CloudTrailClient(config),
  };
}

export type Clients = ReturnType<typeof clients>;

let names = 0;

/** A name that no other test uses. */
export const unique = (what: string): string => `${what}-${process.pid}-${names++}`;

/** AWS's error code and HTTP status of a call that has to fail. */
export async function refusal(call: Promise<unknown>): Promise<{
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
}> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) =>
      error as Error & {
        readonly Code?: string;
        readonly $metadata?: { readonly httpStatusCode?: number };
      },
  );
  if (outcome === undefined) throw new Error("The call was to be refused and was not.");
  return {
    code: outcome.Code ?? outcome.name,
    message: outcome.message,
    status: outcome.$metadata?.httpStatusCode,
  };
}
