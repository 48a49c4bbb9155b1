import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { CreateTopicCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { inject } from "vitest";
import { clients, type Backend, type Clients, type Place } from "../contract/backend.ts";

export const region = "eu-central-1";
export const endpoint = (): string => inject("moto");

export const connected = (): Clients => clients({ endpoint: endpoint(), region });

async function ask(method: "GET" | "POST", path: string): Promise<string> {
  const answer = await fetch(`${endpoint()}/moto-api/${path}`, { method });
  if (!answer.ok)
    throw new Error(`moto answers ${answer.status} to ${path}: ${await answer.text()}`);
  return answer.text();
}

/** Empties moto: what is left is a default VPC. */
export const reset = (): Promise<string> => ask("POST", "reset");

/** A name for each request that reached moto while `work` was done, as in "AuthorizeSecurityGroupIngress". */
export async function recorded(work: () => Promise<unknown>): Promise<readonly string[]> {
  await ask("POST", "recorder/reset-recording");
  await ask("POST", "recorder/start-recording");
  try {
    await work();
  } finally {
    await ask("POST", "recorder/stop-recording");
  }
  // moto writes a record and its line's end in two steps: two requests at once may share a line.
  const lines = (await ask("GET", "recorder/download-recording"))
    .split(/\n|(?<=\})(?=\{")/)
    .filter((line) => line !== "");
  return lines.map((line) => nameOf(JSON.parse(line) as Recorded));
}

interface Recorded {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly body_encoded: boolean;
}

/** The query protocol names the operation in the body, the JSON protocol in a header. */
function nameOf({ headers, body, body_encoded }: Recorded): string {
  const target = headers["X-Amz-Target"]?.split(".").at(-1);
  const text = body_encoded ? Buffer.from(body, "base64").toString() : body;
  return target ?? new URLSearchParams(text).get("Action") ?? "unknown";
}

/** A VPC with two subnets, in different zones, and an IPv6 range. */
export async function newPlace({ ec2 }: Clients): Promise<Place> {
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", AmazonProvidedIpv6CidrBlock: true }),
  );
  const vpc = Vpc?.VpcId ?? "";
  const subnet = async (zone: string, CidrBlock: string): Promise<string> => {
    const create = new CreateSubnetCommand({
      VpcId: vpc,
      CidrBlock,
      AvailabilityZone: `${region}${zone}`,
    });
    return (await ec2.send(create)).Subnet?.SubnetId ?? "";
  };
  return { vpc, subnets: [await subnet("a", "10.0.0.0/24"), await subnet("b", "10.0.1.0/24")] };
}

async function defaultPlace({ ec2 }: Clients): Promise<Place> {
  const { Vpcs } = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["true"] }] }),
  );
  const vpc = Vpcs?.[0]?.VpcId ?? "";
  const { Subnets = [] } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: "vpc-id", Values: [vpc] }] }),
  );
  return { vpc, subnets: Subnets.map(({ SubnetId = "" }) => SubnetId) as [string, string] };
}

/** What the contract is judged on. */
export async function newBackend(): Promise<Backend> {
  const aws = connected();
  return {
    endpoint: endpoint(),
    region,
    defaultVpc: await defaultPlace(aws),
    otherVpc: await newPlace(aws),
    queueUrl: (await aws.sqs.send(new CreateQueueCommand({ QueueName: "notify" }))).QueueUrl ?? "",
    topicArn: (await aws.sns.send(new CreateTopicCommand({ Name: "alerts" }))).TopicArn ?? "",
  };
}
