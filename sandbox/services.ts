import { trailOperations } from "./cloudtrail/trails.ts";
import { tableOperations } from "./dynamodb/dynamodb.ts";
import { groupOperations } from "./ec2/groups.ts";
import { instanceAttributes } from "./ec2/instanceAttributes.ts";
import { instanceStates } from "./ec2/instanceStates.ts";
import { instanceOperations } from "./ec2/instances.ts";
import { interfaceChanges } from "./ec2/interfaceChanges.ts";
import { interfaceOperations } from "./ec2/interfaces.ts";
import { networkOperations } from "./ec2/networks.ts";
import { prefixListOperations } from "./ec2/prefixLists.ts";
import { ruleOperations } from "./ec2/rules.ts";
import { tagOperations } from "./ec2/tags.ts";
import { classicOperations } from "./elb/classic.ts";
import { attributeOperations } from "./elbv2/attributes.ts";
import { listenerOperations } from "./elbv2/listeners.ts";
import { loadBalancerOperations } from "./elbv2/loadBalancers.ts";
import { v2TagOperations } from "./elbv2/tags.ts";
import { targetGroupOperations } from "./elbv2/targetGroups.ts";
import { targetOperations } from "./elbv2/targets.ts";
import { eventOperations } from "./events/events.ts";
import { eventRuleOperations } from "./events/rules.ts";
import { lambdaOperations } from "./lambda/lambda.ts";
import { logOperations } from "./logs/logs.ts";
import type { Operations, ServiceName } from "./operation.ts";
import { snsOperations } from "./sns/sns.ts";
import { topicOperations } from "./sns/topics.ts";
import { queueOperations } from "./sqs/queues.ts";
import { messageOperations } from "./sqs/sqs.ts";
import { stsOperations } from "./sts/sts.ts";
import { taggingOperations } from "./tagging/tagging.ts";

/** A service's wire format and what it can do. */
export interface Service {
  readonly name: ServiceName;
  readonly protocol: "ec2" | "query" | "json";
  /** XML namespace; of JSON, what stands before the `#` of an error. */
  readonly namespace: string;
  readonly operations: Operations;
  /** How CloudTrail names it; missing: its calls are not shown to EventBridge. */
  readonly trail?: {
    readonly service: "ec2" | "elasticloadbalancing" | "cloudtrail" | "events";
    readonly apiVersion?: string;
  };
}

const ec2: Service = {
  name: "ec2",
  protocol: "ec2",
  namespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
  operations: {
    ...groupOperations,
    ...ruleOperations,
    ...tagOperations,
    ...interfaceOperations,
    ...interfaceChanges,
    ...instanceOperations,
    ...instanceAttributes,
    ...instanceStates,
    ...prefixListOperations,
    ...networkOperations,
  },
  trail: { service: "ec2" },
};

const classic: Service = {
  name: "elb",
  protocol: "query",
  namespace: "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/",
  operations: classicOperations,
  trail: { service: "elasticloadbalancing", apiVersion: "2012-06-01" },
};

const v2: Service = {
  name: "elbv2",
  protocol: "query",
  namespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
  operations: {
    ...loadBalancerOperations,
    ...targetGroupOperations,
    ...targetOperations,
    ...listenerOperations,
    ...v2TagOperations,
    ...attributeOperations,
  },
  trail: { service: "elasticloadbalancing", apiVersion: "2015-12-01" },
};

const sns: Service = {
  name: "sns",
  protocol: "query",
  namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
  operations: { ...snsOperations, ...topicOperations },
};

const sqs: Service = {
  name: "sqs",
  protocol: "json",
  namespace: "com.amazonaws.sqs",
  operations: { ...messageOperations, ...queueOperations },
};

const events: Service = {
  name: "events",
  protocol: "json",
  namespace: "com.amazonaws.events",
  operations: { ...eventOperations, ...eventRuleOperations },
  trail: { service: "events" },
};

const cloudTrail: Service = {
  name: "cloudtrail",
  protocol: "json",
  namespace: "com.amazonaws.cloudtrail",
  operations: trailOperations,
  trail: { service: "cloudtrail" },
};

const sts: Service = {
  name: "sts",
  protocol: "query",
  namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  operations: stsOperations,
};

const tagging: Service = {
  name: "tagging",
  protocol: "json",
  namespace: "com.amazonaws.tagging",
  operations: taggingOperations,
};

const logs: Service = {
  name: "logs",
  protocol: "json",
  namespace: "com.amazonaws.logs",
  operations: logOperations,
};

const dynamoDb: Service = {
  name: "dynamodb",
  protocol: "json",
  namespace: "com.amazonaws.dynamodb.v20120810",
  operations: tableOperations,
};

/** Its protocol says in the path what is asked. */
export const lambda: Service = {
  name: "lambda",
  protocol: "json",
  namespace: "com.amazonaws.lambda",
  operations: lambdaOperations,
};

/** Query protocols say which API they mean by its version. */
export const byVersion: Readonly<Record<string, Service>> = {
  "2016-11-15": ec2,
  "2012-06-01": classic,
  "2015-12-01": v2,
  "2010-03-31": sns,
  "2011-06-15": sts,
};

/** JSON protocols say it in the X-Amz-Target header, as "AmazonSQS.SendMessage". */
export const byTarget: Readonly<Record<string, Service>> = {
  AmazonSQS: sqs,
  AWSEvents: events,
  CloudTrail_20131101: cloudTrail,
  ResourceGroupsTaggingAPI_20170126: tagging,
  Logs_20140328: logs,
  DynamoDB_20120810: dynamoDb,
};
