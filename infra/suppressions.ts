import { type Stack, Validations } from "aws-cdk-lib";

const reading = "AwsSolutions-IAM5[Resource::*]";

/** What cdk-nag's rules object to, where they do not fit: by resource, and why. */
const suppressions: readonly {
  readonly resources: readonly string[];
  readonly id: (stack: Stack) => string;
  readonly reason: string;
}[] = [
  {
    resources: ["RuleDeadLetters", "SweepDeadLetters", "EmailDeadLetters", "AlarmEmailDeadLetters"],
    id: () => "AwsSolutions-SQS3",
    reason:
      "It is a dead letter queue: of EventBridge, of the schedule and Lambda, of SNS; the rule knows only those of other queues.",
  },
  {
    resources: ["EnforceRole", "VerifyRole"],
    id: () => reading,
    reason:
      "EC2's and ELB's describe calls take no resource, nor do X-Ray and the listing of rules; a prefix list's entries and a trail's state are read whoever owns it.",
  },
  {
    resources: ["VerifyRole"],
    id: (stack) =>
      `AwsSolutions-IAM5[Resource::${arnOf(stack, "events", "rule")}/<AWS::StackName>.*]`,
    reason: "These are the stack's own rules, and it only reads which targets they have.",
  },
  {
    resources: ["NotifyRole"],
    id: () => reading,
    reason: "Neither X-Ray nor the look into CloudTrail's event history takes a resource.",
  },
  {
    resources: ["EnforceRole"],
    id: (stack) => `AwsSolutions-IAM5[Resource::${arnOf(stack, "ec2", "security-group")}/*]`,
    reason:
      "Which security groups load balancers concern is not known before; the setting `strict` narrows them to those tagged elb-only=enforce.",
  },
  {
    resources: ["EnforceRole"],
    id: (stack) => `AwsSolutions-IAM5[Resource::${arnOf(stack, "ec2", "security-group-rule")}/*]`,
    reason:
      "Rules get their ids when they are made; writing one takes permission on its group as well.",
  },
];

/** As cdk-nag spells ARNs: `arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:security-group`. */
function arnOf(stack: Stack, service: string, resource: string): string {
  const spelled = (value: string): string =>
    stack.resolve(value) === value
      ? value
      : `<${(stack.resolve(value) as { readonly Ref: string }).Ref}>`;
  return `arn:${spelled(stack.partition)}:${service}:${spelled(stack.region)}:${spelled(stack.account)}:${resource}`;
}

/** Notes for cdk-nag, and for CDK's own validation of the template, what is meant to be as it is. */
export function suppress(stack: Stack): void {
  for (const { resources, id, reason } of suppressions) {
    for (const resource of resources) {
      const found = stack.node.tryFindChild(resource);
      if (found !== undefined) Validations.of(found).acknowledge({ id: id(stack), reason });
    }
  }
  const unseen =
    "It is used only under the condition that it is given, which the rule does not look at.";
  Validations.of(stack).acknowledge(
    { id: "CloudFormation-Validate::W1030", reason: unseen },
    { id: "CloudFormation-Validate::W1001", reason: unseen },
  );
}
