/** What differs from one of AWS's partitions to the next. */
interface Partition {
  readonly name: "aws" | "aws-cn" | "aws-us-gov";
  readonly console: string;
}

function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) return { name: "aws-cn", console: "console.amazonaws.cn" };
  if (region.startsWith("us-gov-"))
    return { name: "aws-us-gov", console: "console.amazonaws-us-gov.com" };
  return { name: "aws", console: "console.aws.amazon.com" };
}

/** Where a security group is looked at in the console. */
export const consoleLink = (group: string, region: string): string =>
  `https://${region}.${partitionOf(region).console}/ec2/home?region=${region}#SecurityGroup:groupId=${group}`;

export const groupArn = (group: string, account: string, region: string): string =>
  `arn:${partitionOf(region).name}:ec2:${region}:${account}:security-group/${group}`;
