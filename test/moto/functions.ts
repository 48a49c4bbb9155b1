import { randomUUID } from "node:crypto";
import { CreateTableCommand, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
} from "@aws-sdk/client-sqs";
import { builtFunctions } from "../../sandbox/functions.ts";
import { createFunction, type LambdaFunction } from "../../sandbox/lambda/function.ts";
import type { Clients } from "../contract/backend.ts";
import { endpoint, region } from "./moto.ts";

/** Where the functions are wired to. */
export interface Wiring {
  readonly enforceQueue: string;
  readonly notifyQueue: string;
  readonly topic: string;
  readonly table: string;
  /** Gets what is published to the topic. */
  readonly inbox: string;
}

/** Makes the queues and the topic as the deployment would; their names are always the same, so they outlive an emptied moto. */
export async function wire({ sqs, sns, dynamodb }: Clients): Promise<Wiring> {
  const queue = async (QueueName: string): Promise<string> =>
    (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? "";
  const [enforceQueue, notifyQueue] = [await queue("enforce"), await queue("notify")];
  const { TopicArn: topic = "" } = await sns.send(new CreateTopicCommand({ Name: "alerts" }));
  const table = "state";
  const isThere = (await dynamodb.send(new ListTablesCommand({}))).TableNames?.includes(table);
  if (isThere !== true)
    await dynamodb.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "of", KeyType: "HASH" },
          { AttributeName: "at", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "of", AttributeType: "S" },
          { AttributeName: "at", AttributeType: "S" },
        ],
      }),
    );
  return { enforceQueue, notifyQueue, topic, table, inbox: await subscribe({ sqs, sns }, topic) };
}

/** Answers the URL of a queue that gets what is published to a topic. */
export async function subscribe(
  { sqs, sns }: Pick<Clients, "sqs" | "sns">,
  topic: string,
): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "inbox" }));
  const Endpoint = topic.replace(":sns:", ":sqs:").replace(/[^:]*$/, "inbox");
  await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint }));
  return QueueUrl;
}

export type FunctionName = "enforce" | "verify" | "notify";

export interface Functions extends Readonly<Record<FunctionName, LambdaFunction>> {
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/** The functions as they were built, in mode enforce, with the environments that their deployment would give them. */
export function built({ enforceQueue, notifyQueue, topic, table }: Wiring): Functions {
  const between = {
    ELB_ONLY_DEFAULT_MODE: "enforce",
    ELB_ONLY_ENFORCE_QUEUE_URL: enforceQueue,
    ELB_ONLY_NOTIFY_QUEUE_URL: notifyQueue,
    ELB_ONLY_STATE_TABLE: table,
  };
  return started({
    enforce: { ...between, ELB_ONLY_CHECK_HEALTH_AFTER: "0" },
    verify: { ...between, ELB_ONLY_ALERT_TOPIC_ARN: topic },
    notify: { ELB_ONLY_ALERT_TOPIC_ARN: topic, ELB_ONLY_STATE_TABLE: table },
  });
}

/** The functions as they were built, with these environments and what Lambda adds to them. */
export function started(environments: Readonly<Record<FunctionName, Environment>>): Functions {
  const lambda = {
    AWS_ENDPOINT_URL: endpoint(),
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: "ASIAFUNCTION",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_SESSION_TOKEN: "token",
  };
  const functions = Object.fromEntries(
    builtFunctions().map(({ name, bundle }) => {
      const settings = {
        name,
        bundle,
        environment: { ...environments[name], ...lambda },
        timeoutSeconds: 60,
      };
      return [name, createFunction(settings, region, randomUUID, () => {})];
    }),
  ) as Record<FunctionName, LambdaFunction>;
  const close = async () => {
    for (const one of Object.values(functions)) await one.close();
  };
  return { ...functions, close };
}

export const send = async ({ sqs }: Clients, QueueUrl: string, body: object): Promise<unknown> =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));

/** Takes all that waits on a queue. */
export async function take({ sqs }: Clients, QueueUrl: string): Promise<readonly Message[]> {
  const taken: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (Messages.length === 0) return taken;
    for (const { ReceiptHandle } of Messages)
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    taken.push(...Messages);
  }
}

/** A message as SNS brings it to a queue. */
export interface Published {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly Value: string }>>;
}
export const published = async (aws: Clients, inbox: string): Promise<readonly Published[]> =>
  (await take(aws, inbox)).map(({ Body = "" }) => JSON.parse(Body) as Published);

/** Brings all that waits on a queue to a function, as Lambda does, until nothing waits. Fails if the function reports a failure. Answers how many messages it were. */
export async function drain(aws: Clients, queue: string, target: LambdaFunction): Promise<number> {
  let count = 0;
  for (;;) {
    const messages = await take(aws, queue);
    if (messages.length === 0) return count;
    count += messages.length;
    const Records = messages.map(({ MessageId, ReceiptHandle, Body }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
    }));
    const answer = (await target.invoke({ Records })) as {
      readonly batchItemFailures: readonly unknown[];
    };
    if (answer.batchItemFailures.length > 0)
      throw new Error(`${target.name} failed on ${JSON.stringify(answer.batchItemFailures)}`);
  }
}
