import { ownSource } from "../values/ownMessages.ts";
import type { Clock, Publisher, Unsent } from "../remediation/ports.ts";
import type { Message } from "../values/message.ts";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand } from "@aws-sdk/client-sns";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { Connection } from "./connect.ts";

/** Both services take 10 items a call. SQS takes 1 MiB a call; EventBridge takes 256 KiB, sources and types included. */
const batchItems = 10;
const batchBytes = 256_000;

interface Item {
  readonly index: number;
  readonly text: string;
}

/** Sends one call's worth of items; the answer says which were not taken. */
type Send = (items: readonly Item[]) => Promise<readonly Unsent[]>;

/** Sends texts (each at most 250,000 bytes) to a queue, to be received `delaySeconds` (0-900) later at the earliest. A refused message is tried once more; what is refused again is returned. */
export const sendToQueue = (
  { sqs, clock }: Connection<"sqs">,
  queueUrl: string,
  texts: readonly string[],
  delaySeconds?: number,
): Promise<readonly Unsent[]> =>
  sendAll(texts, clock, async (items) => {
    const Entries = items.map(({ index, text }) => ({
      Id: `${index}`,
      MessageBody: text,
      ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
    }));
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
    );
    return Failed.map(({ Id, Code, Message }) => ({
      index: Number(Id),
      why: reason(Code, Message),
    }));
  });

/** Puts details (JSON, each at most 250,000 bytes) on an event bus. As `sendToQueue` otherwise. */
export const putOnBus = (
  { eventBridge, clock }: Connection<"eventBridge">,
  eventBus: string,
  detailType: string,
  details: readonly string[],
): Promise<readonly Unsent[]> =>
  sendAll(details, clock, async (items) => {
    const Entries = items.map(({ text }) => ({
      EventBusName: eventBus,
      Source: ownSource,
      DetailType: detailType,
      Detail: text,
    }));
    const answer = await eventBridge.send(new PutEventsCommand({ Entries }));
    return items.flatMap(({ index }, place) => {
      const { ErrorCode, ErrorMessage } = answer.Entries?.[place] ?? {};
      return ErrorCode === undefined ? [] : [{ index, why: reason(ErrorCode, ErrorMessage) }];
    });
  });

/** Publishes to a topic. */
export const createPublisher = (aws: Connection<"sns">, topicArn: string): Publisher => ({
  publish: (message) => publish(aws, topicArn, message),
});

async function publish(
  { sns }: Connection<"sns">,
  topicArn: string,
  { subject, text, attributes }: Message,
): Promise<string | undefined> {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === "string"
        ? { DataType: "String", StringValue: value }
        : { DataType: "String.Array", StringValue: JSON.stringify(value) },
    ]),
  );
  const answer = await sns.send(
    new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text, MessageAttributes }),
  );
  return answer.MessageId;
}

const reason = (code: string | undefined, message: string | undefined): string =>
  [code, message].filter(Boolean).join(": ") || "no reason given";

async function sendAll(
  texts: readonly string[],
  clock: Clock,
  send: Send,
): Promise<readonly Unsent[]> {
  const unsent: Unsent[] = [];
  for (const batch of batches(texts)) {
    const refused = await sendBatch(batch, send);
    const again = batch.filter(({ index }) => refused.some((one) => one.index === index));
    if (again.length === 0) continue;
    await clock.sleep(100);
    unsent.push(...(await sendBatch(again, send)));
  }
  return unsent;
}

/** A call that fails as a whole (the SDK has retried it by then) took none of its items; the batches after it have their own chance. */
async function sendBatch(batch: readonly Item[], send: Send): Promise<readonly Unsent[]> {
  try {
    return await send(batch);
  } catch (error) {
    const why = error instanceof Error ? reason(error.name, error.message) : String(error);
    return batch.map(({ index }) => ({ index, why }));
  }
}

function batches(texts: readonly string[]): readonly (readonly Item[])[] {
  const all: Item[][] = [];
  let bytes = Infinity;
  for (const [index, text] of texts.entries()) {
    const size = Buffer.byteLength(text);
    const last = all.at(-1);
    if (last === undefined || last.length === batchItems || bytes + size > batchBytes) {
      all.push([{ index, text }]);
      bytes = size;
    } else {
      last.push({ index, text });
      bytes += size;
    }
  }
  return all;
}
