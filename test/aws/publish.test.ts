import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand } from "@aws-sdk/client-sns";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import * as clients from "../../lib/aws/clients.ts";
import { connect } from "../../lib/aws/connect.ts";
import { fakeClock } from "../support/fakeClock.ts";
import { createPublisher, putOnBus, sendToQueue } from "../../lib/aws/publish.ts";

const aws = connect(
  { sqs: clients.sqs, eventBridge: clients.eventBridge, sns: clients.sns },
  { region: "eu-west-1", clock: fakeClock() },
);
const sqs = mockClient(aws.sqs);
const eventBridge = mockClient(aws.eventBridge);
const sns = mockClient(aws.sns);

beforeEach(() => {
  for (const mock of [sqs, eventBridge, sns]) mock.reset();
});

const queue = "https://sqs.eu-west-1.amazonaws.com/123456789012/notify";
const texts = (count: number) => Array.from({ length: count }, (_, n) => `text ${n}`);
const sent = () =>
  sqs
    .commandCalls(SendMessageBatchCommand)
    .map(({ args }) => (args[0].input.Entries ?? []).map(({ MessageBody }) => MessageBody));
const put = () =>
  eventBridge.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries ?? []);

describe("sendToQueue", () => {
  it("sends ten messages a call, each under an id of its own", async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    expect(await sendToQueue(aws, queue, texts(23))).toEqual([]);
    expect(sent().map((bodies) => bodies.length)).toEqual([10, 10, 3]);
    expect(sent().flat()).toEqual(texts(23));
    const { QueueUrl, Entries = [] } =
      sqs.commandCalls(SendMessageBatchCommand)[0]?.args[0].input ?? {};
    expect(QueueUrl).toBe(queue);
    expect(new Set(Entries.map(({ Id }) => Id)).size).toBe(10);
  });

  it("has messages wait before they are received, where that is asked for", async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    await sendToQueue(aws, queue, ["at once"]);
    await sendToQueue(aws, queue, texts(2), 120);
    const delays = sqs
      .commandCalls(SendMessageBatchCommand)
      .map(({ args }) => args[0].input.Entries?.map(({ DelaySeconds }) => DelaySeconds));
    expect(delays).toEqual([[undefined], [120, 120]]);
  });

  it("calls nobody with nothing to send", async () => {
    expect(await sendToQueue(aws, queue, [])).toEqual([]);
    expect(sent()).toEqual([]);
  });

  it("counts bytes, not characters, to keep a call below 256 KiB", async () => {
    sqs.on(SendMessageBatchCommand).resolves({});
    await sendToQueue(aws, queue, [
      "é".repeat(60_000),
      "é".repeat(60_000),
      "é".repeat(60_000),
      "small",
    ]);
    expect(sent().map((bodies) => bodies.length)).toEqual([2, 2]);
  });

  it("tries refused messages once more, and them alone", async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({
        Successful: [],
        Failed: [{ Id: "1", Code: "InternalError", SenderFault: false }],
      })
      .resolves({});
    expect(await sendToQueue(aws, queue, texts(3))).toEqual([]);
    expect(sent()).toEqual([texts(3), ["text 1"]]);
  });

  it("answers what was refused twice, and why", async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Failed: [{ Id: "2", Code: "InternalError", Message: "try later", SenderFault: false }],
      Successful: [],
    });
    expect(await sendToQueue(aws, queue, texts(3))).toEqual([
      { index: 2, why: "InternalError: try later" },
    ]);
  });

  it("takes a call that fails as a whole for all its messages, and goes on with the next", async () => {
    const denied = Object.assign(new Error("not authorized"), { name: "AccessDenied" });
    sqs.on(SendMessageBatchCommand).rejectsOnce(denied).rejectsOnce(denied).resolves({});
    const unsent = await sendToQueue(aws, queue, texts(12));
    expect(unsent.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(unsent[0]?.why).toBe("AccessDenied: not authorized");
    expect(sent().at(-1)).toEqual(["text 10", "text 11"]);
  });
});

describe("putOnBus", () => {
  it("puts ten events a call, as ours, on the bus", async () => {
    eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    expect(await putOnBus(aws, "security", "elb-only outcome", ['{"n":0}', ...texts(10)])).toEqual(
      [],
    );
    expect(put().map((entries) => entries.length)).toEqual([10, 1]);
    expect(put()[0]?.[0]).toEqual({
      EventBusName: "security",
      Source: "elb-only",
      DetailType: "elb-only outcome",
      Detail: '{"n":0}',
    });
  });

  it("notices entries that failed though the call did not, and tries them once more", async () => {
    eventBridge
      .on(PutEventsCommand)
      .resolvesOnce({
        FailedEntryCount: 1,
        Entries: [
          { EventId: "a" },
          { ErrorCode: "ThrottlingException", ErrorMessage: "slow down" },
        ],
      })
      .resolves({ FailedEntryCount: 0, Entries: [{ EventId: "b" }] });
    expect(await putOnBus(aws, "default", "elb-only outcome", texts(2))).toEqual([]);
    expect(put()[1]?.map(({ Detail }) => Detail)).toEqual(["text 1"]);
  });

  it("answers what failed twice, by its own place", async () => {
    eventBridge
      .on(PutEventsCommand)
      .resolvesOnce({
        FailedEntryCount: 1,
        Entries: [{ EventId: "a" }, { ErrorCode: "InternalFailure" }],
      })
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: "InternalFailure" }] });
    expect(await putOnBus(aws, "default", "elb-only outcome", texts(2))).toEqual([
      { index: 1, why: "InternalFailure" },
    ]);
  });
});

describe("createPublisher", () => {
  const publisher = createPublisher(aws, "arn:aws:sns:eu-west-1:123456789012:alerts");
  const message = {
    subject: "closed",
    text: "closed it",
    attributes: { severity: "high", loadBalancer: ["a", "b"] },
  };

  it("publishes a message with attributes to filter by", async () => {
    sns.on(PublishCommand).resolves({ MessageId: "m-1" });
    expect(await publisher.publish(message)).toBe("m-1");
    expect(sns.commandCalls(PublishCommand)[0]?.args[0].input).toEqual({
      TopicArn: "arn:aws:sns:eu-west-1:123456789012:alerts",
      Subject: "closed",
      Message: "closed it",
      MessageAttributes: {
        severity: { DataType: "String", StringValue: "high" },
        loadBalancer: { DataType: "String.Array", StringValue: '["a","b"]' },
      },
    });
  });

  it("throws what SNS says", async () => {
    sns
      .on(PublishCommand)
      .rejects(Object.assign(new Error("no such topic"), { name: "NotFoundException" }));
    await expect(publisher.publish(message)).rejects.toThrow("no such topic");
  });
});
