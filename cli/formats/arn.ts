import type { Problem } from "../problems.ts";

/** Which AWS it is: China and GovCloud are AWSs of their own. */
export const partitionOf = (region: string): string =>
  region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";

/** The ARN of the group that a problem is about. */
export const arnOf = ({ region, account, group }: Problem): string =>
  `arn:${partitionOf(region)}:ec2:${region}:${account}:security-group/${group}`;
