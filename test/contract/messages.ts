import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand } from "@aws-sdk/client-sns";
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { clients, refusal, type Backend } from "./backend.ts";

/** What every emulator of SQS, SNS and EventBridge has to get right. */
export function messages(backend: () => Backend): void {
  const connected = () => ({ ...clients(backend()), ...backend() });

  describe("SQS", () => {
    it("sends, one and in batches, receives and deletes", async () => {
      const { sqs, queueUrl: QueueUrl } = connected();
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "one" }));
      const Entries = ["two", "three"].map((MessageBody, index) => ({
        Id: String(index),
        MessageBody,
      }));
      const { Successful } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      expect(Successful?.map(({ Id }) => Id)).toEqual(["0", "1"]);
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      expect(Messages.map(({ Body = "" }) => Body).sort()).toEqual(["one", "three", "two"]);
      for (const { ReceiptHandle } of Messages)
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      expect(
        (await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }))).Messages ??
          [],
      ).toEqual([]);
    });

    it("refuses a queue that is not there, and more than ten entries", async () => {
      const { sqs, queueUrl } = connected();
      const strange = new SendMessageCommand({ QueueUrl: `${queueUrl}-not`, MessageBody: "one" });
      expect((await refusal(sqs.send(strange))).code).toMatch(/QueueDoesNotExist|NonExistentQueue/);
      const Entries = Array.from({ length: 11 }, (_, index) => ({
        Id: String(index),
        MessageBody: "body",
      }));
      expect(
        (await refusal(sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }))))
          .code,
      ).toMatch(/TooManyEntriesInBatchRequest/);
    });
  });

  describe("SNS", () => {
    it("publishes with a subject and attributes", async () => {
      const { sns, topicArn: TopicArn } = connected();
      const MessageAttributes = { severity: { DataType: "String", StringValue: "high" } };
      const { MessageId } = await sns.send(
        new PublishCommand({
          TopicArn,
          Subject: "closed tcp/80",
          Message: "<&> done",
          MessageAttributes,
        }),
      );
      expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    });

    it("refuses a topic that is not there", async () => {
      const { sns, topicArn } = connected();
      expect(
        await refusal(
          sns.send(new PublishCommand({ TopicArn: `${topicArn}-not`, Message: "hello" })),
        ),
      ).toMatchObject({
        code: "NotFound",
        status: 404,
      });
    });
  });

  describe("EventBridge", () => {
    it("takes events", async () => {
      const { events } = connected();
      const entry = {
        Source: "elb-only",
        DetailType: "elb-only outcome",
        Detail: JSON.stringify({ version: 1 }),
        EventBusName: "default",
      };
      const answer = await events.send(new PutEventsCommand({ Entries: [entry] }));
      expect(answer.FailedEntryCount).toBe(0);
      expect(answer.Entries?.[0]?.EventId).toMatch(/^[0-9a-f-]{36}$/);
    });
  });
}
