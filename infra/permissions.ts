import type { Stack } from "aws-cdk-lib";
import { outcomeMessage, ownSource } from "../lib/values/ownMessages.ts";
import { canaryTag } from "../lib/values/ownTags.ts";
import { either } from "./conditions.ts";
import { arnOfFunction } from "./functionNames.ts";
import type { Queues } from "./queues.ts";
import { ruleName } from "./ruleNames.ts";
import type { Settings } from "./settings.ts";
import { allow, type Statement } from "./statement.ts";

/** What a role's policy holds; a statement may be there only under a condition of the template. */
export type Statements = readonly (Statement | ReturnType<typeof either<Statement>>)[];

/** None of them takes a resource, but one, whose prefix lists may belong to AWS. */
const reads = allow(
  [
    "ec2:DescribeManagedPrefixLists",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroupRules",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeTags",
    "ec2:DescribeVpcs",
    "ec2:GetManagedPrefixListEntries",
    "elasticloadbalancing:DescribeInstanceHealth",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
  ],
  ["*"],
);

/**
 * Inbound rules of this account's groups in this region, by the enforce function's own code: another function that was given the role may not. Which ports
 * and sources, IAM cannot say.
 */
function writes(stack: Stack, settings: Settings): Statements {
  const groups = stack.formatArn({ service: "ec2", resource: "security-group", resourceName: "*" });
  const rules = stack.formatArn({
    service: "ec2",
    resource: "security-group-rule",
    resourceName: "*",
  });
  const both = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"];
  const byCode = { ArnEquals: { "lambda:SourceFunctionArn": arnOfFunction(stack, "enforce") } };
  const onGroups = (condition?: object): Statement =>
    allow(both, [groups], { ...byCode, ...condition });
  return [
    either(
      settings.is("strict", "true"),
      onGroups({ StringEquals: { "aws:ResourceTag/elb-only": "enforce" } }),
      onGroups(),
    ),
    // Asked for where new rules get tags, and where rules go by their ids; it allows nothing without the group.
    allow(both, [rules], byCode),
    allow(["ec2:CreateTags"], [rules], {
      ...byCode,
      StringEquals: { "ec2:CreateAction": "AuthorizeSecurityGroupIngress" },
    }),
  ];
}

/** To take messages from a queue, as Lambda does for the function. */
const receive = (queueArn: string): Statement =>
  allow(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], [queueArn]);

const send = (...queueArns: readonly string[]): Statement => allow(["sqs:SendMessage"], queueArns);

/** To read and write state. */
const remember = (tableArn: string, condition?: object): Statement =>
  allow(
    ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
    [tableArn],
    condition,
  );

/** To the one event bus, in our own name alone: nobody else's events can be forged with the role. */
const copy = (stack: Stack, { values }: Settings): Statement =>
  allow(
    ["events:PutEvents"],
    [stack.formatArn({ service: "events", resource: "event-bus", resourceName: values.eventBus })],
    {
      "ForAllValues:StringEquals": {
        "events:source": [ownSource],
        "events:detail-type": [outcomeMessage],
      },
    },
  );

/** For encrypted queues and topics; which of them, their own policies say. */
export const useKey = (settings: Settings): Statements => [
  either(
    settings.isNot("kmsKeyArn", ""),
    allow(["kms:Decrypt", "kms:GenerateDataKey"], [settings.values.kmsKeyArn]),
  ),
];

/** X-Ray takes no resource. */
const trace = (settings: Settings): Statements => [
  either(
    settings.is("tracing", "true"),
    allow(["xray:PutTelemetryRecords", "xray:PutTraceSegments"], ["*"]),
  ),
];

export const enforcePermissions = (
  stack: Stack,
  settings: Settings,
  { enforce, notify }: Queues,
  tableArn: string,
): Statements => [
  reads,
  ...writes(stack, settings),
  remember(tableArn),
  receive(enforce.attrArn),
  // To itself: what it is to look at again later.
  send(enforce.attrArn, notify.attrArn),
  copy(stack, settings),
  ...useKey(settings),
  ...trace(settings),
];

/** What wakes enforcement, here and in other regions: which trails there are, and whose, is not known before; the listings take no resource. */
const readsOfWiring = (stack: Stack, { enforce, notify, deadLetters }: Queues): Statements => [
  allow(
    [
      "cloudtrail:DescribeTrails",
      "cloudtrail:GetEventSelectors",
      "cloudtrail:GetTrailStatus",
      "ec2:DescribeRegions",
      "events:ListRules",
      "lambda:ListEventSourceMappings",
    ],
    ["*"],
  ),
  allow(
    ["events:ListTargetsByRule"],
    [stack.formatArn({ service: "events", resource: "rule", resourceName: ruleName("*") })],
  ),
  allow(
    ["lambda:GetFunctionConcurrency"],
    [arnOfFunction(stack, "enforce"), arnOfFunction(stack, "notify")],
  ),
  allow(["lambda:GetFunctionEventInvokeConfig"], [arnOfFunction(stack, "verify")]),
  allow(
    ["sqs:GetQueueAttributes"],
    [enforce, notify, ...Object.values(deadLetters)].map(({ attrArn }) => attrArn),
  ),
];

/** Nothing that changes a security group. */
export const verifyPermissions = (
  stack: Stack,
  settings: Settings,
  queues: Queues,
  topicArns: readonly string[],
  canaryArn: string,
  tableArn: string,
): Statements => [
  reads,
  remember(tableArn),
  ...readsOfWiring(stack, queues),
  allow(["sns:GetTopicAttributes"], topicArns),
  allow(["ec2:CreateTags"], [canaryArn], {
    "ForAllValues:StringEquals": { "aws:TagKeys": [canaryTag] },
  }),
  send(queues.enforce.attrArn, queues.notify.attrArn, queues.deadLetters.sweep.attrArn),
  copy(stack, settings),
  ...useKey(settings),
  ...trace(settings),
];

export const notifyPermissions = (
  settings: Settings,
  { notify }: Queues,
  topicArn: string,
  tableArn: string,
): Statements => [
  receive(notify.attrArn),
  allow(["sns:Publish"], [topicArn]),
  // Whom an event blames; it takes no resource.
  allow(["cloudtrail:LookupEvents"], ["*"]),
  // Of state only what people were told: no lease, no journal.
  remember(tableArn, { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["told *"] } }),
  ...useKey(settings),
  ...trace(settings),
];
