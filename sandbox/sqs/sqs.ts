import { createHash } from "node:crypto";
import type { Cloud } from "../state/cloud.ts";
import { awsError } from "../errors.ts";
import { account } from "../identities.ts";
import type { Operations } from "../operation.ts";
import { integer, structure, structures, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { hide, receive, remove, send } from "./queue.ts";
import type { Message, Queue } from "../state/sqs.ts";

export const queueUrl = (cloud: Cloud, name: string): string =>
  `${cloud.endpoint}/${account}/${name}`;

export const queueArn = (cloud: Cloud, name: string): string =>
  `arn:aws:sqs:${cloud.region}:${account}:${name}`;

const maxBytes = 1_048_576;

const md5 = (body: string): string => createHash("md5").update(body).digest("hex");

export function needed(params: Params, name: string): string {
  const value = text(params, name);
  if (value === undefined)
    throw awsError("MissingParameter", `The request must contain the parameter ${name}.`);
  return value;
}

export function queueOf(cloud: Cloud, params: Params): Queue {
  const queue = cloud.queues.get(needed(params, "QueueUrl").split("/").at(-1) ?? "");
  if (queue === undefined)
    throw awsError("QueueDoesNotExist", "The specified queue does not exist.");
  return queue;
}

function sendOne(cloud: Cloud, queue: Queue, entry: Params): Tree {
  const body = needed(entry, "MessageBody");
  if (Buffer.byteLength(body) > maxBytes) {
    throw awsError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxBytes} bytes.`,
    );
  }
  const message = send(
    queue,
    cloud.ids,
    cloud.now().getTime(),
    body,
    structure(entry, "MessageAttributes"),
    (integer(entry, "DelaySeconds") ?? 0) * 1000,
  );
  return { MessageId: message.id, MD5OfMessageBody: md5(body) };
}

/** Who received a message how often, as ReceiveMessage and a function's event source show it. */
export const messageAttributes = (message: Message): Readonly<Record<string, string>> => ({
  ApproximateReceiveCount: String(message.receives),
  SentTimestamp: String(message.sent),
  SenderId: account,
  ApproximateFirstReceiveTimestamp: String(message.firstReceived ?? message.sent),
});

/** Those of the sender's own attributes that are asked for. */
function shownAttributes({ attributes }: Message, names: readonly string[]): Tree | undefined {
  const shown = Object.entries(attributes).filter(
    ([name]) => names.includes("All") || names.includes(".*") || names.includes(name),
  );
  return shown.length === 0 ? undefined : (Object.fromEntries(shown) as Tree);
}

/** SQS's messages, in AWS JSON 1.0. */
export const messageOperations: Operations = {
  SendMessage: { run: (cloud, params) => sendOne(cloud, queueOf(cloud, params), params) },

  SendMessageBatch: {
    run: (cloud, params, { failingEntries }) => {
      const queue = queueOf(cloud, params);
      const entries = structures(params, "Entries");
      const ids = entries.map((entry) => needed(entry, "Id"));
      if (entries.length === 0)
        throw awsError(
          "EmptyBatchRequest",
          "There should be at least one SendMessageBatchRequestEntry in the request.",
        );
      if (entries.length > 10)
        throw awsError(
          "TooManyEntriesInBatchRequest",
          `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
        );
      if (new Set(ids).size < ids.length)
        throw awsError(
          "BatchEntryIdsNotDistinct",
          `Id ${ids.find((id, index) => ids.indexOf(id) < index)} repeated.`,
        );
      if (
        entries.reduce(
          (bytes, entry) => bytes + Buffer.byteLength(text(entry, "MessageBody") ?? ""),
          0,
        ) > maxBytes
      ) {
        throw awsError(
          "BatchRequestTooLong",
          `Batch requests cannot be longer than ${maxBytes} bytes.`,
        );
      }
      const [failing, others] = [entries.slice(0, failingEntries), entries.slice(failingEntries)];
      return {
        Successful: others.map((entry) => ({
          Id: text(entry, "Id"),
          ...sendOne(cloud, queue, entry),
        })),
        Failed: failing.map((entry) => ({
          Id: text(entry, "Id"),
          SenderFault: false,
          Code: "InternalError",
          Message: "Internal error",
        })),
      };
    },
  },

  ReceiveMessage: {
    run: (cloud, params) => {
      const visibility = integer(params, "VisibilityTimeout");
      const queue = queueOf(cloud, params);
      const messages = receive(
        queue,
        cloud.ids,
        cloud.now().getTime(),
        integer(params, "MaxNumberOfMessages") ?? 1,
        visibility === undefined ? queue.visibilityMs : visibility * 1000,
      );
      return {
        Messages:
          messages.length === 0
            ? undefined
            : messages.map((message) => ({
                MessageId: message.id,
                ReceiptHandle: message.receipt,
                Body: message.body,
                MD5OfBody: md5(message.body),
                Attributes: messageAttributes(message),
                MessageAttributes: shownAttributes(message, texts(params, "MessageAttributeNames")),
              })),
      };
    },
  },

  ChangeMessageVisibility: {
    run: (cloud, params) => {
      const seconds = Number(needed(params, "VisibilityTimeout"));
      if (seconds < 0 || seconds > 43_200)
        throw awsError(
          "InvalidParameterValue",
          `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.`,
        );
      hide(
        queueOf(cloud, params),
        needed(params, "ReceiptHandle"),
        cloud.now().getTime() + seconds * 1000,
      );
      return {};
    },
  },

  DeleteMessageBatch: {
    run: (cloud, params) => {
      const queue = queueOf(cloud, params);
      const entries = structures(params, "Entries");
      for (const entry of entries) remove(queue, needed(entry, "ReceiptHandle"));
      return { Successful: entries.map((entry) => ({ Id: text(entry, "Id") })), Failed: [] };
    },
  },

  DeleteMessage: {
    run: (cloud, params) => {
      remove(queueOf(cloud, params), needed(params, "ReceiptHandle"));
      return {};
    },
  },
};
