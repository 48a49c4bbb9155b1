import { Aws, type Stack } from "aws-cdk-lib";
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from "aws-cdk-lib/aws-sns";
import type { CfnQueue } from "aws-cdk-lib/aws-sqs";
import { queuePolicy } from "../lib/values/queuePolicy.ts";
import { eitherText, onlyIf } from "./conditions.ts";
import { addQueue, addQueuePolicy } from "./queues.ts";
import type { Settings } from "./settings.ts";
import { allow, statement } from "./statement.ts";

/** Where alerts and alarms go. */
export interface AlertTopic {
  readonly arn: string;
  /** Messages that no e-mail server took; only where an address is subscribed. */
  readonly emailDeadLetters?: CfnQueue;
}

/** The topic, made here or there already, and the e-mail subscription. */
export function addTopic(stack: Stack, settings: Settings): AlertTopic {
  const { alertTopicArn, alertEmail, kmsKeyArn } = settings.values;
  let arn = alertTopicArn;
  onlyIf(settings.is("alertTopicArn", ""), () => {
    const topic = new CfnTopic(stack, "AlertTopic", {
      displayName: "elb-only",
      kmsMasterKeyId: eitherText(settings.isNot("kmsKeyArn", ""), kmsKeyArn, Aws.NO_VALUE),
    });
    arn = eitherText(settings.is("alertTopicArn", ""), topic.ref, alertTopicArn);
    return [topic, topicPolicy(stack, topic)];
  });

  let emailDeadLetters: CfnQueue | undefined;
  onlyIf(settings.isNot("alertEmail", ""), () => {
    const queue = addQueue(stack, "EmailDeadLetters", {}, settings);
    const fromTopic = {
      ...allow(["sqs:SendMessage"], [queue.attrArn], { ArnEquals: { "aws:SourceArn": arn } }),
      Principal: { Service: "sns.amazonaws.com" },
    };
    const policy = addQueuePolicy(stack, "EmailDeadLettersPolicy", queue, [
      ...queuePolicy(queue.attrArn),
      fromTopic,
    ]);
    const redrivePolicy = { deadLetterTargetArn: queue.attrArn };
    const subscription = new CfnSubscription(stack, "EmailSubscription", {
      topicArn: arn,
      protocol: "email",
      endpoint: alertEmail,
      redrivePolicy,
    });
    emailDeadLetters = queue;
    return [queue, policy, subscription];
  });
  return { arn, ...(emailDeadLetters === undefined ? {} : { emailDeadLetters }) };
}

/** Our functions publish by their role; alarms need to be let in. */
function topicPolicy(stack: Stack, topic: CfnTopic): CfnTopicPolicy {
  const overTls = statement("Deny", ["sns:Publish"], [topic.ref], {
    Bool: { "aws:SecureTransport": "false" },
  });
  const alarms = allow(["sns:Publish"], [topic.ref], {
    StringEquals: { "aws:SourceAccount": stack.account },
  });
  return new CfnTopicPolicy(stack, "AlertTopicPolicy", {
    topics: [topic.ref],
    policyDocument: {
      Version: "2012-10-17",
      Statement: [
        { ...overTls, Principal: "*" },
        { ...alarms, Principal: { Service: "cloudwatch.amazonaws.com" } },
      ],
    },
  });
}
