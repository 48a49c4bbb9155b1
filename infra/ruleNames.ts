import { Aws, Fn } from "aws-cdk-lib";

/** What the names of the stack's EventBridge rules begin with; stacks' names have no dots, so that no other stack's do. */
export const rulePrefix = Fn.join("", [Aws.STACK_NAME, "."]);

/** A rule's name: "elb-only.securityGroups". */
export const ruleName = (pattern: string): string => Fn.join("", [rulePrefix, pattern]);
