import { awsError } from "../errors.ts";
import type { Operations } from "../operation.ts";
import type { Cloud } from "../state/cloud.ts";
import type { Queue } from "../state/sqs.ts";
import { structure, text, texts, type Params } from "../wire/params.ts";
import type { Tree } from "../wire/tree.ts";
import { createQueue } from "./queue.ts";
import { needed, queueArn, queueOf, queueUrl } from "./sqs.ts";

const invalid = (name: string) => awsError("InvalidAttributeName", `Unknown Attribute ${name}.`);

/** Attributes that a request may set and that make no difference here: they are taken, and shown as AWS's defaults. */
const defaults: Readonly<Record<string, string>> = {
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  SqsManagedSseEnabled: "true",
};

function redriveOf(cloud: Cloud, policy: string): Queue["redrive"] {
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as Record<string, unknown>;
  const to = cloud.queues.get(String(deadLetterTargetArn).split(":").at(-1) ?? "");
  if (to === undefined)
    throw awsError(
      "InvalidParameterValue",
      `Value ${policy} for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.`,
    );
  return { to, maxReceiveCount: Number(maxReceiveCount) };
}

/** What a request's attributes say of a queue. */
function asWanted(cloud: Cloud, params: Params): Partial<Queue> {
  const attributes = structure(params, "Attributes") ?? {};
  const strange = Object.keys(attributes).find(
    (name) =>
      !(name in defaults) && !["VisibilityTimeout", "RedrivePolicy", "Policy"].includes(name),
  );
  if (strange !== undefined) throw invalid(strange);
  const [visibility, redriving, policy] = [
    text(attributes, "VisibilityTimeout"),
    text(attributes, "RedrivePolicy"),
    text(attributes, "Policy"),
  ];
  const redrive = redriving === undefined ? undefined : redriveOf(cloud, redriving);
  return {
    ...(visibility === undefined ? {} : { visibilityMs: Number(visibility) * 1000 }),
    ...(redrive === undefined ? {} : { redrive }),
    ...(policy === undefined ? {} : { policy }),
  };
}

function attributesOf(cloud: Cloud, queue: Queue): Readonly<Record<string, string>> {
  const now = cloud.now().getTime();
  const messages = [...queue.messages.values()];
  const visible = messages.filter((message) => message.visible <= now).length;
  const delayed = messages.filter(
    (message) => message.visible > now && message.receives === 0,
  ).length;
  return {
    ...defaults,
    QueueArn: queueArn(cloud, queue.name),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(messages.length - visible - delayed),
    VisibilityTimeout: String(Math.ceil(queue.visibilityMs / 1000)),
    ...(queue.policy === undefined ? {} : { Policy: queue.policy }),
    ...(queue.redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(cloud, queue.redrive.to.name),
        maxReceiveCount: queue.redrive.maxReceiveCount,
      }),
    }),
  };
}

/** SQS's queues themselves, in AWS JSON 1.0. */
export const queueOperations: Operations = {
  CreateQueue: {
    run: (cloud, params) => {
      const name = needed(params, "QueueName");
      if (!/^[\w-]{1,80}$/.test(name))
        throw awsError(
          "InvalidParameterValue",
          "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        );
      if (!cloud.queues.has(name))
        cloud.queues.set(name, { ...createQueue(name, 30_000), ...asWanted(cloud, params) });
      return { QueueUrl: queueUrl(cloud, name) };
    },
  },

  DeleteQueue: {
    run: (cloud, params) => {
      cloud.queues.delete(queueOf(cloud, params).name);
      return {};
    },
  },

  PurgeQueue: {
    run: (cloud, params) => {
      queueOf(cloud, params).messages.clear();
      return {};
    },
  },

  ListQueues: {
    run: (cloud, params) => {
      const prefix = text(params, "QueueNamePrefix") ?? "";
      const names = [...cloud.queues.keys()].filter((name) => name.startsWith(prefix));
      return { QueueUrls: names.map((name) => queueUrl(cloud, name)) };
    },
  },

  ListDeadLetterSourceQueues: {
    run: (cloud, params) => {
      const dead = queueOf(cloud, params);
      const sources = [...cloud.queues.values()].filter(({ redrive }) => redrive?.to === dead);
      return { queueUrls: sources.map(({ name }) => queueUrl(cloud, name)) };
    },
  },

  GetQueueUrl: {
    run: (cloud, params) => {
      const name = needed(params, "QueueName");
      if (!cloud.queues.has(name))
        throw awsError("QueueDoesNotExist", "The specified queue does not exist.");
      return { QueueUrl: queueUrl(cloud, name) };
    },
  },

  GetQueueAttributes: {
    run: (cloud, params) => {
      const all = attributesOf(cloud, queueOf(cloud, params));
      const names = texts(params, "AttributeNames");
      const shown = Object.entries(all).filter(
        ([name]) => names.includes("All") || names.includes(name),
      );
      return shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) satisfies Tree };
    },
  },

  SetQueueAttributes: {
    run: (cloud, params) => {
      // Event sources and other queues' redrive policies hold on to the queue itself.
      Object.assign(queueOf(cloud, params), asWanted(cloud, params));
      return {};
    },
  },
};
