import { unreadable } from "./unreadable.ts";

/** What an identifier looks like, and what to call it. */
export interface Kind {
  readonly looks: RegExp;
  readonly called: string;
}

const arn = (resource: string): RegExp =>
  new RegExp(`^arn:[\\w-]+:elasticloadbalancing:[\\w-]*:[\\w-]*:${resource}$`);

export const groupId: Kind = { looks: /^sg-[\w-]+$/, called: "a security group id (sg-...)" };
export const ruleId: Kind = { looks: /^sgr-[\w-]+$/, called: "a security group rule id (sgr-...)" };
export const instanceId: Kind = { looks: /^i-[\w-]+$/, called: "an instance id (i-...)" };
export const interfaceId: Kind = {
  looks: /^eni-[\w-]+$/,
  called: "a network interface id (eni-...)",
};
export const attachmentId: Kind = {
  looks: /^eni-attach-[\w-]+$/,
  called: "an attachment's id (eni-attach-...)",
};
export const prefixListId: Kind = { looks: /^pl-[\w-]+$/, called: "a prefix list id (pl-...)" };
export const loadBalancerName: Kind = { looks: /^[\w-]+$/, called: "a load balancer's name" };
export const loadBalancerArn: Kind = {
  looks: arn("loadbalancer/\\w+/[\\w-]+/\\w+"),
  called: "a load balancer's ARN",
};
export const targetGroupArn: Kind = {
  looks: arn("targetgroup/[\\w-]+/\\w+"),
  called: "a target group's ARN",
};
export const listenerArn: Kind = {
  looks: arn("listener/\\w+/[\\w-]+/\\w+/\\w+"),
  called: "a listener's ARN",
};
export const listenerRuleArn: Kind = {
  looks: arn("listener-rule/\\w+/[\\w-]+/\\w+/\\w+/\\w+"),
  called: "a listener rule's ARN",
};

export const is = (kind: Kind, value: unknown): value is string =>
  typeof value === "string" && kind.looks.test(value);

/** The identifier, or an error that says where it should have been. */
export function identifier(kind: Kind, value: unknown, where: string): string {
  if (is(kind, value)) return value;
  throw unreadable(`${where} must be ${kind.called}`, value);
}
