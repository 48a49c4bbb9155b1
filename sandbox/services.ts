import { groupOperations } from "./ec2/groups.ts";
import { instanceOperations } from "./ec2/instances.ts";
import { interfaceOperations } from "./ec2/interfaces.ts";
import { networkOperations } from "./ec2/networks.ts";
import { ruleOperations } from "./ec2/rules.ts";
import { tagOperations } from "./ec2/tags.ts";
import { classicOperations } from "./elb/classic.ts";
import { listenerOperations } from "./elbv2/listeners.ts";
import { loadBalancerOperations } from "./elbv2/loadBalancers.ts";
import { v2TagOperations } from "./elbv2/tags.ts";
import { targetGroupOperations } from "./elbv2/targetGroups.ts";
import { targetOperations } from "./elbv2/targets.ts";
import { eventOperations } from "./events/events.ts";
import { snsOperations } from "./sns/sns.ts";
import { sqsOperations } from "./sqs/sqs.ts";
import type { Operations, ServiceName } from "./operation.ts";
import { trailOperations } from "./cloudtrail/trails.ts";

/** A service's wire format and what it can do. */
export interface Service {
  readonly name: ServiceName;
  readonly protocol: "ec2" | "query" | "json";
  /** XML namespace; of JSON, what stands before the `#` of an error. */
  readonly namespace: string;
  readonly operations: Operations;
  /** How CloudTrail names it; missing: its calls are not shown to EventBridge. */
  readonly trail?: {
    readonly service: "ec2" | "elasticloadbalancing";
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
    ...instanceOperations,
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
  },
  trail: { service: "elasticloadbalancing", apiVersion: "2015-12-01" },
};

const sns: Service = {
  name: "sns",
  protocol: "query",
  namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
  operations: snsOperations,
};

const sqs: Service = {
  name: "sqs",
  protocol: "json",
  namespace: "com.amazonaws.sqs",
  operations: sqsOperations,
};

const events: Service = {
  name: "events",
  protocol: "json",
  namespace: "com.amazonaws.events",
  operations: eventOperations,
};

const cloudTrail: Service = {
  name: "cloudtrail",
  protocol: "json",
  namespace: "com.amazonaws.cloudtrail",
  operations: trailOperations,
};

/** Query protocols say which API they mean by its version. */
export const byVersion: Readonly<Record<string, Service>> = {
  "2016-11-15": ec2,
  "2012-06-01": classic,
  "2015-12-01": v2,
  "2010-03-31": sns,
};

/** JSON protocols say it in the X-Amz-Target header, as "AmazonSQS.SendMessage". */
export const byTarget: Readonly<Record<string, Service>> = {
  AmazonSQS: sqs,
  AWSEvents: events,
  CloudTrail_20131101: cloudTrail,
};
