/** An event pattern as EventBridge's API takes it (CloudFormation's `EventPattern`; not the CDK's spelling). */
export interface EventPattern {
  readonly source: readonly string[];
  readonly "detail-type": readonly string[];
  readonly detail: PatternFields;
}

/** Every field must match; a field matches when one of its alternatives does. */
export interface PatternFields {
  readonly [field: string]: PatternFields | readonly Alternative[];
}

type Alternative =
  | string
  | { readonly exists: boolean }
  | { readonly prefix: string }
  | { readonly "anything-but": readonly string[] };

const absent = { exists: false } as const;
const ours = { prefix: "elb-only" } as const;

/**
 * The calls that wake the enforce function, by rule name. An event matches at most one. Only calls that succeeded, and none by `ownRoleArns` (the roles' IAM ARNs).
 *
 * Two workers can meet on one group, and neither is woken by what the other writes: what one left half done is found by its own read-back,
 * by the queue's redelivery if it stopped, and by the scheduled sweep at the latest.
 */
export function eventPatterns(
  ownRoleArns: readonly string[],
): Readonly<Record<string, EventPattern>> {
  const calls = (
    service: "ec2" | "elasticloadbalancing",
    eventName: readonly string[],
    request?: PatternFields,
  ): EventPattern => ({
    source: [`aws.${service}`],
    "detail-type": ["AWS API Call via CloudTrail"],
    detail: {
      eventSource: [`${service}.amazonaws.com`],
      eventName,
      errorCode: [absent],
      ...notBy(ownRoleArns),
      ...(request === undefined ? {} : { requestParameters: request }),
    },
  });
  return {
    securityGroups: calls("ec2", [
      "AuthorizeSecurityGroupIngress",
      "RevokeSecurityGroupIngress",
      "ModifySecurityGroupRules",
    ]),
    // Not narrowed to calls that change groups: no record of those is published, and a pattern that misses them would miss them silently.
    networkInterfaces: calls("ec2", [
      "ModifyNetworkInterfaceAttribute",
      "ModifyInstanceAttribute",
      "AttachNetworkInterface",
    ]),
    // No key at all: DeleteTags that takes all tags away, or a request too large to be recorded.
    tags: calls("ec2", ["CreateTags", "DeleteTags"], {
      tagSet: { items: { key: [ours, absent] } },
    }),
    classicLoadBalancers: calls("elasticloadbalancing", [
      "RegisterInstancesWithLoadBalancer",
      "DeregisterInstancesFromLoadBalancer",
      "CreateLoadBalancerListeners",
      "DeleteLoadBalancerListeners",
      "ApplySecurityGroupsToLoadBalancer",
      "ConfigureHealthCheck",
    ]),
    // CreateLoadBalancer and DeleteLoadBalancer are the names of both ELB APIs.
    loadBalancers: calls("elasticloadbalancing", [
      "CreateLoadBalancer",
      "DeleteLoadBalancer",
      "SetSecurityGroups",
      "CreateListener",
      "ModifyListener",
      "DeleteListener",
      "CreateRule",
      "ModifyRule",
      "DeleteRule",
    ]),
    targetGroups: calls("elasticloadbalancing", [
      "RegisterTargets",
      "DeregisterTargets",
      "CreateTargetGroup",
      "ModifyTargetGroup",
      "DeleteTargetGroup",
    ]),
    // Keys are in `tags`, or in `tagKeys` where the second API removes them: never in both.
    loadBalancerTags: calls("elasticloadbalancing", ["AddTags", "RemoveTags"], {
      tags: { key: [ours, absent] },
      tagKeys: [ours, absent],
    }),
  };
}

/** `anything-but` alone does not match an event without the field, and so would leave out IAM users, root and services: the people it is for. */
function notBy(roleArns: readonly string[]): PatternFields {
  if (roleArns.length === 0) return {};
  return {
    userIdentity: {
      sessionContext: { sessionIssuer: { arn: [absent, { "anything-but": roleArns }] } },
    },
  };
}
