import { createHash } from "node:crypto";
import type { Service } from "./service.ts";

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
const message = JSON.stringify({ groups: ["sg-0aa"] });
const queue = "https://sqs.eu-west-1.amazonaws.com/111122223333/enforce.fifo";

export const sns: Service = {
  client: "SNSClient",
  error:
    "<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>no topic</Message></Error><RequestId>req-2</RequestId></ErrorResponse>",
  operations: {
    GetTopicAttributes: {
      input: { TopicArn: "arn:aws:sns:eu-west-1:111122223333:alerts" },
      answer:
        "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes><entry><key>SubscriptionsConfirmed</key><value>2</value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>",
    },
    Publish: {
      input: {
        TopicArn: "arn:aws:sns:eu-west-1:111122223333:alerts",
        Subject: "Closed",
        Message: "tcp/80 from everywhere & more",
        MessageStructure: "json",
        MessageGroupId: "g",
        MessageDeduplicationId: "d",
        MessageAttributes: { severity: { DataType: "String", StringValue: "high" } },
      },
      answer:
        "<PublishResponse><PublishResult><MessageId>m-1</MessageId><SequenceNumber>1000</SequenceNumber></PublishResult></PublishResponse>",
    },
  },
};

export const sqs: Service = {
  client: "SQSClient",
  error: JSON.stringify({ __type: "com.amazonaws.sqs#QueueDoesNotExist", message: "no queue" }),
  operations: {
    GetQueueAttributes: {
      input: { QueueUrl: queue, AttributeNames: ["Policy", "RedrivePolicy"] },
      answer: { Attributes: { Policy: "{}", RedrivePolicy: '{"maxReceiveCount":8}' } },
    },
    SendMessage: {
      input: {
        QueueUrl: queue,
        MessageBody: message,
        DelaySeconds: 5,
        MessageGroupId: "sg-0aa",
        MessageDeduplicationId: "d1",
      },
      answer: { MessageId: "m-1", MD5OfMessageBody: md5(message), SequenceNumber: "1001" },
    },
    SendMessageBatch: {
      input: {
        QueueUrl: queue,
        Entries: [
          {
            Id: "a",
            MessageBody: message,
            DelaySeconds: 7,
            MessageGroupId: "sg-0aa",
            MessageDeduplicationId: "d1",
          },
        ],
      },
      answer: {
        Successful: [
          { Id: "a", MessageId: "m-1", MD5OfMessageBody: md5(message), SequenceNumber: "1002" },
        ],
        Failed: [{ Id: "b", SenderFault: true, Code: "InternalError", Message: "again please" }],
      },
    },
  },
};

export const eventBridge: Service = {
  client: "EventBridgeClient",
  error: JSON.stringify({ __type: "InternalException", message: "not now" }),
  operations: {
    PutEvents: {
      input: {
        Entries: [
          {
            Source: "elb-only",
            DetailType: "Outcome",
            Detail: message,
            EventBusName: "default",
            Resources: ["sg-0aa"],
            Time: new Date(1_700_000_000_000),
          },
        ],
      },
      answer: {
        FailedEntryCount: 1,
        Entries: [
          { EventId: "e-1" },
          { ErrorCode: "InternalFailure", ErrorMessage: "again please" },
        ],
      },
    },
    ListRules: {
      input: { NamePrefix: "elb-only-", EventBusName: "default", NextToken: "page-2" },
      answer: {
        Rules: [
          {
            Name: "elb-only-groups",
            Arn: "arn:aws:events:eu-west-1:111122223333:rule/elb-only-groups",
            State: "DISABLED",
            EventPattern: "{}",
          },
        ],
        NextToken: "page-3",
      },
    },
    ListTargetsByRule: {
      input: { Rule: "elb-only-groups", EventBusName: "default", NextToken: "page-2" },
      answer: {
        Targets: [{ Id: "enforce", Arn: "arn:aws:sqs:eu-west-1:111122223333:enforce" }],
        NextToken: "page-3",
      },
    },
  },
};
